//! Datastore: a named way from a workspace to a container or file share, with or without a stored credential.
//!
//! Azure docs: "Create datastores" (machine-learning/how-to-datastore),
//! "Set up authentication between Azure Machine Learning and other services" (machine-learning/how-to-identity-based-service-authentication).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    common::{CALLERS, asked, client_id, tenant_id},
    job::SubmittedWith,
    no_facts,
    setting::{Problem, Ref, Relation, choice, settings},
};
use crate::text::{Message, arg, text};

choice! {
    /// Service behind the datastore.
    pub enum DatastoreType {
        AzureBlob = "AzureBlob", text("Azure Blob Storage", "Azure Blob Storage");
        AzureFile = "AzureFile", text("Azure Files", "Azure Files");
        AzureDataLakeGen2 = "AzureDataLakeGen2", text("Azure Data Lake Storage Gen2", "Azure Data Lake Storage Gen2");
    }
}

choice! {
    /// What the workspace keeps to reach the storage. A stored credential wins over every identity.
    pub enum CredentialsType {
        None = "None", text("None (identity-based)", "なし (ID ベース)");
        AccountKey = "AccountKey", text("Account key", "アカウント キー");
        Sas = "Sas", text("SAS token", "SAS トークン");
        ServicePrincipal = "ServicePrincipal", text("Service principal", "サービス プリンシパル");
        Certificate = "Certificate", text("Certificate", "証明書");
    }
}

choice! {
    /// Identity that Studio previews data as.
    pub enum ServiceDataAccessAuthIdentity {
        None = "None", text("None", "なし");
        WorkspaceSystemAssignedIdentity = "WorkspaceSystemAssignedIdentity", text("Workspace system-assigned identity", "ワークスペースのシステム割り当て ID");
        WorkspaceUserAssignedIdentity = "WorkspaceUserAssignedIdentity", text("Workspace user-assigned identity", "ワークスペースのユーザー割り当て ID");
    }
}

settings! {
    /// Settings of a datastore.
    pub struct Datastore {
        datastore_type: DatastoreType = "datastoreType", DatastoreType::AzureBlob,
            text("Type", "種類"),
            text("Service behind the datastore", "データストアの接続先サービス");
        account: Option<Ref> = "accountName", None,
            text("Storage account", "ストレージ アカウント"),
            text("Account that holds the data", "データのあるストレージ アカウント"),
            to &[Kind::StorageAccount], Some(Relation::Data);
        /// ARM: `containerName`, `filesystem` or `fileShareName`.
        container: Option<Ref> = "containerName", None,
            text("Container or file share", "コンテナーまたはファイル共有"),
            text("Part of the account that the datastore shows", "データストアが示すアカウント内の場所"),
            to &[Kind::BlobContainer, Kind::FileShare], Some(Relation::Data);
        credentials: CredentialsType = "credentials.credentialsType", CredentialsType::None,
            text("Credential", "資格情報"),
            text("Kept in the workspace's key vault; a stored credential wins over every identity", "ワークスペースのキー コンテナーに保管されます。保管された資格情報はどの ID よりも優先されます");
        service_principal: Option<Ref> = "credentials.clientId", None,
            text("Service principal", "サービス プリンシパル"),
            text("For service principal and certificate credentials", "資格情報がサービス プリンシパルまたは証明書の場合"),
            to &[Kind::ServicePrincipal], Some(Relation::Identity);
        certificate_thumbprint: String = "credentials.thumbprint", String::new(),
            text("Certificate thumbprint", "証明書の拇印"),
            text("For certificate credentials", "資格情報が証明書の場合");
        /// Ours: the storage alone knows, and says so when it is asked.
        credential_expired: bool = "credentialExpired", false,
            text("Stored credential expired", "保管された資格情報が失効"),
            text("The SAS or secret has expired, or the account key was rotated since it was stored. Not an ARM property", "SAS やシークレットの有効期限が切れたか、保管後にアカウント キーがローテーションされた状態。ARM のプロパティではありません");
        service_identity: ServiceDataAccessAuthIdentity = "serviceDataAccessAuthIdentity", ServiceDataAccessAuthIdentity::None,
            text("Workspace identity for preview", "プレビューに使うワークスペース ID"),
            text("Grant workspace access: Studio previews and profiles as this identity; jobs never do", "ワークスペース アクセスの許可。スタジオのプレビューとプロファイルに使われ、ジョブでは使われません");
        /// Ours: how the datastore is registered.
        skip_validation: bool = "skipValidation", false,
            text("Skip validation", "検証をスキップする"),
            text("Register even if the storage cannot be reached from here", "登録時にストレージへ到達できなくても登録します");
        /// Ours: only SDK v1 tries the storage when it registers.
        registered_with: SubmittedWith = "registeredWith", SubmittedWith::V2,
            text("Registered with", "登録に使うツール"),
            text("SDK v1 validates the storage from the client unless validation is skipped. Not an ARM property", "SDK v1 では、検証をスキップしない限りクライアントからストレージを検証します。ARM のプロパティではありません");
        /// Ours: who is asked about registering it.
        created_by: Option<Ref> = "createdBy", None,
            text("Registered by", "登録するユーザー"),
            text("Who registers it. Empty: everybody with a role on the workspace or above. Not an ARM property", "登録するユーザー。空の場合は、ワークスペース以上にロールを持つ全員。ARM のプロパティではありません"),
            to CALLERS, None;
        is_default: bool = "isDefault", false,
            text("Default datastore", "既定のデータストア"),
            text("Used when a job names none", "ジョブで指定がない場合に使われます");
        description: String = "description", String::new(),
            text("Description", "説明"),
            text("Shown in Studio", "スタジオに表示されます");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "datastore",
    label: text("Datastore", "データストア"),
    help: text("A named way to a container or share", "コンテナーやファイル共有への名前付き接続"),
    source: "machine-learning/how-to-datastore",
    group: Group::MachineLearning,
    arm_type: Some("Microsoft.MachineLearningServices/workspaces/datastores"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Workspace)],
    fields: Datastore::FIELDS,
    name: NameRule { max: 255, also: "_", not_last: "", ..NameRule::NETWORK },
    facts: no_facts,
    arm,
    check,
};

/// Datastores that every workspace makes by itself.
pub const SYSTEM_DATASTORES: [&str; 4] = [
    "workspaceblobstore",
    "workspacefilestore",
    "workspaceartifactstore",
    "workspaceworkingdirectory",
];

/// The account of a datastore: that of its container, else the one it names.
pub fn account_of<'a>(subject: Subject<'a>, settings: &Datastore) -> Option<Subject<'a>> {
    subject
        .follow(settings.container)
        .and_then(|it| it.within(Kind::StorageAccount))
        .or_else(|| subject.follow(settings.account))
}

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = Datastore::of(subject);
    let (Some(workspace), Some(account)) = (subject.parent(), account_of(subject, &it)) else {
        return Vec::new();
    };
    // Every workspace makes these by itself; writing them again would replace their credentials.
    if SYSTEM_DATASTORES.contains(&subject.name()) {
        return Vec::new();
    }
    let container = subject.follow(it.container);
    let path = match it.datastore_type {
        DatastoreType::AzureBlob => "containerName",
        DatastoreType::AzureFile => "fileShareName",
        DatastoreType::AzureDataLakeGen2 => "filesystem",
    };
    let mut resource = ArmResource::below(
        workspace,
        subject,
        "Microsoft.MachineLearningServices/workspaces/datastores",
        vec![workspace.name().to_owned(), subject.name().to_owned()],
    )
    .without_location()
    .without_tags()
    .after([workspace.id, account.id])
    .with("datastoreType", ArmValue::text(it.datastore_type.value()))
    .with_text("description", &it.description)
    .with("accountName", ArmValue::text(account.name()))
    .with_some(path, container.map(|it| ArmValue::text(it.name())))
    .with("endpoint", ArmValue::text("core.windows.net"))
    .with("protocol", ArmValue::text("https"))
    .with("serviceDataAccessAuthIdentity", ArmValue::text(it.service_identity.value()))
    .with("credentials", lower_credentials(subject, &it, account));
    if !subject.resource.tags.is_empty() {
        let tags = subject.resource.tags.iter();
        let tags = tags.map(|(key, value)| (key.clone(), ArmValue::text(value))).collect();
        resource = resource.with("tags", ArmValue::Object(tags));
    }
    vec![resource.after(container.map(|it| it.id))]
}

const fn needs_principal(credentials: CredentialsType) -> bool {
    matches!(credentials, CredentialsType::ServicePrincipal | CredentialsType::Certificate)
}

fn lower_credentials(subject: Subject<'_>, it: &Datastore, account: Subject<'_>) -> ArmValue {
    let kind = it.credentials.value();
    let secret = |what: &str| ArmValue::Secret(asked(what, subject));
    let mut credentials = ArmValue::object([("credentialsType", ArmValue::text(kind))]);
    let (name, value) = match it.credentials {
        CredentialsType::None => return credentials,
        CredentialsType::AccountKey => ("key", ArmValue::KeyOf(account.id)),
        CredentialsType::Sas => ("sasToken", secret("SAS token")),
        CredentialsType::ServicePrincipal => ("clientSecret", secret("client secret")),
        CredentialsType::Certificate => ("certificate", secret("certificate")),
    };
    if needs_principal(it.credentials)
        && let Some(principal) = subject.follow(it.service_principal)
    {
        credentials.set("clientId", client_id(principal));
        credentials.set("tenantId", tenant_id(principal));
    }
    if it.credentials == CredentialsType::Certificate {
        credentials.set("thumbprint", ArmValue::text(&it.certificate_thumbprint));
    }
    credentials
        .set("secrets", ArmValue::object([("secretsType", ArmValue::text(kind)), (name, value)]));
    credentials
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = Datastore::of(subject);
    let mut problems = Vec::new();
    let mut problem = |field: &str, text: Message| {
        problems.push(Problem { field: field.to_owned(), text });
    };
    let Some(account) = account_of(subject, &it) else {
        problem(
            "accountName",
            text(
                "choose the storage account that the datastore leads to",
                "データストアの接続先のストレージ アカウントを選択してください",
            )
            .into(),
        );
        return problems;
    };
    if it.account.is_some_and(|named| named.0 != account.id) {
        problem(
            "containerName",
            text(
                "the container stands in {0}, not in the account chosen above; choose one of its own",
                "このコンテナーは {0} の中にあり、選択したアカウントのものではありません。選び直してください",
            )
            .with([arg(account.name())]),
        );
    }
    let share = it.datastore_type == DatastoreType::AzureFile;
    let wanted = if share { Kind::FileShare } else { Kind::BlobContainer };
    match subject.follow(it.container) {
        // The system datastores have containers whose names only Azure knows.
        None if SYSTEM_DATASTORES.contains(&subject.name()) => {}
        None => problem(
            "containerName",
            text("choose a {0} of the account", "アカウント内の {0} を選択してください")
                .with([wanted.info().label.into()]),
        ),
        Some(container) if container.kind() != wanted => problem(
            "containerName",
            text(
                "this type of datastore needs a {0}; choose one or change the type",
                "この種類のデータストアには {0} が必要です。選び直すか、種類を変更してください",
            )
            .with([wanted.info().label.into()]),
        ),
        Some(_) => {}
    }
    let allowed: &[CredentialsType] = match it.datastore_type {
        DatastoreType::AzureBlob => {
            &[CredentialsType::None, CredentialsType::AccountKey, CredentialsType::Sas]
        }
        DatastoreType::AzureFile => &[CredentialsType::AccountKey, CredentialsType::Sas],
        DatastoreType::AzureDataLakeGen2 => &[
            CredentialsType::None,
            CredentialsType::ServicePrincipal,
            CredentialsType::Certificate,
        ],
    };
    // Every workspace keeps its file datastore on the default account, with the key it has there.
    if !allowed.contains(&it.credentials) && !SYSTEM_DATASTORES.contains(&subject.name()) {
        problem(
            "credentials.credentialsType",
            text(
                "this type of datastore takes: {0}",
                "この種類のデータストアで使える資格情報: {0}",
            )
            .with([arg(allowed
                .iter()
                .map(|it| it.value())
                .collect::<Vec<_>>()
                .join(", "))]),
        );
    }
    if needs_principal(it.credentials) && it.service_principal.is_none() {
        problem(
            "credentials.clientId",
            text(
                "this credential belongs to a service principal; choose it",
                "この資格情報にはサービス プリンシパルが必要です。選択してください",
            )
            .into(),
        );
    }
    if it.credentials == CredentialsType::Certificate && it.certificate_thumbprint.is_empty() {
        problem(
            "credentials.thumbprint",
            text("enter the thumbprint of the certificate", "証明書の拇印を入力してください")
                .into(),
        );
    }
    problems
}
