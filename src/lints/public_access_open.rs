//! A service that has a private endpoint and still takes everybody in public: the endpoint adds a way, it
//! closes none.
//!
//! Azure docs: "What is a private endpoint?" (private-link/private-endpoint-overview), "Configure a private
//! endpoint for a workspace" (machine-learning/how-to-configure-private-link).

use super::{Context, Finding, Lint, Severity};
use crate::{
    facts::service::{LinkState, PublicAccess},
    kinds::Kind,
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "public_access_open",
    severity: Severity::Warning,
    title: text(
        "Private endpoint beside an open door",
        "公開されたままのプライベート エンドポイントの接続先",
    ),
    find,
    source: "private-link/private-endpoint-overview",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    const KEY: &str = "publicNetworkAccess";
    let kinds = [Kind::Workspace, Kind::StorageAccount, Kind::KeyVault, Kind::ContainerRegistry];
    let services = kinds.into_iter().flat_map(|it| context.resources.of(it));
    services
        .filter_map(|it| {
            let firewall = &context.facts.services.get(&it.id)?.firewall;
            let open = firewall.public == PublicAccess::Enabled && firewall.default_allow;
            let (endpoint, _) =
                context.endpoints_of(it.id).find(|(_, it)| it.state == LinkState::Approved)?;
            let text = text(
                "{0} has a private endpoint ({1}) but takes connections from every public address as well; disable public network access, or admit selected networks only",
                "{0} にはプライベート エンドポイント ({1}) がありますが、すべてのパブリック アドレスからの接続も受け付けます。パブリック ネットワーク アクセスを無効にするか、選択したネットワークだけを許可してください",
            )
            .with([arg(it.name()), arg(context.name(endpoint))]);
            open.then(|| Finding::new([it.id, endpoint], text).field(KEY))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        kinds::{ResourceId, testing::Sketch},
        lints::found,
    };

    #[test]
    fn open_and_closed_services() {
        for (kind, group, settings, wrong) in [
            (Kind::StorageAccount, "blob", json!({}), true),
            (Kind::StorageAccount, "blob", json!({"networkAcls.defaultAction": "Deny"}), false),
            (Kind::StorageAccount, "blob", json!({"publicNetworkAccess": "Disabled"}), false),
            (Kind::KeyVault, "vault", json!({}), true),
            (Kind::Workspace, "amlworkspace", json!({}), true),
            (
                Kind::Workspace,
                "amlworkspace",
                json!({"networkAcls.ipRules": ["203.0.113.9"]}),
                false,
            ),
            (Kind::ContainerRegistry, "registry", json!({"sku.name": "Premium"}), true),
        ] {
            for endpoint in [true, false] {
                let (mut it, subnet) = Sketch::subnet();
                let target = it.add(kind, "it", ResourceId(1), settings.clone());
                if endpoint {
                    let settings = json!({"privateLinkServiceId": target.0, "groupId": group});
                    it.add(Kind::PrivateEndpoint, "pe", subnet, settings);
                }
                let expected =
                    if wrong && endpoint { vec!["it publicNetworkAccess"] } else { vec![] };
                assert_eq!(found(&LINT, &it), expected, "{kind:?} {settings}");
            }
        }
    }
}
