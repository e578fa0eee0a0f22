//! A private endpoint whose connection the owner of the target has not approved: it holds an address and
//! answers nobody.
//!
//! Azure docs: "What is a private endpoint?" (private-link/private-endpoint-overview, access to a private
//! link resource using approval workflow).

use super::{Context, Finding, Lint, Severity};
use crate::{
    facts::service::LinkState,
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "private_endpoint_not_approved",
    severity: Severity::Warning,
    title: text("Private endpoint without approval", "承認されていないプライベート エンドポイント"),
    find,
    source: "private-link/private-endpoint-overview",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    context
        .facts
        .private_endpoints
        .iter()
        .filter(|(_, it)| it.state != LinkState::Approved)
        .map(|(&id, it)| {
            let text = text(
                "the connection from {0} to {1} is {2}, so nothing passes through it; the owner of {1} must approve it, or a new endpoint is needed after a rejection",
                "{0} から {1} への接続の状態は {2} のため、通信できません。{1} の所有者の承認が必要です (拒否された場合はエンドポイントを作り直してください)",
            )
            .with([arg(context.name(id)), arg(context.name(it.target)), arg(it.state.name())]);
            Finding::new([id, it.target], text).field("connectionState")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        kinds::{Kind, ResourceId, testing::Sketch},
        lints::found,
    };

    #[test]
    fn states() {
        for (state, wrong) in [
            ("Approved", vec![]),
            ("Pending", vec!["pe connectionState"]),
            ("Rejected", vec!["pe connectionState"]),
            ("Disconnected", vec!["pe connectionState"]),
        ] {
            let (mut it, subnet) = Sketch::subnet();
            let vault = it.add(Kind::KeyVault, "kv1", ResourceId(1), json!({}));
            let settings = json!({
                "privateLinkServiceId": vault.0, "groupId": "vault", "connectionState": state,
            });
            it.add(Kind::PrivateEndpoint, "pe", subnet, settings);
            assert_eq!(found(&LINT, &it), wrong, "{state}");
        }
    }
}
