//! What makes answers fast: principals with their groups, scopes with what is above them, and
//! assignments found by both at once.
//!
//! A question looks up (holder, scope) for the few holders that a principal counts as and the few
//! scopes above a resource at which anybody holds anything. Most pairs hold nothing; a bit filter
//! that stays in the cache says so before the table is touched.

use std::collections::BTreeMap;

use super::{condition::Condition, pattern::Glob};
use crate::facts::grant::{
    Denied, Grants, LockLevel, Pattern, Permissions, Plane, PrincipalId, ScopeId, Scopes,
};

/// Lists of numbers, all in one.
#[derive(Debug, Default)]
pub(super) struct Lists {
    items: Vec<u32>,
    /// One more than lists.
    ends: Vec<u32>,
}

impl Lists {
    fn with_capacity(lists: usize) -> Lists {
        let mut ends = Vec::with_capacity(lists + 1);
        ends.push(0);
        Lists { items: Vec::new(), ends }
    }

    fn push(&mut self, items: impl IntoIterator<Item = u32>) {
        self.items.extend(items);
        self.ends.push(number(self.items.len()));
    }

    pub(super) fn get(&self, list: u32) -> &[u32] {
        let list = list as usize;
        match (self.ends.get(list), self.ends.get(list + 1)) {
            (Some(&from), Some(&to)) => {
                self.items.get(from as usize..to as usize).unwrap_or_default()
            }
            _ => &[],
        }
    }
}

/// Counts stay far below 2^32: a design of that size does not fit into memory.
pub(super) fn number(it: usize) -> u32 {
    u32::try_from(it).unwrap_or(u32::MAX)
}

/// Scopes in the order of the tree, so that what lies in a scope is a range.
#[derive(Debug)]
pub(super) struct Tree {
    /// By scope number: place in the order, and the first place that is not inside.
    pub(super) spans: Vec<(u32, u32)>,
    parents: Vec<Option<ScopeId>>,
    /// By scope number: itself and those above it, the closest first, that hold assignments.
    held_above: Lists,
    /// By scope number: the strictest lock that reaches it, and which lock that is.
    pub(super) locked: Vec<Option<(LockLevel, u32)>>,
}

impl Tree {
    fn new(grants: &Grants) -> Tree {
        let scopes = &grants.scopes;
        let mut parents = vec![None; scopes.len()];
        let mut order = Vec::with_capacity(scopes.len());
        for (scope, parent) in scopes.by_ids() {
            if let Some(slot) = parents.get_mut(scope.0 as usize) {
                *slot = parent;
            }
            order.push(scope);
        }
        // Management groups: a link replaces the parent by id, unless it would close a circle.
        for &scope in &order {
            let Some(parent) = scopes.linked_parent(scope) else { continue };
            let mut at = Some(parent);
            while let Some(above) = at.filter(|it| *it != scope) {
                at = parents.get(above.0 as usize).copied().flatten();
            }
            if at.is_none()
                && (parent.0 as usize) < scopes.len()
                && let Some(slot) = parents.get_mut(scope.0 as usize)
            {
                *slot = Some(parent);
            }
        }
        let mut tree =
            Tree { spans: Vec::new(), parents, held_above: Lists::default(), locked: Vec::new() };
        let top_down = tree.lay_out(&order);
        tree.collect_held(grants);
        tree.collect_locks(grants, &top_down);
        tree
    }

    /// Numbers the scopes depth first. Returns them in that order.
    fn lay_out(&mut self, order: &[ScopeId]) -> Vec<ScopeId> {
        let mut children = vec![Vec::new(); self.parents.len()];
        for &scope in order.iter().rev() {
            if let Some(parent) = self.parents.get(scope.0 as usize).copied().flatten()
                && let Some(list) = children.get_mut(parent.0 as usize)
            {
                list.push(scope);
            }
        }
        self.spans = vec![(0, 0); self.parents.len()];
        let mut top_down = Vec::with_capacity(order.len());
        // (scope, whether all inside it is numbered)
        let mut open = vec![(Scopes::ROOT, false)];
        while let Some((scope, done)) = open.pop() {
            let next = number(top_down.len());
            let Some(span) = self.spans.get_mut(scope.0 as usize) else { continue };
            if done {
                span.1 = next;
                continue;
            }
            span.0 = next;
            top_down.push(scope);
            open.push((scope, true));
            // Children were pushed last first, so they leave the stack in the order of their ids.
            open.extend(
                children.get(scope.0 as usize).into_iter().flatten().map(|it| (*it, false)),
            );
        }
        top_down
    }

    fn collect_held(&mut self, grants: &Grants) {
        let mut held = vec![false; self.parents.len()];
        for it in &grants.assignments {
            if let Some(slot) = held.get_mut(it.scope.0 as usize) {
                *slot = true;
            }
        }
        let mut lists = Lists::with_capacity(self.parents.len());
        for scope in 0..self.parents.len() {
            let above = self.up(ScopeId(number(scope)));
            lists.push(above.filter(|it| held.get(it.0 as usize) == Some(&true)).map(|it| it.0));
        }
        self.held_above = lists;
    }

    fn collect_locks(&mut self, grants: &Grants, top_down: &[ScopeId]) {
        self.locked = vec![None; if grants.locks.is_empty() { 0 } else { self.parents.len() }];
        if grants.locks.is_empty() {
            return;
        }
        for (index, lock) in grants.locks.iter().enumerate() {
            if let Some(slot) = self.locked.get_mut(lock.scope.0 as usize)
                && slot.is_none_or(|(level, _)| level < lock.level)
            {
                *slot = Some((lock.level, number(index)));
            }
        }
        // "The most restrictive lock in the inheritance takes precedence."
        for scope in top_down {
            let parent = self.parents.get(scope.0 as usize).copied().flatten();
            let above = parent.and_then(|it| self.locked.get(it.0 as usize).copied().flatten());
            if let Some(slot) = self.locked.get_mut(scope.0 as usize)
                && let Some(above) = above
                && slot.is_none_or(|(level, _)| level < above.0)
            {
                *slot = Some(above);
            }
        }
    }

    /// The scope and those above it.
    pub(super) fn up(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> {
        std::iter::successors(Some(scope), |it| self.parents.get(it.0 as usize).copied().flatten())
    }

    pub(super) fn held_above(&self, scope: ScopeId) -> &[u32] {
        self.held_above.get(scope.0)
    }

    pub(super) fn span(&self, scope: ScopeId) -> (u32, u32) {
        self.spans.get(scope.0 as usize).copied().unwrap_or_default()
    }

    /// Whether `outer` is `inner` or above it.
    pub(super) fn covers(&self, outer: ScopeId, inner: ScopeId) -> bool {
        let ((from, to), (at, _)) = (self.span(outer), self.span(inner));
        from <= at && at < to
    }
}

/// Principals, numbered without gaps.
#[derive(Debug)]
pub(super) struct People {
    /// Sorted.
    pub(super) ids: Vec<PrincipalId>,
    /// By principal: itself and every group it is in, however deep, the closest first.
    counts_as: Lists,
    /// The same, without those that hold nothing.
    holders: Lists,
    /// By member: its groups.
    groups: Vec<Vec<u32>>,
}

impl People {
    fn new(grants: &Grants) -> People {
        let mut ids: Vec<PrincipalId> = grants.principals.keys().copied().collect();
        ids.extend(grants.members.iter().flat_map(|&(group, member)| [group, member]));
        ids.extend(grants.assignments.iter().map(|it| it.principal));
        for deny in &grants.deny_assignments {
            ids.extend(&deny.excluded);
            if let Denied::These(these) = &deny.principals {
                ids.extend(these);
            }
        }
        ids.sort_unstable();
        ids.dedup();
        let mut people = People {
            groups: vec![Vec::new(); ids.len()],
            ids,
            counts_as: Lists::default(),
            holders: Lists::default(),
        };
        for &(group, member) in &grants.members {
            if let (Some(group), Some(member)) = (people.find(group), people.find(member))
                && let Some(groups) = people.groups.get_mut(member as usize)
            {
                groups.push(group);
            }
        }
        let mut holds = vec![false; people.ids.len()];
        for it in &grants.assignments {
            if let Some(slot) = people.find(it.principal).and_then(|it| holds.get_mut(it as usize))
            {
                *slot = true;
            }
        }
        people.close(&holds);
        people
    }

    /// Breadth first, so that a circle ends and the closest group comes first.
    fn close(&mut self, holds: &[bool]) {
        let count = self.ids.len();
        let (mut counts_as, mut holders) =
            (Lists::with_capacity(count), Lists::with_capacity(count));
        // The last principal that has seen a group; a stamp spares clearing a set for each.
        let mut seen = vec![u32::MAX; count];
        let mut queue = Vec::new();
        for principal in 0..number(count) {
            queue.clear();
            queue.push(principal);
            let mut at = 0;
            while let Some(&it) = queue.get(at) {
                at += 1;
                for &group in self.groups.get(it as usize).into_iter().flatten() {
                    if group != principal
                        && let Some(stamp) = seen.get_mut(group as usize)
                        && *stamp != principal
                    {
                        *stamp = principal;
                        queue.push(group);
                    }
                }
            }
            counts_as.push(queue.iter().copied());
            holders.push(queue.iter().copied().filter(|it| holds.get(*it as usize) == Some(&true)));
        }
        (self.counts_as, self.holders) = (counts_as, holders);
    }

    pub(super) fn find(&self, id: PrincipalId) -> Option<u32> {
        self.ids.binary_search(&id).ok().map(number)
    }

    pub(super) fn counts_as(&self, principal: u32) -> &[u32] {
        self.counts_as.get(principal)
    }

    pub(super) fn holders(&self, principal: u32) -> &[u32] {
        self.holders.get(principal)
    }

    /// The groups between a principal and one it counts as, in order, that one last; empty for itself.
    pub(super) fn path(&self, principal: u32, to: u32) -> Vec<PrincipalId> {
        let mut came_from = BTreeMap::from([(principal, principal)]);
        let mut queue = vec![principal];
        let mut at = 0;
        while let Some(&it) = queue.get(at) {
            at += 1;
            for &group in self.groups.get(it as usize).into_iter().flatten() {
                came_from.entry(group).or_insert_with(|| {
                    queue.push(group);
                    it
                });
            }
        }
        let mut path = Vec::new();
        let mut step = to;
        while step != principal {
            path.extend(self.ids.get(step as usize));
            match came_from.get(&step) {
                Some(&before) => step = before,
                None => return Vec::new(),
            }
        }
        path.reverse();
        path
    }
}

/// One assignment at a (holder, scope).
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) role: u32,
    pub(super) assignment: u32,
    /// Has to be looked at: it carries a condition, or its role is unknown.
    pub(super) conditional: bool,
}

/// Assignments by holder and scope.
#[derive(Debug)]
pub(super) struct Table {
    entries: Vec<Entry>,
    /// By holder: its entries with their scopes.
    by_holder: Vec<(u32, u32)>,
    /// By entry.
    scopes: Vec<u32>,
    /// One bit per hash: whether anything has it.
    filter: Vec<u64>,
    filter_shift: u32,
    slots: Vec<Slot>,
    slot_shift: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// Holder and scope; `from == to` in an empty slot.
    key: u64,
    from: u32,
    to: u32,
}

/// Fibonacci hashing: the product's upper bits depend on all bits of the key.
fn hash(key: u64) -> u64 {
    key.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The upper bits of a hash as an index. They are few enough for the 32 bits of a browser.
#[inline]
fn place(upper_bits: u64) -> usize {
    usize::try_from(upper_bits).unwrap_or(0)
}

impl Table {
    fn new(grants: &Grants, people: &People, conditional: impl Fn(usize) -> bool) -> Table {
        let mut keyed: Vec<(u64, u32)> = Vec::with_capacity(grants.assignments.len());
        for (index, it) in grants.assignments.iter().enumerate() {
            if let Some(holder) = people.find(it.principal) {
                keyed.push((u64::from(holder) << 32 | u64::from(it.scope.0), number(index)));
            }
        }
        keyed.sort_unstable();
        let bits = |per: usize| usize::BITS - (keyed.len() * per + 63).leading_zeros();
        let (filter_bits, slot_bits) = (bits(16), bits(2));
        let mut table = Table {
            entries: Vec::with_capacity(keyed.len()),
            by_holder: vec![(0, 0); people.ids.len()],
            scopes: Vec::with_capacity(keyed.len()),
            filter: vec![0; 1 << (filter_bits - 6)],
            filter_shift: 64 - filter_bits,
            slots: vec![Slot::default(); 1 << slot_bits],
            slot_shift: 64 - slot_bits,
        };
        for run in keyed.chunk_by(|a, b| a.0 == b.0) {
            let Some(&(key, _)) = run.first() else { continue };
            let from = number(table.entries.len());
            // Those that grant without a look come first.
            for wanted in [false, true] {
                for &(_, assignment) in run {
                    let conditional = conditional(assignment as usize);
                    if conditional == wanted
                        && let Some(it) = grants.assignments.get(assignment as usize)
                    {
                        table.entries.push(Entry { role: it.role.0, assignment, conditional });
                        table.scopes.push(it.scope.0);
                    }
                }
            }
            let to = number(table.entries.len());
            if let Some(span) = table.by_holder.get_mut(place(key >> 32)) {
                *span = (if span.0 == span.1 { from } else { span.0 }, to);
            }
            table.insert(Slot { key, from, to });
        }
        table
    }

    fn insert(&mut self, new: Slot) {
        let bit = hash(new.key) >> self.filter_shift;
        if let Some(word) = self.filter.get_mut(place(bit >> 6)) {
            *word |= 1 << (bit & 63);
        }
        let mut at = place(hash(new.key) >> self.slot_shift);
        let mask = self.slots.len() - 1;
        // There are twice as many slots as keys, so an empty one is never far.
        while let Some(slot) = self.slots.get_mut(at & mask) {
            if slot.from == slot.to {
                *slot = new;
                return;
            }
            at += 1;
        }
    }

    /// What `holder` holds at exactly `scope`.
    #[inline]
    pub(super) fn at(&self, holder: u32, scope: u32) -> &[Entry] {
        let key = u64::from(holder) << 32 | u64::from(scope);
        let hashed = hash(key);
        let bit = hashed >> self.filter_shift;
        let word = self.filter.get(place(bit >> 6)).copied().unwrap_or(0);
        if word >> (bit & 63) & 1 == 0 {
            return &[];
        }
        let mask = self.slots.len() - 1;
        let mut at = place(hashed >> self.slot_shift);
        while let Some(slot) = self.slots.get(at & mask) {
            if slot.from == slot.to {
                return &[];
            }
            if slot.key == key {
                return self.entries.get(slot.from as usize..slot.to as usize).unwrap_or_default();
            }
            at += 1;
        }
        &[]
    }

    /// Everything that `holder` holds, with the scope of each.
    pub(super) fn of(&self, holder: u32) -> impl Iterator<Item = (&Entry, ScopeId)> {
        let (from, to) = self.by_holder.get(holder as usize).copied().unwrap_or_default();
        let range = from as usize..to as usize;
        let entries = self.entries.get(range.clone()).unwrap_or_default();
        let scopes = self.scopes.get(range).unwrap_or_default();
        entries.iter().zip(scopes.iter().map(|it| ScopeId(*it)))
    }
}

/// One bit per role.
pub(super) type Mask = Box<[u64]>;

#[inline]
pub(super) fn has(mask: &[u64], bit: u32) -> bool {
    mask.get((bit >> 6) as usize).is_some_and(|word| word >> (bit & 63) & 1 == 1)
}

pub(super) fn set(mask: &mut [u64], bit: u32) {
    if let Some(word) = mask.get_mut((bit >> 6) as usize) {
        *word |= 1 << (bit & 63);
    }
}

/// Which roles grant an action. Patterns that several roles share are compared once.
#[derive(Debug)]
pub(super) struct Matcher {
    exact: BTreeMap<Box<str>, u32>,
    wild: Vec<(Glob, u32)>,
    patterns: u32,
    /// By role, by block, by plane: what it names, and what it takes away.
    roles: Vec<RoleGlobs>,
}

#[derive(Debug)]
enum RoleGlobs {
    /// Nobody knows what it grants, so it may be anything.
    Unknown,
    Blocks(Vec<[(Vec<u32>, Vec<u32>); 2]>),
}

impl Matcher {
    /// `None` stands for a role that nothing defines.
    pub(super) fn new<'a>(roles: impl Iterator<Item = Option<&'a [Permissions]>>) -> Matcher {
        let mut matcher =
            Matcher { exact: BTreeMap::new(), wild: Vec::new(), patterns: 0, roles: Vec::new() };
        let mut known: BTreeMap<Glob, u32> = BTreeMap::new();
        for role in roles {
            let mut list = |patterns: &[Pattern]| -> Vec<u32> {
                let number_of = |it: &Pattern| {
                    let count = number(known.len());
                    *known.entry(Glob::new(it)).or_insert(count)
                };
                patterns.iter().map(number_of).collect()
            };
            matcher.roles.push(match role {
                None => RoleGlobs::Unknown,
                Some(blocks) => RoleGlobs::Blocks(
                    blocks
                        .iter()
                        .map(|block| {
                            [Plane::Control, Plane::Data].map(|plane| {
                                let (named, subtracted) = block.lists(plane);
                                (list(named), list(subtracted))
                            })
                        })
                        .collect(),
                ),
            });
        }
        matcher.patterns = number(known.len());
        for (glob, index) in known {
            match glob.exact() {
                Some(action) => {
                    matcher.exact.insert(action.into(), index);
                }
                None => matcher.wild.push((glob, index)),
            }
        }
        matcher
    }

    pub(super) fn len(&self) -> usize {
        self.roles.len()
    }

    /// The roles that grant `action`, which must be in lower case.
    pub(super) fn mask(&self, plane: Plane, action: &str) -> Mask {
        let mut hit = vec![0u64; (self.patterns as usize).div_ceil(64)];
        if let Some(&index) = self.exact.get(action) {
            set(&mut hit, index);
        }
        for (glob, index) in &self.wild {
            if glob.matches(action) {
                set(&mut hit, *index);
            }
        }
        let mut mask = vec![0u64; self.roles.len().div_ceil(64)].into_boxed_slice();
        for (role, globs) in self.roles.iter().enumerate() {
            let grants = match globs {
                RoleGlobs::Unknown => true,
                RoleGlobs::Blocks(blocks) => blocks.iter().any(|[control, data]| {
                    let (named, subtracted) = if plane == Plane::Control { control } else { data };
                    named.iter().any(|it| has(&hit, *it))
                        && !subtracted.iter().any(|it| has(&hit, *it))
                }),
            };
            if grants {
                set(&mut mask, number(role));
            }
        }
        mask
    }
}

/// All of it.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) tree: Tree,
    pub(super) people: People,
    pub(super) table: Table,
    /// Roles first, then deny assignments.
    pub(super) matcher: Matcher,
    /// Every text once.
    pub(super) conditions: BTreeMap<String, Condition>,
}

impl Index {
    pub(super) fn new(grants: &Grants) -> Index {
        let people = People::new(grants);
        let mut conditions = BTreeMap::new();
        let role_texts = grants.roles.iter().filter_map(|it| it.condition.as_deref());
        let texts = grants.assignments.iter().filter_map(|it| it.condition.as_deref());
        let deny_texts = grants.deny_assignments.iter().filter_map(|it| it.condition.as_deref());
        for text in texts.chain(role_texts).chain(deny_texts) {
            if !conditions.contains_key(text) {
                conditions.insert(text.to_owned(), Condition::parse(text));
            }
        }
        let looked_at: Vec<bool> = grants
            .roles
            .iter()
            .map(|it| it.condition.is_some() || it.permissions.is_none())
            .collect();
        let table = Table::new(grants, &people, |assignment| {
            grants.assignments.get(assignment).is_none_or(|it| {
                it.condition.is_some() || looked_at.get(it.role.0 as usize) != Some(&false)
            })
        });
        let roles = grants.roles.iter().map(|it| it.permissions.as_deref());
        let denies =
            grants.deny_assignments.iter().map(|it| Some(std::slice::from_ref(&it.permissions)));
        Index {
            tree: Tree::new(grants),
            people,
            table,
            matcher: Matcher::new(roles.chain(denies)),
            conditions,
        }
    }
}
