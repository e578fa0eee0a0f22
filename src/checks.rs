//! Operations that people care about, one file each: who acts, what must be reached, what must be allowed.
//!
//! A check finds the places in a design where its operation can happen and says for each what is
//! needed. It decides nothing: flows go to the network solver, permissions to the access solver.
//!
//! Every module here opens with the steps in Azure in their order; the needs of a plan are in the
//! same order, so the first one that fails is what a person meets.

use serde_json::Value;

use crate::{
    design::edit::Edit,
    facts::grant::Plane,
    kinds::{ResourceId, Resources},
    solve::{Gate, Hop, Step, access::condition::Attributes, flow::Flow},
    text::{Message, Text, text},
};

/// Reads the settings of a resource; what cannot be read has its default here and is a problem of the
/// design elsewhere.
macro_rules! read {
    ($kind:ident, $subject:expr) => {
        $kind::of($subject)
    };
}

// Identities that act, and why it is they.
mod who;

// What stands where, and flows in words.
mod place;

// Keys, admin users, modes, owners.
mod rule;

// Who creates and changes resources.
mod setup;

// Roles and access policies of key vaults.
mod vault;

// Roles that Azure gives by itself.
pub(crate) mod platform;

// What jobs read and write.
mod data;

// Access control lists of Data Lake Storage.
mod lists;

// Images and the registries they come from.
pub(crate) mod images;

// Online endpoints and their deployments.
mod endpoints;

// What people ask about rights, for any identity and resource.
pub mod capabilities;

// Ways in to blobs and images, for anybody who asks.
pub(crate) mod doors;

pub use doors::Door;

mod assign_role;
mod attach_identity;
mod attach_kubernetes;
mod attach_registry;
mod browse_datastore;
mod build_image;
mod build_image_on_compute;
mod build_on_private_image;
mod change_workspace_identity;
mod close_registry;
mod create_compute;
mod create_endpoint;
mod create_environment;
mod create_identity;
mod create_private_endpoint;
mod create_workspace;
mod create_workspace_encrypted;
mod create_workspace_user_identity;
mod deploy_aks;
mod deploy_container_instance;
mod deploy_download_model;
mod deploy_private_image;
mod deploy_pull_image;
mod disable_admin_user;
mod encrypt_storage;
mod grant_workspace_access;
mod inject_secrets;
mod invoke_batch;
mod invoke_endpoint;
mod isolate_data;
mod join_network;
mod load_studio;
mod meet_conditional_access;
mod open_compute_page;
mod open_home;
mod open_notebooks;
mod preview_dataset;
mod profile_dataset;
mod provision_managed_network;
mod pull_image;
mod pull_image_abac;
mod pull_image_kubernetes;
mod pull_image_private;
mod pull_image_serverless;
mod read_batch_data;
mod read_data_auto_ml;
mod read_data_compute_identity;
mod read_data_credential;
mod read_data_user_identity;
mod read_secret;
mod register_datastore;
mod register_model;
mod reuse_vault_name;
mod run_on_instance;
mod run_parallel_step;
mod score_aks;
mod score_reads_blob;
mod send_telemetry;
mod set_quota;
mod sign_in_azure_cli;
mod sign_in_compute_identity;
mod sign_in_interactive;
mod sign_in_machine_identity;
mod sign_in_service_principal;
mod stop_idle_instance;
mod submit_job_v1;
mod submit_job_v2;
mod sync_keys;
mod use_identity_storage;
mod use_instance;
mod use_registry;
mod write_output;

/// Every operation, in the order of the list on screen.
pub const ALL: &[Check] = &[
    load_studio::CHECK,
    open_home::CHECK,
    open_notebooks::CHECK,
    open_compute_page::CHECK,
    use_instance::CHECK,
    sign_in_interactive::CHECK,
    sign_in_service_principal::CHECK,
    sign_in_azure_cli::CHECK,
    sign_in_machine_identity::CHECK,
    sign_in_compute_identity::CHECK,
    meet_conditional_access::CHECK,
    submit_job_v2::CHECK,
    submit_job_v1::CHECK,
    run_on_instance::CHECK,
    run_parallel_step::CHECK,
    read_secret::CHECK,
    register_model::CHECK,
    preview_dataset::CHECK,
    profile_dataset::CHECK,
    browse_datastore::CHECK,
    register_datastore::CHECK,
    grant_workspace_access::CHECK,
    read_data_credential::CHECK,
    read_data_compute_identity::CHECK,
    read_data_user_identity::CHECK,
    read_data_auto_ml::CHECK,
    write_output::CHECK,
    build_image::CHECK,
    build_image_on_compute::CHECK,
    build_on_private_image::CHECK,
    pull_image::CHECK,
    pull_image_private::CHECK,
    pull_image_kubernetes::CHECK,
    pull_image_abac::CHECK,
    pull_image_serverless::CHECK,
    create_endpoint::CHECK,
    deploy_pull_image::CHECK,
    deploy_private_image::CHECK,
    deploy_download_model::CHECK,
    score_reads_blob::CHECK,
    invoke_endpoint::CHECK,
    deploy_container_instance::CHECK,
    inject_secrets::CHECK,
    send_telemetry::CHECK,
    invoke_batch::CHECK,
    read_batch_data::CHECK,
    deploy_aks::CHECK,
    score_aks::CHECK,
    create_workspace::CHECK,
    create_workspace_user_identity::CHECK,
    create_workspace_encrypted::CHECK,
    encrypt_storage::CHECK,
    change_workspace_identity::CHECK,
    attach_registry::CHECK,
    create_compute::CHECK,
    attach_identity::CHECK,
    attach_kubernetes::CHECK,
    join_network::CHECK,
    create_identity::CHECK,
    assign_role::CHECK,
    create_private_endpoint::CHECK,
    provision_managed_network::CHECK,
    close_registry::CHECK,
    disable_admin_user::CHECK,
    sync_keys::CHECK,
    reuse_vault_name::CHECK,
    isolate_data::CHECK,
    use_identity_storage::CHECK,
    stop_idle_instance::CHECK,
    set_quota::CHECK,
    use_registry::CHECK,
    create_environment::CHECK,
];

/// The check with this id.
pub fn find(id: &str) -> Option<&'static Check> {
    ALL.iter().find(|it| it.id == id)
}

/// One operation, wherever a design makes it possible.
pub struct Check {
    /// Stable: `studio.home`, `job.data.compute_mi` ….
    pub id: &'static str,
    pub title: Text,
    pub group: Group,
    /// Page of Azure's docs, below learn.microsoft.com/azure/.
    pub source: &'static str,
    /// Every place in the design where it can happen.
    pub plans: fn(&Resources) -> Vec<Plan>,
}

/// Section of the list of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Studio,
    SignIn,
    Job,
    Data,
    Image,
    Endpoint,
    Setup,
}

impl Group {
    pub const ALL: [Group; 7] = [
        Group::Studio,
        Group::SignIn,
        Group::Job,
        Group::Data,
        Group::Image,
        Group::Endpoint,
        Group::Setup,
    ];

    pub const fn label(self) -> Text {
        match self {
            Group::Studio => text("Studio", "スタジオ"),
            Group::SignIn => text("Sign-in", "サインイン"),
            Group::Job => text("Jobs", "ジョブ"),
            Group::Data => text("Data", "データ"),
            Group::Image => text("Images", "イメージ"),
            Group::Endpoint => text("Endpoints", "エンドポイント"),
            Group::Setup => text("Set-up", "セットアップ"),
        }
    }
}

/// The operation at one place of the design: from whom, to what, and all it needs.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Who and what: "from laptop to amlvnetworkspace". Tells the plans of a check apart.
    pub subject: Message,
    /// The resource that starts it: a client, a compute, an endpoint.
    pub from: ResourceId,
    /// Everything that the canvas marks with it.
    pub involves: Vec<ResourceId>,
    /// In the order of the steps in Azure.
    pub needs: Vec<Requirement>,
    /// What is out of date in old documents, what to know.
    pub notes: Vec<Message>,
}

/// One thing that must hold.
#[derive(Clone, Debug)]
pub struct Requirement {
    pub gate: Gate,
    /// "amlvnetstorage (blob)" or "read blobs of amlvnetstorage".
    pub what: Message,
    /// Who acts and why it is that identity. Always there for the identity gate.
    pub actor: Option<Actor>,
    pub ask: Ask,
    /// What people meet when this fails; `None` leaves it to the solver's step.
    pub symptom: Option<&'static str>,
    /// When only this fails, the rest of the operation still works.
    pub part: bool,
    /// Changes that the check knows would help, beside those that roles and networks suggest.
    pub remedies: Vec<Remedy>,
}

/// A change that would make a requirement hold. Nothing is offered before it was tried.
#[derive(Clone, Debug)]
pub struct Remedy {
    pub title: Message,
    pub edit: Edit,
    /// The check that judges the operation afterwards, where the change makes it another one.
    pub becomes: Option<&'static str>,
}

/// The identity that Azure checks, which often is not the person who clicks.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The principal: a user, a group's member, an application, a user-assigned identity, or the
    /// resource whose system-assigned identity it is. `None` where there is none to ask about.
    pub who: Option<ResourceId>,
    /// First step of the identity gate: who, and why.
    pub step: Step,
}

/// How a requirement is decided.
#[derive(Clone, Debug)]
pub enum Ask {
    /// A packet must arrive: network solver.
    Flow(Flow),
    /// A right must be held: access solver.
    May(Permission),
    /// The same for a request of which more is known, for conditions to look at.
    MayWhere(Permission, Attributes),
    /// A rule of the service decides; the check has read it off the settings.
    Said(Vec<Step>),
    /// Several doors, each with all it needs; one that opens is enough.
    Any(Vec<Vec<Ask>>),
}

/// A right of the acting identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// All of them.
    pub actions: &'static [&'static str],
    pub plane: Plane,
    /// The resource that it must hold on, or on something above it.
    pub scope: ResourceId,
}

impl Ask {
    fn knowing(self, attributes: &Attributes) -> Ask {
        match self {
            Ask::May(permission) => Ask::MayWhere(permission, attributes.clone()),
            Ask::Any(doors) => Ask::Any(
                doors
                    .into_iter()
                    .map(|door| door.into_iter().map(|it| it.knowing(attributes)).collect())
                    .collect(),
            ),
            other => other,
        }
    }
}

impl Requirement {
    fn new(gate: Gate, what: Message, ask: Ask) -> Requirement {
        Requirement {
            gate,
            what,
            actor: None,
            ask,
            symptom: None,
            part: false,
            remedies: Vec::new(),
        }
    }

    /// A packet that must arrive.
    pub fn flow(what: impl Into<Message>, flow: Flow) -> Requirement {
        Requirement::new(Gate::Network, what.into(), Ask::Flow(flow))
    }

    /// A right that must be held.
    pub fn may(
        actor: &Actor,
        what: impl Into<Message>,
        plane: Plane,
        actions: &'static [&'static str],
        scope: ResourceId,
    ) -> Requirement {
        let ask = Ask::May(Permission { actions, plane, scope });
        Requirement {
            actor: Some(actor.clone()),
            ..Requirement::new(Gate::Identity, what.into(), ask)
        }
    }

    /// More is known of the request than its action.
    #[must_use]
    pub fn knowing(mut self, attributes: Attributes) -> Requirement {
        self.ask = self.ask.knowing(&attributes);
        self
    }

    /// A rule of the service about identities, read off the settings.
    pub fn said(actor: &Actor, what: impl Into<Message>, steps: Vec<Step>) -> Requirement {
        Requirement {
            actor: Some(actor.clone()),
            ..Requirement::new(Gate::Identity, what.into(), Ask::Said(steps))
        }
    }

    /// A rule of the service beside identities, read off the settings.
    pub fn mode(what: impl Into<Message>, steps: Vec<Step>) -> Requirement {
        Requirement::new(Gate::Network, what.into(), Ask::Said(steps))
    }

    /// One of several doors must be open.
    pub fn any(actor: &Actor, what: impl Into<Message>, doors: Vec<Vec<Ask>>) -> Requirement {
        Requirement {
            actor: Some(actor.clone()),
            ..Requirement::new(Gate::Identity, what.into(), Ask::Any(doors))
        }
    }

    /// What people meet when it fails, by id.
    #[must_use]
    pub fn shows(mut self, symptom: &'static str) -> Requirement {
        self.symptom = Some(symptom);
        self
    }

    /// A setting that would make it hold.
    #[must_use]
    pub fn or_set(
        mut self,
        title: impl Into<Message>,
        id: ResourceId,
        key: &str,
        value: Value,
    ) -> Requirement {
        let edit = Edit::Set { id, key: key.to_owned(), value };
        self.remedies.push(Remedy { title: title.into(), edit, becomes: None });
        self
    }

    /// After the last remedy, another check judges the operation.
    #[must_use]
    pub fn becoming(mut self, check: &'static str) -> Requirement {
        if let Some(it) = self.remedies.last_mut() {
            it.becomes = Some(check);
        }
        self
    }

    /// The rest of the operation works without it.
    #[must_use]
    pub fn part(mut self) -> Requirement {
        self.part = true;
        self
    }
}

impl Actor {
    /// `who` acts, for the reason in `why`.
    pub fn is(who: ResourceId, why: impl Into<Message>, source: &'static str) -> Actor {
        Actor { who: Some(who), step: Step::pass(Hop::Actor, why).at(who).source(source) }
    }

    /// Nobody can act: a compute without an identity, for example.
    pub fn none(at: ResourceId, why: impl Into<Message>, source: &'static str) -> Actor {
        Actor { who: None, step: Step::deny(Hop::Actor, why).at(at).source(source) }
    }

    /// The design does not say who acts.
    pub fn unknown(at: ResourceId, why: impl Into<Message>) -> Actor {
        Actor { who: None, step: Step::unknown(Hop::Actor, why).at(at) }
    }
}
