//! What makes answers fast: principals with their groups, scopes with what is above them, and
//! assignments found by both at once.
//!
//! A question looks up (scope, holder) for the few scopes above a resource at which anybody holds
//! anything and the few holders that a principal counts as. Most pairs hold nothing. Two filters say
//! so before the table is touched: whether any holder of this principal has anything at the scope,
//! and whether this holder has.

#![expect(
    clippy::inline_always,
    reason = "the app is built for size, which would leave each of these a call, ten for every question"
)]

use std::collections::BTreeMap;

use super::condition::Condition;
use crate::facts::{
    grant::{Denied, Grants, LockLevel, Pattern, Permissions, Plane, PrincipalId, ScopeId, Scopes},
    pattern::Glob,
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

    /// Items by list, each list in the order in which its items come.
    fn from_pairs(lists: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Lists {
        let mut ends = vec![0u32; lists + 1];
        for (list, _) in pairs.clone() {
            if let Some(count) = ends.get_mut(list as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        let mut next = ends.clone();
        let mut items = vec![0; sum as usize];
        for (list, item) in pairs {
            if let Some(at) = next.get_mut(list as usize)
                && let Some(slot) = items.get_mut(*at as usize)
            {
                *slot = item;
                *at += 1;
            }
        }
        Lists { items, ends }
    }

    fn span(&self, list: u32) -> (u32, u32) {
        let end = |it: u32| self.ends.get(it as usize).copied().unwrap_or_default();
        (end(list), end(list + 1))
    }

    #[inline]
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
    /// By scope number: itself and those above it, the closest first, at which anybody holds anything.
    held_above: Lists,
    /// By item of `held_above`: its bits in [`Reach`].
    marks: Vec<Mark>,
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
        let mut tree = Tree {
            spans: Vec::new(),
            parents,
            held_above: Lists::default(),
            marks: Vec::new(),
            locked: Vec::new(),
        };
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
        self.marks = lists.items.iter().map(|it| Mark::of(*it)).collect();
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

    /// With the bits of each scope in [`Reach`].
    #[inline]
    pub(super) fn held_above(&self, scope: ScopeId) -> impl Iterator<Item = (u32, Mark)> {
        let (from, to) = self.held_above.span(scope.0);
        let marks = self.marks.get(from as usize..to as usize).unwrap_or_default();
        self.held_above.get(scope.0).iter().copied().zip(marks.iter().copied())
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
    /// By id, where ids leave few gaps; else empty.
    direct: Vec<u32>,
    /// By principal: itself and every group it is in, however deep, the closest first.
    counts_as: Lists,
    /// The same, without those that hold nothing.
    holders: Lists,
    /// By member: its groups.
    groups: Lists,
}

impl People {
    fn new(grants: &Grants) -> People {
        let mut people = People {
            ids: Vec::new(),
            direct: Vec::new(),
            counts_as: Lists::default(),
            holders: Lists::default(),
            groups: Lists::default(),
        };
        people.number(grants);
        let count = people.ids.len();
        let numbered = |it| people.find(it).unwrap_or(u32::MAX);
        let memberships: Vec<(u32, u32)> = grants
            .members
            .iter()
            .map(|&(group, member)| (numbered(member), numbered(group)))
            .collect();
        let mut holds = vec![false; count];
        for it in &grants.assignments {
            if let Some(slot) = holds.get_mut(numbered(it.principal) as usize) {
                *slot = true;
            }
        }
        people.groups = Lists::from_pairs(count, memberships.iter().copied());
        people.close(&holds);
        people
    }

    /// Collects every principal that is spoken of.
    fn number(&mut self, grants: &Grants) {
        let all = || {
            let members = grants.members.iter().flat_map(|&(group, member)| [group, member]);
            let denies = grants.deny_assignments.iter().flat_map(|deny| {
                let named: &[PrincipalId] = match &deny.principals {
                    Denied::These(these) => these,
                    Denied::Everyone => &[],
                };
                named.iter().chain(&deny.excluded).copied()
            });
            let known = grants.principals.keys().copied();
            known
                .chain(members)
                .chain(grants.assignments.iter().map(|it| it.principal))
                .chain(denies)
        };
        let (count, max) = all().fold((0, 0), |(count, max), it| (count + 1, it.0.max(max)));
        if (max as usize) < 4 * count + 1024 {
            let mut direct = vec![u32::MAX; max as usize + 1];
            for it in all() {
                if let Some(slot) = direct.get_mut(it.0 as usize) {
                    *slot = 0;
                }
            }
            for (id, slot) in direct.iter_mut().enumerate().filter(|(_, slot)| **slot == 0) {
                *slot = number(self.ids.len());
                self.ids.push(PrincipalId(number(id)));
            }
            self.direct = direct;
        } else {
            self.ids.extend(all());
            self.ids.sort_unstable();
            self.ids.dedup();
        }
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
                for &group in self.groups.get(it) {
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
        if self.direct.is_empty() {
            return self.ids.binary_search(&id).ok().map(number);
        }
        self.direct.get(id.0 as usize).copied().filter(|it| *it != u32::MAX)
    }

    pub(super) fn counts_as(&self, principal: u32) -> &[u32] {
        self.counts_as.get(principal)
    }

    #[inline]
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
            for &group in self.groups.get(it) {
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

/// The bits of a scope in [`Reach`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    /// Upper bits of its hash.
    word: u32,
    bits: u64,
}

impl Mark {
    fn of(scope: u32) -> Mark {
        let hashed = hash(u64::from(scope) + 1);
        Mark { word: number(place(hashed, 1 << 16)), bits: three_bits(hashed) }
    }
}

/// By principal: the scopes at which it or a group of it holds anything, as a filter that may say yes
/// where it should say no.
#[derive(Debug)]
pub(super) struct Reach {
    lines: Vec<Line>,
    /// Words per principal, a power of two.
    each: usize,
}

/// What the processor fetches at once.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Line([u64; 8]);

impl Reach {
    fn new(people: &People, table: &Table) -> Reach {
        let count = people.ids.len();
        // Five bits for each scope that an average principal reaches: more would not fit the cache.
        let reached: usize =
            people.holders.items.iter().map(|it| table.by_holder.get(*it).len()).sum();
        let each = (reached * 5 / (count.max(1) * 64)).next_power_of_two().clamp(1, 64);
        let mut own = vec![0u64; count * each];
        for (holder, row) in own.chunks_exact_mut(each).enumerate() {
            for (_, scope) in table.of(number(holder)) {
                let mark = Mark::of(scope.0);
                if let Some(word) = row.get_mut(mark.word as usize & (each - 1)) {
                    *word |= mark.bits;
                }
            }
        }
        let mut reach = Reach { lines: vec![Line::default(); (count * each).div_ceil(8)], each };
        for principal in 0..number(count) {
            for &holder in people.holders(principal) {
                let from = holder as usize * each;
                let own = own.get(from..from + each).unwrap_or_default();
                let to = principal as usize * each;
                for (at, bits) in (to..to + each).zip(own) {
                    if let Some(word) =
                        reach.lines.get_mut(at / 8).and_then(|it| it.0.get_mut(at % 8))
                    {
                        *word |= bits;
                    }
                }
            }
        }
        reach
    }

    #[inline(always)]
    pub(super) fn may_reach(&self, principal: u32, mark: Mark) -> bool {
        let at = principal as usize * self.each + (mark.word as usize & (self.each - 1));
        let word = self.lines.get(at / 8).and_then(|it| it.0.get(at % 8));
        word.is_some_and(|it| it & mark.bits == mark.bits)
    }
}

/// One assignment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) role: u32,
    pub(super) assignment: u32,
    /// Has to be looked at: it carries a condition, or its role is unknown.
    pub(super) conditional: bool,
    /// Ends those of its holder at its scope.
    last: bool,
}

/// What one holder has at one scope, entry by entry.
pub(super) struct Run<'t>(&'t [Entry]);

impl<'t> Iterator for Run<'t> {
    type Item = &'t Entry;

    #[inline(always)]
    fn next(&mut self) -> Option<&'t Entry> {
        let (entry, rest) = self.0.split_first()?;
        self.0 = if entry.last { &[] } else { rest };
        Some(entry)
    }
}

/// Assignments by holder and scope.
#[derive(Debug)]
pub(super) struct Table {
    /// Those of one holder together, and of these those at one scope.
    entries: Vec<Entry>,
    /// By entry.
    scopes: Vec<u32>,
    /// By holder: its first entry, and the one after its last.
    by_holder: Lists,
    /// Three bits per key, in one word: whether anything may have it.
    filter: Vec<u64>,
    slots: Vec<Slot>,
}

/// What one holder has at one scope.
#[derive(Clone, Copy, Debug)]
struct Slot {
    /// Holder and scope.
    key: u64,
    /// First entry, or `EMPTY`.
    first: u32,
    /// [`signature`] of the roles.
    roles: u32,
}

const EMPTY: u32 = u32::MAX;

/// Roles folded into 32 bits: no bit in common, no role in common.
pub(super) fn signature(roles: impl Iterator<Item = u32>) -> u32 {
    roles.fold(0, |bits, role| bits | 1 << (role & 31))
}

/// Fibonacci hashing: the product's upper bits depend on all bits of the key.
#[inline(always)]
fn hash(key: u64) -> u64 {
    key.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// A place below `count`, from the upper half of a hash.
#[inline(always)]
fn place(hashed: u64, count: usize) -> usize {
    let count = u64::from(number(count));
    usize::try_from(((hashed >> 32) * count) >> 32).unwrap_or(0)
}

/// Three bits of a word, from a part of a hash that hardly picks the word and the slot.
#[inline(always)]
fn three_bits(hashed: u64) -> u64 {
    1 << (hashed >> 20 & 63) | 1 << (hashed >> 26 & 63) | 1 << (hashed >> 32 & 63)
}

impl Table {
    fn new(grants: &Grants, people: &People, conditional: impl Fn(usize) -> bool) -> Table {
        let holder = |it: PrincipalId| people.find(it).unwrap_or(u32::MAX);
        let pairs = grants.assignments.iter().zip(0..);
        let by_holder = Lists::from_pairs(
            people.ids.len(),
            pairs.map(|(it, index)| (holder(it.principal), index)),
        );
        let count = by_holder.items.len();
        let mut table = Table {
            entries: Vec::with_capacity(count),
            scopes: Vec::with_capacity(count),
            by_holder: Lists::default(),
            filter: vec![0; count / 4 + 1],
            slots: vec![Slot { key: 0, first: EMPTY, roles: 0 }; count + count / 2 + 8],
        };
        let mut of_holder: Vec<(u32, bool, u32, u32)> = Vec::new();
        for holder in 0..number(people.ids.len()) {
            of_holder.clear();
            for &assignment in by_holder.get(holder) {
                if let Some(it) = grants.assignments.get(assignment as usize) {
                    let conditional = conditional(assignment as usize);
                    of_holder.push((it.scope.0, conditional, assignment, it.role.0));
                }
            }
            // By scope, and at one scope those that grant without a look first.
            of_holder.sort_unstable();
            for run in of_holder.chunk_by(|a, b| a.0 == b.0) {
                let Some(&(scope, ..)) = run.first() else { continue };
                let first = number(table.entries.len());
                for &(_, conditional, assignment, role) in run {
                    table.entries.push(Entry { role, assignment, conditional, last: false });
                    table.scopes.push(scope);
                }
                if let Some(entry) = table.entries.last_mut() {
                    entry.last = true;
                }
                let key = u64::from(holder) << 32 | u64::from(scope);
                let roles = signature(run.iter().map(|it| it.3));
                table.insert(Slot { key, first, roles });
            }
        }
        table.by_holder = by_holder;
        table
    }

    fn insert(&mut self, new: Slot) {
        let hashed = hash(new.key);
        let word = place(hashed, self.filter.len());
        if let Some(word) = self.filter.get_mut(word) {
            *word |= three_bits(hashed);
        }
        let start = place(hashed, self.slots.len());
        let (before, after) = self.slots.split_at_mut(start);
        // A third of the slots stays empty, so one is never far.
        if let Some(slot) = after.iter_mut().chain(before).find(|it| it.first == EMPTY) {
            *slot = new;
        }
    }

    /// What `holder` holds at exactly `scope`, if a role of that signature is among it.
    #[inline(always)]
    pub(super) fn at(&self, holder: u32, scope: u32, roles: u32) -> Run<'_> {
        let first = self.first_at(u64::from(holder) << 32 | u64::from(scope), roles);
        Run(first.and_then(|it| self.entries.get(it as usize..)).unwrap_or_default())
    }

    #[inline(always)]
    fn first_at(&self, key: u64, roles: u32) -> Option<u32> {
        let hashed = hash(key);
        let bits = three_bits(hashed);
        let word = self.filter.get(place(hashed, self.filter.len()));
        if word.is_none_or(|it| it & bits != bits) {
            return None;
        }
        let mut at = place(hashed, self.slots.len());
        loop {
            let Some(slot) = self.slots.get(at) else {
                // Around, to the first one.
                at = 0;
                continue;
            };
            if slot.key == key || slot.first == EMPTY {
                // An empty slot has no roles.
                return (slot.roles & roles != 0).then_some(slot.first);
            }
            at += 1;
        }
    }

    /// Everything that `holder` holds, with the scope of each.
    pub(super) fn of(&self, holder: u32) -> impl Iterator<Item = (&Entry, ScopeId)> {
        let (from, to) = self.by_holder.span(holder);
        let range = from as usize..to as usize;
        let entries = self.entries.get(range.clone()).unwrap_or_default();
        let scopes = self.scopes.get(range).unwrap_or_default();
        entries.iter().zip(scopes.iter().map(|it| ScopeId(*it)))
    }
}

/// One bit per role.
pub(super) type Mask = Box<[u64]>;

#[inline(always)]
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
    pub(super) reach: Reach,
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
            reach: Reach::new(&people, &table),
            people,
            table,
            matcher: Matcher::new(roles.chain(denies)),
            conditions,
        }
    }
}
