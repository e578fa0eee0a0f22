//! What can be reached from an identity that is taken over, step by step.
//!
//! Whoever may run code somewhere acts as every identity there; whoever may attach an identity to
//! something and run code on it acts as that identity; whoever may assign roles gives itself what is
//! missing, unless a deny assignment, a lock or a rule of the service still stops it; keys and passwords
//! open what they are for, whoever holds them. Data is read from a place: where the identity sits, or
//! where its code has come to run; tokens and keys are carried from one to the other.
//!
//! Not looked at: members that are added to groups, locks that are taken away, credentials that are
//! added to applications and identities, firewalls that are opened, code that others run later.
//!
//! Azure docs: "Best practices for Azure RBAC" (role-based-access-control/best-practices), "Managed
//! identity best practice recommendations" (entra/identity/managed-identities-azure-resources/
//! managed-identity-best-practice-recommendations), "Provide access to Key Vault with Azure role-based
//! access control" (key-vault/general/rbac-guide).

use std::collections::BTreeMap;

use super::{Filter, Right, Rights};
use crate::{
    checks::capabilities::{self, Capability},
    facts::{
        Facts,
        grant::{Assignment, Origin, Permissions, RoleDefinition},
    },
    kinds::{
        Kind, ResourceId, Resources, Subject,
        datastore::{CredentialsType, Datastore},
        online_endpoint::OnlineEndpoint,
        setting::Ref,
    },
    solve::{
        Hop, Outcome, Step,
        flow::{Destination, Flow},
    },
    text::{Arg, arg, text},
};

/// The shortest way to a capability on a resource, certain ways before the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    pub resource: ResourceId,
    pub capability: &'static Capability,
    /// [`Outcome::Denied`] where every right is there and the network stops the request;
    /// [`Outcome::Unknown`] where a step depends on what the design does not say.
    pub outcome: Outcome,
    pub steps: Vec<Step>,
}

/// Everything that falls with `identity`, what certainly does first, then by length.
pub fn takeover(resources: &Resources, facts: &Facts, identity: ResourceId) -> Vec<Chain> {
    let rights = Rights::new(resources, facts);
    let with_roles = self_assigned(&rights, facts);
    let mut search = Search {
        rights: &rights,
        with_roles: Rights::new(resources, &with_roles),
        abilities: BTreeMap::new(),
        arrivals: BTreeMap::new(),
        held: BTreeMap::from([(identity, Way::default())]),
        places: places_of(resources, identity),
        ends: BTreeMap::new(),
    };
    while search.goes_on() {}
    let mut chains: Vec<Chain> = search
        .ends
        .into_iter()
        .filter_map(|((resource, id), way)| {
            let capability = capabilities::find(id)?;
            Some(Chain { resource, capability, outcome: way.outcome, steps: way.steps })
        })
        .collect();
    chains.sort_by_key(|it| (it.outcome, it.steps.len()));
    chains
}

/// Steps taken so far.
#[derive(Clone, Debug, Default, PartialEq)]
struct Way {
    outcome: Outcome,
    steps: Vec<Step>,
}

impl Way {
    fn of(step: Step) -> Way {
        Way { outcome: step.outcome, steps: vec![step] }
    }

    /// With more steps; what was done once need not be done again.
    fn and(&self, steps: &[Step]) -> Way {
        let mut next = self.clone();
        for step in steps {
            next.outcome = next.outcome.max(step.outcome);
            if !next.steps.contains(step) {
                next.steps.push(step.clone());
            }
        }
        next
    }

    fn is_open(&self) -> bool {
        self.outcome != Outcome::Denied
    }

    fn cost(&self) -> (Outcome, usize) {
        (self.outcome, self.steps.len())
    }
}

/// Keeps the better way. Whether it is the new one.
fn improve<K: Ord>(ways: &mut BTreeMap<K, Way>, key: K, way: Way) -> bool {
    let better = ways.get(&key).is_none_or(|known| way.cost() < known.cost());
    if better {
        ways.insert(key, way);
    }
    better
}

/// A right that an identity has, or gives itself.
#[derive(Clone)]
struct Ability<'a> {
    target: Subject<'a>,
    capability: &'static Capability,
    steps: Vec<Step>,
}

struct Search<'a> {
    rights: &'a Rights<'a>,
    /// The same after everybody who may assign roles has taken all of them.
    with_roles: Rights<'a>,
    /// By identity.
    abilities: BTreeMap<ResourceId, Vec<Ability<'a>>>,
    /// By place, service and face: whether packets arrive, in a step.
    arrivals: BTreeMap<(ResourceId, ResourceId, &'static str), Step>,
    /// Identities that can be used.
    held: BTreeMap<ResourceId, Way>,
    /// Where requests can be sent from.
    places: BTreeMap<ResourceId, Way>,
    ends: BTreeMap<(ResourceId, &'static str), Way>,
}

/// What an identity is able to do by now, with the whole way there.
type Able<'a> = BTreeMap<(ResourceId, &'static str), (Subject<'a>, Way)>;

impl<'a> Search<'a> {
    /// One round over everything that is held. Whether it found anything new or shorter.
    fn goes_on(&mut self) -> bool {
        let held = self.held.clone();
        let mut new = false;
        for (who, way) in held {
            let able = self.able(who, &way);
            for (&(resource, id), (_, way)) in &able {
                new |= improve(&mut self.ends, (resource, id), way.clone());
            }
            new |= self.act_as_others(&able);
        }
        new
    }

    fn able(&mut self, who: ResourceId, way: &Way) -> Able<'a> {
        let abilities = match self.abilities.get(&who) {
            Some(known) => known.clone(),
            None => self.abilities_of(who),
        };
        let mut able = Able::new();
        for it in &abilities {
            let way = self.arrive(&way.and(&it.steps), it.target, it.capability);
            able.insert((it.target.id, it.capability.id), (it.target, way));
        }
        self.abilities.insert(who, abilities);
        self.open_doors(&mut able);
        able
    }

    /// Rights of the design, and those that come with a role that the identity gives itself.
    fn abilities_of(&self, who: ResourceId) -> Vec<Ability<'a>> {
        let filter = Filter { identity: Some(who), ..Filter::default() };
        let mut all = Vec::new();
        for (now, then) in self.rights.find(&filter).iter().zip(self.with_roles.find(&filter)) {
            let Some(target) = self.rights.resources.subject(now.resource) else { continue };
            let mut steps = Vec::new();
            if then.outcome < now.outcome {
                let why = text(
                    "{0} may assign roles on {1} and gives itself the one that is missing",
                    "{0} は {1} のロールを割り当てられるため、足りないロールを自身に割り当てます",
                )
                .with([self.name(who), self.name(then.resource)]);
                let step = Step::new(Hop::Permission, then.outcome, why);
                steps.push(
                    step.at(then.resource).source("role-based-access-control/best-practices"),
                );
                steps.push(does(self.name(who), target, &then, Arg::from(ROLE_GIVEN)));
            } else if matches!(now.outcome, Outcome::Allowed | Outcome::Unknown) {
                let why = self.rights.because(now);
                steps.push(does(self.name(who), target, now, why.into()));
            } else {
                continue;
            }
            all.push(Ability { target, capability: now.capability, steps });
        }
        all
    }

    fn name(&self, id: ResourceId) -> Arg {
        arg(self.rights.resources.get(id).map_or("", |it| &*it.name))
    }

    /// What keys, passwords and policies open beside the right to get them.
    fn open_doors(&mut self, able: &mut Able<'a>) {
        let resources = self.rights.resources;
        let mut more: Vec<(Subject<'a>, &'static str, Way)> = Vec::new();
        for (&(_, id), (target, way)) in &*able {
            if !way.is_open() {
                continue;
            }
            match id {
                "storage.keys" => more.extend(by_key(*target, way)),
                "registry.admin" => more.push((*target, "images.pull", way.clone())),
                "vault.policies" => {
                    let why = text(
                        "{0} decides by access policies, and whoever may change it adds one for itself",
                        "{0} はアクセス ポリシーで判定するため、変更できる者は自身のポリシーを追加できます",
                    );
                    let step = Step::pass(Hop::Permission, why.with([arg(target.name())]));
                    let step = step.at(target.id).source("key-vault/general/rbac-guide");
                    let way = way.and(&[step]);
                    for it in std::iter::once(*target).chain(resources.children(Some(target.id))) {
                        let uses = capabilities::of(it).map(|it| it.id);
                        let uses = uses.filter(|it| ["secrets.read", "keys.use"].contains(it));
                        more.extend(uses.map(|id| (it, id, way.clone())));
                    }
                }
                _ => {}
            }
        }
        for (target, id, way) in more {
            let Some(capability) = capabilities::find(id) else { continue };
            let way = self.arrive(&way, target, capability);
            add(able, target, id, way);
        }
        // The credentials of datastores lie in the vault of their workspace.
        let mut stored: Vec<(Subject<'a>, Way)> = Vec::new();
        for workspace in resources.of(Kind::Workspace) {
            let vault = capabilities::vault_of(workspace);
            let listed = able.get(&(workspace.id, "datastores.credentials"));
            let read = vault.and_then(|it| able.get(&(it.id, "secrets.read")));
            let best = [listed, read].into_iter().flatten().min_by_key(|it| it.1.cost());
            if let Some((_, way)) = best
                && way.is_open()
            {
                let datastores = capabilities::in_workspace(workspace, Kind::Datastore);
                stored.extend(datastores.into_iter().map(|it| (it, way.clone())));
            }
        }
        for (datastore, way) in stored {
            self.use_credential(able, datastore, &way);
        }
    }

    fn use_credential(&mut self, able: &mut Able<'a>, datastore: Subject<'a>, way: &Way) {
        let it = Datastore::of(datastore);
        let Some(account) = datastore.follow(it.account) else { return };
        let stored = text("{0} stores a credential", "{0} に資格情報が保管されています")
            .with([arg(datastore.name())]);
        let step = Step::pass(Hop::Credential, stored)
            .at(datastore.id)
            .source("machine-learning/how-to-administrate-data-authentication");
        let way = way.and(&[step]);
        match it.credentials {
            CredentialsType::AccountKey => {
                let accepts = capabilities::accepts_keys(account);
                if accepts.outcome == Outcome::Denied {
                    return;
                }
                let way = way.and(&[accepts]);
                let Some(keys) = capabilities::find("storage.keys") else { return };
                let way = self.arrive(&way, account, keys);
                let opened = by_key(account, &way);
                add(able, account, keys.id, way);
                for (target, id, way) in opened {
                    add(able, target, id, way);
                }
            }
            CredentialsType::Sas => {
                let target = datastore.follow(it.container).unwrap_or(account);
                let why = text(
                    "what the SAS in {0} allows is not part of the design",
                    "{0} の SAS で許可される操作はデザインに含まれていません",
                );
                let step = Step::unknown(Hop::Credential, why.with([arg(datastore.name())]));
                let way = way.and(&[step.at(datastore.id)]);
                for id in ["blobs.read", "blobs.write"] {
                    let Some(capability) = capabilities::find(id) else { continue };
                    let way = self.arrive(&way, target, capability);
                    add(able, target, id, way);
                }
            }
            CredentialsType::ServicePrincipal | CredentialsType::Certificate => {
                if let Some(principal) = datastore.follow(it.service_principal) {
                    let way = way.and(&[acts_as(datastore, principal)]);
                    add(able, principal, ACT_AS, way);
                }
            }
            CredentialsType::None => {}
        }
    }

    /// Identities and places that come with what somebody is able to do. Whether any is new or nearer.
    fn act_as_others(&mut self, able: &Able<'a>) -> bool {
        let resources = self.rights.resources;
        let can = |id: ResourceId, what: &'static str| {
            able.get(&(id, what)).map(|it| &it.1).filter(|it| it.is_open())
        };
        let mut new = false;
        for (&(_, id), (target, way)) in able {
            if !way.is_open() {
                continue;
            }
            match id {
                "jobs.submit" => {
                    for host in capabilities::job_hosts(*target) {
                        new |= self.enter(host, host, way);
                    }
                }
                "instance.use" | "machine.run" => new |= self.enter(*target, *target, way),
                "endpoints.deploy" if target.kind() == Kind::OnlineEndpoint => {
                    let cluster = target.follow(OnlineEndpoint::of(*target).compute);
                    let deployments = resources
                        .children(Some(target.id))
                        .filter(|it| it.kind() == Kind::OnlineDeployment);
                    for place in cluster.into_iter().chain(deployments) {
                        new |= self.enter(*target, place, way);
                    }
                }
                ACT_AS => new |= improve(&mut self.held, target.id, way.clone()),
                _ => {}
            }
        }
        for identity in resources.of(Kind::UserAssignedIdentity) {
            let Some(attach) = can(identity.id, "identity.attach") else { continue };
            for host in resources.subjects() {
                let both = match host.kind() {
                    Kind::Workspace => [
                        can(host.id, "computes.create").zip(can(host.id, "jobs.submit")),
                        can(host.id, "endpoints.deploy").map(|it| (it, it)),
                    ],
                    Kind::VirtualMachine => {
                        [can(host.id, "machine.change").zip(can(host.id, "machine.run")), None]
                    }
                    _ => continue,
                };
                for (change, run) in both.into_iter().flatten() {
                    let way = attach.and(&change.steps).and(&run.steps);
                    let way = way.and(&[acts_as(host, identity)]);
                    new |= improve(&mut self.held, identity.id, way);
                }
            }
        }
        new
    }

    /// Code runs at a place and acts as everything that is assigned to its host.
    fn enter(&mut self, host: Subject<'a>, place: Subject<'a>, way: &Way) -> bool {
        let runs = text("code of one's own runs at {0}", "{0} で任意のコードが実行されます")
            .with([arg(place.name())]);
        let runs = way.and(&[Step::pass(Hop::Actor, runs).at(place.id)]);
        let mut new = improve(&mut self.places, place.id, runs);
        for identity in capabilities::identities_on(host) {
            let way = way.and(&[acts_as(host, identity)]);
            new |= improve(&mut self.held, identity.id, way);
        }
        new
    }

    /// With the network: the request is sent from the place from which it arrives, the nearest of them.
    fn arrive(&mut self, way: &Way, target: Subject<'a>, capability: &'static Capability) -> Way {
        let Some(face) = capability.face else { return way.clone() };
        let service = capabilities::answers_at(target);
        let on_the_way = |place: &ResourceId| way.steps.iter().any(|it| it.at == Some(*place));
        let mut places: Vec<(bool, (Outcome, usize), ResourceId)> = Vec::new();
        for (place, there) in &self.places {
            places.push((!on_the_way(place), there.cost(), *place));
        }
        places.sort_unstable();
        let mut best: Option<(Outcome, ResourceId, Step)> = None;
        for (_, _, place) in places {
            let arrival = self.arrival(place, service, face);
            let outcome = arrival.outcome;
            if best.as_ref().is_none_or(|it| outcome < it.0) {
                best = Some((outcome, place, arrival));
            }
            if outcome == Outcome::Allowed {
                break;
            }
        }
        let Some((_, place, arrival)) = best else {
            let why = text(
                "the design does not say from where {0} would be reached",
                "{0} への接続元がデザインにありません",
            );
            let step = Step::unknown(Hop::Validation, why.with([arg(service.name())]));
            return way.and(&[step.at(service.id)]);
        };
        let there = self.places.get(&place).cloned().unwrap_or_default();
        way.and(&there.steps).and(&[arrival])
    }

    fn arrival(&mut self, place: ResourceId, to: Subject<'a>, face: &'static str) -> Step {
        let key = (place, to.id, face);
        if let Some(known) = self.arrivals.get(&key) {
            return known.clone();
        }
        let face_of = Destination::Face { resource: to.id, face };
        let answer = self.rights.judge.network().flow(&Flow::https(place, face_of));
        let decides = answer.trace.deciding().and_then(|it| answer.trace.steps.get(it));
        let hop = decides.map_or(Hop::Validation, |it| it.hop);
        let (from, name, face) = (self.name(place), arg(to.name()), arg(face));
        let why = match answer.outcome {
            Outcome::Allowed => text("{0} reaches {1} ({2})", "{0} から {1} ({2}) に到達します")
                .with([from, name, face]),
            Outcome::Unknown => text(
                "whether {0} reaches {1} ({2}) is not known: {3}",
                "{0} から {1} ({2}) に到達できるかは不明です: {3}",
            )
            .with([from, name, face, reason(decides)]),
            Outcome::Denied | Outcome::Partial => text(
                "{0} does not reach {1} ({2}): {3}",
                "{0} から {1} ({2}) に到達できません: {3}",
            )
            .with([from, name, face, reason(decides)]),
        };
        let outcome = match answer.outcome {
            Outcome::Partial => Outcome::Denied,
            other => other,
        };
        let mut step = Step::new(hop, outcome, why).at(to.id);
        step.source = decides.map_or("", |it| it.source);
        self.arrivals.insert(key, step.clone());
        step
    }
}

/// Not a capability of the table: a credential that was read acts as its principal.
const ACT_AS: &str = "act-as";

const ROLE_GIVEN: crate::text::Text =
    text("by the role given just now", "先ほど割り当てたロールによる");

fn reason(step: Option<&Step>) -> Arg {
    step.map_or_else(|| arg(""), |it| it.text.clone().into())
}

fn add<'a>(able: &mut Able<'a>, target: Subject<'a>, id: &'static str, way: Way) {
    let key = (target.id, id);
    if able.get(&key).is_none_or(|known| way.cost() < known.1.cost()) {
        able.insert(key, (target, way));
    }
}

fn does(who: Arg, target: Subject<'_>, right: &Right, why: Arg) -> Step {
    let what = text("{0}: {1} on {2} ({3})", "{0}: {2} に対する{1} ({3})");
    let what = what.with([who, right.capability.label.into(), arg(target.name()), why]);
    Step::new(Hop::Permission, right.outcome, what)
        .at(target.id)
        .source("role-based-access-control/overview")
}

fn acts_as(host: Subject<'_>, identity: Subject<'_>) -> Step {
    let why = text("whoever holds {0} acts as {1}", "{0} を得た者は {1} として動作します")
        .with([arg(host.name()), arg(identity.name())]);
    Step::pass(Hop::Actor, why)
        .at(identity.id)
        .source("entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations")
}

/// The key of an account opens all of its data.
fn by_key<'a>(account: Subject<'a>, way: &Way) -> Vec<(Subject<'a>, &'static str, Way)> {
    if !way.is_open() {
        return Vec::new();
    }
    let why =
        text("the key of {0} opens all of its data", "{0} のキーですべてのデータを利用できます");
    let step = Step::pass(Hop::Credential, why.with([arg(account.name())]));
    let step = step.at(account.id).source("storage/common/shared-key-authorization-prevent");
    let way = way.and(&[step]);
    let containers =
        account.all.children(Some(account.id)).filter(|it| it.kind() == Kind::BlobContainer);
    let mut all = Vec::new();
    for it in std::iter::once(account).chain(containers) {
        all.extend(["blobs.read", "blobs.write"].map(|id| (it, id, way.clone())));
    }
    all
}

/// The facts after everybody who may assign roles has taken all rights there.
fn self_assigned(rights: &Rights<'_>, facts: &Facts) -> Facts {
    let mut with_roles = facts.clone();
    let everything = Permissions {
        actions: vec!["*".into()],
        data_actions: vec!["*".into()],
        ..Permissions::default()
    };
    let role = with_roles.grants.role(RoleDefinition {
        // No name of a role ends like that.
        name: "any role\n".to_owned(),
        custom: true,
        permissions: Some(vec![everything]),
        condition: None,
    });
    let filter = Filter { capability: capabilities::find("roles.assign"), ..Filter::default() };
    for it in rights.find(&filter) {
        let condition = match it.outcome {
            Outcome::Allowed => None,
            // One that cannot be read leaves open what it allows.
            Outcome::Unknown => Some("?".to_owned()),
            Outcome::Denied | Outcome::Partial => continue,
        };
        let Some(scope) = facts.scopes.get(&it.resource) else { continue };
        with_roles.grants.assignments.push(Assignment {
            principal: it.identity.into(),
            role,
            scope: *scope,
            condition,
            origin: Origin::Assigned,
            at: None,
        });
    }
    with_roles
}

/// Where an identity sends from: clients where it sits, hosts that it belongs to.
fn places_of(resources: &Resources, identity: ResourceId) -> BTreeMap<ResourceId, Way> {
    let mut places = BTreeMap::new();
    for it in resources.subjects() {
        let user = it.follow(it.setting::<Option<Ref>>("user").flatten());
        let sits = user.is_some_and(|it| it.id == identity);
        let why = if sits {
            text("it is used at {0}", "{0} で使われています")
        } else if capabilities::identities_on(it).iter().any(|it| it.id == identity) {
            text("it belongs to {0}", "{0} に属しています")
        } else {
            continue;
        };
        let step = Step::pass(Hop::Actor, why.with([arg(it.name())])).at(it.id);
        places.insert(it.id, Way::of(step));
    }
    places
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{kinds::testing::Sketch, questions::tests::give, report};

    /// How it comes out, and the names of the resources on the way.
    fn reached(it: &Sketch, who: ResourceId, on: ResourceId, what: &str) -> Option<Outcome> {
        let facts = report::facts(it.all());
        takeover(it.all(), &facts, who)
            .into_iter()
            .find(|it| it.resource == on && it.capability.id == what)
            .map(|it| it.outcome)
    }

    fn length(it: &Sketch, who: ResourceId, on: ResourceId, what: &str) -> Option<usize> {
        let facts = report::facts(it.all());
        takeover(it.all(), &facts, who)
            .into_iter()
            .find(|it| it.resource == on && it.capability.id == what)
            .map(|it| it.steps.len())
    }

    struct Drawn {
        it: Sketch,
        group: ResourceId,
        storage: ResourceId,
        workspace: ResourceId,
        user: ResourceId,
    }

    /// A workspace with its storage, and a user at a laptop on the internet.
    fn drawn() -> Drawn {
        let mut it = Sketch::default();
        let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
        let storage = it.add(Kind::StorageAccount, "st", group, json!({}));
        let workspace = it.add(Kind::Workspace, "ws", group, json!({"identity.type": "None"}));
        let user = it.add(Kind::User, "u", None, json!({}));
        it.add(Kind::InternetClient, "laptop", None, json!({"user": user.0}));
        Drawn { it, group, storage, workspace, user }
    }

    // how-to-identity-based-service-authentication: a job reads as the identity of its cluster.
    #[test]
    fn who_may_submit_jobs_has_what_the_cluster_has() {
        let Drawn { mut it, storage, workspace, user, .. } = drawn();
        let cluster = it.add(
            Kind::ComputeCluster,
            "cpu",
            workspace,
            json!({"identity.type": "SystemAssigned"}),
        );
        give(&mut it, cluster, "Storage Blob Data Reader", storage);
        assert_eq!(reached(&it, user, storage, "blobs.read"), None);
        give(&mut it, user, "AzureML Data Scientist", workspace);
        // It submits, acts as the cluster, the cluster's right, from the laptop, which arrives.
        assert_eq!(reached(&it, user, storage, "blobs.read"), Some(Outcome::Allowed));
        assert_eq!(length(&it, user, storage, "blobs.read"), Some(5));
        assert_eq!(reached(&it, user, storage, "blobs.write"), None);
    }

    // storage/common/storage-network-security: a firewall asks where a request comes from, whoever sends
    // it. The laptop is kept out; the machine in the admitted subnet is not.
    #[test]
    fn data_is_read_from_where_the_code_has_come_to_run() {
        for (run, expected) in [(false, Outcome::Denied), (true, Outcome::Allowed)] {
            let (mut it, subnet) = Sketch::subnet();
            it.set(subnet, "serviceEndpoints", json!(["Microsoft.Storage"]));
            let closed = json!({
                "networkAcls.defaultAction": "Deny", "networkAcls.virtualNetworkRules": [subnet.0],
            });
            let storage = it.add(Kind::StorageAccount, "st", ResourceId(1), closed);
            let machine = it.add(Kind::VirtualMachine, "vm", subnet, json!({}));
            let user = it.add(Kind::User, "u", None, json!({}));
            it.add(Kind::InternetClient, "laptop", None, json!({"user": user.0}));
            give(&mut it, user, "Storage Blob Data Reader", storage);
            if run {
                give(&mut it, user, "Virtual Machine Contributor", machine);
            }
            assert_eq!(reached(&it, user, storage, "blobs.read"), Some(expected), "{run}");
        }
    }

    // built-in-roles/privileged: Owner holds no data action, but may assign the role that does.
    #[test]
    fn an_owner_gives_itself_the_data_role() {
        let Drawn { mut it, group, storage, user, .. } = drawn();
        it.set(storage, "allowSharedKeyAccess", json!(false));
        let other = it.add(Kind::ResourceGroup, "rg2", None, json!({}));
        let elsewhere = it.add(Kind::StorageAccount, "st2", other, json!({}));
        give(&mut it, user, "Owner", group);
        assert_eq!(reached(&it, user, storage, "blobs.read"), Some(Outcome::Allowed));
        assert_eq!(reached(&it, user, elsewhere, "blobs.read"), None);
    }

    // delegate-role-assignments-overview: a condition limits which roles can be given; which one is not
    // part of the question.
    #[test]
    fn a_limited_right_to_assign_leaves_it_open() {
        let Drawn { mut it, group, storage, user, .. } = drawn();
        it.set(storage, "allowSharedKeyAccess", json!(false));
        let given = give(&mut it, user, "Role Based Access Control Administrator", group);
        it.set(
            given,
            "condition",
            json!(
                "@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {acdd72a7-3385-48ef-bd42-f606fba81ae7}"
            ),
        );
        assert_eq!(reached(&it, user, storage, "blobs.read"), Some(Outcome::Unknown));
    }

    // storage/common/shared-key-authorization-prevent: a refused key opens nothing, whatever the role.
    #[test]
    fn keys_open_an_account_and_its_containers_while_they_are_accepted() {
        let Drawn { mut it, group, storage, user, .. } = drawn();
        let container = it.add(Kind::BlobContainer, "data", storage, json!({}));
        give(&mut it, user, "Contributor", group);
        assert_eq!(reached(&it, user, container, "blobs.write"), Some(Outcome::Allowed));
        it.set(storage, "allowSharedKeyAccess", json!(false));
        assert_eq!(reached(&it, user, container, "blobs.write"), None);
    }

    // how-to-assign-roles: attaching takes assign/action on the identity, and the compute is written.
    #[test]
    fn an_identity_is_taken_by_attaching_it_to_a_new_compute() {
        for (attach, expected) in [(false, None), (true, Some(Outcome::Allowed))] {
            let Drawn { mut it, group, storage, workspace, user, .. } = drawn();
            it.set(storage, "allowSharedKeyAccess", json!(false));
            let identity = it.add(Kind::UserAssignedIdentity, "id", group, json!({}));
            give(&mut it, identity, "Storage Blob Data Contributor", storage);
            give(&mut it, user, "AzureML Data Scientist", workspace);
            give(&mut it, user, "AzureML Compute Operator", workspace);
            if attach {
                give(&mut it, user, "Managed Identity Operator", identity);
            }
            assert_eq!(reached(&it, user, storage, "blobs.write"), expected);
        }
    }

    // key-vault/general/rbac-guide: vaults/write is enough to add an access policy for oneself.
    #[test]
    fn a_vault_with_access_policies_falls_to_whoever_may_change_it() {
        for (roles, expected) in [(false, Some(Outcome::Allowed)), (true, None)] {
            let Drawn { mut it, group, user, .. } = drawn();
            let vault =
                it.add(Kind::KeyVault, "kv", group, json!({"enableRbacAuthorization": roles}));
            give(&mut it, user, "Key Vault Contributor", vault);
            let key = it.add(Kind::KeyVaultKey, "cmk", vault, json!({}));
            assert_eq!(reached(&it, user, vault, "secrets.read"), expected);
            assert_eq!(reached(&it, user, vault, "keys.use"), expected);
            assert_eq!(reached(&it, user, key, "keys.use"), expected);
            assert_eq!(reached(&it, user, key, "secrets.read"), None);
        }
    }

    // how-to-administrate-data-authentication: the credential of a datastore is kept in the vault, and
    // whoever may list it holds it.
    #[test]
    fn a_stored_credential_opens_what_it_is_for() {
        let Drawn { mut it, storage, workspace, user, .. } = drawn();
        let app = it.add(Kind::ServicePrincipal, "app", None, json!({}));
        let other = it.add(Kind::StorageAccount, "st2", ResourceId(1), json!({}));
        give(&mut it, app, "Storage Blob Data Reader", other);
        for (account, credential) in [(storage, "AccountKey"), (other, "ServicePrincipal")] {
            let settings = json!({
                "accountName": account.0, "credentials.credentialsType": credential,
                "credentials.clientId": app.0,
            });
            it.add(Kind::Datastore, credential, workspace, settings);
        }
        give(&mut it, user, "AzureML Data Scientist", workspace);
        assert_eq!(reached(&it, user, storage, "blobs.write"), Some(Outcome::Allowed));
        assert_eq!(reached(&it, user, other, "blobs.read"), Some(Outcome::Allowed));
        assert_eq!(reached(&it, user, other, "blobs.write"), None);
    }

    // concept-compute-instance: nobody but its owner gets in, and its single sign-on is the owner's.
    #[test]
    fn an_instance_falls_to_its_owner_only() {
        let Drawn { mut it, storage, workspace, user, .. } = drawn();
        let owner = it.add(Kind::User, "owner", None, json!({}));
        it.add(Kind::InternetClient, "other laptop", None, json!({"user": owner.0}));
        let settings = json!({
            "personalComputeInstanceSettings.assignedUser": owner.0, "identity.type": "SystemAssigned",
        });
        let instance = it.add(Kind::ComputeInstance, "ci", workspace, settings);
        give(&mut it, instance, "Storage Blob Data Reader", storage);
        for it_too in [user, owner] {
            give(&mut it, it_too, "AzureML Data Scientist", workspace);
        }
        assert_eq!(reached(&it, owner, storage, "blobs.read"), Some(Outcome::Allowed));
        assert_eq!(reached(&it, user, storage, "blobs.read"), None);
        it.set(instance, "applicationSharingPolicy", json!("Shared"));
        assert_eq!(reached(&it, user, storage, "blobs.read"), Some(Outcome::Allowed));
    }
}
