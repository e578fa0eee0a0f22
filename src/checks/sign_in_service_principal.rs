//! Can a program sign in as a service principal?
//!
//! Steps in Azure: the program shows its client ID with a secret, a certificate or a federated
//! credential to Microsoft Entra ID; from then on Azure checks the service principal's own roles, not
//! those of whoever started the program. The sample grants Contributor on a whole subscription; one
//! role on one workspace is enough.
//!
//! Azure docs: "Set up authentication for Azure Machine Learning resources and workflows"
//! (machine-learning/how-to-setup-authentication).

use serde_json::json;

use super::{Actor, Check, Group, Plan, Requirement, place, sign_in_interactive, who};
use crate::{
    kinds::{
        Kind, Resources, Subject,
        service_principal::{Credential, ServicePrincipal},
    },
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "auth.service_principal",
    title: text("Sign in as a service principal", "サービス プリンシパルでサインインする"),
    group: Group::SignIn,
    source: sign_in_interactive::SOURCE,
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    place::clients_and_workspaces(all)
        .into_iter()
        .filter_map(|(client, workspace)| {
            let principal = who::seated(client).filter(|it| it.kind() == Kind::ServicePrincipal)?;
            let mut needs = vec![has_credential(&who::person_at(client), principal)];
            needs.extend(sign_in_interactive::session(client, &who::person_at(client), workspace));
            Some(Plan {
                subject: text("{0} from {1} to {2}", "{1} の {0} から {2} へ").with([
                    arg(principal.name()),
                    arg(client.name()),
                    arg(workspace.name()),
                ]),
                from: client.id,
                involves: vec![client.id, principal.id, workspace.id],
                needs,
                notes: vec![
                    text(
                        "the sample grants Contributor on the subscription; the least role for the task on one workspace is enough",
                        "サンプルではサブスクリプションの共同作成者を付与していますが、ワークスペースでの作業に必要な最小のロールで十分です",
                    )
                    .into(),
                ],
            })
        })
        .collect()
}

fn has_credential(actor: &Actor, principal: Subject<'_>) -> Requirement {
    let step = match read!(ServicePrincipal, principal).credential {
        Credential::None => Step::deny(
            Hop::Credential,
            text(
                "{0} has no credential to sign in with; give it a secret, a certificate or a federated credential",
                "{0} にはサインイン用の資格情報がありません。シークレット、証明書、フェデレーション資格情報のいずれかを設定してください",
            )
            .with([arg(principal.name())]),
        ),
        Credential::ClientSecret | Credential::Certificate | Credential::Federated => Step::pass(
            Hop::Credential,
            text("{0} has a credential", "{0} には資格情報があります")
                .with([arg(principal.name())]),
        ),
    };
    Requirement::said(
        actor,
        text("credential of {0}", "{0} の資格情報").with([arg(principal.name())]),
        vec![step.at(principal.id).source(sign_in_interactive::SOURCE)],
    )
    .shows("sy-sign-in")
    .or_set(
        text("Give {0} a federated credential", "{0} にフェデレーション資格情報を設定する")
            .with([arg(principal.name())]),
        principal.id,
        "credential",
        json!("Federated"),
    )
}
