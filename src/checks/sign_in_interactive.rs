//! Can a person sign in with the SDK through a browser?
//!
//! Steps in Azure:
//! 1. the SDK opens a browser that signs in with Microsoft Entra ID (cookies are needed, third-party
//!    ones as well), to the person's own tenant where the program names none,
//! 2. it asks Azure Resource Manager for the workspace, as the user,
//! 3. calls to the workspace's own API go to its private endpoint when it is private; without a way
//!    there the sign-in works and what follows does not.
//!
//! Azure docs: "Set up authentication for Azure Machine Learning resources and workflows"
//! (machine-learning/how-to-setup-authentication).

use serde_json::json;

use super::{Actor, Check, Group, Plan, Requirement, open_home, place, who};
use crate::{
    kinds::{
        Kind, Resources, Subject,
        user::{User, UserType},
    },
    solve::{Hop, Step},
    text::{Message, arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "auth.interactive",
    title: text("Sign in interactively with the SDK", "SDK で対話的にサインインする"),
    group: Group::SignIn,
    source: SOURCE,
    plans,
};

pub(super) const SOURCE: &str = "machine-learning/how-to-setup-authentication";

fn plans(all: &Resources) -> Vec<Plan> {
    place::browsers_and_workspaces(all)
        .into_iter()
        .map(|(client, workspace)| {
            let mut notes: Vec<Message> = vec![
                text(
                    "the browser must accept cookies, third-party ones too; with several tenants, name the tenant",
                    "ブラウザーで Cookie (サードパーティを含む) を許可してください。テナントが複数ある場合はテナントを指定してください",
                )
                .into(),
            ];
            if client.kind() == Kind::VirtualMachine && who::machine_identity(client).is_some() {
                notes.push(
                    text(
                        "SDK v2's DefaultAzureCredential takes the machine's managed identity before a person's session",
                        "SDK v2 の DefaultAzureCredential は、ユーザーのセッションより先にマシンのマネージド ID を使います",
                    )
                    .into(),
                );
            }
            let actor = who::person_at(client);
            let mut needs = session(client, &actor, workspace);
            needs.extend(home_tenant(&actor, workspace));
            Plan {
                subject: place::from_to(client, workspace),
                from: client.id,
                involves: vec![client.id, workspace.id],
                needs,
                notes,
            }
        })
        .collect()
}

/// What every sign-in at a client needs, whichever way the token is got.
pub(super) fn session(
    client: Subject<'_>,
    actor: &Actor,
    workspace: Subject<'_>,
) -> Vec<Requirement> {
    vec![
        place::entra(client),
        place::resource_manager(client),
        open_home::read_workspace(actor, workspace),
        place::face(client, workspace, "api").shows("sy-api").part(),
    ]
}

/// A guest is at home in another tenant, which knows nothing of the workspace.
fn home_tenant(actor: &Actor, workspace: Subject<'_>) -> Option<Requirement> {
    let person = actor.who.and_then(|id| workspace.all.subject(id));
    let person = person.filter(|it| it.kind() == Kind::User)?;
    let settings = read!(User, person);
    let apart = settings
        .tenant_id
        .as_ref()
        .zip(place::tenant(workspace))
        .is_some_and(|(home, there)| *home != there);
    if !apart && settings.user_type != UserType::Guest {
        return None;
    }
    let names = [arg(person.name()), arg(workspace.name())];
    let step = match settings.names_tenant {
        Some(true) => Step::pass(
            Hop::Credential,
            text(
                "{0} is at home in another tenant and names the one of {1}",
                "{0} のホーム テナントは別ですが、{1} のテナントが指定されています",
            )
            .with(names),
        ),
        Some(false) => Step::deny(
            Hop::Credential,
            text(
                "{0} signs in to the home tenant, where there is no {1}; name the tenant (tenant_id)",
                "{0} は {1} のないホーム テナントにサインインします。テナントを指定してください (tenant_id)",
            )
            .with(names),
        ),
        None => Step::unknown(
            Hop::Credential,
            text(
                "{0} is at home in another tenant than {1}: say whether the program names the tenant (namesTenant)",
                "{0} のホーム テナントは {1} のテナントと異なります。プログラムでテナントを指定しているかを設定してください (namesTenant)",
            )
            .with(names),
        ),
    };
    let what = text("tenant to sign in to", "サインイン先のテナント");
    let need = Requirement::said(actor, what, vec![step.at(person.id).source(SOURCE)]);
    Some(need.or_set(
        text("Name the tenant when signing in", "サインイン時にテナントを指定する"),
        person.id,
        "namesTenant",
        json!(true),
    ))
}
