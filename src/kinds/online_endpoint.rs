//! Online endpoint: a stable address for scoring, whose identity pulls images and reads models.
//!
//! Azure docs: "Online endpoints and deployments for real-time inference" (machine-learning/concept-endpoints-online),
//! "Authentication and authorization for online endpoints" (machine-learning/concept-endpoints-online-auth).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    common::{CALLERS, IdentityType, PublicNetworkAccess, check_identity, lower_identity},
    reach,
    setting::{Problem, Ref, Relation, choice, settings},
    workspace::{self, IsolationMode, Workspace},
};
use crate::{
    facts::{
        Facts,
        network::{Host, Position},
        service::{Firewall, PublicAccess, Service},
    },
    text::{arg, text},
};

choice! {
    /// What the endpoint is made with.
    pub enum CreatedWith {
        V2 = "v2", text("CLI or SDK v2", "CLI または SDK v2");
        Studio = "studio", text("Studio", "スタジオ");
    }
}

choice! {
    /// What a caller must show.
    pub enum AuthMode {
        Key = "Key", text("Key", "キー");
        AmlToken = "AMLToken", text("Azure Machine Learning token", "Azure Machine Learning トークン");
        AadToken = "AADToken", text("Microsoft Entra token", "Microsoft Entra トークン");
    }
}

settings! {
    /// Settings of an online endpoint.
    pub struct OnlineEndpoint {
        auth_mode: AuthMode = "authMode", AuthMode::Key,
            text("Authentication", "認証の種類"),
            text("What a caller must show; a key asks for no identity", "呼び出し元に求めるもの。キーの場合、ID は確認されません");
        public_network_access: PublicNetworkAccess = "publicNetworkAccess", PublicNetworkAccess::Enabled,
            text("Public network access", "パブリック ネットワーク アクセス"),
            text("Disabled: scoring only through the workspace's private endpoint", "無効にすると、ワークスペースのプライベート エンドポイント経由でのみスコアリングできます");
        /// Cannot be changed once the endpoint exists.
        identity: IdentityType = "identity.type", IdentityType::SystemAssigned,
            text("Identity type", "ID の種類"),
            text("System-assigned gets its roles from Azure; one user-assigned gets none. Fixed at creation", "システム割り当てには Azure が自動でロールを付与しますが、ユーザー割り当てには付与しません。作成後は変更できません");
        user_assigned_identities: Vec<Ref> = "identity.userAssignedIdentities", Vec::new(),
            text("User-assigned identity", "ユーザー割り当て ID"),
            text("Exactly one", "1 つだけ指定します"),
            to &[Kind::UserAssignedIdentity], Some(Relation::Identity);
        /// Ours: the identity that an update asks for, which Azure refuses.
        identity_change: Option<IdentityType> = "identityChange.type", None,
            text("Identity after an update", "更新後の ID の種類"),
            text("Set it to ask whether the endpoint can be switched. Not an ARM property", "エンドポイントの ID を切り替えられるかを確認する場合に指定します。ARM のプロパティではありません");
        compute: Option<Ref> = "compute", None,
            text("Kubernetes cluster", "Kubernetes クラスター"),
            text("Empty means a managed endpoint", "空の場合はマネージド エンドポイント"),
            to &[Kind::AttachedKubernetes], Some(Relation::Data);
        enforce_secret_stores: bool = "properties.enforce_access_to_default_secret_stores", false,
            text("Enforce access to default secret stores", "既定のシークレット ストアへのアクセスを強制する"),
            text("Its system-assigned identity may read workspace connections, if the creator may", "作成者に権限があれば、システム割り当て ID がワークスペース接続を読み取れるようになります");
        /// Ours: who runs the create call.
        created_by: Option<Ref> = "createdBy", None,
            text("Created by", "作成者"),
            text("Who runs the create call. Not an ARM property", "作成操作を行うユーザー。ARM のプロパティではありません"),
            to CALLERS, None;
        /// Ours: Studio makes a template deployment in the resource group.
        created_with: CreatedWith = "createdWith", CreatedWith::V2,
            text("Created with", "作成に使うツール"),
            text("Studio also needs the right to make deployments in the resource group. Not an ARM property", "スタジオでは、リソース グループでデプロイを作成する権限も必要です。ARM のプロパティではありません");
        /// Ours: whoever has the key string needs no role.
        key_given_to: Vec<Ref> = "keyGivenTo", Vec::new(),
            text("Key given to", "キーの受け渡し先"),
            text("Who was handed the key and so can score without a role. Not an ARM property", "キーを受け取り、ロールなしでスコアリングできる呼び出し元。ARM のプロパティではありません"),
            to CALLERS, None;
        description: String = "description", String::new(),
            text("Description", "説明"),
            text("Shown in Studio", "スタジオに表示されます");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "online-endpoint",
    label: text("Online endpoint", "オンライン エンドポイント"),
    help: text("A stable address for real-time scoring", "リアルタイム推論のための固定アドレス"),
    source: "machine-learning/concept-endpoints-online",
    group: Group::MachineLearning,
    arm_type: Some("Microsoft.MachineLearningServices/workspaces/onlineEndpoints"),
    form: Form::Container,
    parents: &[Parent::In(Kind::Workspace)],
    fields: OnlineEndpoint::FIELDS,
    name: ENDPOINT_NAME,
    facts,
    arm,
    check,
};

/// "Names must be 3 to 32 characters, start with a letter, and hold letters, digits and hyphens"
/// (machine-learning/how-to-manage-quotas).
pub const ENDPOINT_NAME: NameRule =
    NameRule { min: 3, max: 32, also: "-", letter_first: true, not_last: "-", ..NameRule::NETWORK };

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = OnlineEndpoint::of(subject);
    let Some(workspace) = subject.parent() else { return Vec::new() };
    let mut resource = ArmResource::below(
        workspace,
        subject,
        "Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
        vec![workspace.name().to_owned(), subject.name().to_owned()],
    )
    .after([workspace.id])
    .member("kind", ArmValue::text(if it.compute.is_some() { "K8S" } else { "Managed" }))
    .member_some("identity", lower_identity(it.identity, &it.user_assigned_identities))
    .with("authMode", ArmValue::text(it.auth_mode.value()))
    .with("publicNetworkAccess", ArmValue::text(it.public_network_access.value()))
    .with_some("compute", it.compute.map(|it| ArmValue::IdOf(it.0)))
    .with_text("description", &it.description);
    if it.enforce_secret_stores {
        resource = resource
            .with("properties.enforce_access_to_default_secret_stores", ArmValue::text("enabled"));
    }
    vec![resource]
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = OnlineEndpoint::of(subject);
    let mut problems = Vec::new();
    check_identity(it.identity, &it.user_assigned_identities, &mut problems);
    let mut problem = |field: &str, text: crate::text::Message| {
        problems.push(Problem { field: field.to_owned(), text });
    };
    if it.identity == IdentityType::Both || it.identity == IdentityType::None {
        problem(
            "identity.type",
            text(
                "an endpoint has a system-assigned or a user-assigned identity; choose one of them",
                "エンドポイントの ID はシステム割り当てかユーザー割り当てのどちらか 1 つです。選択してください",
            )
            .into(),
        );
    }
    if it.user_assigned_identities.len() > 1 {
        problem(
            "identity.userAssignedIdentities",
            text(
                "an endpoint takes one user-assigned identity; keep one",
                "エンドポイントに指定できるユーザー割り当て ID は 1 つだけです",
            )
            .into(),
        );
    }
    if it.auth_mode == AuthMode::AadToken && it.compute.is_some() {
        problem(
            "authMode",
            text(
                "Microsoft Entra tokens work on managed endpoints only; choose key or token, or clear the cluster",
                "Microsoft Entra トークンはマネージド エンドポイントでのみ使えます。別の認証を選ぶか、クラスターの指定を外してください",
            )
            .into(),
        );
    }
    if let Some(workspace) = subject.within(Kind::Workspace)
        && Workspace::of(workspace).v1_legacy_mode
        && it.compute.is_none()
    {
        problem(
            "parent",
            text(
                "{0} is in v1 legacy mode, which blocks managed online endpoints; turn the mode off",
                "{0} は v1 レガシ モードのため、マネージド オンライン エンドポイントを作成できません。モードを無効にしてください",
            )
            .with([arg(workspace.name())]),
        );
    }
    problems
}

/// Where the deployments of a managed endpoint run.
pub(super) fn managed_host(owner: Subject<'_>) -> Host {
    let settings = Workspace::of(owner);
    Host::at(if settings.isolation_mode == IsolationMode::Disabled {
        Position::Platform { region: reach::region(owner) }
    } else {
        Position::Managed { network: owner.id }
    })
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, OnlineEndpoint::from_settings);
    if let Some(subnet) = subject.within(Kind::Subnet) {
        facts.refuse(
            subject.id,
            text(
                "{0} stands in {1}, but managed online endpoints cannot be put into networks of yours; move it into its workspace",
                "{0} は {1} にありますが、マネージド オンライン エンドポイントをお客様のネットワークに置くことはできません。ワークスペースの中に移動してください",
            )
            .with([arg(subject.name()), arg(subnet.name())]),
            "machine-learning/concept-secure-online-endpoint",
        );
    }
    let Some(owner) = subject.within(Kind::Workspace) else { return };
    // On Kubernetes the cluster answers, and how it is exposed is not in the design.
    if settings.compute.is_some() {
        return;
    }
    facts.hosts.insert(subject.id, managed_host(owner));
    let of_owner = Workspace::of(owner);
    let disabled = of_owner.public_network_access == PublicNetworkAccess::Disabled;
    let public = reach::public_access(settings.public_network_access);
    let conflict = disabled && public == PublicAccess::Enabled;
    let uncertain = conflict.then(|| {
        text(
            "{0} takes public calls while {1} has public access disabled; the docs describe this combination in two ways",
            "{0} はパブリック アクセスが有効ですが、{1} では無効です。この組み合わせについてはドキュメントの記述が一致していません",
        )
        .with([arg(subject.name()), arg(owner.name())])
    });
    facts.services.insert(
        subject.id,
        Service {
            region: reach::region(owner),
            tenant: reach::tenant(owner),
            faces: vec![workspace::scoring_face(subject, owner)],
            links: Vec::new(),
            firewall: Firewall {
                public,
                uncertain,
                symptom: "sy-generic-403",
                browser_symptom: None,
                source: "machine-learning/concept-secure-online-endpoint",
                ..workspace::firewall_of(owner, &of_owner)
            },
        },
    );
}
