//! A tenant of 10,000 principals in 500 groups, 5,000 resources in 200 resource groups in 5 subscriptions,
//! 50 roles with wildcards and 50,000 assignments. The same on every machine.

use std::rc::Rc;

use drawbridge::{
    azure::roles::{ROLES, Role},
    facts::grant::{Grants, Plane, PrincipalId, PrincipalType, RoleDefinition, RoleId, ScopeId},
    solve::access::{Access, Action, By, Place, Ruling, Who},
};

pub(crate) const PEOPLE: u32 = 10_000;
const GROUPS: u32 = 500;
pub(crate) const SUBSCRIPTIONS: u32 = 5;
pub(crate) const RESOURCE_GROUPS: u32 = 200;
const RESOURCES: u32 = 5_000;
const ASSIGNMENTS: u32 = 50_000;
pub(crate) const QUESTIONS: usize = 1_000_000;

const TYPES: [&str; 5] = [
    "Microsoft.Storage/storageAccounts",
    "Microsoft.KeyVault/vaults",
    "Microsoft.ContainerRegistry/registries",
    "Microsoft.MachineLearningServices/workspaces",
    "Microsoft.Network/virtualNetworks",
];

fn wildcard_roles() -> Vec<RoleDefinition> {
    let wild = |role: &&Role| {
        let lists = [role.actions, role.not_actions, role.data_actions, role.not_data_actions];
        role.condition.is_none() && lists.iter().any(|list| list.iter().any(|it| it.contains('*')))
    };
    ROLES.iter().filter(wild).take(50).map(Role::definition).collect()
}

/// Ids of scopes: subscriptions, then resource groups, then resources.
pub(crate) fn scope_ids() -> Vec<String> {
    let subscription = |it: u32| format!("/subscriptions/{it:08}-0000-4000-8000-000000000000");
    let group = |it: u32| format!("{}/resourceGroups/rg-{it}", subscription(it % SUBSCRIPTIONS));
    let resource = |it: u32| {
        let kind = TYPES.into_iter().cycle().nth(it as usize).unwrap_or_default();
        format!("{}/providers/{kind}/resource{it}", group(it % RESOURCE_GROUPS))
    };
    let subscriptions = (0..SUBSCRIPTIONS).map(subscription);
    subscriptions
        .chain((0..RESOURCE_GROUPS).map(group))
        .chain((0..RESOURCES).map(resource))
        .collect()
}

/// Principals 0 to 9,999 are users, the groups come after them. Every user is in one to three groups,
/// every tenth group is in another one.
pub(crate) fn tenant(ids: &[String]) -> Grants {
    let mut random = Random(7);
    let mut grants = Grants { roles: wildcard_roles(), ..Grants::default() };
    let scopes: Vec<ScopeId> = ids.iter().map(|it| grants.scopes.intern(it)).collect();
    for it in 0..PEOPLE + GROUPS {
        let kind = if it < PEOPLE { PrincipalType::User } else { PrincipalType::Group };
        grants.principal(PrincipalId(it), kind, format!("principal {it}"));
    }
    let mut join = |random: &mut Random, member: u32| {
        let group = PrincipalId(PEOPLE + random.below(GROUPS));
        grants.members.push((group, PrincipalId(member)));
    };
    for member in 0..PEOPLE {
        for _ in 0..=random.below(3) {
            join(&mut random, member);
        }
    }
    for member in (PEOPLE..PEOPLE + GROUPS).step_by(10) {
        join(&mut random, member);
    }
    // Half of the assignments go to groups; most are on resources, one in fifty on a subscription.
    let roles = u32::try_from(grants.roles.len()).unwrap_or(0);
    let [subscriptions, groups] = [SUBSCRIPTIONS, SUBSCRIPTIONS + RESOURCE_GROUPS];
    for n in 0..ASSIGNMENTS {
        let principal =
            if n % 2 == 0 { random.below(PEOPLE) } else { PEOPLE + random.below(GROUPS) };
        let scope = match random.below(50) {
            0 => random.below(subscriptions),
            1..=9 => subscriptions + random.below(RESOURCE_GROUPS),
            _ => groups + random.below(RESOURCES),
        };
        let role = RoleId(random.below(roles));
        let scope = scopes.get(scope as usize).copied().unwrap_or(ScopeId(0));
        grants.assign(PrincipalId(principal), role, scope);
    }
    grants
}

/// Two hundred actions that occur in the roles, on their plane.
pub(crate) fn actions(access: &Access<'_>) -> Vec<Rc<Action>> {
    let mut all = Vec::new();
    for role in ROLES {
        for (plane, list) in [(Plane::Control, role.actions), (Plane::Data, role.data_actions)] {
            for action in list.iter().filter(|it| !it.contains('*')) {
                all.push(access.action(plane, action));
            }
        }
    }
    let step = (all.len() / 200).max(1);
    all.into_iter().step_by(step).take(200).collect()
}

/// A million questions, the same ones each time.
pub(crate) fn questions<'q>(
    random: &mut Random,
    people: &[Who],
    actions: &'q [Rc<Action>],
    places: &[Place],
) -> Vec<(Who, &'q Action, Place)> {
    (0..QUESTIONS)
        .filter_map(|_| {
            let who = people.get(random.pick(people.len()))?;
            let action = actions.get(random.pick(actions.len()))?;
            let place = places.get(random.pick(places.len()))?;
            Some((*who, &**action, *place))
        })
        .collect()
}

/// How many are allowed, and a sum of the assignments that decide, so that each is worked out.
pub(crate) fn answers(access: &Access<'_>, questions: &[(Who, &Action, Place)]) -> (usize, usize) {
    let mut allowed = 0_usize;
    let mut deciding = 0_usize;
    for (who, action, place) in questions {
        let decision = access.decide(*who, action, *place);
        if let (Ruling::Allowed, By::Assignment(it)) = (decision.ruling, decision.by) {
            allowed += 1;
            deciding = deciding.wrapping_add(it);
        }
    }
    (allowed, deciding)
}

/// xorshift64*: the same world everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let upper = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
        u32::try_from((upper * u64::from(limit)) >> 32).unwrap_or(0)
    }

    /// A place in a list of `count`.
    pub(crate) fn pick(&mut self, count: usize) -> usize {
        self.below(u32::try_from(count).unwrap_or(u32::MAX)) as usize
    }
}
