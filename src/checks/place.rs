//! What stands where: workspaces with what is theirs, and flows in words.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::Requirement;
use crate::{
    kinds::{
        Derived, Kind, ResourceId, Resources, Subject,
        common::PublicNetworkAccess,
        container_registry::ContainerRegistry,
        job::Job,
        role_assignment::RoleAssignment,
        setting::{Guid, Ref},
        workspace::Workspace,
    },
    solve::flow::{Destination, Flow},
    text::{Message, arg, text},
};

/// Which workspace each resource belongs to, and what belongs to each.
struct Members {
    workspace: BTreeMap<ResourceId, ResourceId>,
    of: BTreeMap<(ResourceId, Kind), Vec<ResourceId>>,
    computes: BTreeMap<ResourceId, Vec<ResourceId>>,
}

impl Derived for Members {
    fn of(all: &Resources) -> Members {
        let mut found =
            Members { workspace: BTreeMap::new(), of: BTreeMap::new(), computes: BTreeMap::new() };
        for it in all.subjects() {
            let owner = it
                .within(Kind::Workspace)
                .or_else(|| it.follow(it.setting::<Option<Ref>>("workspace").flatten()))
                .filter(|it| it.kind() == Kind::Workspace);
            let Some(owner) = owner else { continue };
            found.workspace.insert(it.id, owner.id);
            found.of.entry((owner.id, it.kind())).or_default().push(it.id);
            if matches!(
                it.kind(),
                Kind::ComputeCluster | Kind::ComputeInstance | Kind::AttachedKubernetes
            ) {
                found.computes.entry(owner.id).or_default().push(it.id);
            }
        }
        found
    }
}

/// Workspace that a compute, datastore, endpoint or job belongs to.
pub(super) fn workspace_of(it: Subject<'_>) -> Option<Subject<'_>> {
    it.all.subject(*it.all.derived::<Members>().workspace.get(&it.id)?)
}

/// Whether a design says a setting, which has its default otherwise.
pub(super) fn says(it: Subject<'_>, key: &str) -> bool {
    it.resource.settings.get(key).is_some_and(|it| !it.is_null())
}

/// The tenant of the subscription that something stands in; none is the one that everything is deployed to.
pub(super) fn tenant(it: Subject<'_>) -> Option<Guid> {
    it.within(Kind::Subscription)?.setting::<Option<Guid>>("tenantId").flatten()
}

/// Resources of `kind` that belong to a workspace.
pub(super) fn of(workspace: Subject<'_>, kind: Kind) -> Vec<Subject<'_>> {
    drawn(workspace.all, workspace.all.derived::<Members>().of.get(&(workspace.id, kind)))
}

/// Everything that jobs of a workspace can run on.
pub(super) fn computes(workspace: Subject<'_>) -> Vec<Subject<'_>> {
    drawn(workspace.all, workspace.all.derived::<Members>().computes.get(&workspace.id))
}

fn drawn<'a>(all: &'a Resources, ids: Option<&Vec<ResourceId>>) -> Vec<Subject<'a>> {
    ids.into_iter().flatten().filter_map(|it| all.subject(*it)).collect()
}

/// Where a job runs: on its compute, or on serverless compute, which exists with the job only.
pub(super) fn runs_at(job: Subject<'_>) -> Subject<'_> {
    job.follow(read!(Job, job).compute).unwrap_or(job)
}

/// Private endpoints that lead to a resource.
pub(super) fn private_endpoints(target: Subject<'_>) -> impl Iterator<Item = Subject<'_>> {
    let referrers = target.all.referrers(target.id).map(|it| it.0);
    referrers.filter(|it| it.kind() == Kind::PrivateEndpoint)
}

/// Closed to the internet, or with a private endpoint.
pub(super) fn is_private(workspace: Subject<'_>) -> bool {
    read!(Workspace, workspace).public_network_access == PublicNetworkAccess::Disabled
        || private_endpoints(workspace).next().is_some()
}

pub(super) fn storage(workspace: Subject<'_>) -> Option<Subject<'_>> {
    workspace.follow(read!(Workspace, workspace).storage_account)
}

pub(super) fn registry(workspace: Subject<'_>) -> Option<Subject<'_>> {
    workspace.follow(read!(Workspace, workspace).container_registry)
}

pub(super) fn vault(workspace: Subject<'_>) -> Option<Subject<'_>> {
    workspace.follow(read!(Workspace, workspace).key_vault)
}

pub(super) fn registry_settings(registry: Subject<'_>) -> Arc<ContainerRegistry> {
    read!(ContainerRegistry, registry)
}

/// Up to so many workspaces, every client is asked about every one.
const FEW: usize = 4;

/// Which workspaces a client is asked about.
///
/// In a small design, all of them. In a large one a person has to do with the workspaces that a role of
/// theirs stands on, in or above; whoever has no role at all is asked about every one, since none is
/// more theirs than another. Otherwise the questions grow with the square of the design.
#[derive(Default)]
struct Circles {
    /// Workspaces of each principal that is asked about; nothing where there are few.
    theirs: BTreeMap<ResourceId, BTreeSet<ResourceId>>,
    /// Clients that are asked about each workspace.
    clients: BTreeMap<ResourceId, Vec<ResourceId>>,
}

impl Derived for Circles {
    fn of(all: &Resources) -> Circles {
        let mut found = Circles::default();
        if all.of(Kind::Workspace).nth(FEW).is_some() {
            let people = all.of(Kind::User).chain(all.of(Kind::ServicePrincipal));
            found.theirs = people.map(|it| (it.id, workspaces_of(it))).collect();
        }
        for client in super::who::clients(all) {
            let who = super::who::person_at(client).who;
            for it in all.of(Kind::Workspace) {
                if who.is_none_or(|who| found.hold(who, it.id)) {
                    found.clients.entry(it.id).or_default().push(client.id);
                }
            }
        }
        found
    }
}

impl Circles {
    fn hold(&self, who: ResourceId, workspace: ResourceId) -> bool {
        self.theirs.get(&who).is_none_or(|it| it.is_empty() || it.contains(&workspace))
    }
}

/// Clients that are asked about a workspace.
pub(super) fn clients(workspace: Subject<'_>) -> Vec<Subject<'_>> {
    drawn(workspace.all, workspace.all.derived::<Circles>().clients.get(&workspace.id))
}

/// The same with a browser.
pub(super) fn browsers(workspace: Subject<'_>) -> Vec<Subject<'_>> {
    let mut clients = clients(workspace);
    clients.retain(|it| super::who::browses(*it));
    clients
}

/// Whether a person is asked about a workspace, or about something that belongs to one.
pub(super) fn concerns(person: Subject<'_>, at: Subject<'_>) -> bool {
    let workspace = Some(at).filter(|it| it.kind() == Kind::Workspace).or_else(|| workspace_of(at));
    workspace.is_none_or(|it| at.all.derived::<Circles>().hold(person.id, it.id))
}

/// Workspaces that a role of a person, or of a group with the person in it, stands on, in or above.
fn workspaces_of(person: Subject<'_>) -> BTreeSet<ResourceId> {
    let all = person.all;
    let mut principals = vec![person];
    let mut seen = BTreeSet::from([person.id]);
    let mut found = BTreeSet::new();
    while let Some(principal) = principals.pop() {
        for (it, field) in all.referrers(principal.id) {
            match (it.kind(), field.key) {
                (Kind::Group, "members") if seen.insert(it.id) => principals.push(it),
                (Kind::RoleAssignment, "principalId") => {
                    let Some(scope) = it.follow(RoleAssignment::of(it).scope) else { continue };
                    match workspace_of(scope)
                        .or(Some(scope).filter(|it| it.kind() == Kind::Workspace))
                    {
                        Some(workspace) => {
                            found.insert(workspace.id);
                        }
                        None => found.extend(
                            all.of(Kind::Workspace)
                                .filter(|it| it.ancestors().any(|it| it.id == scope.id))
                                .map(|it| it.id),
                        ),
                    }
                }
                _ => {}
            }
        }
    }
    found
}

/// Pairs of a client with a browser and a workspace.
pub(super) fn browsers_and_workspaces(all: &Resources) -> Vec<(Subject<'_>, Subject<'_>)> {
    let mut pairs = clients_and_workspaces(all);
    pairs.retain(|(client, _)| super::who::browses(*client));
    pairs
}

/// Pairs of a client and a workspace.
pub(super) fn clients_and_workspaces(all: &Resources) -> Vec<(Subject<'_>, Subject<'_>)> {
    let pair = |workspace| clients(workspace).into_iter().map(move |it| (it, workspace));
    let mut pairs: Vec<_> = all.of(Kind::Workspace).flat_map(pair).collect();
    pairs.sort_by_key(|(client, _)| client.id);
    pairs
}

/// "from laptop to amlvnetworkspace"
pub(super) fn from_to(from: Subject<'_>, to: Subject<'_>) -> Message {
    text("from {0} to {1}", "{0} から {1} へ").with([arg(from.name()), arg(to.name())])
}

/// HTTPS to one face of a service of the design.
pub(super) fn face(from: Subject<'_>, to: Subject<'_>, face: &'static str) -> Requirement {
    let to_face = Destination::Face { resource: to.id, face };
    Requirement::flow(reaches(from, to, face), Flow::https(from.id, to_face))
}

/// The same from a browser, which may resolve names in its own way.
pub(super) fn browse(from: Subject<'_>, to: Subject<'_>, face: &'static str) -> Requirement {
    let to_face = Destination::Face { resource: to.id, face };
    Requirement::flow(reaches(from, to, face), Flow::https(from.id, to_face).in_browser())
}

/// "laptop reaches amlvnetstorage (blob)"
pub(super) fn reaches(from: Subject<'_>, to: Subject<'_>, face: &'static str) -> Message {
    text("{0} reaches {1} ({2})", "{0} から {1} ({2}) への到達").with([
        arg(from.name()),
        arg(to.name()),
        arg(face),
    ])
}

/// A public service by its tag, such as `AzureResourceManager`.
pub(super) fn public(from: Subject<'_>, tag: &'static str) -> Requirement {
    let label = crate::facts::public::public_service(tag).map_or(text("", "").into(), |it| {
        text("{0} reaches {1}", "{0} から {1} への到達").with([arg(from.name()), it.label.into()])
    });
    Requirement::flow(label, Flow::https(from.id, Destination::PublicService(tag)))
}

/// Where everybody signs in.
pub(super) fn entra(from: Subject<'_>) -> Requirement {
    public(from, "AzureActiveDirectory").shows("sy-sign-in")
}

/// Azure Resource Manager, which no firewall of a target stops.
pub(super) fn resource_manager(from: Subject<'_>) -> Requirement {
    public(from, "AzureResourceManager")
}

/// The page of Studio itself, which comes through Azure Front Door.
pub(super) fn studio_page(from: Subject<'_>) -> Requirement {
    let mut it = public(from, "AzureFrontDoor.Frontend").shows("sy-studio-blank");
    if let super::Ask::Flow(flow) = &mut it.ask {
        flow.browser = true;
    }
    it
}
