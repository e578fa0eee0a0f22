//! The access solver against the reference, and what must hold in every world.

use std::collections::BTreeMap;

use drawbridge::{
    facts::grant::{Grants, PrincipalId},
    solve::access::{Access, By, Question, Ruling, condition::Attributes},
};

use crate::access_reference::{Ask, Block, Deny, Given, World, plane};

/// xorshift64*: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let upper = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(upper).unwrap() % limit
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// The same text with letters in another case.
    fn recase(&mut self, text: &str) -> String {
        let mut flip = |it: char| match self.0.is_multiple_of(2) && self.one_in(3) {
            true if it.is_ascii_lowercase() => it.to_ascii_uppercase(),
            true => it.to_ascii_lowercase(),
            false => it,
        };
        text.chars().map(&mut flip).collect()
    }
}

const PEOPLE: u32 = 8;

const MG: &str = "/providers/Microsoft.Management/managementGroups/";
const ST: &str =
    "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st";

/// Names that are prefixes of each other, a child of a child, and two subscriptions.
const SCOPES: &[&str] = &[
    "/",
    "/providers/Microsoft.Management/managementGroups/top",
    "/providers/Microsoft.Management/managementGroups/mid",
    "/subscriptions/s1",
    "/subscriptions/s2",
    "/subscriptions/s1/resourceGroups/rg",
    "/subscriptions/s1/resourceGroups/rg-2",
    "/subscriptions/s2/resourceGroups/rg",
    ST,
    "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st2",
    "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st/blobServices/default/containers/c1",
    "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st/blobServices/default/containers/c2",
    "/subscriptions/s2/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv",
];

/// Where nobody is ever given anything, so that the closest known scope decides.
const BELOW: &[&str] = &[
    "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st/blobServices/default/containers/c1/blobs/b",
    "/subscriptions/s2/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv/secrets/x",
    "/subscriptions/s3/resourceGroups/rg",
];

const ACTIONS: &[&str] = &[
    "Microsoft.Storage/storageAccounts/read",
    "Microsoft.Storage/storageAccounts/write",
    "Microsoft.Storage/storageAccounts/delete",
    "Microsoft.Storage/storageAccounts/listKeys/action",
    "Microsoft.Storage/storageAccounts/blobServices/containers/read",
    "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
    "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
    "Microsoft.KeyVault/vaults/secrets/getSecret/action",
    "Microsoft.KeyVault/vaults/read",
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.Authorization/locks/delete",
];

const PATTERNS: &[&str] = &[
    "*",
    "*/read",
    "*/action",
    "Microsoft.Storage/*",
    "Microsoft.Storage/storageAccounts/*",
    "Microsoft.Storage/storageAccounts/*/read",
    "Microsoft.Storage/storageAccounts/*/write",
    "Microsoft.Storage/storageAccounts/*/delete",
    "Microsoft.Storage/storageAccounts/blobServices/*",
    "Microsoft.Storage/*/blobs/read",
    "Microsoft.KeyVault/vaults/*",
    "Microsoft.KeyVault/vaults/*/read",
    "Microsoft.Authorization/*/Write",
    "Microsoft.Authorization/*",
];

fn block(random: &mut Random) -> Block {
    let mut block = Block::default();
    // Longest for what is granted, shortest for what is taken away.
    for (list, most) in [(0, 4), (1, 3), (2, 4), (3, 2)] {
        for _ in 0..random.below(most) {
            let pattern = if random.one_in(2) { random.of(ACTIONS) } else { random.of(PATTERNS) };
            let pattern = random.recase(pattern);
            block.lists[list].push(pattern);
        }
    }
    block
}

fn person(random: &mut Random) -> u32 {
    u32::try_from(random.below(PEOPLE as usize)).unwrap()
}

fn given(random: &mut Random, roles: usize) -> Given {
    let scope = random.of(SCOPES);
    Given {
        principal: person(random),
        role: random.below(roles),
        scope: random.recase(scope),
        container: random.one_in(4).then(|| random.of(&["c1", "c2"]).to_owned()),
    }
}

fn deny(random: &mut Random) -> Deny {
    let people = |random: &mut Random| (0..random.below(3)).map(|_| person(random)).collect();
    Deny {
        block: block(random),
        scope: random.of(SCOPES).to_owned(),
        principals: people(random),
        excluded: people(random),
        this_scope_only: random.one_in(3),
    }
}

/// Groups are 4 to 7, and may be in each other in a circle.
fn world(seed: u64) -> World {
    // Neighboring seeds start alike, so the first numbers are thrown away.
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    for _ in 0..8 {
        random.below(2);
    }
    let mut world = World::default();
    for _ in 0..random.below(8) {
        world.members.push((4 + person(&mut random) % 4, person(&mut random)));
    }
    for (child, parent) in [("/subscriptions/s1", "mid"), ("/subscriptions/s2", "top")] {
        if random.one_in(2) {
            world.parents.insert(child.into(), format!("{MG}{parent}"));
        }
    }
    if random.one_in(2) {
        world.parents.insert(format!("{MG}mid"), format!("{MG}top"));
    }
    for _ in 0..=random.below(4) {
        let blocks = 1 + usize::from(random.one_in(4));
        world.roles.push((0..blocks).map(|_| block(&mut random)).collect());
    }
    for _ in 0..random.below(9) {
        let given = given(&mut random, world.roles.len());
        world.given.push(given);
    }
    if random.one_in(3) {
        world.denies.push(deny(&mut random));
    }
    if random.one_in(3) {
        world.locks.push((random.of(SCOPES).to_owned(), random.one_in(2)));
    }
    world
}

/// Every question of a world, in an order that only the seed decides.
fn questions() -> impl Iterator<Item = Ask<'static>> {
    let scopes = SCOPES.iter().chain(BELOW);
    scopes.flat_map(|scope| {
        ACTIONS.iter().flat_map(move |action| {
            [0, 2]
                .into_iter()
                .flat_map(move |list| (0..PEOPLE).map(move |who| (who, list, *action, *scope)))
        })
    })
}

fn ruling(access: &Access<'_>, (who, list, action, scope): Ask<'_>, through: bool) -> Ruling {
    let question = Question {
        principal: PrincipalId(who),
        plane: plane(list),
        action,
        scope,
        attributes: Attributes::NONE,
        through_manager: through,
    };
    access.decision(&question).ruling
}

// 360 worlds of 2,816 questions: 1,013,760. `DRAWBRIDGE_ORACLE_WORLDS` sets another number of worlds, and
// `DRAWBRIDGE_ORACLE_FIRST_WORLD` where to go on.
#[test]
fn the_reference_agrees_on_a_million_questions() {
    // A million worlds ask more than fits into 32 bits.
    let mut asked: u64 = 0;
    let mut rulings: BTreeMap<_, u64> = BTreeMap::new();
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse().ok());
    let worlds: Option<u64> = number("DRAWBRIDGE_ORACLE_WORLDS");
    let first = number("DRAWBRIDGE_ORACLE_FIRST_WORLD").unwrap_or(1);
    for seed in first..=worlds.unwrap_or(360) {
        let world = world(seed);
        let grants = world.grants();
        let access = Access::new(&grants);
        for ask in questions() {
            asked += 1;
            // Every third question passes through Azure Resource Manager, where locks stand.
            let through = asked.is_multiple_of(3);
            let expect = world.ruling(ask, through);
            let got = ruling(&access, ask, through).slug();
            assert_eq!(got, expect, "world {seed}: {ask:?}");
            *rulings.entry(expect).or_insert(0) += 1;
        }
    }
    assert!(asked >= 1_000_000 || worlds.is_some(), "only {asked} asked");
    // A generator that only ever denies would prove nothing.
    assert!(rulings.len() == 3 && rulings.values().all(|it| *it > 1_000), "{rulings:?}");
}

#[test]
fn the_story_tells_the_same_as_the_answer_alone() {
    for seed in 1..=40 {
        let world = world(seed);
        let grants = world.grants();
        let access = Access::new(&grants);
        for (n, (who, list, action, scope)) in questions().enumerate() {
            if n % 7 != 0 {
                continue;
            }
            let question = Question {
                principal: PrincipalId(who),
                plane: plane(list),
                action,
                scope,
                attributes: Attributes::NONE,
                through_manager: true,
            };
            let decision = access.decision(&question);
            let answer = access.answer(&question);
            assert_eq!((answer.ruling, answer.by), (decision.ruling, decision.by));
            let deciding = answer.considered.iter().find(|it| it.what == answer.by);
            assert_eq!(deciding.is_none(), answer.by == By::Nothing);
            assert_eq!(answer.missing.is_empty(), answer.ruling != Ruling::Conditional);
        }
    }
}

#[test]
fn the_matrix_holds_what_each_question_answers() {
    for seed in 1..=60 {
        let grants = world(seed).grants();
        let access = Access::new(&grants);
        let people: Vec<_> = (0..PEOPLE).map(|it| access.who(PrincipalId(it))).collect();
        let mut cells = Vec::new();
        for scope in SCOPES.iter().rev() {
            for action in ACTIONS {
                for list in [0, 2] {
                    cells.push((access.action(plane(list), action), access.place(scope)));
                }
            }
        }
        let capabilities: Vec<_> =
            cells.iter().map(|(action, place)| (&**action, *place)).collect();
        let matrix = access.matrix(&people, &capabilities);
        for (row, who) in people.iter().enumerate() {
            for (column, (action, place)) in capabilities.iter().enumerate() {
                let expect = match access.decide(*who, action, *place).ruling {
                    Ruling::Allowed => Some(true),
                    Ruling::Denied => Some(false),
                    Ruling::Conditional | Ruling::Unknown => None,
                };
                assert_eq!(matrix.get(row, column), expect, "world {seed}");
            }
        }
        for (column, (action, place)) in capabilities.iter().enumerate() {
            let may = access.who_can(action, *place).len();
            let may_not = (0..people.len()).filter(|row| matrix.get(*row, column) == Some(false));
            assert_eq!(may + may_not.count(), people.len(), "world {seed}");
        }
    }
}

/// Asks everything in both worlds and compares each pair of rulings.
fn compare(before: &Grants, after: &Grants, holds: impl Fn(Ruling, Ruling) -> bool) {
    let (before, after) = (Access::new(before), Access::new(after));
    for ask in questions() {
        let pair = (ruling(&before, ask, true), ruling(&after, ask, true));
        assert!(holds(pair.0, pair.1), "{ask:?}: {pair:?}");
    }
}

#[test]
fn an_added_assignment_never_takes_away() {
    for seed in 1..=40 {
        let mut world = world(seed);
        let before = world.grants();
        let given = given(&mut Random(seed), world.roles.len());
        world.given.push(given);
        compare(&before, &world.grants(), |before, after| after <= before);
    }
}

#[test]
fn an_added_deny_assignment_never_gives() {
    for seed in 1..=40 {
        let mut world = world(seed);
        let before = world.grants();
        world.denies.push(deny(&mut Random(seed)));
        compare(&before, &world.grants(), |before, after| after >= before);
    }
}

#[test]
fn an_added_lock_never_gives() {
    for seed in 1..=40 {
        let mut world = world(seed);
        let before = world.grants();
        let mut random = Random(seed);
        world.locks.push((random.of(SCOPES).to_owned(), random.one_in(2)));
        compare(&before, &world.grants(), |before, after| after >= before);
    }
}

#[test]
fn order_and_case_and_names_change_nothing() {
    for seed in 1..=40 {
        let world = world(seed);
        let mut random = Random(seed);
        let mut other = world.clone();
        // Roles are named by their number, so their order moves with what names them.
        other.roles.reverse();
        for it in &mut other.given {
            it.role = world.roles.len() - 1 - it.role;
            it.scope = random.recase(&it.scope);
        }
        other.given.reverse();
        other.members.reverse();
        for list in other.roles.iter_mut().flatten().flat_map(|it| &mut it.lists) {
            list.reverse();
            for pattern in list {
                *pattern = random.recase(pattern);
            }
        }
        let mut renamed = other.grants();
        for role in &mut renamed.roles {
            role.name = format!("{} (new name)", role.name);
        }
        compare(&world.grants(), &renamed, |before, after| before == after);
    }
}
