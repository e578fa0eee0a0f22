//! Internet client: a machine outside Azure that comes in over the public internet.
//!
//! Azure docs: "Network traffic flow with private endpoints" (machine-learning/concept-secure-network-traffic-flow).

use super::{
    Form, Group, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct InternetClient {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "internet-client",
    label: text("Internet client", "インターネット クライアント"),
    help: text("A machine on the public internet", "パブリック インターネット上のマシン"),
    source: "machine-learning/concept-secure-network-traffic-flow",
    group: Group::Client,
    arm_type: None,
    form: Form::Node,
    parents: &[Parent::Canvas],
    fields: InternetClient::FIELDS,
    name: NameRule::FREE,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
