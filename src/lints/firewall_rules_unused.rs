//! Rules of a service's firewall that decide nothing, because the firewall lets everybody in or the public
//! endpoint is off.
//!
//! Azure docs: "Configure Azure Storage firewalls" (storage/common/storage-network-security): rules have an
//! effect only while the default action is Deny; publicNetworkAccess Disabled outranks them.

use serde_json::json;

use super::{Context, Finding, Lint, Severity};
use crate::{
    design::edit::Edit,
    facts::service::PublicAccess,
    kinds::Kind,
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "firewall_rules_unused",
    severity: Severity::Warning,
    title: text("Firewall rules without effect", "効果のないファイアウォール規則"),
    find,
    source: "storage/common/storage-network-security",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let services = [
        (Kind::StorageAccount, "networkAcls.defaultAction"),
        (Kind::KeyVault, "networkAcls.defaultAction"),
        (Kind::ContainerRegistry, "networkRuleSet.defaultAction"),
        (Kind::Workspace, "publicNetworkAccess"),
    ];
    let mut all = Vec::new();
    for (kind, key) in services {
        for it in context.resources.of(kind) {
            let Some(service) = context.facts.services.get(&it.id) else { continue };
            let firewall = &service.firewall;
            if firewall.ip_rules.is_empty() && firewall.subnet_rules.is_empty() {
                continue;
            }
            if firewall.public == PublicAccess::Disabled {
                let text = text(
                    "the rules of {0} decide nothing while public network access is disabled; remove them or enable selected networks",
                    "パブリック ネットワーク アクセスが無効のため、{0} の規則は使われません。規則を削除するか、選択したネットワークからのアクセスを有効にしてください",
                );
                let text = text.with([arg(it.name())]);
                all.push(Finding::new([it.id], text).field("publicNetworkAccess"));
            } else if firewall.default_allow {
                let words = text(
                    "the rules of {0} decide nothing, because it takes connections from everywhere; set the default action to Deny",
                    "{0} は既定ですべての接続を受け付けるため、規則は使われません。既定のアクションを拒否にしてください",
                );
                let title = text(
                    "Let only the rules of {0} admit",
                    "{0} を規則で許可したものだけに限定する",
                );
                let edit = Edit::Set { id: it.id, key: key.to_owned(), value: json!("Deny") };
                let finding = Finding::new([it.id], words.with([arg(it.name())])).field(key);
                all.push(finding.fix(title.with([arg(it.name())]), edit));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kinds::{ResourceId, testing::Sketch},
        lints::found,
    };

    #[test]
    fn rules_and_the_switches_above_them() {
        let ip = json!(["203.0.113.0/24"]);
        for (kind, settings, wrong) in [
            (
                Kind::StorageAccount,
                json!({"networkAcls.ipRules": ip}),
                vec!["it networkAcls.defaultAction"],
            ),
            (
                Kind::StorageAccount,
                json!({"networkAcls.ipRules": ip, "networkAcls.defaultAction": "Deny"}),
                vec![],
            ),
            (
                Kind::KeyVault,
                json!({"networkAcls.ipRules": ip, "publicNetworkAccess": "Disabled"}),
                vec!["it publicNetworkAccess"],
            ),
            (Kind::StorageAccount, json!({}), vec![]),
            (Kind::Workspace, json!({"networkAcls.ipRules": ip}), vec![]),
            (
                Kind::Workspace,
                json!({"networkAcls.ipRules": ip, "publicNetworkAccess": "Disabled"}),
                vec!["it publicNetworkAccess"],
            ),
        ] {
            let (mut it, _) = Sketch::subnet();
            it.add(kind, "it", ResourceId(1), settings.clone());
            assert_eq!(found(&LINT, &it), wrong, "{settings}");
        }
    }
}
