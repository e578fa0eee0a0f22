//! A security rule that never decides, because rules before it decide every packet that it matches.
//!
//! Azure docs: "How network security groups filter network traffic"
//! (virtual-network/network-security-groups-overview): rules are tried by priority, the first match ends it.

use super::{Context, Finding, Lint, Severity};
use crate::{
    solve::algebra::FindingKind,
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "shadowed_rule",
    severity: Severity::Warning,
    title: text("Security rule without effect", "効果のないセキュリティ規則"),
    find,
    source: "virtual-network/network-security-groups-overview",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    context
        .rules()
        .iter()
        .filter_map(|it| {
            let FindingKind::Shadowed { by } = &it.finding.kind else { return None };
            let text = text(
                "{0} never decides: {1} come first and match all that it matches, such as {2}; give it a smaller number or remove it",
                "{0} は評価されません。先に評価される {1} が {2} などの対象の通信にすべて一致します。優先度の数値を小さくするか、削除してください",
            )
            .with([arg(&it.finding.rule), arg(by.join(", ")), arg(it.packet(context))]);
            Some(it.removable(context, text))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        kinds::{Kind, ResourceId, testing::Sketch},
        lints::{conflicting_rules, found, redundant_rule},
    };

    const NONE: [&str; 0] = [];

    /// A subnet with a filter of outbound rules: name, priority, access, destination, port.
    fn filtered(rules: &[(&str, u32, &str, &str, &str)]) -> Sketch {
        let (mut it, subnet) = Sketch::subnet();
        let rules: Vec<_> = rules
            .iter()
            .map(|(name, priority, access, to, port)| {
                json!({
                    "name": name, "priority": priority, "direction": "Outbound", "access": access,
                    "protocol": "Tcp", "destinationAddressPrefixes": [to], "destinationPortRanges": [port],
                })
            })
            .collect();
        let filter = it.add(
            Kind::NetworkSecurityGroup,
            "nsg",
            ResourceId(1),
            json!({"securityRules": rules}),
        );
        it.set(subnet, "networkSecurityGroup", json!(filter.0));
        it
    }

    #[test]
    fn a_rule_behind_a_wider_one() {
        let it = filtered(&[
            ("deny-all", 100, "Deny", "*", "*"),
            ("allow-storage", 200, "Allow", "Storage", "443"),
        ]);
        assert_eq!(found(&LINT, &it), ["nsg securityRules[1]"]);
        let it = filtered(&[
            ("allow-storage", 100, "Allow", "Storage", "443"),
            ("deny-all", 200, "Deny", "*", "*"),
        ]);
        assert_eq!(found(&LINT, &it), NONE);
    }

    // A regional tag lies inside the tag; VirtualNetwork holds the subnet's own network.
    #[test]
    fn tags_that_hold_others() {
        let it = filtered(&[
            ("all", 100, "Allow", "Storage", "443"),
            ("region", 110, "Deny", "Storage.japaneast", "443"),
            ("own", 120, "Allow", "VirtualNetwork", "*"),
            ("part", 130, "Deny", "10.0.2.0/24", "22"),
        ]);
        assert_eq!(found(&LINT, &it), ["nsg securityRules[1]", "nsg securityRules[3]"]);
    }

    #[test]
    fn a_filter_that_applies_nowhere_is_left_alone() {
        let (mut it, _) = Sketch::subnet();
        let rule = json!({"name": "a", "priority": 100, "access": "Deny"});
        let same = json!({"name": "b", "priority": 110, "access": "Allow"});
        let settings = json!({"securityRules": [rule, same]});
        it.add(Kind::NetworkSecurityGroup, "nsg", ResourceId(1), settings);
        assert_eq!(found(&LINT, &it), NONE);
    }

    // The default rule AllowInternetOutBound does the same already.
    #[test]
    fn a_rule_that_could_go() {
        let it = filtered(&[("allow-storage", 100, "Allow", "Storage", "443")]);
        assert_eq!(found(&redundant_rule::LINT, &it), ["nsg securityRules[0]"]);
        let it = filtered(&[
            ("allow-storage", 100, "Allow", "Storage", "443"),
            ("deny-internet", 200, "Deny", "Internet", "*"),
        ]);
        assert_eq!(found(&redundant_rule::LINT, &it), NONE);
    }

    #[test]
    fn two_rules_that_disagree_in_part() {
        let it = filtered(&[
            ("https", 100, "Allow", "Internet", "443"),
            ("storage", 200, "Deny", "Storage", "*"),
        ]);
        assert_eq!(found(&conflicting_rules::LINT, &it), ["nsg securityRules[1]"]);
        // One is an exception of the other, which is how such lists are written.
        let it = filtered(&[
            ("https", 100, "Allow", "Storage", "443"),
            ("all", 200, "Deny", "Internet", "*"),
        ]);
        assert_eq!(found(&conflicting_rules::LINT, &it), NONE);
    }
}
