//! Many identities against many capabilities at once, one bit per answer.
//!
//! Capabilities are laid out in the order of the scope tree, so what an assignment gives is one range
//! of bits, cut with the bits of its role; what a group gives is computed once for all its members.

use super::{
    Access, Action, By, Decision, Place, Ruling, Who,
    index::{has, number, set},
};

/// An action at a place.
pub type Capability<'a> = (&'a Action, Place);

/// The answers, without what decided; [`Access::decide`] tells that for one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    rows: usize,
    words: usize,
    /// By capability as asked: its bit.
    bits: Vec<u32>,
    allowed: Vec<u64>,
    /// Neither allowed nor denied: a condition or an unknown role decides. Empty where there is none.
    open: Vec<u64>,
}

impl Matrix {
    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn columns(&self) -> usize {
        self.bits.len()
    }

    /// Whether it is allowed; `None` outside, or where a condition or an unknown role decides.
    pub fn get(&self, row: usize, column: usize) -> Option<bool> {
        let bit = *self.bits.get(column)?;
        if row >= self.rows || has(self.row(&self.open, row), bit) {
            return None;
        }
        Some(has(self.row(&self.allowed, row), bit))
    }

    fn row<'a>(&self, of: &'a [u64], row: usize) -> &'a [u64] {
        of.get(row * self.words..(row + 1) * self.words).unwrap_or_default()
    }

    /// How many cells are allowed.
    pub fn count_allowed(&self) -> u64 {
        self.allowed.iter().map(|it| u64::from(it.count_ones())).sum()
    }
}

/// Bits that need a look, from and to, and the role that would give them.
type Look = (u32, u32, u32);

/// What a group gives, and what of it needs a look.
type GroupRow = (Vec<u64>, Vec<Look>);

/// A range of bits, cut with a mask, added to a row.
fn add_range(row: &mut [u64], mask: &[u64], from: u32, to: u32) {
    if from >= to {
        return;
    }
    let (first, last) = ((from >> 6) as usize, ((to - 1) >> 6) as usize);
    let head = u64::MAX << (from & 63);
    let tail = u64::MAX >> (63 - ((to - 1) & 63));
    let span = row.iter_mut().zip(mask).enumerate().skip(first).take(last + 1 - first);
    for (index, (word, mask)) in span {
        let mut bits = *mask;
        if index == first {
            bits &= head;
        }
        if index == last {
            bits &= tail;
        }
        *word |= bits;
    }
}

impl Access<'_> {
    /// Every identity against every capability. Locks are not looked at, as in [`Access::decide`].
    pub fn matrix(&self, identities: &[Who], capabilities: &[Capability<'_>]) -> Matrix {
        let tree = &self.index.tree;
        // Bits in the order of the tree.
        let mut order: Vec<(u32, u32)> = capabilities
            .iter()
            .enumerate()
            .map(|(column, (_, place))| (tree.span(place.scope).0, number(column)))
            .collect();
        order.sort_unstable();
        let mut bits = vec![0; capabilities.len()];
        for (bit, &(_, column)) in order.iter().enumerate() {
            if let Some(slot) = bits.get_mut(column as usize) {
                *slot = number(bit);
            }
        }
        let words = capabilities.len().div_ceil(64);
        // By place in the tree: the first bit that is not before it.
        let mut first_bit = vec![number(order.len()); tree.spans.len() + 1];
        let mut next = 0;
        for (place, slot) in first_bit.iter_mut().enumerate() {
            while order.get(next).is_some_and(|(at, _)| (*at as usize) < place) {
                next += 1;
            }
            *slot = number(next);
        }
        let range = |scope| {
            let (from, to) = tree.span(scope);
            let bit = |it: u32| first_bit.get(it as usize).copied().unwrap_or_default();
            (bit(from), bit(to))
        };
        // By role: the capabilities it grants.
        let roles = self.index.matcher.len();
        let mut by_role = vec![0u64; roles * words];
        for (bit, &(_, column)) in order.iter().enumerate() {
            let Some((action, _)) = capabilities.get(column as usize) else { continue };
            for role in 0..roles {
                if has(&action.mask, number(role))
                    && let Some(row) = by_role.get_mut(role * words..(role + 1) * words)
                {
                    set(row, number(bit));
                }
            }
        }
        let role_row = |role: u32| {
            by_role.get(role as usize * words..(role as usize + 1) * words).unwrap_or_default()
        };

        let people = &self.index.people;
        let add_held = |row: &mut [u64], looked_at: &mut Vec<Look>, holder: u32| {
            for (entry, scope) in self.index.table.of(holder) {
                let (from, to) = range(scope);
                if entry.conditional {
                    looked_at.push((from, to, entry.role));
                } else {
                    add_range(row, role_row(entry.role), from, to);
                }
            }
        };
        // Groups, each once: the members only take what is there.
        let mut group_rows: Vec<Option<GroupRow>> = vec![None; people.ids.len()];
        for Who(principal) in identities {
            for &holder in principal.iter().flat_map(|it| people.holders(*it)) {
                if Some(holder) != *principal
                    && let Some(slot @ None) = group_rows.get_mut(holder as usize)
                {
                    let (mut row, mut looked_at) = (vec![0; words], Vec::new());
                    add_held(&mut row, &mut looked_at, holder);
                    *slot = Some((row, looked_at));
                }
            }
        }

        let mut matrix = Matrix {
            rows: identities.len(),
            words,
            bits,
            allowed: vec![0; identities.len() * words],
            open: Vec::new(),
        };
        let mut looked_at = Vec::new();
        for (index, who) in identities.iter().enumerate() {
            let Who(Some(principal)) = *who else { continue };
            let at = index * words..(index + 1) * words;
            let Some(row) = matrix.allowed.get_mut(at.clone()) else { continue };
            looked_at.clear();
            for &holder in people.holders(principal) {
                match group_rows.get(holder as usize) {
                    Some(Some((of_group, looked_at_in_group))) => {
                        for (word, bits) in row.iter_mut().zip(of_group) {
                            *word |= bits;
                        }
                        looked_at.extend_from_slice(looked_at_in_group);
                    }
                    _ => add_held(row, &mut looked_at, holder),
                }
            }
            let denies = !self.grants.deny_assignments.is_empty();
            if looked_at.is_empty() && !denies {
                continue;
            }
            // Rare: what needs a look is asked cell by cell.
            let mut cells = vec![0u64; words];
            for &(from, to, role) in &looked_at {
                add_range(&mut cells, role_row(role), from, to);
            }
            if denies {
                cells.copy_from_slice(row);
                for &(from, to, role) in &looked_at {
                    add_range(&mut cells, role_row(role), from, to);
                }
            }
            for (bit, &(_, column)) in order.iter().enumerate() {
                let bit = number(bit);
                if !has(&cells, bit) {
                    continue;
                }
                let Some((action, place)) = capabilities.get(column as usize) else { continue };
                let Decision { ruling, by } = self.decide(*who, action, *place);
                debug_assert!(ruling == Ruling::Denied || by != By::Nothing);
                let Some(row) = matrix.allowed.get_mut(at.clone()) else { continue };
                if ruling == Ruling::Allowed {
                    set(row, bit);
                    continue;
                }
                if let Some(word) = row.get_mut((bit >> 6) as usize) {
                    *word &= !(1 << (bit & 63));
                }
                if ruling != Ruling::Denied {
                    matrix.open.resize(identities.len() * words, 0);
                    if let Some(row) = matrix.open.get_mut(at.clone()) {
                        set(row, bit);
                    }
                }
            }
        }
        matrix
    }
}
