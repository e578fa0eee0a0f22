//! Where two filters differ.
//!
//! They differ if and only if somewhere a rule of the first and one of the second with the opposite effect
//! both decide: both match, and nothing before either does. So each such pair is looked at inside what both
//! match, a box of packets, where the rules before them must leave no gap. Mostly one of those covers the
//! whole box, and nothing is searched.
//!
//! Complexity: quadratic in rules, by words of bits, where single rules cover; a search through the box of a
//! pair where only several rules together do.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::{Bits, Class, DIMENSIONS, PORTS, Packet, Rule, Space, packet, portless};

/// A packet that the rules before `split` and those from there on decide differently, and whether the first
/// ones allow it.
pub(super) fn contest(space: &Space, rules: &[Rule], split: usize) -> Option<(Packet, bool)> {
    [false, true].into_iter().find_map(|portless| Contest::new(space, split, portless).find(rules))
}

/// Packets of protocols with ports, or of those without.
struct Contest<'s> {
    sides: Vec<Side<'s>>,
    split: usize,
    count: usize,
    /// Rules that meet a rule.
    touching: Vec<Bits>,
    /// Rules that hold all that a rule holds, itself apart.
    covering: Vec<Bits>,
}

/// One dimension: the sets of classes that rules name, each once.
struct Side<'s> {
    dimension: usize,
    classes: &'s [Class],
    sets: Vec<Rc<Set>>,
    /// The set of each rule.
    of: &'s [usize],
    /// What two sets have in common.
    common: RefCell<BTreeMap<(usize, usize), Rc<Set>>>,
}

struct Set {
    classes: Vec<usize>,
    /// Rules that hold all of it.
    covers: Bits,
}

impl Set {
    fn new(list: Vec<usize>, classes: &[Class], count: usize) -> Set {
        let mut covers = Bits::full(count);
        list.iter().filter_map(|it| classes.get(*it)).for_each(|it| covers.keep(&it.rules));
        Set { classes: list, covers }
    }
}

impl<'s> Side<'s> {
    fn new(space: &'s Space, dimension: usize, without_ports: bool) -> Side<'s> {
        let classes = space.dimension(dimension);
        let fits = |it: &usize| classes.get(*it).is_some_and(|it| portless(it) == without_ports);
        let sets = space.sets.get(dimension).into_iter().flatten().map(|set| {
            let all = set.iter().copied();
            // The first dimension is the protocol.
            let list = all.filter(|it| dimension > 0 || fits(it)).collect();
            Rc::new(Set::new(list, classes, space.count))
        });
        let of = space.set_of.get(dimension).map_or(&[][..], Vec::as_slice);
        Side { dimension, classes, sets: sets.collect(), of, common: RefCell::default() }
    }

    fn set(&self, rule: usize) -> Option<(usize, &Rc<Set>)> {
        let at = *self.of.get(rule)?;
        Some((at, self.sets.get(at)?))
    }

    /// What two rules have in common here.
    fn common(&self, a: usize, b: usize) -> Option<Rc<Set>> {
        let ((m, first), (n, second)) = (self.set(a)?, self.set(b)?);
        if m == n || first.covers.has(b) {
            return Some(Rc::clone(first));
        }
        if second.covers.has(a) {
            return Some(Rc::clone(second));
        }
        let mut known = self.common.borrow_mut();
        let set = known.entry((m.min(n), m.max(n))).or_insert_with(|| {
            let both = |it: &usize| second.classes.binary_search(it).is_ok();
            let list = first.classes.iter().copied().filter(both).collect();
            Rc::new(Set::new(list, self.classes, self.of.len()))
        });
        Some(Rc::clone(set))
    }
}

impl<'s> Contest<'s> {
    fn new(space: &'s Space, split: usize, without_ports: bool) -> Contest<'s> {
        let dimensions = (0..DIMENSIONS).filter(|it| !(without_ports && PORTS.contains(it)));
        let sides: Vec<Side<'s>> =
            dimensions.map(|it| Side::new(space, it, without_ports)).collect();
        let count = space.count;
        let [mut touching, mut covering] = [(); 2].map(|()| vec![Bits::full(count); count]);
        for side in &sides {
            let met: Vec<Bits> = side
                .sets
                .iter()
                .map(|set| {
                    let mut met = Bits::empty(count);
                    let classes = set.classes.iter().filter_map(|it| side.classes.get(*it));
                    classes.for_each(|it| met.join(&it.rules));
                    met
                })
                .collect();
            for (rule, (touching, covering)) in touching.iter_mut().zip(&mut covering).enumerate() {
                let Some((at, set)) = side.set(rule) else { continue };
                met.get(at).into_iter().for_each(|it| touching.keep(it));
                covering.keep(&set.covers);
            }
        }
        covering.iter_mut().enumerate().for_each(|(rule, it)| it.remove(rule));
        Contest { sides, split, count, touching, covering }
    }

    fn find(&self, rules: &[Rule]) -> Option<(Packet, bool)> {
        let action = |n: usize| rules.get(n).is_some_and(|it| it.allow);
        // Behind a rule that covers this one, nothing of the other filter meets it.
        let last_of_other =
            |rule: usize, from: usize| self.covering.get(rule)?.iter().find(|it| *it >= from);
        let first_covers = |rule: usize, from: usize| {
            let mut all = self.covering.get(rule).into_iter().flat_map(Bits::iter);
            all.any(|it| from <= it && it < rule)
        };
        let second: Vec<Option<usize>> = (self.split..self.count)
            .map(|b| {
                let last = last_of_other(b, 0).filter(|it| *it < self.split);
                (!first_covers(b, self.split)).then(|| last.unwrap_or(self.split))
            })
            .collect();
        for a in (0..self.split).filter(|it| !first_covers(*it, 0)) {
            let last = last_of_other(a, self.split).unwrap_or(self.count);
            let Some(touching) = self.touching.get(a) else { continue };
            for b in touching.iter().skip_while(|it| *it < self.split) {
                if b > last {
                    break;
                }
                let meets = second.get(b - self.split).copied().flatten();
                if action(a) == action(b) || meets.is_none_or(|it| it < a) {
                    continue;
                }
                if let Some(packet) = self.gap(a, b) {
                    return Some((packet, action(a)));
                }
            }
        }
        None
    }

    /// A packet that `a` of the first filter and `b` of the second decide.
    fn gap(&self, a: usize, b: usize) -> Option<Packet> {
        let common: Option<Vec<Rc<Set>>> = self.sides.iter().map(|it| it.common(a, b)).collect();
        let common = common?;
        let mut earlier = self.touching.get(a)?.and(self.touching.get(b)?);
        earlier.clear(a, self.split);
        earlier.clear(b, usize::MAX);
        let covered = |(at, word): (usize, &u64)| {
            let words = common.iter().filter_map(|it| it.covers.0.get(at));
            words.fold(*word, |all, it| all & it) != 0
        };
        if earlier.0.iter().enumerate().any(covered) {
            return None;
        }
        // What cuts a dimension into few pieces comes first.
        let mut order: Vec<(&Side<'s>, &Set)> =
            self.sides.iter().zip(common.iter().map(|it| &**it)).collect();
        order.sort_by_key(|(_, set)| set.classes.len());
        let mut rest = vec![Bits::full(self.count)];
        for (_, set) in order.iter().rev() {
            let next = rest.last().map_or_else(|| Bits::full(self.count), |it| it.and(&set.covers));
            rest.push(next);
        }
        rest.reverse();
        let mut search =
            Search { seen: vec![BTreeSet::new(); order.len()], order, rest, way: Vec::new() };
        if !search.gap(0, &earlier) {
            return None;
        }
        let mut way = search.way;
        way.sort_by_key(|it| it.0);
        let way: Vec<(usize, &Class)> = way;
        Some(packet(&way))
    }
}

/// The search for a packet of a box that no candidate matches.
struct Search<'s> {
    order: Vec<(&'s Side<'s>, &'s Set)>,
    /// Rules that cover the box in this dimension and in all after it.
    rest: Vec<Bits>,
    seen: Vec<BTreeSet<Bits>>,
    way: Vec<(usize, &'s Class)>,
}

impl Search<'_> {
    fn gap(&mut self, depth: usize, candidates: &Bits) -> bool {
        if self.rest.get(depth).is_none_or(|it| it.first_common(candidates, 0).is_some()) {
            return false;
        }
        let Some(&(side, set)) = self.order.get(depth) else {
            return true;
        };
        let mut rows: Vec<(Bits, &Class)> = Vec::new();
        let mut known = BTreeSet::new();
        for class in set.classes.iter().filter_map(|it| side.classes.get(*it)) {
            let row = class.rules.and(candidates);
            if known.insert(row.clone()) {
                rows.push((row, class));
            }
        }
        // Fewer candidates leave more gaps; where they leave none, no more of them do.
        rows.sort_by_key(|(row, _)| row.len());
        let mut closed: Vec<Bits> = Vec::new();
        for (row, class) in rows {
            if closed.iter().any(|it| it.is_within(&row)) {
                continue;
            }
            let new = self.seen.get_mut(depth).is_some_and(|it| it.insert(row.clone()));
            self.way.push((side.dimension, class));
            if new && self.gap(depth + 1, &row) {
                return true;
            }
            self.way.pop();
            if closed.len() < MOST_CLOSED {
                closed.push(row);
            }
        }
        false
    }
}

/// Sets without a gap that others are compared with: more would cost more than they save.
const MOST_CLOSED: usize = 32;
