//! Workspace connection: how a workspace signs in to something outside, such as a private registry.
//!
//! Azure docs: "Create connections" (machine-learning/how-to-connection),
//! "Use a private registry" (machine-learning/how-to-use-private-python-packages, v1/how-to-use-managed-identities).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    common::{asked, client_id, tenant_id},
    container_registry::login_server,
    no_facts,
    setting::{Problem, Ref, Relation, choice, settings},
};
use crate::text::text;

choice! {
    /// What the connection leads to.
    pub enum Category {
        ContainerRegistry = "ContainerRegistry", text("Azure Container Registry", "Azure Container Registry");
        GenericContainerRegistry = "GenericContainerRegistry", text("Other container registry", "その他のコンテナー レジストリ");
        PythonFeed = "PythonFeed", text("Python feed", "Python フィード");
        Git = "Git", text("Git", "Git");
        AzureKeyVault = "AzureKeyVault", text("Key Vault", "Key Vault");
        AzureBlob = "AzureBlob", text("Azure Blob Storage", "Azure Blob Storage");
        AdlsGen2 = "ADLSGen2", text("Azure Data Lake Storage Gen2", "Azure Data Lake Storage Gen2");
        ApiKey = "ApiKey", text("API key", "API キー");
        CustomKeys = "CustomKeys", text("Custom keys", "カスタム キー");
    }
}

choice! {
    /// How the workspace signs in there.
    pub enum AuthType {
        ManagedIdentity = "ManagedIdentity", text("Managed identity", "マネージド ID");
        UsernamePassword = "UsernamePassword", text("User name and password", "ユーザー名とパスワード");
        Pat = "PAT", text("Personal access token", "個人用アクセス トークン");
        Sas = "SAS", text("SAS token", "SAS トークン");
        AccountKey = "AccountKey", text("Account key", "アカウント キー");
        ServicePrincipal = "ServicePrincipal", text("Service principal", "サービス プリンシパル");
        ApiKey = "ApiKey", text("API key", "API キー");
        CustomKeys = "CustomKeys", text("Custom keys", "カスタム キー");
        Aad = "AAD", text("Microsoft Entra ID", "Microsoft Entra ID");
        None = "None", text("None", "なし");
    }
}

settings! {
    /// Settings of a workspace connection.
    pub struct WorkspaceConnection {
        category: Category = "category", Category::ContainerRegistry,
            text("Category", "カテゴリ"),
            text("What it leads to", "接続先の種類");
        /// Ours: ARM has only the address.
        target_resource: Option<Ref> = "targetResource", None,
            text("Target resource", "ターゲット リソース"),
            text("Resource of this design that it leads to", "このデザイン内の接続先リソース"),
            to &[Kind::ContainerRegistry, Kind::StorageAccount, Kind::KeyVault], Some(Relation::Data);
        target: String = "target", String::new(),
            text("Target address", "ターゲットのアドレス"),
            text("Address of what is not in this design, such as https://pypi.contoso.com", "このデザインにない接続先のアドレス。例: https://pypi.contoso.com");
        auth_type: AuthType = "authType", AuthType::ManagedIdentity,
            text("Authentication", "認証の種類"),
            text("How the workspace signs in; secrets are asked for at deployment, never kept in the design", "サインインの方法。シークレットはデプロイ時に入力し、デザインには保存しません");
        identity: Option<Ref> = "credentials.resourceId", None,
            text("Managed identity", "マネージド ID"),
            text("User-assigned identity that signs in", "サインインに使うユーザー割り当て ID"),
            to &[Kind::UserAssignedIdentity], Some(Relation::Identity);
        service_principal: Option<Ref> = "credentials.clientId", None,
            text("Service principal", "サービス プリンシパル"),
            text("For service principal authentication", "認証の種類がサービス プリンシパルの場合"),
            to &[Kind::ServicePrincipal], Some(Relation::Identity);
        username: String = "credentials.username", String::new(),
            text("User name", "ユーザー名"),
            text("For user name and password authentication", "認証の種類がユーザー名とパスワードの場合");
        is_shared_to_all: bool = "isSharedToAll", true,
            text("Shared with all", "全員と共有"),
            text("Off: only who made it may use it", "無効にすると作成者だけが使えます");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "workspace-connection",
    label: text("Workspace connection", "ワークスペース接続"),
    help: text(
        "How a workspace signs in to something outside",
        "ワークスペースが外部のサービスにサインインする方法",
    ),
    source: "machine-learning/how-to-connection",
    group: Group::MachineLearning,
    arm_type: Some("Microsoft.MachineLearningServices/workspaces/connections"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Workspace)],
    fields: WorkspaceConnection::FIELDS,
    name: NameRule { min: 3, max: 33, also: "-_", not_last: "", ..NameRule::NETWORK },
    facts: no_facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = WorkspaceConnection::of(subject);
    let Some(workspace) = subject.parent() else { return Vec::new() };
    let secret = |what: &str| ArmValue::Secret(asked(what, subject));
    let credentials = match it.auth_type {
        AuthType::ManagedIdentity => it.identity.map(|it| {
            ArmValue::object([
                ("clientId", ArmValue::ClientIdOf(it.0)),
                ("resourceId", ArmValue::IdOf(it.0)),
            ])
        }),
        AuthType::UsernamePassword => Some(ArmValue::object([
            ("username", ArmValue::text(&it.username)),
            ("password", secret("password")),
        ])),
        AuthType::Pat => Some(ArmValue::object([("pat", secret("personal access token"))])),
        AuthType::Sas => Some(ArmValue::object([("sas", secret("SAS token"))])),
        AuthType::AccountKey => Some(ArmValue::object([("key", secret("account key"))])),
        AuthType::ApiKey => Some(ArmValue::object([("key", secret("API key"))])),
        AuthType::CustomKeys => Some(ArmValue::object([("key", secret("key"))])),
        AuthType::ServicePrincipal => subject.follow(it.service_principal).map(|principal| {
            ArmValue::object([
                ("clientId", client_id(principal)),
                ("tenantId", tenant_id(principal)),
                ("clientSecret", secret("client secret")),
            ])
        }),
        AuthType::Aad | AuthType::None => None,
    };
    let target = subject.follow(it.target_resource);
    let address = target.map_or_else(|| ArmValue::text(&it.target), address_of);
    vec![
        ArmResource::below(
            workspace,
            subject,
            "Microsoft.MachineLearningServices/workspaces/connections",
            vec![workspace.name().to_owned(), subject.name().to_owned()],
        )
        .without_location()
        .without_tags()
        .after([workspace.id])
        .after(target.map(|it| it.id))
        .with("category", ArmValue::text(it.category.value()))
        .with("target", address)
        .with("authType", ArmValue::text(it.auth_type.value()))
        .with_some("credentials", credentials)
        .with("isSharedToAll", ArmValue::Bool(it.is_shared_to_all)),
    ]
}

/// What a connection calls a resource: a vault by its id, a registry and an account by their address.
fn address_of(target: Subject<'_>) -> ArmValue {
    match target.kind() {
        Kind::ContainerRegistry => ArmValue::Text(login_server(target)),
        Kind::StorageAccount => {
            ArmValue::Text(format!("https://{}.blob.core.windows.net/", target.name()))
        }
        _ => ArmValue::IdOf(target.id),
    }
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = WorkspaceConnection::of(subject);
    let mut problems = Vec::new();
    let mut problem = |field: &str, text: crate::text::Text| {
        problems.push(Problem { field: field.to_owned(), text: text.into() });
    };
    if it.target_resource.is_none() && it.target.is_empty() {
        problem(
            "targetResource",
            text(
                "choose what the connection leads to, or enter its address",
                "接続先のリソースを選択するか、アドレスを入力してください",
            ),
        );
    }
    if it.auth_type == AuthType::ManagedIdentity && it.identity.is_none() {
        problem(
            "credentials.resourceId",
            text(
                "choose the user-assigned identity that signs in",
                "サインインに使うユーザー割り当て ID を選択してください",
            ),
        );
    }
    if it.auth_type == AuthType::ServicePrincipal && it.service_principal.is_none() {
        problem(
            "credentials.clientId",
            text(
                "choose the service principal that signs in",
                "サインインに使うサービス プリンシパルを選択してください",
            ),
        );
    }
    if it.auth_type == AuthType::UsernamePassword && it.username.is_empty() {
        problem(
            "credentials.username",
            text("enter the user name", "ユーザー名を入力してください"),
        );
    }
    problems
}
