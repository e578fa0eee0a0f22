//! On-premises client: a machine in a site of the customer.
//!
//! Azure docs: "Network traffic flow with private endpoints" (machine-learning/concept-secure-network-traffic-flow).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct OnPremisesClient {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "on-premises-client",
    label: text("On-premises client", "オンプレミス クライアント"),
    help: text("A machine in an on-premises network", "オンプレミス ネットワーク内のマシン"),
    source: "machine-learning/how-to-custom-dns",
    group: Group::Client,
    arm_type: None,
    form: Form::Node,
    parents: &[Parent::In(Kind::OnPremisesNetwork)],
    fields: OnPremisesClient::FIELDS,
    name: NameRule::FREE,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
