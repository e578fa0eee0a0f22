//! Data or images that callers without any identity may read.
//!
//! Azure docs: "Remediate anonymous read access to blob data" (storage/blobs/anonymous-read-access-prevent),
//! "Make your container registry content publicly available" (container-registry/anonymous-pull-access).

use serde_json::{Value, json};

use super::{Context, Finding, Lint, Severity};
use crate::{
    design::edit::Edit,
    kinds::{
        Kind,
        blob_container::{BlobContainer, PublicAccess},
        container_registry::ContainerRegistry,
        storage_account::StorageAccount,
    },
    text::{Text, arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "anonymous_access",
    severity: Severity::Warning,
    title: text("Anonymous access", "匿名アクセス"),
    find,
    source: "storage/blobs/anonymous-read-access-prevent",
};

const TITLE: Text = text("Forbid anonymous access to {0}", "{0} への匿名アクセスを禁止する");

fn find(context: &Context<'_>) -> Vec<Finding> {
    let set = |id, key: &str, value: Value| Edit::Set { id, key: key.to_owned(), value };
    let mut all = Vec::new();
    for it in context.resources.of(Kind::StorageAccount) {
        const KEY: &str = "allowBlobPublicAccess";
        if !StorageAccount::of(it).allow_blob_public_access {
            continue;
        }
        let open: Vec<_> = context
            .resources
            .children(Some(it.id))
            .filter(|it| it.kind() == Kind::BlobContainer)
            .filter(|it| BlobContainer::of(*it).public_access != PublicAccess::None)
            .collect();
        let names: Vec<&str> = open.iter().map(|it| it.name()).collect();
        let words = if open.is_empty() {
            text(
                "{0} lets its containers be opened to callers without an identity; disallow anonymous blob access",
                "{0} ではコンテナーを匿名の呼び出し元に公開できます。BLOB の匿名アクセスを禁止してください",
            )
        } else {
            text(
                "whoever reaches {0} may read {1} without an identity; disallow anonymous blob access",
                "{0} に到達できれば、ID がなくても {1} を読み取れます。BLOB の匿名アクセスを禁止してください",
            )
        };
        let title = TITLE.with([arg(it.name())]);
        let mut edits = vec![set(it.id, KEY, json!(false))];
        edits.extend(open.iter().map(|it| set(it.id, "publicAccess", json!("None"))));
        let at: Vec<_> = std::iter::once(it.id).chain(open.iter().map(|it| it.id)).collect();
        let text = words.with([arg(it.name()), arg(names.join(", "))]);
        all.push(Finding::new(at, text).field(KEY).fix(title.clone(), Edit::Batch(title, edits)));
    }
    for it in context.resources.of(Kind::ContainerRegistry) {
        const KEY: &str = "anonymousPullEnabled";
        if !ContainerRegistry::of(it).anonymous_pull_enabled {
            continue;
        }
        let text = text(
            "whoever reaches {0} may pull all of its images without an identity; turn anonymous pull off",
            "{0} に到達できれば、ID がなくてもすべてのイメージをプルできます。匿名プルを無効にしてください",
        );
        let edit = set(it.id, KEY, json!(false));
        let finding = Finding::new([it.id], text.with([arg(it.name())])).field(KEY);
        all.push(finding.fix(TITLE.with([arg(it.name())]), edit));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kinds::{ResourceId, testing::Sketch},
        lints::found,
    };

    #[test]
    fn accounts_with_and_without_open_containers() {
        for (allowed, access, wrong) in [
            (true, "Blob", vec!["st1 allowBlobPublicAccess"]),
            (true, "None", vec!["st1 allowBlobPublicAccess"]),
            (false, "None", vec![]),
        ] {
            let (mut it, _) = Sketch::subnet();
            let settings = json!({"allowBlobPublicAccess": allowed});
            let account = it.add(Kind::StorageAccount, "st1", ResourceId(1), settings);
            it.add(Kind::BlobContainer, "data", account, json!({"publicAccess": access}));
            assert_eq!(found(&LINT, &it), wrong, "{allowed} {access}");
        }
    }

    #[test]
    fn registries() {
        for (anonymous, wrong) in [(true, vec!["cr1 anonymousPullEnabled"]), (false, vec![])] {
            let (mut it, _) = Sketch::subnet();
            let settings = json!({"sku.name": "Premium", "anonymousPullEnabled": anonymous});
            it.add(Kind::ContainerRegistry, "cr1", ResourceId(1), settings);
            assert_eq!(found(&LINT, &it), wrong);
        }
    }
}
