//! Identities that act, and why it is they: the rule that makes most verdicts surprising.
//!
//! Azure docs: "Set up authentication between Azure Machine Learning and other services"
//! (machine-learning/how-to-identity-based-service-authentication).

use std::collections::{BTreeMap, BTreeSet};

use super::Actor;
use crate::{
    kinds::{
        Derived, Kind, ResourceId, Resources, Subject,
        attached_kubernetes::AttachedKubernetes,
        common::IdentityType,
        compute_cluster::ComputeCluster,
        compute_instance::ComputeInstance,
        job::{Job, JobIdentity},
        online_endpoint::OnlineEndpoint,
        setting::Ref,
        virtual_machine::VirtualMachine,
        workspace::Workspace,
    },
    solve::{Hop, Step},
    text::{arg, text},
};

const IDENTITY: &str = "machine-learning/how-to-identity-based-service-authentication";
pub(super) const SERVERLESS: &str = "machine-learning/how-to-use-serverless-compute";
const ENDPOINT: &str = "machine-learning/how-to-access-resources-from-endpoints-managed-identities";

/// Machines that people sit at.
pub(super) fn clients(all: &Resources) -> Vec<Subject<'_>> {
    let kinds = [Kind::InternetClient, Kind::OnPremisesClient, Kind::VirtualMachine];
    let mut clients: Vec<_> = kinds.into_iter().flat_map(|it| all.of(it)).collect();
    clients.sort_by_key(|it| it.id);
    clients
}

/// Whether people open a browser on a client: a service principal has none.
pub(super) fn browses(client: Subject<'_>) -> bool {
    seated(client).is_none_or(|it| it.kind() != Kind::ServicePrincipal)
}

/// Who sits at a client.
pub(super) fn seated(client: Subject<'_>) -> Option<Subject<'_>> {
    client.follow(client.setting::<Option<Ref>>("user").flatten())
}

/// The person whose rights count when somebody works at `client`.
pub(super) fn person_at(client: Subject<'_>) -> Actor {
    if let Some(user) = seated(client) {
        return Actor::is(
            user.id,
            text("{0} acts: signed in at {1}", "{0} として実行: {1} でサインイン")
                .with([arg(user.name()), arg(client.name())]),
            "",
        );
    }
    only_person(client.all, client)
}

/// Whom programs at `client` run as: whoever sits there; at a machine where nobody does, its managed identity,
/// which the SDK takes before any session and `az login --identity` by name.
pub(super) fn session_at(client: Subject<'_>) -> Actor {
    let machine = (client.kind() == Kind::VirtualMachine && seated(client).is_none())
        .then(|| machine_identity(client))
        .flatten();
    machine.unwrap_or_else(|| person_at(client))
}

/// The one user of the design, where nothing says who it is.
fn only_person(all: &Resources, at: Subject<'_>) -> Actor {
    let mut users = all.of(Kind::User);
    match (users.next(), users.next()) {
        (Some(user), None) => Actor {
            who: Some(user.id),
            step: Step::pass(
                Hop::Actor,
                text(
                    "{0} acts: the only user of the design",
                    "{0} として実行: デザイン内の唯一のユーザー",
                )
                .with([arg(user.name())]),
            )
            .at(user.id)
            .assumed(),
        },
        (None, _) => Actor::unknown(
            at.id,
            text(
                "nobody is drawn who works at {0}; draw a user, give roles, and name the user there",
                "{0} を使うユーザーが描かれていません。ユーザーを追加してロールを割り当て、ここに指定してください",
            )
            .with([arg(at.name())]),
        ),
        _ => Actor::unknown(
            at.id,
            text(
                "several users are drawn; say which of them works at {0}",
                "複数のユーザーがいます。{0} を使うユーザーを指定してください",
            )
            .with([arg(at.name())]),
        ),
    }
}

/// Clients by who sits there, and by whose rights count there.
#[derive(Default)]
struct Places {
    seated: BTreeMap<ResourceId, Vec<ResourceId>>,
    acting: BTreeMap<Option<ResourceId>, Vec<ResourceId>>,
}

impl Derived for Places {
    fn of(all: &Resources) -> Places {
        let mut found = Places::default();
        for client in clients(all) {
            if let Some(person) = seated(client) {
                found.seated.entry(person.id).or_default().push(client.id);
            }
            found.acting.entry(person_at(client).who).or_default().push(client.id);
        }
        found
    }
}

/// Clients at which this person sits.
pub(super) fn seats(all: &Resources, person: ResourceId) -> Vec<Subject<'_>> {
    let places = all.derived::<Places>();
    let seats = places.seated.get(&person).into_iter().flatten();
    seats.filter_map(|it| all.subject(*it)).collect()
}

/// Clients at which the rights of `actor` count.
pub(super) fn clients_of<'a>(all: &'a Resources, actor: &Actor) -> Vec<Subject<'a>> {
    let places = all.derived::<Places>();
    let clients = places.acting.get(&actor.who).into_iter().flatten();
    clients.filter_map(|it| all.subject(*it)).collect()
}

/// Whoever sits at a client, or else all users.
struct Seats(BTreeSet<ResourceId>);

impl Derived for Seats {
    fn of(all: &Resources) -> Seats {
        let seen: BTreeSet<_> =
            clients(all).into_iter().filter_map(seated).map(|it| it.id).collect();
        Seats(if seen.is_empty() { all.of(Kind::User).map(|it| it.id).collect() } else { seen })
    }
}

/// Those who work with the workspaces of a design: whoever sits at a client, or else all users.
/// Where nobody is drawn, one actor who is not known, told at `at`.
pub(super) fn people(at: Subject<'_>) -> Vec<Actor> {
    let seats = at.all.derived::<Seats>();
    let seen: Vec<Subject<'_>> = seats.0.iter().filter_map(|it| at.all.subject(*it)).collect();
    if seen.is_empty() {
        return vec![only_person(at.all, at)];
    }
    let theirs: Vec<Subject<'_>> =
        seen.iter().filter(|it| super::place::concerns(**it, at)).copied().collect();
    // A workspace that is nobody's is everybody's: someone is about to get a role.
    let seen = if theirs.is_empty() { seen } else { theirs };
    seen.into_iter()
        .map(|it| {
            Actor::is(
                it.id,
                text("{0} acts: runs the call", "{0} として実行: 操作の呼び出し元")
                    .with([arg(it.name())]),
                "",
            )
        })
        .collect()
}

/// The identity by which a workspace reaches its storage, vault and registry.
pub(super) fn workspace_identity(workspace: Subject<'_>) -> Actor {
    let it = read!(Workspace, workspace);
    if let Some(primary) = workspace.follow(it.primary_user_assigned_identity) {
        if !attached(it.identity, &it.user_assigned_identities, primary) {
            return Actor::unknown(
                workspace.id,
                text(
                    "{0} is primary but not one of the identities of {1}, which Azure refuses; add it to the list",
                    "{0} はプライマリですが {1} の ID の一覧にないため、Azure で拒否されます。一覧に追加してください",
                )
                .with([arg(primary.name()), arg(workspace.name())]),
            );
        }
        return Actor::is(
            primary.id,
            text(
                "{0} acts: the primary user-assigned identity of {1}",
                "{0} として実行: {1} のプライマリ ユーザー割り当て ID",
            )
            .with([arg(primary.name()), arg(workspace.name())]),
            IDENTITY,
        );
    }
    if it.identity.has_system() {
        return Actor::is(
            workspace.id,
            text(
                "{0} acts as its system-assigned identity",
                "{0} がシステム割り当て ID として実行",
            )
            .with([arg(workspace.name())]),
            IDENTITY,
        );
    }
    Actor::unknown(
        workspace.id,
        text(
            "{0} has no primary user-assigned identity; choose it",
            "{0} のプライマリ ユーザー割り当て ID が指定されていません",
        )
        .with([arg(workspace.name())]),
    )
}

/// Whether a user-assigned identity is one of those that a resource has.
fn attached(kind: IdentityType, named: &[Ref], identity: Subject<'_>) -> bool {
    kind.has_user() && named.iter().any(|it| it.0 == identity.id)
}

/// The identity of a job's compute: the system-assigned one, or the first user-assigned one. A compute
/// instance without one acts as its user.
pub(super) fn compute_identity(compute: Subject<'_>) -> Actor {
    let actor = managed_identity(compute);
    if actor.who.is_none() && compute.kind() == Kind::ComputeInstance {
        return instance_user(compute);
    }
    actor
}

/// The managed identity of a compute, which alone can pull images.
pub(super) fn managed_identity(compute: Subject<'_>) -> Actor {
    let (kind, assigned) = identities_of(compute);
    if kind.has_system() {
        return Actor::is(
            compute.id,
            text(
                "{0} acts as its system-assigned identity",
                "{0} がシステム割り当て ID として実行",
            )
            .with([arg(compute.name())]),
            IDENTITY,
        );
    }
    if let Some(first) = assigned.first().and_then(|it| compute.follow(Some(*it)))
        && kind.has_user()
    {
        return Actor::is(
            first.id,
            text(
                "{0} acts: the default (first) user-assigned identity of {1}",
                "{0} として実行: {1} の既定 (先頭) のユーザー割り当て ID",
            )
            .with([arg(first.name()), arg(compute.name())]),
            IDENTITY,
        );
    }
    Actor::none(
        compute.id,
        text(
            "{0} has no managed identity, so nothing can sign in for it; give it one",
            "{0} にはマネージド ID がないため、サインインできません。ID を設定してください",
        )
        .with([arg(compute.name())]),
        IDENTITY,
    )
}

fn identities_of(compute: Subject<'_>) -> (IdentityType, Vec<Ref>) {
    match compute.kind() {
        Kind::ComputeCluster => {
            let it = read!(ComputeCluster, compute);
            (it.identity, it.user_assigned_identities.clone())
        }
        Kind::ComputeInstance => {
            let it = read!(ComputeInstance, compute);
            (it.identity, it.user_assigned_identities.clone())
        }
        Kind::AttachedKubernetes => {
            let it = read!(AttachedKubernetes, compute);
            (it.compute_identity, it.compute_identities.clone())
        }
        _ => (IdentityType::None, Vec::new()),
    }
}

/// A compute instance without an identity signs in as its user.
fn instance_user(instance: Subject<'_>) -> Actor {
    match owner(instance) {
        Some(user) => Actor::is(
            user.id,
            text(
                "{0} acts: {1} has no managed identity, so its user signs in",
                "{0} として実行: {1} にマネージド ID がないため、ユーザー自身がサインイン",
            )
            .with([arg(user.name()), arg(instance.name())]),
            IDENTITY,
        ),
        None => Actor::unknown(
            instance.id,
            text(
                "{0} has no managed identity, and the design does not say whose it is",
                "{0} にはマネージド ID がなく、所有者も指定されていません",
            )
            .with([arg(instance.name())]),
        ),
    }
}

/// The one person who may use a compute instance.
pub(super) fn owner(instance: Subject<'_>) -> Option<Subject<'_>> {
    let it = read!(ComputeInstance, instance);
    instance.follow(it.assigned_user).or_else(|| instance.follow(it.created_by))
}

/// The identity of an online endpoint, which its deployments share.
pub(super) fn endpoint_identity(endpoint: Subject<'_>) -> Actor {
    let it = read!(OnlineEndpoint, endpoint);
    if it.identity.has_user() {
        return match it.user_assigned_identities.first().and_then(|it| endpoint.follow(Some(*it)))
        {
            Some(identity) => Actor::is(
                identity.id,
                text(
                    "{0} acts: the user-assigned identity of {1}, which Azure grants nothing by itself",
                    "{0} として実行: {1} のユーザー割り当て ID (自動付与されるロールはありません)",
                )
                .with([arg(identity.name()), arg(endpoint.name())]),
                ENDPOINT,
            ),
            None => Actor::unknown(
                endpoint.id,
                text(
                    "{0} is to have a user-assigned identity, but none is named",
                    "{0} のユーザー割り当て ID が指定されていません",
                )
                .with([arg(endpoint.name())]),
            ),
        };
    }
    if it.identity.has_system() {
        return Actor::is(
            endpoint.id,
            text(
                "{0} acts as its system-assigned identity; Azure grants it the workspace's registry and storage",
                "{0} がシステム割り当て ID として実行 (ワークスペースのレジストリとストレージへのロールは自動付与)",
            )
            .with([arg(endpoint.name())]),
            ENDPOINT,
        );
    }
    Actor::none(
        endpoint.id,
        text("{0} has no identity", "{0} には ID がありません").with([arg(endpoint.name())]),
        ENDPOINT,
    )
}

/// Managed identities of a virtual machine, as the SDK finds them.
pub(super) fn machine_identity(machine: Subject<'_>) -> Option<Actor> {
    let it = read!(VirtualMachine, machine);
    if it.identity_type.has_system() {
        return Some(Actor::is(
            machine.id,
            text(
                "{0} acts as its system-assigned identity, whoever is logged on to it",
                "{0} がシステム割り当て ID として実行 (ログオン中のユーザーは無関係)",
            )
            .with([arg(machine.name())]),
            "machine-learning/how-to-setup-authentication",
        ));
    }
    let first = it.user_assigned_identities.first().and_then(|it| machine.follow(Some(*it)))?;
    it.identity_type.has_user().then(|| {
        Actor::is(
            first.id,
            text(
                "{0} acts: user-assigned identity of {1}; the program must name its client ID",
                "{0} として実行: {1} のユーザー割り当て ID (クライアント ID の指定が必要)",
            )
            .with([arg(first.name()), arg(machine.name())]),
            "machine-learning/how-to-setup-authentication",
        )
    })
}

/// Whoever submits a job: named on it, or the only one there is.
pub(super) fn submitter(job: Option<Subject<'_>>, at: Subject<'_>) -> Actor {
    let named = job.and_then(|it| it.follow(read!(Job, it).submitted_by));
    match named {
        Some(user) => Actor::is(
            user.id,
            text("{0} acts: submits the job", "{0} として実行: ジョブの送信者")
                .with([arg(user.name())]),
            "",
        ),
        // Nobody else runs anything on an instance.
        None if at.kind() == Kind::ComputeInstance => instance_owner(at),
        None => only_person(at.all, at),
    }
}

fn instance_owner(instance: Subject<'_>) -> Actor {
    match owner(instance) {
        Some(user) => Actor::is(
            user.id,
            text("{0} acts: {1} belongs to this user", "{0} として実行: {1} の所有者")
                .with([arg(user.name()), arg(instance.name())]),
            "machine-learning/concept-compute-instance",
        ),
        None => only_person(instance.all, instance),
    }
}

/// A job may name one of the identities of its compute; a machine gets no token of another.
fn named_identity(job: Subject<'_>, compute: Subject<'_>, named: Subject<'_>) -> Actor {
    let (kind, assigned) = identities_of(compute);
    if !attached(kind, &assigned, named) {
        return Actor::none(
            compute.id,
            text(
                "{0} names {1}, which is not one of the identities of {2}; assign it there",
                "{0} で指定された {1} は {2} に割り当てられていません。{2} に割り当ててください",
            )
            .with([arg(job.name()), arg(named.name()), arg(compute.name())]),
            IDENTITY,
        );
    }
    Actor::is(
        named.id,
        text("{0} acts: {1} names it", "{0} として実行: {1} で指定")
            .with([arg(named.name()), arg(job.name())]),
        IDENTITY,
    )
}

/// The identity that a v2 job reads data as, when no credential is stored.
pub(super) fn job_identity(job: Option<Subject<'_>>, compute: Subject<'_>) -> Actor {
    let Some(job) = job else { return compute_identity(compute) };
    let it = read!(Job, job);
    let serverless = compute.id == job.id && it.identity != JobIdentity::UserIdentity;
    if let Some(workspace) = super::place::workspace_of(job).filter(|_| serverless) {
        return serverless_identity(job, workspace);
    }
    match it.identity {
        JobIdentity::UserIdentity => {
            let mut actor = submitter(Some(job), job);
            if let Some(user) = actor.who.and_then(|id| job.all.subject(id)) {
                actor.step = Step::pass(
                    Hop::Actor,
                    text(
                        "{0} acts: {1} asks for user identity, so the submitter reads",
                        "{0} として実行: {1} はユーザー ID を指定しているため、送信者として読み取り",
                    )
                    .with([arg(user.name()), arg(job.name())]),
                )
                .at(user.id)
                .source(IDENTITY);
            }
            actor
        }
        JobIdentity::Managed => match job.follow(it.managed_identity) {
            Some(named) => named_identity(job, compute, named),
            None => compute_identity(compute),
        },
        JobIdentity::NotSet => compute_identity(compute),
        JobIdentity::AmlToken => Actor::unknown(
            job.id,
            text(
                "{0} asks for the Azure Machine Learning token; which identity that reads data as is not documented",
                "{0} は Azure Machine Learning トークンを指定しています。データを読み取る ID は文書化されていません",
            )
            .with([arg(job.name())]),
        ),
    }
}

/// The managed identity that a job on serverless compute runs as: that compute has none of its own, and takes
/// no system-assigned one.
pub(super) fn serverless_identity(job: Subject<'_>, workspace: Subject<'_>) -> Actor {
    let settings = read!(Job, job);
    let name = arg(job.name());
    if settings.identity != JobIdentity::Managed {
        return Actor::unknown(
            job.id,
            text(
                "{0} asks for no managed identity; as whom serverless compute acts then is not documented",
                "{0} はマネージド ID を指定していません。その場合にサーバーレス コンピューティングが使う ID は文書化されていません",
            )
            .with([name]),
        );
    }
    let it = read!(Workspace, workspace);
    if let Some(named) = job.follow(settings.managed_identity) {
        if !attached(it.identity, &it.user_assigned_identities, named) {
            return Actor::none(
                workspace.id,
                text(
                    "{0} names {1}, which is not one of the identities of {2}; assign it there",
                    "{0} で指定された {1} は {2} に割り当てられていません。{2} に割り当ててください",
                )
                .with([name, arg(named.name()), arg(workspace.name())]),
                SERVERLESS,
            );
        }
        return Actor::is(
            named.id,
            text("{0} acts: {1} names it", "{0} として実行: {1} で指定")
                .with([arg(named.name()), name]),
            SERVERLESS,
        );
    }
    let assigned = if it.identity.has_user() { &*it.user_assigned_identities } else { &[] };
    let one = assigned.first().and_then(|it| workspace.follow(Some(*it)));
    match one {
        Some(_) if it.primary_user_assigned_identity.is_some() => workspace_identity(workspace),
        Some(_) if assigned.len() > 1 => Actor::unknown(
            job.id,
            text(
                "{0} has several user-assigned identities; name the one that {1} runs as",
                "{0} には複数のユーザー割り当て ID があります。{1} が使うものを指定してください",
            )
            .with([arg(workspace.name()), name]),
        ),
        Some(identity) => Actor::is(
            identity.id,
            text(
                "{0} acts: the user-assigned identity of {1}",
                "{0} として実行: {1} のユーザー割り当て ID",
            )
            .with([arg(identity.name()), arg(workspace.name())]),
            SERVERLESS,
        ),
        None => Actor::none(
            workspace.id,
            text(
                "{0} has no user-assigned identity, and serverless compute takes no system-assigned one",
                "{0} にはユーザー割り当て ID がなく、サーバーレス コンピューティングではシステム割り当て ID を使えません",
            )
            .with([arg(workspace.name())]),
            SERVERLESS,
        ),
    }
}
