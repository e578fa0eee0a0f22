//! Can an online endpoint and its deployments be created?
//!
//! Steps in Azure:
//! 1. the call goes to Azure Resource Manager, as whoever makes it,
//!    and from Studio it is a template deployment in the resource group,
//! 2. for an endpoint with a user-assigned identity, the caller must be allowed to attach that identity
//!    (Azure's rule for linked resources; the endpoint pages do not name it),
//! 3. a workspace in v1 legacy mode refuses it,
//! 4. with key authentication the service stores the keys in the workspace's vault, whose firewall must let
//!    trusted services in,
//! 5. deployments run in the managed network of the workspace, if it has one, which must be there already.
//!
//! The caller needs no right to assign roles: Azure gives a system-assigned identity its roles itself, as long as
//! the subscription has room for them.
//!
//! Azure docs: "Manage access to an Azure Machine Learning workspace" (machine-learning/how-to-assign-roles).

use super::{Actor, Check, Group, Plan, Requirement, place, rule, who};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject,
        online_endpoint::{AuthMode, CreatedWith, OnlineEndpoint},
        subscription::Subscription,
    },
    solve::{
        Hop, Step,
        flow::{Caller, Destination, Flow},
    },
    text::{Message, arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "oe.create",
    title: text(
        "Create an online endpoint and its deployment",
        "オンライン エンドポイントとデプロイを作成する",
    ),
    group: Group::Endpoint,
    source: "machine-learning/how-to-assign-roles",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for endpoint in all.of(Kind::OnlineEndpoint) {
        let Some(workspace) = place::workspace_of(endpoint) else { continue };
        let named = endpoint.follow(read!(OnlineEndpoint, endpoint).created_by);
        let people = match named {
            Some(it) => vec![Actor::is(
                it.id,
                text("{0} acts: creates {1}", "{0} として実行: {1} の作成者")
                    .with([arg(it.name()), arg(endpoint.name())]),
                "",
            )],
            None => who::people(endpoint),
        };
        for person in people {
            plans.push(plan(&person, workspace, endpoint));
        }
    }
    plans
}

fn plan(person: &Actor, workspace: Subject<'_>, endpoint: Subject<'_>) -> Plan {
    let mut needs = vec![rule::not_v1_legacy(workspace), may_deploy(person, workspace)];
    let settings = read!(OnlineEndpoint, endpoint);
    needs.extend(
        settings.identity_change.map(|to| same_identity(endpoint, to == settings.identity)),
    );
    if settings.created_with == CreatedWith::Studio
        && let Some(group) = workspace.within(Kind::ResourceGroup)
    {
        needs.push(
            Requirement::may(
                person,
                text(
                    "make template deployments in {0}, as Studio does",
                    "{0} でのテンプレート デプロイの作成 (スタジオが実行)",
                )
                .with([arg(group.name())]),
                Plane::Control,
                &["Microsoft.Resources/deployments/write"],
                group.id,
            )
            .shows("sy-authorization-failed"),
        );
    }
    // Where the caller sits; of several places, which one is not said.
    let seats = person.who.map(|it| who::seats(endpoint.all, it)).unwrap_or_default();
    if let [seat] = *seats {
        needs.push(place::resource_manager(seat));
    }
    needs.extend(rule::managed_network_ready(workspace));
    if settings.auth_mode == AuthMode::Key
        && let Some(vault) = place::vault(workspace)
    {
        let to = Destination::Face { resource: vault.id, face: "vault" };
        let service = Caller::Trusted { service: "MachineLearning", resource: Some(workspace.id) };
        needs.push(Requirement::flow(
            text("{0} keeps the endpoint's keys in {1}", "{0} がエンドポイントのキーを {1} に保管")
                .with([arg(workspace.name()), arg(vault.name())]),
            Flow::https(workspace.id, to).by(service),
        ));
    }
    needs.extend(no_room(workspace, endpoint));
    let attached =
        rule::attach_each(person, endpoint, settings.identity, &settings.user_assigned_identities);
    needs.extend(attached.into_iter().map(|(_, need)| need));
    let subject = match person.who.and_then(|id| endpoint.all.subject(id)) {
        Some(it) => {
            text("{0} by {1}", "{1} による {0}").with([arg(endpoint.name()), arg(it.name())])
        }
        None => Message::value(endpoint.name()),
    };
    Plan {
        subject,
        from: endpoint.id,
        involves: vec![endpoint.id, workspace.id],
        needs,
        notes: vec![
            text(
                "the identity of an endpoint cannot be changed after creation",
                "エンドポイントの ID は作成後に変更できません",
            )
            .into(),
        ],
    }
}

/// Azure cannot give an endpoint's own identity its roles in a subscription that has no room for them.
fn no_room(workspace: Subject<'_>, endpoint: Subject<'_>) -> Option<Requirement> {
    let subscription = workspace.within(Kind::Subscription)?;
    if !read!(Subscription, subscription).role_assignments_full
        || read!(OnlineEndpoint, endpoint).identity.has_user()
    {
        return None;
    }
    let step = Step::deny(
        Hop::ServiceMode,
        text(
            "the limit of role assignments in {0} is reached; remove some that nobody needs, or choose a user-assigned identity",
            "{0} のロールの割り当て数が上限に達しています。不要な割り当てを削除するか、ユーザー割り当て ID を選んでください",
        )
        .with([arg(subscription.name())]),
    );
    let need = Requirement::mode(
        text("room for the roles of {0}", "{0} のロールを追加できること")
            .with([arg(endpoint.name())]),
        vec![
            step.at(subscription.id)
                .source("machine-learning/how-to-troubleshoot-online-endpoints"),
        ],
    );
    Some(need.shows("sy-role-assignment-quota"))
}

/// An endpoint keeps the identity that it was created with.
fn same_identity(endpoint: Subject<'_>, same: bool) -> Requirement {
    let name = || arg(endpoint.name());
    let step = if same {
        Step::pass(
            Hop::ServiceMode,
            text("{0} keeps its identity", "{0} の ID は変わりません").with([name()]),
        )
    } else {
        Step::deny(
            Hop::ServiceMode,
            text(
                "the identity of {0} was fixed when it was created; create another endpoint",
                "{0} の ID は作成時に決まり、変更できません。別のエンドポイントを作成してください",
            )
            .with([name()]),
        )
    };
    Requirement::mode(
        text("change of identity that Azure offers", "可能な ID の変更であること"),
        vec![step.at(endpoint.id).source("machine-learning/concept-endpoints-online-auth")],
    )
    .shows("sy-not-possible")
}

/// The right to write endpoints and their deployments, in a workspace or of one endpoint.
pub(super) fn may_deploy(person: &Actor, at: Subject<'_>) -> Requirement {
    let what = if at.kind() == Kind::OnlineEndpoint {
        text("deploy to {0}", "{0} へのデプロイ")
    } else {
        text("create endpoints in {0}", "{0} でのエンドポイントの作成")
    };
    Requirement::may(
        person,
        what.with([arg(at.name())]),
        Plane::Control,
        &[
            "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/read",
            "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/write",
            "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/write",
        ],
        at.id,
    )
    .shows("sy-authorization-failed")
}
