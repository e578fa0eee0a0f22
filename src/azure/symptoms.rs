//! What users see when something is denied, quoted to the letter.
//!
//! Sources per row: a page of the Azure docs, an issue on GitHub, or one of the five articles the
//! gallery is built from ("seed"). Quoted texts are not translated, because people search for them;
//! values in braces come from the design, see [`fill`](crate::azure::fill). A row without a quoted
//! text has none in its source: the code, or what is seen, is all that is known.

use crate::text::{Text, text};

/// One error as met by a user.
#[derive(Debug)]
pub struct Symptom {
    /// Stable id, used by checks and by the conformance cases.
    pub id: &'static str,
    /// HTTP status, where the source prints it.
    pub http: Option<u16>,
    /// Error code of the service.
    pub code: Option<&'static str>,
    /// Message, to the letter. Two where the page shows two.
    pub texts: &'static [&'static str],
    /// What it is, in a few words.
    pub seen: Text,
    pub source: &'static str,
}

pub fn find(id: &str) -> Option<&'static Symptom> {
    SYMPTOMS.iter().find(|it| it.id == id)
}

const fn quote(
    id: &'static str,
    texts: &'static [&'static str],
    seen: Text,
    source: &'static str,
) -> Symptom {
    Symptom { id, http: None, code: None, texts, seen, source }
}

const fn coded(
    id: &'static str,
    code: &'static str,
    texts: &'static [&'static str],
    seen: Text,
    source: &'static str,
) -> Symptom {
    Symptom { id, http: None, code: Some(code), texts, seen, source }
}

const fn http(
    id: &'static str,
    status: u16,
    code: &'static str,
    texts: &'static [&'static str],
    seen: Text,
    source: &'static str,
) -> Symptom {
    Symptom { id, http: Some(status), code: Some(code), texts, seen, source }
}

/// Nothing is printed; something just does not happen.
const fn silent(id: &'static str, seen: Text, source: &'static str) -> Symptom {
    quote(id, &[], seen, source)
}

const SEED_0: &str = "seed 000";
const SEED_1: &str = "seed 001";
const SEED_2: &str = "seed 002";
const SEED_3: &str = "seed 003";
const RBAC: &str = "role-based-access-control/troubleshooting";
const ENDPOINTS: &str = "machine-learning/how-to-troubleshoot-online-endpoints";
const DATA: &str = "machine-learning/how-to-troubleshoot-data-access";
const ENVIRONMENTS: &str = "machine-learning/how-to-troubleshoot-environments";
const STORAGE_403: &str = "azure-storage/blobs/authentication/storage-troubleshoot-403-errors";

pub static SYMPTOMS: &[Symptom] = &[
    // Network.
    quote(
        "sy-home",
        &[
            "REQUEST_SEND_ERROR: Your request for data wasn’t sent. Here are some things to try: Check your network and internet connection, make sure a proxy server is not blocking your connection, follow our guidelines if you’re using a private link, and check if you have AdBlock turned on.",
        ],
        text(
            "Studio home, opened where the workspace cannot be reached",
            "ワークスペースに届かない場所から開いたスタジオのホーム",
        ),
        SEED_1,
    ),
    quote(
        "sy-notebooks",
        &[
            "403: You are not authorized to access this resource. You are not authorized to access this resource.",
            "Request authorization to storage account failed. Storage account might be behind a VNET. Please go to the Compute tab, create a compute instance, and launch Jupyter or Jupyter Lab to use your files and notebooks.",
        ],
        text(
            "Notebooks page, when the default storage refuses the caller",
            "既定のストレージに拒否されたときのノートブック ページ",
        ),
        SEED_1,
    ),
    quote(
        "sy-compute",
        &[
            "403: You are not authorized to access this resource. You are not authorized to access this resource.",
        ],
        text(
            "Compute page from outside; create, start, stop and delete still work",
            "外部から開いたコンピューティング ページ (作成、開始、停止、削除は可能)",
        ),
        SEED_1,
    ),
    quote(
        "sy-ci-app",
        &[
            "User <User Name> does not have access to compute instance <Compute Instance Name>.\n\nOnly the creator can access a compute instance.",
        ],
        text(
            "Jupyter or JupyterLab of a compute instance, opened by somebody else or from outside",
            "他人または外部から開いたコンピューティング インスタンスの Jupyter",
        ),
        SEED_1,
    ),
    silent(
        "sy-studio-blank",
        text("the browser cannot connect to Studio at all", "ブラウザーがスタジオに接続できません"),
        "machine-learning/how-to-enable-studio-virtual-network",
    ),
    Symptom {
        id: "sy-generic-403",
        http: Some(403),
        code: None,
        texts: &[],
        seen: text(
            "403, or a message that access is forbidden",
            "403、またはアクセス禁止のメッセージ",
        ),
        source: "machine-learning/how-to-troubleshoot-secure-connection-workspace",
    },
    quote(
        "sy-api",
        &["Access to workspace was denied based on workspace private link configuration."],
        text(
            "a call to the workspace that does not come through its private endpoint",
            "プライベート エンドポイントを通らないワークスペースへの呼び出し",
        ),
        "GitHub MicrosoftDocs/azure-docs#90426",
    ),
    http(
        "sy-storage",
        403,
        "AuthorizationFailure",
        &["This request is not authorized to perform this operation."],
        text("the storage firewall refuses", "ストレージのファイアウォールによる拒否"),
        STORAGE_403,
    ),
    http(
        "sy-storage-sas-ip",
        403,
        "AuthorizationSourceIPMismatch",
        &[],
        text("a SAS for other addresses", "別のアドレス向けの SAS"),
        "rest/api/storageservices/sas-error-codes",
    ),
    http(
        "sy-storage-rbac",
        403,
        "AuthorizationPermissionMismatch",
        &["This request is not authorized to perform this operation using this permission."],
        text(
            "a data role is missing; not the network",
            "データ ロールの不足 (ネットワークではありません)",
        ),
        STORAGE_403,
    ),
    coded(
        "sy-datastore-identity",
        "System",
        &[
            "Failed to authorize with Azure Blob Container. Please make sure the compute or login identity has \"Storage Blob Data Reader or Storage Blob Data Owner\" role in the storage IAM.|session_id=xxxxx",
        ],
        text(
            "a job reads a blob datastore by identity without role or path",
            "ロールまたは経路のない ID によるジョブの BLOB データストア読み取り",
        ),
        SEED_0,
    ),
    quote(
        "sy-devicelogin",
        &[
            "To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code xxxx to authenticate.",
        ],
        text("the driver log asks for a device login", "ドライバー ログでのデバイス ログイン要求"),
        SEED_0,
    ),
    http(
        "sy-keyvault",
        403,
        "ForbiddenByFirewall",
        &["Client address (<ip>) is not authorized and caller is not a trusted service"],
        text("the vault firewall refuses", "キー コンテナーのファイアウォールによる拒否"),
        "key-vault/general/private-link-diagnostics",
    ),
    coded(
        "sy-keyvault-softdelete",
        "ConflictError",
        // Today's docs have the code VaultAlreadyExists for this.
        &["Exist soft deleted vault with the same name. "],
        text(
            "the name is held by a soft-deleted vault",
            "論理削除されたキー コンテナーが名前を保持しています",
        ),
        SEED_1,
    ),
    coded(
        "sy-acr",
        "DENIED",
        &[
            "client with IP '<ip>' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
        ],
        text("the registry firewall refuses", "レジストリのファイアウォールによる拒否"),
        "GitHub Azure/acr#633",
    ),
    coded(
        "sy-mvnet-notready",
        "WorkspaceManagedNetworkNotReady",
        &[],
        text(
            "a deployment before the managed network exists",
            "マネージド ネットワークの準備前のデプロイ",
        ),
        ENDPOINTS,
    ),
    silent(
        "sy-v1legacy",
        text(
            "a message that mentions V1LegacyMode == true",
            "V1LegacyMode == true を含むメッセージ",
        ),
        ENDPOINTS,
    ),
    silent(
        "sy-timeout",
        text("the connection times out, without a text", "接続タイムアウト (メッセージなし)"),
        "virtual-network/network-security-groups-overview",
    ),
    silent(
        "sy-nxdomain",
        text("the name does not resolve", "名前を解決できません"),
        "dns/private-dns-fallback",
    ),
    // Azure Resource Manager.
    coded(
        "sy-authorization-failed",
        "AuthorizationFailed",
        &[
            "The client '{client}' with object id '{objectId}' does not have authorization to perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.",
        ],
        text("no assignment grants the action", "アクションを許可する割り当てがありません"),
        RBAC,
    ),
    coded(
        "sy-linked-authorization-failed",
        "LinkedAuthorizationFailed",
        &[
            "The client '{client}' with object id '{objectId}' has permission to perform action '{action}' on scope '{scope}'; however, it does not have permission to perform action '{linkedAction}' on the linked scope(s) '{linkedScope}' or the linked scope(s) are invalid.",
        ],
        text(
            "a right on a resource that the new one refers to is missing",
            "参照先リソースへの権限がありません",
        ),
        RBAC,
    ),
    quote(
        "sy-role-assignment-failed",
        &[
            "Failed to add {securityPrincipal} as {role} for {scope} : The client '{clientName}' with object id '{objectId}' does not have authorization or an ABAC condition not fulfilled to perform action 'Microsoft.Authorization/roleAssignments/write' over scope '{scope}' or the scope is invalid.",
        ],
        text("no right to assign roles", "ロールを割り当てる権限がありません"),
        RBAC,
    ),
    silent(
        "sy-role-assignment-disabled",
        text(
            "the portal grays out \"Add role assignment\"",
            "ポータルの [ロールの割り当ての追加] が無効です",
        ),
        RBAC,
    ),
    quote(
        "sy-insufficient-privileges",
        &["Insufficient privileges to complete the operation"],
        text(
            "a service principal cannot look the assignee up; use --assignee-object-id",
            "サービス プリンシパルは割り当て先を検索できません (--assignee-object-id を使用)",
        ),
        RBAC,
    ),
    coded(
        "sy-principal-not-found",
        "PrincipalNotFound",
        &["Principal {principalId} does not exist in the directory {tenantId}. ..."],
        text("the identity is too new", "作成直後の ID です"),
        RBAC,
    ),
    silent(
        "sy-provider-not-registered",
        text(
            "the first creation in a subscription fails; the role must allow Microsoft.MachineLearningServices/register/action",
            "サブスクリプションで最初の作成が失敗します (Microsoft.MachineLearningServices/register/action が必要)",
        ),
        "machine-learning/how-to-assign-roles",
    ),
    silent(
        "sy-uai-role-missing",
        text(
            "creation, or the first operation that needs the role, fails with AuthorizationFailed for the user-assigned identity",
            "作成時、またはロールが必要な最初の操作で、ユーザー割り当て ID が AuthorizationFailed になります",
        ),
        "machine-learning/how-to-identity-based-service-authentication",
    ),
    silent(
        "sy-not-possible",
        text("Azure does not offer this change", "この変更はできません"),
        "machine-learning/how-to-identity-based-service-authentication",
    ),
    silent(
        "sy-not-supported",
        text("Azure does not support this", "サポートされていません"),
        "machine-learning/how-to-setup-customer-managed-keys",
    ),
    silent(
        "sy-cmk-workspace",
        text(
            "creation of the workspace fails, because the key cannot be wrapped",
            "キーをラップできないためワークスペースの作成が失敗します",
        ),
        "machine-learning/how-to-setup-customer-managed-keys",
    ),
    silent(
        "sy-cmk-storage",
        text(
            "the encryption setting of the storage account fails",
            "ストレージの暗号化の構成が失敗します",
        ),
        "machine-learning/concept-customer-managed-keys",
    ),
    silent(
        "sy-quota-scope",
        text(
            "not authorized: the right must be held at subscription scope",
            "権限がありません (サブスクリプション スコープで必要)",
        ),
        "machine-learning/how-to-assign-roles",
    ),
    silent(
        "sy-studio-create-hidden",
        text("Studio does not show the create option", "スタジオに作成の選択肢が表示されません"),
        "machine-learning/how-to-assign-roles",
    ),
    // Compute.
    quote(
        "sy-ci-not-owner",
        &[
            "Image build run on compute failed: User starting the run is not an owner or assigned user to the Compute Instance",
        ],
        text(
            "the compute instance belongs to somebody else",
            "コンピューティング インスタンスの所有者ではありません",
        ),
        "GitHub MicrosoftDocs/pipelines-azureml#31",
    ),
    silent(
        "sy-ci-keeps-running",
        text("the instance does not shut down when idle", "アイドル時にシャットダウンされません"),
        "machine-learning/how-to-create-compute-instance",
    ),
    quote(
        "sy-aks-extension",
        &["extension not installed"],
        text(
            "attaching fails; the identity lacks Kubernetes Extension Contributor",
            "アタッチ失敗 (Kubernetes Extension Contributor の不足)",
        ),
        "machine-learning/how-to-attach-kubernetes-to-workspace",
    ),
    quote(
        "sy-aks-internal-server",
        &["internal server"],
        text(
            "attaching fails; the identity lacks Azure Kubernetes Service Cluster Admin",
            "アタッチ失敗 (Azure Kubernetes Service Cluster Admin の不足)",
        ),
        "machine-learning/how-to-attach-kubernetes-to-workspace",
    ),
    // Images.
    coded(
        "sy-image-build-auth",
        "ImageBuildFailure",
        &["container registry authorization failure"],
        text(
            "the keys are out of step, or the registry's network is wrong",
            "キーの不一致、またはレジストリのネットワーク設定の誤り",
        ),
        ENDPOINTS,
    ),
    coded(
        "sy-image-build-network",
        "ImageBuildFailure",
        &["failed to communicate with the workspace's container registry"],
        text(
            "the registry is private and no build compute is set",
            "プライベートなレジストリでビルド用コンピューティングが未設定",
        ),
        ENDPOINTS,
    ),
    silent(
        "sy-acr-unreachable",
        text(
            "the registry is unreachable: environments, jobs, pipelines and deployments fail",
            "レジストリに到達できず、環境、ジョブ、パイプライン、デプロイが失敗します",
        ),
        ENVIRONMENTS,
    ),
    silent(
        "sy-base-image-pull",
        text(
            "the build fails: Docker cannot authenticate for the image in FROM",
            "ビルド失敗 (FROM のイメージの認証エラー)",
        ),
        "GitHub Azure/acr#774",
    ),
    quote(
        "sy-image-pull",
        &[
            "Failed to pull Docker image {acr}.azurecr.io/{image}. This error may occur because the compute could not authenticate with the Docker registry to pull the image. If using ACR please ensure the ACR has Admin user enabled or a Managed Identity with `AcrPull` access to the ACR is assigned to the compute. If the ACR Admin user's password was changed recently it may be necessary to synchronize the workspace keys.",
        ],
        text("the compute has no credential for the registry", "レジストリの資格情報がありません"),
        "GitHub Azure/azureml-examples#3463",
    ),
    coded(
        "sy-failed-pulling-image",
        "FailedPullingImage",
        &[
            "AzureMLCompute job failed. FailedPullingImage: Unable to pull docker image ... unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information.",
        ],
        text("the compute may not pull the image", "イメージのプル権限がありません"),
        "GitHub Azure/MachineLearningNotebooks#1733",
    ),
    silent(
        "sy-image-rebuild",
        text(
            "the service tries to build a new image and fails, because only the compute may pull the base image",
            "基本イメージをプルできるのはコンピューティングだけなので、サービスによる新しいイメージのビルドが失敗します",
        ),
        SEED_2,
    ),
    coded(
        "sy-image-pull-loop",
        "ImagePullLoopBackOff",
        &[],
        text("the pod cannot pull its image", "ポッドがイメージをプルできません"),
        ENDPOINTS,
    ),
    quote(
        "sy-acr-unauthorized",
        &["unauthorized: authentication required"],
        text("the registry knows no right of the caller", "レジストリに対する権限がありません"),
        "container-registry/container-registry-rbac-abac-repository-permissions",
    ),
    coded(
        "sy-aci-inaccessible-image",
        "InaccessibleImage",
        &[
            "{\"code\":\"InaccessibleImage\",\"statusCode\":400,\"message\":\"ACI Service request failed. Reason: The image '...' in container group '...' is not accessible. Please check the image and registry credential.. Refer to https://docs.microsoft.com/azure/container-registry/container-registry-authentication#admin-account and make sure Admin user is enabled for your container registry.\"}",
        ],
        text("the admin user of the registry is off", "レジストリの管理者ユーザーが無効です"),
        "GitHub MicrosoftDocs/azure-docs#74518",
    ),
    coded(
        "sy-aks-image-pull",
        "ErrImagePull",
        &[],
        text("the pod cannot pull its image", "ポッドがイメージをプルできません"),
        "machine-learning/v1/how-to-troubleshoot-deployment",
    ),
    // Data.
    silent(
        "sy-datastore-validation",
        text(
            "registration fails; with skip_validation it succeeds and fails later",
            "登録エラー (skip_validation を付けると登録でき、後で失敗します)",
        ),
        SEED_0,
    ),
    silent(
        "sy-preview-after-registration",
        text(
            "preview or profile fails although registration succeeded",
            "登録は成功してもプレビューやプロファイルが失敗します",
        ),
        SEED_0,
    ),
    silent(
        "sy-browse-unsupported",
        text(
            "browsing is not supported with this kind of credential",
            "この種類の資格情報では参照できません",
        ),
        "machine-learning/how-to-administrate-data-authentication",
    ),
    silent(
        "sy-studio-ip-rule",
        text(
            "Studio does not honor IP rules: the caller is Azure Machine Learning, not the browser",
            "IP 規則は効きません (呼び出し元はブラウザーではなく Azure Machine Learning です)",
        ),
        "machine-learning/how-to-enable-studio-virtual-network",
    ),
    coded(
        "sy-stream-authentication",
        "ScriptExecution.StreamAccess.Authentication",
        &[],
        text("the reading identity has no data role", "読み取る ID にデータ ロールがありません"),
        DATA,
    ),
    coded(
        "sy-stream-firewall-settings",
        "ScriptExecution.StreamAccess.Authentication.AzureIdentityAccessTokenResolution.FirewallSettingsResolutionFailure",
        &[],
        text(
            "the workspace identity may not read the account's settings",
            "ワークスペースの ID がアカウントの設定を読めません",
        ),
        DATA,
    ),
    coded(
        "sy-stream-network-isolation",
        "ScriptExecution.StreamAccess.Authentication.AzureIdentityAccessTokenResolution.NetworkIsolationViolated",
        &[],
        text(
            "the workspace identity lacks Reader on the account or its private endpoint, or networks do not match",
            "アカウントまたはそのプライベート エンドポイントの閲覧者がないか、ネットワークが一致しません",
        ),
        DATA,
    ),
    coded(
        "sy-stream-private-endpoint",
        "ScriptExecution.StreamAccess.Authentication.AzureIdentityAccessTokenResolution.PrivateEndpointResolutionFailure",
        &[],
        text(
            "the session does not come through the workspace's private endpoint",
            "ワークスペースのプライベート エンドポイントを通っていません",
        ),
        DATA,
    ),
    coded(
        "sy-stream-invalid-resource",
        "ScriptExecution.StreamAccess.Authentication.AzureIdentityAccessTokenResolution.InvalidResource",
        &[],
        text(
            "the datastore names a wrong subscription or resource group",
            "データストアのサブスクリプションまたはリソース グループが誤っています",
        ),
        DATA,
    ),
    coded(
        "sy-stream-not-found",
        "ScriptExecution.StreamAccess.NotFound",
        &[],
        text(
            "an access control list of ADLS Gen2 refuses",
            "ADLS Gen2 のアクセス制御リストによる拒否",
        ),
        DATA,
    ),
    http(
        "sy-storage-shared-key",
        403,
        "KeyBasedAuthenticationNotPermitted",
        &["Key based authentication is not permitted on this storage account."],
        text("shared keys are off", "共有キーが無効です"),
        "storage/common/shared-key-authorization-prevent",
    ),
    silent(
        "sy-checksum",
        text("the job fails checksum validation", "ジョブのチェックサム検証が失敗します"),
        "machine-learning/how-to-identity-based-service-authentication",
    ),
    silent(
        "sy-step-failed",
        text("the step fails", "ステップが失敗します"),
        "machine-learning/how-to-disable-local-auth-storage",
    ),
    silent(
        "sy-condition",
        text("a condition on the assignment refuses", "割り当ての条件による拒否"),
        "role-based-access-control/conditions-overview",
    ),
    silent(
        "sy-telemetry-dropped",
        text("telemetry is dropped", "テレメトリが破棄されます"),
        "azure-monitor/app/azure-ad-authentication",
    ),
    // Vault. Wordings from secondary sources.
    http(
        "sy-keyvault-rbac",
        403,
        "ForbiddenByRbac",
        &[
            "Caller is not authorized to perform action on resource. ... Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action' ...",
        ],
        text("a data role is missing on the vault", "キー コンテナーのデータ ロールがありません"),
        "key-vault/general/rbac-guide",
    ),
    http(
        "sy-keyvault-policy",
        403,
        "Forbidden",
        &[
            "The user, group or application '...' does not have secrets get permission on key vault '...'",
        ],
        text("no access policy allows it", "アクセス ポリシーで許可されていません"),
        "key-vault/general/rbac-guide",
    ),
    // Sign-in.
    silent("sy-sign-in", text("sign-in fails", "サインインできませんでした"), SEED_3),
    silent(
        "sy-wrong-tenant",
        text(
            "the wrong tenant is used unless tenant_id is given",
            "tenant_id を指定しないと別のテナントが使われます",
        ),
        SEED_3,
    ),
    // Wording unverified.
    quote(
        "sy-az-login",
        &["Please run 'az login' to setup account."],
        text("no session of Azure CLI", "Azure CLI のセッションがありません"),
        SEED_3,
    ),
    silent(
        "sy-msi-unavailable",
        text(
            "no token: managed identities work only on Azure compute",
            "トークンを取得できません (マネージド ID は Azure のコンピューティングでのみ利用可)",
        ),
        SEED_3,
    ),
    silent(
        "sy-msi-client-id",
        text(
            "no token, or the wrong identity: the client id of the user-assigned identity is not given",
            "トークンを取得できないか別の ID になります (ユーザー割り当て ID のクライアント ID が未指定)",
        ),
        "machine-learning/how-to-identity-based-service-authentication",
    ),
    silent(
        "sy-conditional-access",
        text(
            "Microsoft Entra ID refuses the sign-in",
            "Microsoft Entra ID がサインインを拒否します",
        ),
        "machine-learning/how-to-setup-authentication",
    ),
    // Endpoints.
    coded(
        "sy-endpoint-startup",
        "BadArgument",
        &["Startup task failed due to authorization error"],
        text(
            "the endpoint identity may not pull the image or read the model",
            "エンドポイントの ID がイメージまたはモデルを取得できません",
        ),
        ENDPOINTS,
    ),
    coded(
        "sy-endpoint-acr-auth",
        "ResourceNotFound",
        &["container registry authorization error"],
        text(
            "the image is in a private registry other than that of the workspace",
            "ワークスペース以外のプライベート レジストリのイメージです",
        ),
        ENDPOINTS,
    ),
    coded(
        "sy-endpoint-acr-private",
        "ResourceNotFound",
        &["container registry is private or otherwise inaccessible"],
        text("the registry cannot be reached or read", "レジストリにアクセスできません"),
        ENDPOINTS,
    ),
    coded(
        "sy-endpoint-image-missing",
        "BadArgument",
        &["Unable to download user container image"],
        text("the image is missing", "イメージがありません"),
        ENDPOINTS,
    ),
    coded(
        "sy-endpoint-model-missing",
        "BadArgument",
        &["Unable to download user model"],
        text("the model is missing", "モデルがありません"),
        ENDPOINTS,
    ),
    coded(
        "sy-endpoint-init",
        "ResourceNotReady",
        &[
            "403 AuthorizationPermissionMismatch: This request is not authorized to perform this operation using this permission.",
        ],
        text(
            "the container crashes in init(); its log shows the storage error",
            "コンテナーが init() で異常終了し、ログにストレージのエラーが残ります",
        ),
        ENDPOINTS,
    ),
    Symptom {
        id: "sy-endpoint-model-error",
        http: Some(424),
        code: None,
        texts: &["Model error"],
        seen: text("run() raises an error", "run() のエラー"),
        source: ENDPOINTS,
    },
    Symptom {
        id: "sy-unauthorized",
        http: Some(401),
        code: None,
        texts: &["Unauthorized"],
        seen: text(
            "no right to score, or an old token",
            "スコアリングの権限がないか、古いトークンです",
        ),
        source: ENDPOINTS,
    },
    coded(
        "sy-secrets-injection",
        "SecretsInjectionError",
        &[],
        text(
            "the endpoint identity may not read the secret",
            "エンドポイントの ID がシークレットを読めません",
        ),
        ENDPOINTS,
    ),
    silent(
        "sy-endpoint-rejected",
        text(
            "creation of the endpoint or deployment is rejected",
            "エンドポイントまたはデプロイの作成が拒否されます",
        ),
        "machine-learning/concept-secret-injection",
    ),
    coded(
        "sy-role-assignment-quota",
        "OutOfQuota",
        &[],
        text(
            "the subscription has no room for another role assignment",
            "サブスクリプションのロールの割り当て数の上限です",
        ),
        ENDPOINTS,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_unique() {
        let ids: BTreeSet<_> = SYMPTOMS.iter().map(|it| it.id).collect();
        assert_eq!(ids.len(), SYMPTOMS.len());
        assert!(SYMPTOMS.iter().all(|it| it.id.starts_with("sy-")));
    }

    // Seed 001 prints the typographic apostrophes, so a search for the text finds it.
    #[test]
    fn the_home_page_error_is_quoted_to_the_letter() {
        let home = find("sy-home").unwrap();
        assert!(
            home.texts[0].starts_with("REQUEST_SEND_ERROR: Your request for data wasn’t sent.")
        );
    }

    #[test]
    fn a_quoted_text_takes_the_values_of_the_design() {
        let text = find("sy-authorization-failed").unwrap().texts[0];
        let filled = crate::azure::fill(text, &[("action", "a/read"), ("scope", "/s")]);
        assert!(filled.contains("perform action 'a/read' over scope '/s'"), "{filled}");
    }
}
