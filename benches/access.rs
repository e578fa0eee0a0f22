//! Access on a tenant of 10,000 principals in 500 groups, 5,000 resources in 200 resource groups in
//! 5 subscriptions, 50 roles with wildcards and 50,000 assignments: a million random questions.

use std::time::Duration;

use drawbridge::{
    azure::roles::{ROLES, Role},
    facts::grant::{Plane, PrincipalId, RoleDefinition},
    solve::access::{Access, Action, Place, Who, least::Catalog},
};

mod common;
mod tenant;

use common::{median, milliseconds, row};
use tenant::{
    PEOPLE, QUESTIONS, RESOURCE_GROUPS, Random, SUBSCRIPTIONS, actions, answers, questions,
    scope_ids, tenant,
};

fn main() {
    let ids = scope_ids();
    println!("access: 10,000 principals, 500 groups, 5,205 scopes, 50 roles, 50,000 assignments\n");
    let built = median(|| tenant(&ids));
    row("facts from ids as text", &milliseconds(built), "");
    let grants = tenant(&ids);
    let indexed = median(|| Access::new(&grants));
    row("index", &milliseconds(indexed), "under 20 ms");

    let access = Access::new(&grants);
    let matched = median(|| actions(&Access::new(&grants)).len());
    row("index and every action matched with every role", &milliseconds(matched), "");

    let actions = actions(&access);
    let places: Vec<Place> = ids.iter().map(|it| access.place(it)).collect();
    let people: Vec<Who> = (0..PEOPLE).map(|it| access.who(PrincipalId(it))).collect();
    let mut random = Random(11);
    let questions = questions(&mut random, &people, &actions, &places);
    let ask = || answers(&access, &questions);
    let asked = median(ask);
    row(
        "a million answers, each with the deciding assignment",
        &millions_per_second(QUESTIONS, asked),
        "at least 6 M/s",
    );
    row("  of them allowed", &format!("{:.1} %", 100.0 * share(ask().0, QUESTIONS)), "");

    // One action on every resource and resource group: 52 million cells.
    let Some(action) = actions.first() else { return };
    let capabilities: Vec<(&Action, Place)> =
        places.iter().skip(SUBSCRIPTIONS as usize).map(|it| (&**action, *it)).collect();
    let cells = people.len() * capabilities.len();
    let matrix = median(|| access.matrix(&people, &capabilities).count_allowed());
    row(&format!("matrix of {cells} cells"), &milliseconds(matrix), "under 100 ms");
    // The same number of cells, every action at some place.
    let mixed: Vec<(&Action, Place)> = (0..capabilities.len())
        .filter_map(|_| {
            let action = actions.get(random.pick(actions.len()))?;
            Some((&**action, *places.get(random.pick(places.len()))?))
        })
        .collect();
    let matrix = median(|| access.matrix(&people, &mixed).count_allowed());
    row("the same, actions mixed", &milliseconds(matrix), "under 100 ms");

    let who_can =
        median(|| places.iter().take(1).map(|it| access.who_can(action, *it).len()).sum::<usize>());
    row("who can do one action on one resource", &milliseconds(who_can), "");

    let all: Vec<RoleDefinition> = ROLES.iter().map(Role::definition).collect();
    let catalog = median(|| Catalog::new(&all));
    row("catalog of 111 roles", &milliseconds(catalog), "");
    let catalog = Catalog::new(&all);
    let scope = ids.get((SUBSCRIPTIONS + RESOURCE_GROUPS) as usize).map_or("/", String::as_str);
    let read = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";
    let least = median(|| catalog.least(&[(Plane::Data, read)], scope));
    row("least role for one action", &milliseconds(least), "");
}

fn share(part: usize, whole: usize) -> f64 {
    let number = |it: usize| f64::from(u32::try_from(it).unwrap_or(u32::MAX));
    number(part) / number(whole)
}

/// How many per second, in millions.
fn millions_per_second(count: usize, time: Duration) -> String {
    let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    format!("{:.1} M/s", count / time.as_secs_f64() / 1e6)
}
