//! Designs to start from: one per article that the product grew out of, as it fails and repaired.
//!
//! Each is built by code from the article, so that names of settings are checked when it is opened.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::{
    design::{Design, edit},
    draw::align,
    kinds::{Kind, Resource, ResourceId},
    text::{Lang, Text, text},
};

mod authentication;
mod endpoint_identity;
mod managed_identity;
mod unmanaged_storage;
mod vnet_workspace;

/// One design of the gallery.
pub struct Entry {
    /// Name in links and on the command line.
    pub slug: &'static str,
    pub title: Text,
    /// What it shows, in a sentence or two.
    pub description: Text,
    /// Builds it. Names of resources are the same in every language, but for role assignments: Azure names
    /// those by a GUID, so theirs say what they are for.
    pub build: fn(&mut Draft),
}

/// In the order of the start page.
pub const ALL: &[Entry] = &[
    Entry {
        slug: "vnet-workspace",
        title: text("VNet workspace", "VNet 内のワークスペース"),
        description: text(
            "A workspace behind a virtual network as a quickstart template made it: Studio works from the jump box, not from the internet, and the registry is still outside",
            "クイックスタート テンプレートで作成した仮想ネットワーク内のワークスペース。スタジオはジャンプ ボックスからは使えますがインターネットからは使えず、レジストリはまだネットワークの外にあります",
        ),
        build: vnet_workspace::first,
    },
    Entry {
        slug: "vnet-workspace-repaired",
        title: text("VNet workspace, all private", "VNet 内のワークスペース (すべてプライベート)"),
        description: text(
            "The same with registry, storage and key vault behind private endpoints, a cluster that builds images and a NAT gateway",
            "レジストリ、ストレージ、キー コンテナーもプライベート エンドポイントの背後に置き、イメージをビルドするクラスターと NAT ゲートウェイを備えた構成",
        ),
        build: vnet_workspace::repaired,
    },
    Entry {
        slug: "unmanaged-storage",
        title: text("Storage outside the workspace", "ワークスペース管理外のストレージ"),
        description: text(
            "A firewalled storage account registered by identity: registration works, automated ML and the profile do not",
            "ファイアウォールで保護されたストレージを ID で登録。登録はできますが、自動 ML とプロファイルは失敗します",
        ),
        build: unmanaged_storage::first,
    },
    Entry {
        slug: "unmanaged-storage-repaired",
        title: text(
            "Storage outside the workspace, readable",
            "ワークスペース管理外のストレージ (読み取り可能)",
        ),
        description: text(
            "The same with a stored key and a managed network that leads to the account",
            "資格情報を保管し、マネージド ネットワークからアカウントに到達できるようにした構成",
        ),
        build: unmanaged_storage::repaired,
    },
    Entry {
        slug: "managed-identity",
        title: text("Images by managed identity", "マネージド ID によるイメージの利用"),
        description: text(
            "A registry without admin user and a private registry with base images, before roles are given",
            "管理者ユーザーを無効にしたレジストリと、ベース イメージのプライベート レジストリ。ロールの付与前",
        ),
        build: managed_identity::first,
    },
    Entry {
        slug: "managed-identity-repaired",
        title: text(
            "Images by managed identity, with roles",
            "マネージド ID によるイメージの利用 (ロール付与済み)",
        ),
        description: text(
            "The same with the roles that Azure does not give by itself, and a connection for base images",
            "自動付与されないロールと、ベース イメージ用の接続を追加した構成",
        ),
        build: managed_identity::repaired,
    },
    Entry {
        slug: "authentication",
        title: text("Four ways to sign in", "4 つの認証方法"),
        description: text(
            "A person, a service principal, an Azure CLI session and a virtual machine's identity; two of them without any role",
            "ユーザー、サービス プリンシパル、Azure CLI セッション、仮想マシンの ID。うち 2 つにはロールがありません",
        ),
        build: authentication::first,
    },
    Entry {
        slug: "authentication-repaired",
        title: text("Four ways to sign in, with roles", "4 つの認証方法 (ロール付与済み)"),
        description: text(
            "The same with the least role for each",
            "それぞれに必要最小限のロールを付与した構成",
        ),
        build: authentication::repaired,
    },
    Entry {
        slug: "endpoint-identity",
        title: text("Endpoint reads a blob", "エンドポイントからの BLOB の読み取り"),
        description: text(
            "Two online endpoints, with a system-assigned and a user-assigned identity, before roles are given",
            "システム割り当て ID とユーザー割り当て ID の 2 つのオンライン エンドポイント。ロールの付与前",
        ),
        build: endpoint_identity::first,
    },
    Entry {
        slug: "endpoint-identity-repaired",
        title: text(
            "Endpoint reads a blob, with roles",
            "エンドポイントからの BLOB の読み取り (ロール付与済み)",
        ),
        description: text(
            "The same with the roles that the article assigns",
            "記事の手順どおりにロールを付与した構成",
        ),
        build: endpoint_identity::repaired,
    },
    EMPTY,
];

const EMPTY: Entry = Entry {
    slug: "empty",
    title: text("Empty design", "空のデザイン"),
    description: text(
        "A subscription with a resource group, to start from nothing",
        "サブスクリプションとリソース グループだけの、最初から描くためのデザイン",
    ),
    build: |draft| {
        let subscription = draft.put(Kind::Subscription, "Subscription", None, &[]);
        draft.put(Kind::ResourceGroup, "rg-ml", Some(subscription), &[]);
    },
};

pub fn find(slug: &str) -> Option<&'static Entry> {
    ALL.iter().find(|it| it.slug == slug)
}

impl Entry {
    /// The design, with title and description in `lang`.
    pub fn design(&self, lang: Lang) -> Design {
        let mut draft = Draft { lang, design: Design::default() };
        (self.build)(&mut draft);
        let mut design = draft.finish();
        self.title.get(lang).clone_into(&mut design.name);
        self.description.get(lang).clone_into(&mut design.description);
        design
    }
}

/// A design being built. Boxes stand as "Tidy up" places them.
pub struct Draft {
    lang: Lang,
    design: Design,
}

impl Draft {
    /// Puts a resource into `parent`, or on the empty canvas.
    pub fn put(
        &mut self,
        kind: Kind,
        name: &str,
        parent: Option<ResourceId>,
        settings: &[(&str, Value)],
    ) -> ResourceId {
        let id = self.design.next_id();
        let mut it = Resource::new(kind, name, parent);
        for (key, value) in settings {
            it.settings.insert((*key).to_owned(), value.clone());
        }
        self.design.resources.0.insert(id, Arc::new(it));
        id
    }

    /// Gives `principal` a role; `purpose` is what the assignment is called.
    pub fn role(
        &mut self,
        purpose: Text,
        principal: ResourceId,
        scope: ResourceId,
        role: &str,
    ) -> ResourceId {
        let name = purpose.get(self.lang);
        let settings = [
            ("principalId", json!(principal.0)),
            ("scope", json!(scope.0)),
            ("roleDefinitionId", json!(role)),
        ];
        self.put(Kind::RoleAssignment, name, None, &settings)
    }

    /// Changes a setting of a resource that is there already.
    pub fn set(&mut self, id: ResourceId, key: &str, value: Value) {
        if let Some(it) = self.design.resources.0.get_mut(&id) {
            Arc::make_mut(it).settings.insert(key.to_owned(), value);
        }
    }

    /// Takes a resource out again.
    pub fn remove(&mut self, id: ResourceId) {
        self.design.resources.0.remove(&id);
    }

    /// The first resource with this name.
    pub fn named(&self, name: &str) -> Option<ResourceId> {
        self.design.named(name)
    }

    fn finish(self) -> Design {
        let tidy = align::tidy_up(&self.design).edit;
        edit::apply(&self.design, &tidy).unwrap_or(self.design)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn designs_are_sound() {
        for entry in ALL {
            let design = entry.design(Lang::En);
            for it in design.resources.subjects() {
                let problems = it.problems();
                assert!(problems.is_empty(), "{}: {}: {problems:?}", entry.slug, it.name());
            }
        }
    }

    #[test]
    fn boxes_stand_inside_their_containers_and_apart_from_each_other() {
        for entry in ALL {
            let design = entry.design(Lang::En);
            for (id, a) in &design.layout {
                let parent = design.get(*id).unwrap().parent;
                if let Some(outer) = parent.and_then(|it| design.layout.get(&it)) {
                    assert!(a.x > 0.0 && a.y > 24.0, "{}: {id:?}", entry.slug);
                    assert!(a.x + a.width < outer.width, "{}: {id:?}", entry.slug);
                    assert!(a.y + a.height < outer.height, "{}: {id:?}", entry.slug);
                }
                for (other, b) in design.layout.range(..id) {
                    if design.get(*other).unwrap().parent == parent {
                        let apart = a.x + a.width <= b.x
                            || b.x + b.width <= a.x
                            || a.y + a.height <= b.y
                            || b.y + b.height <= a.y;
                        assert!(apart, "{}: {id:?} on {other:?}", entry.slug);
                    }
                }
            }
        }
    }

    #[test]
    fn languages_differ_in_words_only() {
        for entry in ALL {
            let (en, ja) = (entry.design(Lang::En), entry.design(Lang::Ja));
            // Of role assignments the name is words.
            let without_words = |design: &Design| {
                let mut all = design.resources.clone();
                for it in all.0.values_mut().map(Arc::make_mut) {
                    if it.kind == Kind::RoleAssignment {
                        it.name.clear();
                    }
                }
                all
            };
            assert_eq!(without_words(&en), without_words(&ja), "{}", entry.slug);
            assert_ne!(en.name, ja.name, "{}", entry.slug);
        }
    }
}
