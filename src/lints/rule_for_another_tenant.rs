//! A resource instance rule for a resource of another tenant, which admits nobody.
//!
//! Azure docs: "Create a resource instance network rule"
//! (storage/common/storage-network-security-resource-instances): such a rule admits resources of the
//! account's own tenant only, of any subscription.

use super::{Context, Finding, Lint, Severity};
use crate::text::{arg, text};

pub(super) const LINT: Lint = Lint {
    id: "rule_for_another_tenant",
    severity: Severity::Warning,
    title: text("Rule for a resource of another tenant", "別のテナントのリソースの規則"),
    find,
    source: "storage/common/storage-network-security-resource-instances",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let facts = context.facts;
    let mut all = Vec::new();
    for (id, service) in &facts.services {
        let own = &service.tenant;
        for rule in &service.firewall.instance_rules {
            let theirs = facts.services.get(&rule.resource).map(|it| &it.tenant);
            let differs =
                |it: &&String| !it.is_empty() && !own.is_empty() && !it.eq_ignore_ascii_case(own);
            if let Some(other) = [theirs, Some(&rule.tenant)].into_iter().flatten().find(differs) {
                let text = text(
                    "a rule of {0} is for {1} in the tenant {2}, and only resources of its own tenant {3} come in by such a rule; use another way in",
                    "{0} の規則は、テナント {2} の {1} を対象としています。リソース インスタンス規則で許可できるのは同じテナント {3} のリソースだけです。別の方法で接続を許可してください",
                )
                .with([arg(context.name(*id)), arg(context.name(rule.resource)), arg(other), arg(own)]);
                all.push(Finding::new([*id, rule.resource], text));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        kinds::{Kind, testing::Sketch},
        lints::found,
    };

    #[test]
    fn resource_instances_of_another_tenant() {
        let guid = |n: u32| format!("{n:08x}-0000-4000-8000-000000000000");
        for (theirs, named, wrong) in [
            (guid(1), None, vec![]),
            (guid(1), Some(guid(1)), vec![]),
            (guid(2), None, vec!["st1"]),
            (guid(1), Some(guid(2)), vec!["st1"]),
        ] {
            let mut it = Sketch::default();
            let mut group = |name: &str, tenant: &str| {
                let subscription =
                    it.add(Kind::Subscription, name, None, json!({"tenantId": tenant}));
                it.add(Kind::ResourceGroup, name, subscription, json!({}))
            };
            let (here, there) = (group("here", &guid(1)), group("there", &theirs));
            let workspace = it.add(Kind::Workspace, "ws1", there, json!({}));
            let rules = json!([{"resourceId": workspace.0, "tenantId": named}]);
            let settings = json!({"networkAcls.resourceAccessRules": rules});
            let account = it.add(Kind::StorageAccount, "st1", here, settings);
            assert_eq!(found(&LINT, &it), wrong, "{theirs} {named:?}");
            // Everybody else is let in or kept out as before.
            assert!(it.all().subject(account).is_some_and(|it| it.refused().is_empty()));
        }
    }
}
