//! The narrowest role for what is needed: which of the known roles grant it, by how little else they
//! grant.
//!
//! Azure docs: "Best practices for Azure RBAC" (role-based-access-control/best-practices): grant only
//! the access that is needed, at the narrowest scope.
//!
//! How much else a role grants is counted over the actions that the known roles name and over stand-ins
//! for those nobody names; at a resource only those count that can happen there.

use std::collections::{BTreeMap, BTreeSet};

use super::index::{Matcher, has, number, set};
use crate::facts::grant::{Permissions, Plane, RoleDefinition};

/// An action on one of the planes.
pub type Right = (Plane, String);

/// Roles that together grant what is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Numbers in the catalog, least first.
    pub roles: Vec<usize>,
    /// Rights that come with them and were not asked for, among those that the known roles name.
    pub also: Vec<Right>,
    /// How much comes with them: a reading right counts 1, another 10, one over rights 1000.
    pub weight: u64,
}

/// Roles to choose from.
#[derive(Debug)]
pub struct Catalog<'a> {
    roles: &'a [RoleDefinition],
    matcher: Matcher,
    /// Every action that a role names without a wildcard, in lower case, with its usual spelling.
    named: BTreeMap<Right, String>,
}

impl<'a> Catalog<'a> {
    pub fn new(roles: &'a [RoleDefinition]) -> Catalog<'a> {
        let mut named = BTreeMap::new();
        for block in roles.iter().filter_map(|it| it.permissions.as_ref()).flatten() {
            for plane in [Plane::Control, Plane::Data] {
                let (granted, subtracted) = block.lists(plane);
                for action in granted.iter().chain(subtracted).filter(|it| !it.contains('*')) {
                    named
                        .entry((plane, action.to_ascii_lowercase()))
                        .or_insert_with(|| action.to_string());
                }
            }
        }
        let matcher = Matcher::new(roles.iter().map(|it| it.permissions.as_deref()));
        Catalog { roles, matcher, named }
    }

    /// Offers that grant all of `needed` at `scope`, the least first: every single role that does;
    /// where none does, the least pairs; where none does either, nothing.
    ///
    /// Roles that are unknown or carry a condition of their own are left out: they may not grant it.
    pub fn least(&self, needed: &[(Plane, &str)], scope: &str) -> Vec<Offer> {
        let needed: BTreeSet<Right> =
            needed.iter().map(|(plane, it)| (*plane, it.to_ascii_lowercase())).collect();
        if needed.is_empty() {
            return Vec::new();
        }
        let Universe { rights, sets } = self.universe(&needed, scope);
        let wanted: Vec<u32> =
            (0..number(rights.len())).filter(|it| is_needed(&rights, &needed, *it)).collect();
        let usable: Vec<usize> = (0..self.roles.len())
            .filter(|&role| {
                let role = self.roles.get(role);
                role.is_some_and(|it| it.permissions.is_some() && it.condition.is_none())
            })
            .collect();
        let words = rights.len().div_ceil(64);
        let set_of = |role: usize| sets.get(role * words..(role + 1) * words).unwrap_or_default();
        let mut offers: Vec<Offer> = usable
            .iter()
            .filter(|role| wanted.iter().all(|it| has(set_of(**role), *it)))
            .map(|&role| self.offer(vec![role], &rights, &needed, set_of(role)))
            .collect();
        if offers.is_empty() {
            let useful: Vec<usize> = usable
                .into_iter()
                .filter(|role| wanted.iter().any(|it| has(set_of(*role), *it)))
                .collect();
            let mut union = vec![0u64; words];
            for (index, &a) in useful.iter().enumerate() {
                for &b in useful.iter().skip(index + 1) {
                    for ((both, a), b) in union.iter_mut().zip(set_of(a)).zip(set_of(b)) {
                        *both = a | b;
                    }
                    if wanted.iter().all(|it| has(&union, *it)) {
                        offers.push(self.offer(vec![a, b], &rights, &needed, &union));
                    }
                }
            }
        }
        let names = |offer: &Offer| -> Vec<&str> {
            offer.roles.iter().filter_map(|it| self.roles.get(*it)).map(|it| &*it.name).collect()
        };
        offers.sort_by(|a, b| (a.weight, names(a)).cmp(&(b.weight, names(b))));
        offers
    }

    /// The rights that count at a scope, and by role which of them it grants.
    fn universe(&self, needed: &BTreeSet<Right>, scope: &str) -> Universe {
        let kind = type_of(scope).map(|it| it.to_ascii_lowercase());
        let counts = |action: &str| match &kind {
            None => true,
            Some(kind) => {
                action.starts_with(AUTHORIZATION)
                    || action.strip_prefix(&**kind).is_some_and(|rest| rest.starts_with('/'))
            }
        };
        let mut rights: BTreeSet<Right> =
            self.named.keys().filter(|(_, action)| counts(action)).cloned().collect();
        // A wildcard grants what nobody names, too.
        let at = kind.as_deref().unwrap_or("any.provider/any");
        for plane in [Plane::Control, Plane::Data] {
            for tail in STAND_INS {
                rights.insert((plane, format!("{at}/{tail}")));
            }
        }
        rights.extend(needed.iter().cloned());
        let rights: Vec<Right> = rights.into_iter().collect();
        let words = rights.len().div_ceil(64);
        let mut sets = vec![0u64; self.roles.len() * words];
        for (bit, (plane, action)) in rights.iter().enumerate() {
            let mask = self.matcher.mask(*plane, action);
            for role in 0..self.roles.len() {
                if has(&mask, number(role))
                    && let Some(row) = sets.get_mut(role * words..(role + 1) * words)
                {
                    set(row, number(bit));
                }
            }
        }
        Universe { rights, sets }
    }

    fn offer(
        &self,
        roles: Vec<usize>,
        rights: &[Right],
        needed: &BTreeSet<Right>,
        granted: &[u64],
    ) -> Offer {
        let (mut also, mut weight) = (Vec::new(), 0);
        for (bit, right) in rights.iter().enumerate() {
            if !has(granted, number(bit)) || needed.contains(right) {
                continue;
            }
            weight += weight_of(&right.1);
            if let Some(spelled) = self.named.get(right) {
                also.push((right.0, spelled.clone()));
            }
        }
        Offer { roles, also, weight }
    }
}

struct Universe {
    rights: Vec<Right>,
    sets: Vec<u64>,
}

fn is_needed(rights: &[Right], needed: &BTreeSet<Right>, bit: u32) -> bool {
    rights.get(bit as usize).is_some_and(|it| needed.contains(it))
}

/// A role of its own for exactly what is needed, where every built-in one grants too much.
pub fn exactly(needed: &[(Plane, &str)]) -> Permissions {
    let list = |wanted: Plane| {
        let of_plane = needed.iter().filter(|(plane, _)| *plane == wanted);
        let unique: BTreeSet<&str> = of_plane.map(|(_, action)| *action).collect();
        unique.into_iter().map(|it| it.to_owned().into()).collect()
    };
    Permissions {
        actions: list(Plane::Control),
        data_actions: list(Plane::Data),
        ..Permissions::default()
    }
}

const AUTHORIZATION: &str = "microsoft.authorization/";

/// Actions that no role names, as wildcards meet them.
const STAND_INS: &[&str] = &[
    "read",
    "write",
    "delete",
    "any/read",
    "any/write",
    "any/delete",
    "any/action",
    "any/any/read",
    "any/any/write",
    "any/any/action",
];

fn weight_of(action: &str) -> u64 {
    if action.ends_with("/read") {
        1
    } else if action.starts_with(AUTHORIZATION) {
        1000
    } else {
        10
    }
}

/// The resource type in an id: `Microsoft.Storage/storageAccounts/blobServices/containers`. `None`
/// above resources, where every action can happen.
fn type_of(id: &str) -> Option<String> {
    let tail = id.to_ascii_lowercase().rfind("/providers/").and_then(|at| id.get(at..))?;
    let mut segments = tail.split('/').skip(2);
    let mut kind = segments.next().filter(|it| !it.is_empty())?.to_owned();
    if kind.eq_ignore_ascii_case("Microsoft.Management") {
        return None;
    }
    let before = kind.len();
    while let (Some(part), Some(_name)) = (segments.next(), segments.next()) {
        kind.push('/');
        kind.push_str(part);
    }
    (kind.len() > before).then_some(kind)
}

/// The narrowest scope at which one assignment covers all of `ids`.
pub fn narrowest_common(ids: &[&str]) -> String {
    let Some((first, rest)) = ids.split_first() else { return "/".to_owned() };
    let mut best = String::new();
    for end in ends_of_scopes(first) {
        let Some(prefix) = first.get(..end) else { continue };
        let covers = |id: &&str| {
            id.get(..end).is_some_and(|it| it.eq_ignore_ascii_case(prefix))
                && matches!(id.as_bytes().get(end), None | Some(b'/'))
        };
        if rest.iter().all(covers) {
            prefix.clone_into(&mut best);
        }
    }
    if best.is_empty() { "/".to_owned() } else { best }
}

/// Where the scopes end that an id is made of: subscription, resource group, resource, children.
fn ends_of_scopes(id: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut names = 0;
    let mut in_provider = false;
    let mut at = 0;
    for (index, segment) in id.split('/').enumerate() {
        at += segment.len() + usize::from(index > 0);
        if index == 0 {
            continue;
        }
        names += 1;
        if segment.eq_ignore_ascii_case("providers") && names % 2 == 1 {
            // `/providers/Microsoft.X` goes before type and name.
            in_provider = true;
            names = 0;
        } else if in_provider {
            in_provider = false;
            names = 0;
        } else if names % 2 == 0 {
            ends.push(at);
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUB: &str = "/subscriptions/s1/resourceGroups/rg-ml/providers";

    #[test]
    fn one_scope_over_several_resources() {
        let a = format!("{SUB}/Microsoft.Storage/storageAccounts/a");
        let b = format!("{SUB}/Microsoft.Storage/storageAccounts/b");
        let other = "/subscriptions/s1/resourceGroups/rg-ml2/providers/X/y/z";
        assert_eq!(narrowest_common(&[&a]), a);
        assert_eq!(narrowest_common(&[&a, &b]), "/subscriptions/s1/resourceGroups/rg-ml");
        assert_eq!(narrowest_common(&[&a, other]), "/subscriptions/s1");
        assert_eq!(narrowest_common(&[&a, "/subscriptions/s2"]), "/");
        let c1 = format!("{a}/blobServices/default/containers/c1");
        let c2 = format!("{a}/blobServices/default/containers/c2");
        assert_eq!(narrowest_common(&[&c1, &c2]), format!("{a}/blobServices/default"));
    }
}
