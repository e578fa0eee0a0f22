//! Does Conditional Access let somebody sign in to Azure Machine Learning?
//!
//! A policy of the tenant may ask for more of a person who signs in to Studio or to the API. Only
//! interactive users meet it. A design holds no policies: it says of a user whether one is met, and for a
//! user of whom nothing is said there is nothing to judge.
//!
//! Azure docs: "Set up authentication" (machine-learning/how-to-setup-authentication).

use super::{Actor, Check, Group, Plan, Requirement, place, who};
use crate::{
    kinds::{
        Kind, Resources, Subject,
        user::{ConditionalAccess, User},
    },
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "auth.conditional_access",
    title: text(
        "Conditional Access lets the user sign in",
        "条件付きアクセスでサインインが許可される",
    ),
    group: Group::SignIn,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/how-to-setup-authentication";

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for (client, workspace) in place::browsers_and_workspaces(all) {
        let actor = who::person_at(client);
        let person = actor.who.and_then(|id| all.subject(id)).filter(|it| it.kind() == Kind::User);
        let Some(person) = person else { continue };
        let Some(policy) = read!(User, person).conditional_access else { continue };
        plans.push(Plan {
            subject: place::from_to(client, workspace),
            from: client.id,
            involves: vec![client.id, workspace.id, person.id],
            needs: vec![place::entra(client), met(&actor, person, policy)],
            notes: vec![
                text(
                    "a policy must name the apps of Studio (d7304df8-741f-47d3-9bc2-df0e24e2071f) and of the Azure Machine Learning API; several pages print the latter's id with a group missing",
                    "ポリシーの対象には、スタジオのアプリ (d7304df8-741f-47d3-9bc2-df0e24e2071f) と Azure Machine Learning API のアプリを指定します。後者の ID は、一部が欠けた形で載っているページがあります",
                )
                .into(),
            ],
        });
    }
    plans
}

fn met(actor: &Actor, person: Subject<'_>, policy: ConditionalAccess) -> Requirement {
    let name = arg(person.name());
    let step = match policy {
        ConditionalAccess::Met => Step::pass(
            Hop::Credential,
            text("{0} meets the policy", "{0} はポリシーを満たしています").with([name]),
        ),
        ConditionalAccess::NotMet => Step::deny(
            Hop::Credential,
            text(
                "{0} does not meet the policy of the tenant, so the sign-in is refused before any role counts",
                "{0} はテナントのポリシーを満たしていないため、ロールに関係なくサインインが拒否されます",
            )
            .with([name]),
        ),
    };
    Requirement::said(
        actor,
        text("Conditional Access", "条件付きアクセス"),
        vec![step.at(person.id).source(SOURCE)],
    )
    .shows("sy-conditional-access")
}
