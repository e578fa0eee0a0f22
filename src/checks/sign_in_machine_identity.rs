//! Can the SDK on an Azure virtual machine sign in with the machine's managed identity?
//!
//! Steps in Azure:
//! 1. the SDK asks the machine's metadata service (169.254.169.254) for a token; nobody signs in,
//! 2. it asks Azure Resource Manager for the workspace as that identity, which starts without any role,
//! 3. calls to the workspace's own API need a way to it when it is private.
//!
//! Managed identities work on Azure machines and Azure Machine Learning computes only.
//!
//! Azure docs: "Set up authentication for Azure Machine Learning resources and workflows"
//! (machine-learning/how-to-setup-authentication).

use super::{Actor, Check, Group, Plan, Requirement, open_home, place, sign_in_interactive, who};
use crate::{
    facts::name::PLATFORM_METADATA,
    kinds::{Kind, Resources, Subject},
    solve::flow::{Destination, Flow},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "auth.msi_vm",
    title: text(
        "Sign in with the managed identity of a virtual machine",
        "仮想マシンのマネージド ID でサインインする",
    ),
    group: Group::SignIn,
    source: sign_in_interactive::SOURCE,
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for machine in all.of(Kind::VirtualMachine) {
        let Some(actor) = who::machine_identity(machine) else { continue };
        for workspace in all.of(Kind::Workspace) {
            let metadata = Requirement::flow(
                text("{0} reaches its metadata service", "{0} からメタデータ サービスへの到達")
                    .with([arg(machine.name())]),
                Flow::tcp(machine.id, Destination::Address(PLATFORM_METADATA), 80),
            );
            let mut needs = vec![metadata.shows("sy-msi-unavailable")];
            needs.extend(finds(&actor, machine, workspace));
            plans.push(Plan {
                subject: place::from_to(machine, workspace),
                from: machine.id,
                involves: vec![machine.id, workspace.id],
                needs,
                notes: vec![
                    text(
                        "Reader is enough to connect, not to submit a job",
                        "閲覧者ロールで接続はできますが、ジョブの送信はできません",
                    )
                    .into(),
                ],
            });
        }
    }
    plans
}

/// What code with a token does next, wherever it runs: it asks Azure Resource Manager for the workspace, and the
/// workspace's own API for the rest.
pub(super) fn finds(actor: &Actor, from: Subject<'_>, workspace: Subject<'_>) -> [Requirement; 3] {
    [
        place::resource_manager(from),
        open_home::read_workspace(actor, workspace),
        place::face(from, workspace, "api").shows("sy-api").part(),
    ]
}
