//! Environment: the container image that jobs and deployments run in, and where it comes from.
//!
//! Azure docs: "What are Azure Machine Learning environments?" (machine-learning/concept-environments),
//! "Use managed identities with Azure Machine Learning" (machine-learning/how-to-identity-based-service-authentication).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    container_registry::login_server,
    no_facts,
    setting::{LongText, Problem, Ref, Relation, choice, settings},
};
use crate::text::text;

choice! {
    /// Where the image comes from; decides who pulls it, from where, and whether it is built.
    pub enum ImageSource {
        /// Built by the workspace, kept in the workspace's registry.
        WorkspaceBuild = "WorkspaceBuild", text("Built by the workspace", "ワークスペースでビルド");
        /// Microsoft's image, from the Microsoft Artifact Registry.
        Curated = "Curated", text("Curated (Microsoft Artifact Registry)", "キュレーション (Microsoft Artifact Registry)");
        /// Used as it is, from a registry of yours.
        PrivateImage = "PrivateImage", text("Private registry, as it is", "プライベート レジストリのイメージをそのまま使用");
        /// Built by the workspace on an image from a registry of yours.
        PrivateBaseImage = "PrivateBaseImage", text("Built on a base image of a private registry", "プライベート レジストリのベース イメージからビルド");
        /// Used as it is, from a public registry.
        PublicImage = "PublicImage", text("Public registry, as it is", "パブリック レジストリのイメージをそのまま使用");
    }
}

settings! {
    /// Settings of an environment.
    pub struct EnvironmentImage {
        /// Ours: ARM has only the image's address.
        image_source: ImageSource = "imageSource", ImageSource::WorkspaceBuild,
            text("Image source", "イメージの取得元"),
            text("Decides who pulls the image, from where, and whether it is built", "誰がどこからイメージをプルするか、ビルドするかが決まります");
        registry: Option<Ref> = "registry", None,
            text("Private registry", "プライベート レジストリ"),
            text("Registry of the image or base image; empty for the workspace's own", "イメージまたはベース イメージのレジストリ。ワークスペースのレジストリの場合は空"),
            to &[Kind::ContainerRegistry], Some(Relation::Data);
        image: String = "image", "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04".to_owned(),
            text("Image", "イメージ"),
            text("Image or base image; with a private registry without its host, such as team/train:1", "イメージまたはベース イメージ。プライベート レジストリの場合はホスト名を除く。例: team/train:1");
        connection: Option<Ref> = "connection", None,
            text("Connection", "接続"),
            text("Connection that signs in to the private registry during a build", "ビルド時にプライベート レジストリへのサインインに使う接続"),
            to &[Kind::WorkspaceConnection], Some(Relation::Data);
        /// SDK v1 `user_managed_dependencies`.
        user_managed_dependencies: bool = "userManagedDependencies", false,
            text("User-managed dependencies", "ユーザー管理の依存関係"),
            text("SDK v1: nothing is added to the image, so it is not built", "SDK v1: イメージに何も追加しないため、ビルドされません");
        conda_file: LongText = "condaFile", LongText(String::new()),
            text("Conda file", "Conda ファイル"),
            text("Packages that the build adds to the base image", "ビルド時にベース イメージへ追加するパッケージ");
        version: String = "version", "1".to_owned(),
            text("Version", "バージョン"),
            text("Version of the environment", "環境のバージョン");
        description: String = "description", String::new(),
            text("Description", "説明"),
            text("Shown in Studio", "スタジオに表示されます");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "environment-image",
    label: text("Environment", "環境"),
    help: text("The image that jobs and deployments run in", "ジョブとデプロイを実行するイメージ"),
    source: "machine-learning/concept-environments",
    group: Group::MachineLearning,
    arm_type: Some("Microsoft.MachineLearningServices/workspaces/environments/versions"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Workspace)],
    fields: EnvironmentImage::FIELDS,
    name: NameRule { max: 255, also: "-_.", ..NameRule::NETWORK },
    facts: no_facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = EnvironmentImage::of(subject);
    let Some(workspace) = subject.parent() else { return Vec::new() };
    if it.image_source == ImageSource::Curated {
        // Lives in Microsoft's own registry of assets.
        return Vec::new();
    }
    let registry = subject.follow(it.registry);
    let image = registry.map_or_else(
        || it.image.clone(),
        |registry| format!("{}/{}", login_server(registry), it.image),
    );
    let mut resource = ArmResource::below(
        workspace,
        subject,
        "Microsoft.MachineLearningServices/workspaces/environments/versions",
        vec![workspace.name().to_owned(), subject.name().to_owned(), it.version.clone()],
    )
    .without_location()
    .without_tags()
    .after([workspace.id])
    .with("image", ArmValue::Text(image))
    .with("osType", ArmValue::text("Linux"))
    .with_text("condaFile", &it.conda_file.0)
    .with_text("description", &it.description);
    if !subject.resource.tags.is_empty() {
        let tags = subject.resource.tags.iter();
        let tags = tags.map(|(key, value)| (key.clone(), ArmValue::text(value))).collect();
        resource = resource.with("tags", ArmValue::Object(tags));
    }
    vec![resource.after(registry.map(|it| it.id))]
}

/// What a deployment calls an environment: the id of its version, or the asset in Microsoft's registry.
pub fn environment_id(environment: Subject<'_>) -> ArmValue {
    let it = EnvironmentImage::of(environment);
    if it.image_source == ImageSource::Curated {
        return ArmValue::Text(format!(
            "azureml://registries/azureml/environments/{}/versions/{}",
            environment.name(),
            it.version
        ));
    }
    ArmValue::IdOf(environment.id)
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = EnvironmentImage::of(subject);
    let mut problems = Vec::new();
    let mut problem = |field: &str, text: crate::text::Text| {
        problems.push(Problem { field: field.to_owned(), text: text.into() });
    };
    let private =
        matches!(it.image_source, ImageSource::PrivateImage | ImageSource::PrivateBaseImage);
    if private && it.registry.is_none() {
        problem(
            "registry",
            text("choose the private registry", "プライベート レジストリを選択してください"),
        );
    }
    if it.image.is_empty() {
        problem("image", text("enter the image", "イメージを入力してください"));
    }
    let builds =
        matches!(it.image_source, ImageSource::WorkspaceBuild | ImageSource::PrivateBaseImage);
    if builds && it.user_managed_dependencies {
        problem(
            "userManagedDependencies",
            text(
                "with user-managed dependencies nothing is built; choose an image used as it is, or turn this off",
                "ユーザー管理の依存関係ではビルドされません。イメージをそのまま使う取得元を選ぶか、無効にしてください",
            ),
        );
    }
    if !builds && !it.conda_file.0.is_empty() {
        problem(
            "condaFile",
            text(
                "packages are added only by a build; choose a source that is built, or empty this",
                "パッケージはビルド時にだけ追加されます。ビルドする取得元を選ぶか、空にしてください",
            ),
        );
    }
    // "letters, digits, underscores, hyphens and dots", as for asset names.
    let version = NameRule { max: 30, also: "-_.", not_last: "", ..NameRule::NETWORK };
    if version.problem(&it.version).is_some() {
        problem(
            "version",
            text(
                "a version has 1 to 30 letters, digits, -, _ or .",
                "バージョンは 1 から 30 文字の英数字、-、_、. で指定してください",
            ),
        );
    }
    problems
}
