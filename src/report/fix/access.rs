//! The least role at the narrowest scope for a missing right.

use serde_json::{Map, json};

use super::Candidate;
use crate::{
    azure::roles::ROLES,
    checks::Permission,
    design::{Design, edit::Edit},
    facts::{
        Facts,
        grant::{Plane, RoleDefinition},
    },
    kinds::{Kind, ResourceId, rights},
    solve::access::least::{Catalog, Right},
    text::{Message, Text, arg, text},
};

/// Rights beyond the asked ones that are named; the rest is counted.
const NAMED: usize = 3;

pub(super) fn candidates(
    design: &Design,
    facts: &Facts,
    who: ResourceId,
    permission: &Permission,
) -> Vec<Candidate> {
    let Some(scope) = facts.scopes.get(&permission.scope) else { return Vec::new() };
    let roles: Vec<RoleDefinition> = ROLES.iter().map(rights::definition).collect();
    let needed: Vec<(Plane, &str)> =
        permission.actions.iter().map(|it| (permission.plane, *it)).collect();
    let catalog = Catalog::new(&roles);
    let Some(offer) = catalog.least(&needed, facts.grants.scopes.text(*scope)).into_iter().next()
    else {
        return Vec::new();
    };
    let names: Vec<&str> =
        offer.roles.iter().filter_map(|it| roles.get(*it)).map(|it| it.name.as_str()).collect();
    let label = |name: &str| {
        let role = ROLES.iter().find(|it| it.name == name);
        role.map_or_else(
            || arg(name),
            |it| Text { en: it.name, ja: it.ja.unwrap_or(it.name) }.into(),
        )
    };
    let (Some(principal), Some(target)) = (design.get(who), design.get(permission.scope)) else {
        return Vec::new();
    };
    let edits: Vec<Edit> = names
        .iter()
        .enumerate()
        .map(|(n, name)| {
            let mut settings = Map::new();
            settings.insert("principalId".to_owned(), json!(who.0));
            settings.insert("scope".to_owned(), json!(permission.scope.0));
            settings.insert("roleDefinitionId".to_owned(), json!(name));
            let next = design.next_id().0.saturating_add(u32::try_from(n).unwrap_or(0));
            Edit::Add {
                id: Some(ResourceId(next)),
                kind: Kind::RoleAssignment,
                name: (*name).to_owned(),
                parent: None,
                settings,
                place: None,
            }
        })
        .collect();
    let title =
        match names.as_slice() {
            [one] => text("Give {0} the role {1} on {2}", "{2} に対する {1} を {0} に付与する")
                .with([arg(&principal.name), label(one), arg(&target.name)]),
            [one, two] => text(
                "Give {0} the roles {1} and {2} on {3}",
                "{3} に対する {1} と {2} を {0} に付与する",
            )
            .with([arg(&principal.name), label(one), label(two), arg(&target.name)]),
            _ => return Vec::new(),
        };
    let edit = match <[Edit; 1]>::try_from(edits) {
        Ok([one]) => one,
        Err(more) => Edit::Batch(title.clone(), more),
    };
    let mut candidate =
        Candidate::new(title, edit, 10 * u32::try_from(offer.roles.len()).unwrap_or(1));
    candidate.brings = brings(&names.join(" + "), &offer.also);
    vec![candidate]
}

/// What a role grants beside what was asked for.
fn brings(role: &str, also: &[Right]) -> Vec<Message> {
    let mut named: Vec<&str> = also.iter().map(|(_, action)| action.as_str()).collect();
    // What changes something comes before what only reads.
    named.sort_by_key(|it| it.ends_with("/read"));
    let rest = named.len().saturating_sub(NAMED);
    named.truncate(NAMED);
    if named.is_empty() {
        return Vec::new();
    }
    vec![if rest == 0 {
        text("{0} also grants {1}", "{0} は {1} も許可します")
            .with([arg(role), arg(named.join(", "))])
    } else {
        text(
            "{0} also grants {1} and {2} more rights",
            "{0} は {1} など {2} 件以上の権限も許可します",
        )
        .with([arg(role), arg(named.join(", ")), arg(rest)])
    }]
}
