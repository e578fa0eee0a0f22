//! Blob container: the part of a storage account that blobs stand in; a file system of Data Lake Storage Gen2.
//!
//! Azure docs: "Introduction to Azure Blob Storage" (storage/blobs/storage-blobs-introduction).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    common::{PRINCIPALS, check_hyphens},
    no_facts,
    setting::{Problem, Ref, Relation, choice, settings},
    storage_account::StorageAccount,
};
use crate::text::{arg, text};

choice! {
    /// What anonymous callers may read.
    pub enum PublicAccess {
        None = "None", text("None", "なし");
        Blob = "Blob", text("Blobs", "BLOB");
        Container = "Container", text("Container and blobs", "コンテナーと BLOB");
    }
}

settings! {
    /// What the access control lists of a file system give one principal on the data that is read from it.
    pub struct AclEntry {
        /// Empty: everybody else (`other`).
        principal: Option<Ref> = "principal", None,
            text("Principal", "プリンシパル"),
            text("A resource stands for its system-assigned identity; empty means everybody else", "リソースはそのシステム割り当てマネージド ID を表します。空の場合はその他のユーザー"),
            to PRINCIPALS, Some(Relation::Identity);
        /// Ours. A file or folder has its own list; where it has no row here, the rows without a path count.
        path: String = "path", String::new(),
            text("Path", "パス"),
            text("File or folder that the entry stands on, such as raw/a.csv, or / for the container; empty means every one that has no entry of its own", "エントリのあるファイルまたはフォルダー (例: raw/a.csv、コンテナー自体は /)。空の場合は、個別のエントリがないすべての場所");
        traverse: bool = "traverse", false,
            text("Execute on every folder", "すべてのフォルダーでの実行"),
            text("--x on the container and on each folder above the files", "コンテナーと、ファイルより上の各フォルダーでの --x");
        read: bool = "read", false,
            text("Read files", "ファイルの読み取り"),
            text("r-- on the files", "ファイルでの r--");
        write: bool = "write", false,
            text("Write files", "ファイルの書き込み"),
            text("-w- on the files, and on the folders that new ones are made in", "ファイルと、新規作成先のフォルダーでの -w-");
    }
}

settings! {
    /// Settings of a blob container.
    pub struct BlobContainer {
        public_access: PublicAccess = "publicAccess", PublicAccess::None,
            text("Anonymous access", "匿名アクセス"),
            text("What callers without any credential may read", "資格情報のない呼び出し元が読み取れる範囲");
        /// Ours: lists stand on every file and folder, which a design does not hold. None means not known.
        access_control: Vec<AclEntry> = "accessControl", Vec::new(),
            text("Access control lists", "アクセス制御リスト"),
            text("Hierarchical namespace only, and asked only where no role grants; whoever is not named gets nothing. Not an ARM property", "階層型名前空間のみ。許可するロールがない場合にだけ確認されます。記載のないプリンシパルには何も許可されません。ARM のプロパティではありません");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "blob-container",
    label: text("Blob container", "BLOB コンテナー"),
    help: text(
        "Holds blobs; a file system in Data Lake Storage Gen2",
        "BLOB を格納する。Data Lake Storage Gen2 ではファイル システム",
    ),
    source: "storage/blobs/storage-blobs-introduction",
    group: Group::Data,
    arm_type: Some("Microsoft.Storage/storageAccounts/blobServices/containers"),
    form: Form::Node,
    parents: &[Parent::In(Kind::StorageAccount)],
    fields: BlobContainer::FIELDS,
    name: NameRule { min: 3, max: 63, also: "-", lower_only: true, ..NameRule::NETWORK },
    facts: no_facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = BlobContainer::of(subject);
    let Some(account) = subject.parent() else { return Vec::new() };
    vec![
        ArmResource::below(
            account,
            subject,
            "Microsoft.Storage/storageAccounts/blobServices/containers",
            vec![account.name().to_owned(), "default".to_owned(), subject.name().to_owned()],
        )
        .without_location()
        .without_tags()
        .after([account.id])
        .with("publicAccess", ArmValue::text(it.public_access.value())),
    ]
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = BlobContainer::of(subject);
    let mut problems: Vec<Problem> = check_hyphens(subject.name()).into_iter().collect();
    if let Some(account) = subject.within(Kind::StorageAccount)
        && it.public_access != PublicAccess::None
        && !StorageAccount::of(account).allow_blob_public_access
    {
        problems.push(Problem {
            field: "publicAccess".to_owned(),
            text: text(
                "{0} does not allow anonymous blob access; allow it there, or choose None",
                "{0} では BLOB の匿名アクセスが許可されていません。アカウントで許可するか、「なし」を選択してください",
            )
            .with([arg(account.name())]),
        });
    }
    if let Some(account) = subject.within(Kind::StorageAccount)
        && !it.access_control.is_empty()
        && !StorageAccount::of(account).is_hns_enabled
    {
        problems.push(Problem::new(
            "accessControl",
            text(
                "{0} has no hierarchical namespace, and without one there are no access control lists; turn it on, or take the entries out",
                "{0} は階層型名前空間が無効なため、アクセス制御リストはありません。有効にするか、エントリを削除してください",
            )
            .with([arg(account.name())]),
        ));
    }
    problems
}
