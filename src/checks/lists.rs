//! Access control lists of Data Lake Storage Gen2, which are asked where no role grants.
//!
//! Lists stand on every file and folder; a design says of a container what they give each principal on
//! the data in it, and, where that differs, on single paths. A principal that has an entry of its own gets that one, whatever its groups have; else
//! one group entry that gives all that is asked is enough; else what everybody else gets counts.
//! Reading a file takes execute on every folder above it and read on the file.
//!
//! Azure docs: "Access control model in Azure Data Lake Storage"
//! (storage/blobs/data-lake-storage-access-control-model), "Access control lists (ACLs) in Azure Data Lake
//! Storage" (storage/blobs/data-lake-storage-access-control).

use std::collections::BTreeSet;

use crate::{
    kinds::{
        Kind, ResourceId, Subject,
        blob_container::{AclEntry, BlobContainer},
        group::Group,
        storage_account::StorageAccount,
    },
    solve::{Hop, Step},
    text::{Message, arg, text},
};

const SOURCE: &str = "storage/blobs/data-lake-storage-access-control-model";

/// Whether blobs of `scope`, a container or an account, have lists at all.
pub(super) fn asked(scope: Subject<'_>) -> bool {
    let account = if scope.kind() == Kind::StorageAccount { Some(scope) } else { scope.parent() };
    account.is_some_and(|it| {
        it.kind() == Kind::StorageAccount && read!(StorageAccount, it).is_hns_enabled
    })
}

/// What people meet who are refused: lists hide what they do not give.
pub(super) fn refusal(scope: Subject<'_>, otherwise: &'static str) -> &'static str {
    let known = asked(scope) && entries(scope).is_some_and(|it| !it.is_empty());
    if known { "sy-stream-not-found" } else { otherwise }
}

/// A path without the slashes at its ends; the container itself is empty.
fn plain(path: &str) -> &str {
    path.trim().trim_matches('/')
}

/// The file that a path names; empty, as if none were said, where clients and Azure may read the path differently.
pub(super) fn asked_for(path: &str) -> &str {
    let path = plain(path);
    if path.split('/').any(|it| matches!(it, "" | "." | "..")) { "" } else { path }
}

/// What the lists of `scope` say about `who` and a path in it, which is empty where it is not said.
pub(super) fn step(who: ResourceId, scope: Subject<'_>, path: &str, writes: bool) -> Step {
    let name = || arg(scope.name());
    let unknown = |what: Message| Step::unknown(Hop::Permission, what);
    let step = match entries(scope) {
        None => unknown(
            text(
                "no role grants it; access control lists may, and those of which container of {0} is not said; choose the container",
                "許可するロールがありません。アクセス制御リストで許可されている可能性がありますが、{0} のどのコンテナーかが指定されていません。コンテナーを選択してください",
            )
            .with([name()]),
        ),
        Some(all) if all.is_empty() => unknown(
            text(
                "no role grants it; access control lists of {0} may: say what they give (accessControl)",
                "許可するロールがありません。{0} のアクセス制御リストで許可されている可能性があります。その内容を指定してください (accessControl)",
            )
            .with([name()]),
        ),
        Some(all) if path.is_empty() && all.iter().any(|it| !it.path.is_empty()) => unknown(
            text(
                "no role grants it; access control lists of {0} differ from path to path: say which one is meant (path)",
                "許可するロールがありません。{0} のアクセス制御リストはパスごとに異なります。対象のパスを指定してください (path)",
            )
            .with([name()]),
        ),
        Some(all) => {
            let missing = missing(&all, who, scope, path, writes);
            if missing.is_empty() {
                Step::pass(
                    Hop::Permission,
                    text(
                        "no role grants it, so access control lists of {0} are asked, and they do",
                        "許可するロールはありませんが、{0} のアクセス制御リストで許可されています",
                    )
                    .with([name()]),
                )
            } else {
                Step::deny(
                    Hop::Permission,
                    text(
                        "no role grants it, and access control lists of {0} lack {1}",
                        "許可するロールがなく、{0} のアクセス制御リストにも {1} がありません",
                    )
                    .with([name(), arg(missing.join(", "))]),
                )
            }
        }
    };
    step.at(scope.id).source(SOURCE)
}

fn entries(scope: Subject<'_>) -> Option<Vec<AclEntry>> {
    (scope.kind() == Kind::BlobContainer)
        .then(|| read!(BlobContainer, scope).access_control.clone())
}

/// What is not given, in the words of the lists.
fn missing(
    all: &[AclEntry],
    who: ResourceId,
    scope: Subject<'_>,
    path: &str,
    writes: bool,
) -> Vec<String> {
    let lacks = |it: &AclEntry| {
        let asked = [
            (it.traverse, "--x (folders)"),
            (it.read, "r-- (files)"),
            (it.write || !writes, "-w- (files, folders)"),
        ];
        not_given(asked, str::to_owned)
    };
    if path.is_empty() {
        return of_all(all.iter(), who, scope, lacks);
    }
    let mut missing = Vec::new();
    for folder in folders_above(path) {
        let lacks = |it: &AclEntry| {
            not_given([(it.traverse, "--x")], |it| format!("{it} ({})", shown(folder)))
        };
        missing.extend(of_all(standing_on(all, folder), who, scope, lacks));
    }
    if let Some(folder) = folders_above(path).last().filter(|_| writes && !has_own(all, path)) {
        // Nothing says that the file is there, so it is made.
        let lacks = |it: &AclEntry| {
            not_given([(it.write, "-w-")], |it| format!("{it} ({})", shown(folder)))
        };
        missing.extend(of_all(standing_on(all, folder), who, scope, lacks));
    }
    let lacks = |it: &AclEntry| {
        let asked = [(it.read, "r--"), (it.write || !writes, "-w-")];
        not_given(asked, |it| format!("{it} ({path})"))
    };
    missing.extend(of_all(standing_on(all, path), who, scope, lacks));
    missing
}

fn not_given<const N: usize>(
    asked: [(bool, &str); N],
    told: impl Fn(&str) -> String,
) -> Vec<String> {
    asked.into_iter().filter(|(given, _)| !given).map(|(_, what)| told(what)).collect()
}

/// The container first: "" and "raw" for raw/a.csv.
fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::once("").chain(path.match_indices('/').filter_map(|(at, _)| path.get(..at)))
}

fn shown(folder: &str) -> &str {
    if folder.is_empty() { "/" } else { folder }
}

/// The list of a file or folder: its own rows, or those that are for all.
fn standing_on<'a>(all: &'a [AclEntry], path: &'a str) -> impl Iterator<Item = &'a AclEntry> {
    let own = has_own(all, path);
    all.iter().filter(move |it| if own { stands_on(it, path) } else { it.path.is_empty() })
}

fn has_own(all: &[AclEntry], path: &str) -> bool {
    all.iter().any(|it| stands_on(it, path))
}

fn stands_on(it: &AclEntry, path: &str) -> bool {
    !it.path.is_empty() && plain(&it.path) == path
}

/// What one list lacks; of several groups, by the one that gives most.
fn of_all<'a>(
    list: impl Iterator<Item = &'a AclEntry>,
    who: ResourceId,
    scope: Subject<'_>,
    lacks: impl Fn(&AclEntry) -> Vec<String>,
) -> Vec<String> {
    let list: Vec<&AclEntry> = list.collect();
    let of = |id: ResourceId| {
        list.iter().filter(move |it| it.principal.is_some_and(|it| it.0 == id)).map(|it| lacks(it))
    };
    let least = |found: Vec<Vec<String>>| found.into_iter().min_by_key(Vec::len);
    let own = least(of(who).collect());
    let groups = || least(groups_with(who, scope).into_iter().flat_map(of).collect());
    let others = || {
        let others = list.iter().filter(|it| it.principal.is_none());
        least(others.map(|it| lacks(it)).collect())
    };
    own.or_else(groups).or_else(others).unwrap_or_else(|| lacks(&AclEntry::default()))
}

/// Every group that has `who` in it, groups of groups included.
fn groups_with(who: ResourceId, at: Subject<'_>) -> BTreeSet<ResourceId> {
    let mut found = BTreeSet::new();
    let mut open = vec![who];
    while let Some(member) = open.pop() {
        for group in at.all.of(Kind::Group) {
            let inside = read!(Group, group).members.iter().any(|it| it.0 == member);
            if inside && found.insert(group.id) {
                open.push(group.id);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{kinds::testing::Sketch, solve::Outcome};

    fn asks(entries: Value, writes: bool) -> Outcome {
        asks_at(entries, "", writes)
    }

    fn asks_at(entries: Value, path: &str, writes: bool) -> Outcome {
        let mut it = Sketch::default();
        let account = it.add(Kind::StorageAccount, "lake", None, json!({"isHnsEnabled": true}));
        let ana = it.add(Kind::User, "ana", None, json!({}));
        let team = it.add(Kind::Group, "team", None, json!({"members": [ana.0]}));
        it.add(Kind::Group, "all", None, json!({"members": [team.0]}));
        let files = json!({ "accessControl": entries });
        let container = it.add(Kind::BlobContainer, "raw", account, files);
        let scope = it.all().subject(container).unwrap();
        assert!(asked(scope));
        step(ana, scope, path, writes).outcome
    }

    // "--x on every parent folder and r-- on the file"; a named user's entry comes before its groups', and a
    // group's before everybody's (storage/blobs/data-lake-storage-access-control).
    #[test]
    fn what_entries_give() {
        let full = json!({"traverse": true, "read": true});
        let with = |principal: u32, mut entry: Value| {
            entry["principal"] = json!(principal);
            entry
        };
        for (entries, expected) in [
            (json!([]), Outcome::Unknown),
            (json!([with(2, full.clone())]), Outcome::Allowed),
            (json!([with(2, json!({"read": true}))]), Outcome::Denied),
            (json!([with(2, json!({"traverse": true}))]), Outcome::Denied),
            (json!([with(4, full.clone())]), Outcome::Allowed),
            (json!([full]), Outcome::Allowed),
            (json!([with(2, json!({})), with(3, full.clone())]), Outcome::Denied),
            (json!([with(3, json!({})), full]), Outcome::Denied),
            (json!([with(3, json!({})), with(4, full.clone())]), Outcome::Allowed),
            // Two groups do not add up.
            (
                json!([with(3, json!({"read": true})), with(4, json!({"traverse": true}))]),
                Outcome::Denied,
            ),
            (json!([with(1, full.clone())]), Outcome::Denied),
        ] {
            assert_eq!(asks(entries.clone(), false), expected, "{entries}");
        }
        assert_eq!(asks(json!([full]), true), Outcome::Denied);
        let all = json!({"traverse": true, "read": true, "write": true});
        assert_eq!(asks(json!([all]), true), Outcome::Allowed);
    }

    // "--x on every parent folder and r-- on the file", each from its own list
    // (storage/blobs/data-lake-storage-access-control, "Common scenarios related to ACL permissions").
    #[test]
    fn each_folder_and_file_has_a_list_of_its_own() {
        let row = |path: &str, traverse: bool, read: bool| json!({"principal": 2, "path": path, "traverse": traverse, "read": read});
        let all =
            json!([row("/", true, false), row("raw", true, false), row("raw/a.csv", false, true)]);
        assert_eq!(asks_at(all.clone(), "raw/a.csv", false), Outcome::Allowed);
        // No list of b.csv is told, so it gives nothing.
        assert_eq!(asks_at(all.clone(), "raw/b.csv", false), Outcome::Denied);
        assert_eq!(asks_at(all.clone(), "raw/a.csv", true), Outcome::Denied);
        // Which file it is, is not said.
        assert_eq!(asks(all, false), Outcome::Unknown);
        let closed =
            json!([row("/", true, false), row("raw", false, true), row("raw/a.csv", false, true)]);
        assert_eq!(asks_at(closed, "raw/a.csv", false), Outcome::Denied);
        // Everywhere but in one folder.
        let spared = json!([row("", true, true), row("raw/secret", false, false)]);
        assert_eq!(asks_at(spared.clone(), "raw/a.csv", false), Outcome::Allowed);
        assert_eq!(asks_at(spared, "raw/secret/a.csv", false), Outcome::Denied);
    }

    // "Create Data.txt" asks for -WX on the folder it is made in, "Append to Data.txt" for RW- on the file
    // (storage/blobs/data-lake-storage-access-control, "Common scenarios related to ACL permissions").
    #[test]
    fn a_new_file_needs_to_be_written_into_its_folder() {
        let row = |path: &str, write: bool| json!({"principal": 2, "path": path, "traverse": true, "read": true, "write": write});
        let closed = json!([row("", true), row("raw", false)]);
        assert_eq!(asks_at(closed, "raw/new.csv", true), Outcome::Denied);
        let there = json!([row("", true), row("raw", false), row("raw/a.csv", true)]);
        assert_eq!(asks_at(there, "raw/a.csv", true), Outcome::Allowed);
    }

    // A client may ask for secret/a.csv when it is told raw/../secret/a.csv.
    #[test]
    fn a_path_that_leads_back_names_no_file() {
        assert_eq!(asked_for("/raw/a.csv/"), "raw/a.csv");
        for path in ["raw/../secret/a.csv", "./a.csv", "raw//a.csv", ".."] {
            assert_eq!(asked_for(path), "", "{path}");
        }
    }
}
