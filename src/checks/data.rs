//! What jobs read and write, and how storage is asked: shared by the checks about data.
//!
//! A drawn job says which compute reads what and as whom. Beside drawn jobs, every compute of a
//! workspace may read every datastore of it, so those pairs are judged as well.

use std::sync::Arc;

use serde_json::json;

use super::{Actor, Ask, Permission, Requirement, lists, place, rule, submit_job_v2, who};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, ResourceId, Resources, Subject,
        datastore::{CredentialsType, Datastore, DatastoreType},
        job::{Job, JobIdentity, JobType, SubmittedWith},
        setting::Ref,
    },
    solve::{
        Hop, Step,
        access::condition::Attributes,
        flow::{Caller, Destination, Flow, Origin},
    },
    text::{Message, arg, text},
};

/// What conditions call the name of a blob in its container.
const PATH: &str =
    "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path]";

const DATASTORE: &str = "machine-learning/how-to-administrate-data-authentication";

pub(super) const READ_BLOBS: &[&str] =
    &["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"];
pub(super) const WRITE_BLOBS: &[&str] = &[
    "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
    "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
];

/// A compute that reads (or writes) data.
#[derive(Clone, Copy)]
pub(super) struct Use<'a> {
    pub job: Option<Subject<'a>>,
    pub workspace: Subject<'a>,
    /// The job itself where it runs on serverless compute.
    pub compute: Subject<'a>,
    /// The datastore, or the storage addressed directly.
    pub data: Subject<'a>,
}

/// How a use of data authenticates, which decides the check it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Credential,
    ComputeIdentity,
    UserIdentity,
    /// SDK v1 automated ML over a datastore without a credential.
    AutoMlWithoutCredential,
    Profile,
}

/// Everything that jobs read: drawn ones, then every other pair of compute and datastore.
pub(super) fn reads(all: &Resources) -> Vec<Use<'_>> {
    let mut uses = of_jobs(all, |it| &it.reads);
    let drawn: Vec<(ResourceId, ResourceId)> =
        uses.iter().map(|it| (it.compute.id, it.data.id)).collect();
    for workspace in all.of(Kind::Workspace) {
        let datastores = place::of(workspace, Kind::Datastore);
        for compute in place::computes(workspace) {
            for data in &datastores {
                if !drawn.contains(&(compute.id, data.id)) {
                    uses.push(Use { job: None, workspace, compute, data: *data });
                }
            }
        }
    }
    uses
}

/// What drawn jobs write.
pub(super) fn writes(all: &Resources) -> Vec<Use<'_>> {
    of_jobs(all, |it| &it.writes)
}

/// What drawn jobs do with data, on their compute or on serverless compute. Runs of SDK v1 and profiles name
/// a compute, so that one without it is not finished.
fn of_jobs(all: &Resources, data: impl Fn(&Job) -> &Vec<Ref>) -> Vec<Use<'_>> {
    let mut uses = Vec::new();
    for job in all.of(Kind::Job) {
        let settings = read!(Job, job);
        let Some(workspace) = place::workspace_of(job) else { continue };
        let compute = place::runs_at(job);
        let unfinished = settings.submitted_with == SubmittedWith::V1
            || settings.job_type == JobType::DatasetProfile;
        if compute.id == job.id && unfinished {
            continue;
        }
        let all = data(&settings).iter().filter_map(|it| job.follow(Some(*it)));
        uses.extend(all.map(|data| Use { job: Some(job), workspace, compute, data }));
    }
    uses
}

impl<'a> Use<'a> {
    pub(super) fn way(self) -> Way {
        let job = self.job.map(|it| read!(Job, it));
        if job.as_ref().is_some_and(|it| it.job_type == JobType::DatasetProfile) {
            return Way::Profile;
        }
        if self.has_credential() {
            return Way::Credential;
        }
        match job {
            Some(it)
                if it.job_type == JobType::AutoMl && it.submitted_with == SubmittedWith::V1 =>
            {
                Way::AutoMlWithoutCredential
            }
            // SDK v1 never reads as the user, whatever the job asks for.
            Some(it)
                if it.identity == JobIdentity::UserIdentity
                    && it.submitted_with != SubmittedWith::V1 =>
            {
                Way::UserIdentity
            }
            _ => Way::ComputeIdentity,
        }
    }

    pub(super) fn is_v1(self) -> bool {
        self.job.is_some_and(|it| read!(Job, it).submitted_with == SubmittedWith::V1)
    }

    /// Who reads and writes where no credential is stored; SDK v1 never does as the user.
    pub(super) fn actor(self) -> Actor {
        if self.is_v1() {
            who::compute_identity(self.compute)
        } else {
            who::job_identity(self.job, self.compute)
        }
    }

    pub(super) fn has_credential(self) -> bool {
        self.datastore().is_some_and(|it| it.credentials != CredentialsType::None)
    }

    pub(super) fn datastore(self) -> Option<Arc<Datastore>> {
        (self.data.kind() == Kind::Datastore).then(|| read!(Datastore, self.data))
    }

    /// The account that holds the data.
    pub(super) fn account(self) -> Option<Subject<'a>> {
        match self.data.kind() {
            Kind::Datastore => self.data.follow(read!(Datastore, self.data).account),
            Kind::StorageAccount => Some(self.data),
            _ => self.data.within(Kind::StorageAccount),
        }
    }

    /// The narrowest resource that a role may be given on: the container, else the account.
    pub(super) fn scope(self) -> Option<Subject<'a>> {
        match self.data.kind() {
            Kind::Datastore => {
                self.data.follow(read!(Datastore, self.data).container).or_else(|| self.account())
            }
            _ => Some(self.data),
        }
    }

    /// The file in the data that the job is about, where it says one.
    pub(super) fn path(self) -> String {
        self.job.map(|it| read!(Job, it).path.clone()).unwrap_or_default()
    }

    /// A data role on the blobs of the use, or what lists give.
    pub(super) fn blobs(
        self,
        actor: &Actor,
        scope: Subject<'_>,
        actions: &'static [&'static str],
    ) -> Requirement {
        blobs_at(actor, scope, &self.path(), actions)
    }

    /// Whether a token of the workspace's tenant opens the data; a stored credential is of no tenant.
    pub(super) fn tenant(self, actor: &Actor) -> Option<Requirement> {
        tenant(actor, self.account()?, self.workspace)
    }

    /// Azure Files are mounted by SMB, not read as blobs.
    pub(super) fn is_files(self) -> bool {
        match self.datastore() {
            Some(it) => it.datastore_type == DatastoreType::AzureFile,
            None => self.data.kind() == Kind::FileShare,
        }
    }

    pub(super) fn subject(self) -> Message {
        match self.job {
            Some(job) if job.id == self.compute.id => {
                text("{0}, {1}", "{0}、{1}").with([arg(job.name()), arg(self.data.name())])
            }
            Some(job) => text("{0} on {1}, {2}", "{1} の {0}、{2}").with([
                arg(job.name()),
                arg(self.compute.name()),
                arg(self.data.name()),
            ]),
            None => {
                text("{0}, {1}", "{0}、{1}").with([arg(self.compute.name()), arg(self.data.name())])
            }
        }
    }

    pub(super) fn involves(self) -> Vec<ResourceId> {
        let mut all = vec![self.compute.id, self.data.id];
        all.extend(self.job.map(|it| it.id));
        all.extend(self.account().map(|it| it.id));
        all.extend(self.scope().map(|it| it.id));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Packets from the compute to the storage, face by face.
    pub(super) fn flows(self) -> Vec<Requirement> {
        let Some(account) = self.account() else { return vec![no_account(self.data)] };
        if self.is_files() {
            let to = Destination::Face { resource: account.id, face: "file" };
            return vec![Requirement::flow(
                place::reaches(self.compute, account, "file"),
                Flow::tcp(self.compute.id, to, 445),
            )];
        }
        let mut flows = vec![place::face(self.compute, account, "blob")];
        if self.datastore().is_some_and(|it| it.datastore_type == DatastoreType::AzureDataLakeGen2)
        {
            flows.push(place::face(self.compute, account, "dfs"));
        }
        flows
    }
}
/// Tokens open storage of the tenant of `own` only.
pub(super) fn tenant(actor: &Actor, account: Subject<'_>, own: Subject<'_>) -> Option<Requirement> {
    let (theirs, ours) = (place::tenant(account), place::tenant(own));
    if theirs == ours {
        return None;
    }
    let names = [arg(account.name()), arg(own.name())];
    let step = if theirs.is_some() && ours.is_some() {
        Step::deny(
            Hop::Credential,
            text(
                "{0} is in another tenant than {1}; identity-based access across tenants is not supported, so store a credential in the datastore",
                "{0} は {1} とは別のテナントにあります。テナントをまたぐ ID ベースのアクセスはサポートされないため、データストアに資格情報を保管してください",
            )
            .with(names),
        )
    } else {
        Step::unknown(
            Hop::Credential,
            text(
                "whether {0} is in the tenant of {1} is not known: only one of their subscriptions says its tenant (tenantId)",
                "{0} が {1} と同じテナントにあるかどうかがわかりません。テナントが指定されているのは一方のサブスクリプションだけです (tenantId)",
            )
            .with(names),
        )
    };
    let need = Requirement::said(
        actor,
        text("tenant of {0}", "{0} のテナント").with([arg(account.name())]),
        vec![
            step.at(account.id)
                .source("machine-learning/how-to-identity-based-service-authentication"),
        ],
    );
    Some(need.shows("sy-stream-authentication"))
}

fn no_account(data: Subject<'_>) -> Requirement {
    Requirement::mode(
        text("storage account of {0}", "{0} のストレージ アカウント").with([arg(data.name())]),
        vec![
            Step::unknown(
                Hop::Validation,
                text(
                    "{0} names no storage account; choose one",
                    "{0} のストレージ アカウントが指定されていません",
                )
                .with([arg(data.name())]),
            )
            .at(data.id),
        ],
    )
}

/// A data role on blobs. In an account with a hierarchical namespace, access control lists may grant
/// what no role does; they never take away what a role grants.
pub(super) fn blobs(
    actor: &Actor,
    scope: Subject<'_>,
    actions: &'static [&'static str],
) -> Requirement {
    blobs_at(actor, scope, "", actions)
}

/// The same for one file; an empty path is one that is not said. Conditions may look at it, and lists
/// stand on each folder above it.
pub(super) fn blobs_at(
    actor: &Actor,
    scope: Subject<'_>,
    path: &str,
    actions: &'static [&'static str],
) -> Requirement {
    let path = lists::asked_for(path);
    let writes = actions != READ_BLOBS;
    let what = if writes {
        text("read and write blobs of {0}", "{0} の BLOB の読み書き")
    } else {
        text("read blobs of {0}", "{0} の BLOB の読み取り")
    }
    .with([arg(scope.name())]);
    let need = match actor.who.filter(|_| lists::asked(scope)) {
        None => Requirement::may(actor, what, Plane::Data, actions, scope.id),
        Some(who) => {
            let role = Ask::May(Permission { actions, plane: Plane::Data, scope: scope.id });
            let lists = Ask::Said(vec![lists::step(who, scope, path, writes)]);
            Requirement::any(actor, what, vec![vec![role], vec![lists]])
        }
    };
    if path.is_empty() {
        return need;
    }
    need.knowing(Attributes::default().with(PATH, [path]))
}

/// What a stored credential opens, and who may take it out of the workspace.
pub(super) fn by_credential(it: Use<'_>, actions: &'static [&'static str]) -> Vec<Requirement> {
    let Some(datastore) = it.datastore() else { return Vec::new() };
    let submitter = who::submitter(it.job, it.compute);
    let mut needs = vec![submit_job_v2::list_secrets(&submitter, it.workspace)];
    if let Some(vault) = place::vault(it.workspace) {
        let caller =
            Caller::Trusted { service: "MachineLearning", resource: Some(it.workspace.id) };
        let to = Destination::Face { resource: vault.id, face: "vault" };
        needs.push(Requirement::flow(
            text(
                "Azure Machine Learning reaches {0} (vault), where the credential is kept",
                "Azure Machine Learning から資格情報の保管先 {0} (vault) への到達",
            )
            .with([arg(vault.name())]),
            Flow::https(Origin::Service("AzureMachineLearning"), to).by(caller),
        ));
    }
    let stored = stored(it.data);
    match datastore.credentials {
        CredentialsType::AccountKey | CredentialsType::Sas => {
            if let Some(account) = it.account() {
                needs.push(rule::shared_key(&stored, account));
            }
        }
        CredentialsType::ServicePrincipal | CredentialsType::Certificate => {
            if let Some(scope) = it.scope() {
                needs.push(it.blobs(&stored, scope, actions).shows("sy-stream-authentication"));
            }
        }
        CredentialsType::None => {}
    }
    needs.extend(expired(it.data));
    needs
}

/// A credential that no longer opens anything still wins over every identity. Azure tells of none whether it is
/// valid, so where the design does not either, that is assumed.
pub(super) fn expired(at: Subject<'_>) -> Option<Requirement> {
    let it = read!(Datastore, at);
    if it.credentials == CredentialsType::None {
        return None;
    }
    let name = || arg(at.name());
    let step = if it.credential_expired {
        Step::deny(
            Hop::Credential,
            text(
                "the credential stored in {0} has expired or was rotated; store a new one",
                "{0} に保管された資格情報は失効したか、ローテーションされています。新しい資格情報を保管してください",
            )
            .with([name()]),
        )
    } else if place::says(at, "credentialExpired") {
        Step::pass(
            Hop::Credential,
            text("the credential stored in {0} is valid", "{0} に保管された資格情報は有効です")
                .with([name()]),
        )
    } else {
        Step::pass(
            Hop::Credential,
            text(
                "nothing says that the credential stored in {0} has expired or was rotated (credentialExpired)",
                "{0} に保管された資格情報の失効やローテーションは指定されていません (credentialExpired)",
            )
            .with([name()]),
        )
        .assumed()
    };
    let need = Requirement::said(
        &stored(at),
        text("valid credential in {0}", "{0} の資格情報の有効性").with([name()]),
        vec![step.at(at.id).source("machine-learning/how-to-troubleshoot-data-access")],
    )
    .shows("sy-stream-authentication")
    .or_set(
        text("Store a valid credential in {0}", "{0} に有効な資格情報を保管する").with([name()]),
        at.id,
        "credentialExpired",
        json!(false),
    );
    Some(need)
}

/// The credential of a datastore acts, before any identity.
pub(super) fn stored(at: Subject<'_>) -> Actor {
    let datastore = read!(Datastore, at);
    let name = arg(at.name());
    match datastore.credentials {
        CredentialsType::ServicePrincipal | CredentialsType::Certificate => {
            match at.follow(datastore.service_principal) {
                Some(principal) => Actor::is(
                    principal.id,
                    text(
                        "{0} acts: its credential is stored in {1} and wins over every identity",
                        "{0} として実行: {1} に保管された資格情報がどの ID よりも優先",
                    )
                    .with([arg(principal.name()), name]),
                    DATASTORE,
                ),
                None => Actor::unknown(
                    at.id,
                    text(
                        "{0} stores the credential of a service principal that is not named",
                        "{0} のサービス プリンシパルが指定されていません",
                    )
                    .with([name]),
                ),
            }
        }
        CredentialsType::AccountKey => Actor {
            who: None,
            step: Step::pass(
                Hop::Actor,
                text(
                    "the account key stored in {0} acts; it wins over every identity",
                    "{0} に保管されたアカウント キーで実行 (どの ID よりも優先)",
                )
                .with([name]),
            )
            .at(at.id)
            .source(DATASTORE),
        },
        CredentialsType::Sas | CredentialsType::None => Actor {
            who: None,
            step: Step::pass(
                Hop::Actor,
                text(
                    "the SAS stored in {0} acts; it wins over every identity",
                    "{0} に保管された SAS で実行 (どの ID よりも優先)",
                )
                .with([name]),
            )
            .at(at.id)
            .source(DATASTORE),
        },
    }
}

/// Azure Files have no identity-based form in Azure Machine Learning.
pub(super) fn files_need_a_credential(actor: &Actor, data: Subject<'_>) -> Requirement {
    Requirement::said(
        actor,
        text("credential of {0}", "{0} の資格情報").with([arg(data.name())]),
        vec![
            Step::deny(
                Hop::Credential,
                text(
                    "{0} is a file share without a stored credential; identity-based access exists for blobs and Data Lake Storage only",
                    "{0} は資格情報のないファイル共有です。ID ベースのアクセスは BLOB と Data Lake Storage だけで利用できます",
                )
                .with([arg(data.name())]),
            )
            .at(data.id)
            .source(DATASTORE),
        ],
    )
}
