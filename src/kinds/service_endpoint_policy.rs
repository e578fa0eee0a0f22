//! Service endpoint policy: names the storage accounts that subnets reach through their service endpoints.
//!
//! Azure docs: "Azure virtual network service endpoint policies"
//! (virtual-network/virtual-network-service-endpoint-policies-overview), "Azure Machine Learning data exfiltration
//! prevention" (machine-learning/how-to-prevent-data-loss-exfiltration).

use std::sync::Arc;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, ResourceId, Subject,
    arm::{ArmResource, ArmValue},
    no_facts, reach,
    setting::{Problem, REGION, REGION_HELP, Ref, Region, Relation, settings},
};
use crate::text::text;

settings! {
    /// Settings of a service endpoint policy.
    pub struct ServiceEndpointPolicy {
        service_resources: Vec<Ref> = "serviceResources", Vec::new(),
            text("Storage accounts", "ストレージ アカウント"),
            text("Accounts, or all accounts of a resource group or subscription; through the service endpoint no others are reached", "アカウント、またはリソース グループやサブスクリプションのすべてのアカウント。サービス エンドポイント経由ではそれ以外に到達できません"),
            to &[Kind::StorageAccount, Kind::ResourceGroup, Kind::Subscription], Some(Relation::Network);
        machine_learning: bool = "machineLearning", false,
            text("Azure Machine Learning's own storage", "Azure Machine Learning 自身のストレージ"),
            text("Lists /services/Azure/MachineLearning as well, which compute instances and clusters need", "コンピューティング インスタンスとクラスターに必要な /services/Azure/MachineLearning も許可");
        location: Option<Region> = "location", None, REGION, REGION_HELP;
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "service-endpoint-policy",
    label: text("Service endpoint policy", "サービス エンドポイント ポリシー"),
    help: text(
        "Limits which storage accounts subnets reach through service endpoints",
        "サービス エンドポイント経由で到達できるストレージ アカウントを制限",
    ),
    source: "virtual-network/virtual-network-service-endpoint-policies-overview",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/serviceEndpointPolicies"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: ServiceEndpointPolicy::FIELDS,
    name: NameRule::NETWORK,
    // What it says is part of the subnets that name it.
    facts: no_facts,
    arm,
    check,
};

impl ServiceEndpointPolicy {
    /// The accounts that a policy lists, by themselves or by what they stand in; looked for once, as many
    /// subnets name one policy.
    pub fn accounts(subject: Subject<'_>) -> Arc<[ResourceId]> {
        let found = subject.all.0.settings(subject.id, || {
            let settings = ServiceEndpointPolicy::of(subject);
            let listed = reach::existing(subject, &settings.service_resources);
            let within = |it: &Subject<'_>| {
                listed.contains(&it.id) || it.ancestors().any(|above| listed.contains(&above.id))
            };
            let accounts = subject.all.of(Kind::StorageAccount).filter(within);
            Accounts(accounts.map(|it| it.id).collect())
        });
        Arc::clone(&found.0)
    }
}

struct Accounts(Arc<[ResourceId]>);

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let settings = ServiceEndpointPolicy::of(subject);
    let definition = |name: &str, service: &str, resources: ArmValue| {
        let properties = ArmValue::object([
            ("service", ArmValue::text(service)),
            ("serviceResources", resources),
        ]);
        ArmValue::object([("name", ArmValue::text(name)), ("properties", properties)])
    };
    let mut definitions = Vec::new();
    if !settings.service_resources.is_empty() {
        let ids = settings.service_resources.iter().map(|it| ArmValue::IdOf(it.0));
        definitions.push(definition("storage", "Microsoft.Storage", ids.collect()));
    }
    if settings.machine_learning {
        let alias = ArmValue::texts(["/services/Azure/MachineLearning"]);
        definitions.push(definition("machine-learning", "Global", alias));
    }
    vec![
        ArmResource::of(
            subject,
            "Microsoft.Network/serviceEndpointPolicies",
            vec![subject.name().to_owned()],
        )
        .with("serviceEndpointPolicyDefinitions", ArmValue::List(definitions)),
    ]
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let settings = ServiceEndpointPolicy::of(subject);
    if !settings.service_resources.is_empty() || settings.machine_learning {
        return Vec::new();
    }
    vec![Problem::new(
        "serviceResources",
        text(
            "the policy lists nothing; name the accounts that may be reached",
            "ポリシーに何も指定されていません。到達できるアカウントを指定してください",
        ),
    )]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    // "You can restrict access to all resources in a subscription or resource group" and "to specific resources".
    #[test]
    fn accounts_by_themselves_and_by_their_group() {
        let (mut it, subnet) = Sketch::subnet();
        let other = it.add(Kind::ResourceGroup, "other", None, json!({}));
        let near = it.add(Kind::StorageAccount, "near", ResourceId(1), json!({}));
        let far = it.add(Kind::StorageAccount, "far", other, json!({}));
        let settings = json!({"serviceResources": [near.0]});
        let policy = it.add(Kind::ServiceEndpointPolicy, "sep", ResourceId(1), settings);
        it.set(subnet, "serviceEndpoints", json!(["Microsoft.Storage", "Microsoft.KeyVault"]));
        it.set(subnet, "serviceEndpointPolicies", json!([policy.0]));
        let only = |it: &Sketch| -> Vec<Option<Vec<ResourceId>>> {
            let facts = it.all().facts();
            facts
                .subnets
                .get(&subnet)
                .unwrap()
                .service_endpoints
                .iter()
                .map(|it| it.only.clone())
                .collect()
        };
        // Policies are for storage.
        assert_eq!(only(&it), [Some(vec![near]), None]);
        it.set(policy, "serviceResources", json!([near.0, other.0]));
        assert_eq!(only(&it), [Some(vec![near, far]), None]);
        it.set(subnet, "serviceEndpointPolicies", json!([]));
        assert_eq!(only(&it), [None, None]);
    }

    // "You can only apply service endpoint policy on a subnet if service endpoints are configured".
    #[test]
    fn a_policy_needs_the_endpoint() {
        let (mut it, subnet) = Sketch::subnet();
        let settings = json!({"machineLearning": true});
        let policy = it.add(Kind::ServiceEndpointPolicy, "sep", ResourceId(1), settings);
        it.set(subnet, "serviceEndpointPolicies", json!([policy.0]));
        assert_eq!(it.wrong(subnet), ["serviceEndpointPolicies"]);
        it.set(subnet, "serviceEndpoints", json!(["Microsoft.Storage"]));
        assert_eq!(it.wrong(subnet), [""; 0]);
    }
}
