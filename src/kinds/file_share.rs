//! File share: the part of a storage account that is mounted as a drive; notebooks of a workspace live in one.
//!
//! Azure docs: "What is Azure Files?" (storage/files/storage-files-introduction).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    common::check_hyphens,
    no_facts,
    setting::{Problem, Within, choice, settings},
};
use crate::text::text;

choice! {
    /// How the share is mounted.
    pub enum EnabledProtocols {
        Smb = "SMB", text("SMB", "SMB");
        Nfs = "NFS", text("NFS", "NFS");
    }
}

settings! {
    /// Settings of a file share.
    pub struct FileShare {
        share_quota: Within<1, 102_400> = "shareQuota", Within::near(100),
            text("Quota", "クォータ"),
            text("Size in GiB", "サイズ (GiB)");
        enabled_protocols: EnabledProtocols = "enabledProtocols", EnabledProtocols::Smb,
            text("Protocol", "プロトコル"),
            text("How it is mounted; NFS needs premium file shares", "マウントの方法。NFS には Premium ファイル共有が必要です");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "file-share",
    label: text("File share", "ファイル共有"),
    help: text("Mounted as a drive", "ドライブとしてマウントする共有"),
    source: "storage/files/storage-files-introduction",
    group: Group::Data,
    arm_type: Some("Microsoft.Storage/storageAccounts/fileServices/shares"),
    form: Form::Node,
    parents: &[Parent::In(Kind::StorageAccount)],
    fields: FileShare::FIELDS,
    name: NameRule { min: 3, max: 63, also: "-", lower_only: true, ..NameRule::NETWORK },
    facts: no_facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = FileShare::of(subject);
    let Some(account) = subject.parent() else { return Vec::new() };
    vec![
        ArmResource::below(
            account,
            subject,
            "Microsoft.Storage/storageAccounts/fileServices/shares",
            vec![account.name().to_owned(), "default".to_owned(), subject.name().to_owned()],
        )
        .without_location()
        .without_tags()
        .after([account.id])
        .with("shareQuota", ArmValue::Number(it.share_quota.get().into()))
        .with("enabledProtocols", ArmValue::text(it.enabled_protocols.value())),
    ]
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    check_hyphens(subject.name()).into_iter().collect()
}
