//! Azure Firewall: filters what routes send through it, by address and by host name.
//!
//! Azure docs: "Azure Firewall rule processing logic" (firewall/rule-processing).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct AzureFirewall {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "azure-firewall",
    label: text("Azure Firewall", "Azure Firewall"),
    help: text("Filters what routes send through it", "ルートで送られた通信をフィルター"),
    source: "firewall/overview",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/azureFirewalls"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Subnet)],
    fields: AzureFirewall::FIELDS,
    name: NameRule { max: 56, ..NameRule::NETWORK },
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
