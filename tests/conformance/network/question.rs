//! What a network case asks, in terms of the flows that the operation needs.
//!
//! An operation is a list of features in the order in which people meet them; a feature works when all
//! its flows pass. A failing first feature fails the operation, a later one leaves it partial.

use std::{collections::BTreeMap, net::Ipv4Addr, sync::Arc};

use drawbridge::{
    azure::service_tags,
    checks::{self, Ask},
    facts::{Facts, filter::Protocol, name::PLATFORM_METADATA, network::Position},
    kinds::{Kind, Resource, ResourceId, Resources, Subject},
    lints::{self, Context},
    solve::{
        Gate, Hop, Outcome, Step, Trace,
        flow::{Answer, Caller, Destination, Flow, FlowAnswer, Network, Origin, Plane},
    },
    text::{Lang, arg, text},
};
use serde_json::{Value, json};

use super::{
    design::{Drawn, is_host_name},
    operations::{self, Operation, Sender, Target},
};
use crate::reader::Members;

/// The product's answer in the words of a case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reply {
    pub(crate) verdict: &'static str,
    pub(crate) failing_hop: &'static str,
    /// The address of what the question names, and that of the flow which decided.
    pub(crate) resolved: Vec<String>,
    pub(crate) symptom: Option<&'static str>,
    pub(crate) why: String,
}

/// A flow and what people see when it fails.
#[derive(Clone)]
struct Need {
    what: String,
    flow: Flow,
    /// A rule of the service, as a check of the product reads it off the settings; stands in place of
    /// the flow.
    said: Option<(Vec<Step>, Option<&'static str>)>,
    /// Symptom when the service refuses, if the operation has one of its own.
    refused: Option<&'static str>,
    /// Symptom when packets do not arrive, if the operation has one of its own.
    lost: Option<&'static str>,
    /// Goes to what the question names.
    asked: bool,
    /// Tells the address of what the question names and decides nothing.
    told: bool,
}

fn need(what: &str, flow: Flow) -> Need {
    Need {
        what: what.to_owned(),
        flow,
        said: None,
        refused: None,
        lost: None,
        asked: false,
        told: false,
    }
}

/// A flow of which the design does not tell one end.
fn missing(end: &str) -> Need {
    let said =
        text("the operation needs {0}, and the design does not tell which", "{0} がわかりません");
    let step = Step::unknown(Hop::Validation, said.with([arg(end)]));
    let flow = Flow::https(ResourceId::default(), Destination::PublicService(MANAGEMENT));
    Need { said: Some((vec![step], None)), ..need("operation", flow) }
}

impl Need {
    /// Whether a check of the product has said no.
    fn is_denied(&self) -> bool {
        let said = self.said.as_ref().map(|(steps, _)| Trace { steps: steps.clone() }.outcome());
        said == Some(Outcome::Denied)
    }
}

/// How cases speak of a sign-in.
const SIGN_IN: &[&str] =
    &["sign in", "signs in", "sign-in", "signing in", "log in", "logs in", "authenticate"];

/// How cases speak of managed online endpoints.
const ONLINE: &[&str] = &["online endpoint", "online deployment", "managed endpoint"];

/// Tag of Azure Resource Manager.
const MANAGEMENT: &str = "AzureResourceManager";

type Feature = Vec<Need>;

/// What Studio does with data that lies in a storage account.
#[derive(Clone, Copy, PartialEq, Eq)]
enum StudioAction {
    Browse,
    Preview,
    Submit,
    /// Labels, profiles, shows in the designer.
    Use,
}

#[derive(Clone)]
struct Question {
    from: String,
    to: String,
    protocol: Protocol,
    port: u16,
    operation: String,
    control: bool,
}

/// People who act through Resource Manager from wherever they are.
pub(crate) fn is_person(from: &str) -> bool {
    const PEOPLE: &[&str] = &[
        "user",
        "designer",
        "admin",
        "administrator",
        "operator",
        "developer",
        "data scientist",
        "person",
        "internet",
        "laptop",
        "client",
        "someone",
        "architect",
        "deployer",
        "owner",
        "engineer",
        "caller",
        "pipeline",
        "devops",
    ];
    let from = from.to_ascii_lowercase();
    PEOPLE.iter().any(|it| from.contains(it)) && !from.contains("service")
}

/// `https://host/path` is a call to the host.
fn host_of(to: String) -> String {
    match to.split_once("://") {
        Some((_, rest)) => rest.split(['/', ':']).next().unwrap_or_default().to_owned(),
        None => to,
    }
}

fn question(case: &Value, unread: &mut Vec<String>) -> Question {
    let nothing = Value::Null;
    let mut it = Members::of(case.get("question").unwrap_or(&nothing), "question");
    let protocol = it.text(&["protocol"]).unwrap_or_default().to_ascii_uppercase();
    let read = Question {
        from: it.text(&["from", "source", "client"]).unwrap_or_default(),
        to: host_of(it.text(&["to", "destination", "target"]).unwrap_or_default()),
        protocol: match protocol.as_str() {
            "UDP" => Protocol::Udp,
            "ICMP" => Protocol::Icmp,
            "ANY" | "*" => Protocol::Any,
            _ => Protocol::Tcp,
        },
        port: it.text(&["port"]).and_then(|it| it.parse().ok()).unwrap_or(0),
        operation: operations::in_words(
            it.text(&["operation"]).unwrap_or_default().trim().to_lowercase(),
        ),
        control: it.text(&["plane"]).is_some_and(|it| it == "control"),
    };
    unread.extend(it.left());
    read
}

/// Asks the product.
pub(crate) fn answer(
    case: &Value,
    drawn: &Drawn,
    unread: &mut Vec<String>,
) -> Result<Reply, Vec<String>> {
    let mut question = question(case, unread);
    if let Some(cloud) = &drawn.other_cloud {
        return Ok(Reply {
            verdict: "unknown",
            failing_hop: "none",
            why: format!("names and addresses of {cloud} are not modeled"),
            ..Reply::default()
        });
    }
    if !drawn.problems.is_empty() {
        return Err(drawn.problems.clone());
    }
    let facts = drawn.design.resources.facts();
    question.control |= Asker { drawn, facts: &facts, question: &question }.manages();
    let asker = Asker { drawn, facts: &facts, question: &question };
    if question.control
        && let Some(reply) = asker.validation()
    {
        return Ok(reply);
    }
    // Of several ends none is the one that matters.
    let equal = !question.control && asker.listed().is_some();
    let features = asker.features()?;
    Ok(judge(&facts, &features, equal))
}

struct Asker<'a> {
    drawn: &'a Drawn,
    facts: &'a Facts,
    question: &'a Question,
}

impl Asker<'_> {
    fn op(&self, words: &[&str]) -> bool {
        words.iter().any(|it| self.question.operation.contains(it))
    }

    /// Whether somebody makes or changes a resource, whatever the case calls the plane: such a call goes
    /// to Resource Manager.
    fn manages(&self) -> bool {
        const VERBS: &[&str] = &[
            "create",
            "deploy",
            "provision",
            "update",
            "change",
            "set",
            "enable",
            "disable",
            "delete",
            "remove",
            "add",
            "attach",
            "peer",
            "link",
            "place",
            "move",
            "start",
            "stop",
            "restart",
            "validate",
            "loosen",
            "switch",
            "scale",
            "resize",
        ];
        const RESOURCES: &[&str] = &[
            "account",
            "vault",
            "endpoint",
            "deployment",
            "cluster",
            "instance",
            "workspace",
            "network",
            "registry",
            "gateway",
            "firewall",
            "subnet",
            "peer",
            "rule",
            "zone",
            "link",
            "route",
            "template",
            "machine",
            "design",
            "bastion",
            "compute",
            "isolation",
            "aci",
            "resource",
            "vnet",
        ];
        const DATA: &[&str] = &[
            "blob", "jupyter", "rstudio", "notebook", "terminal", "session", "invoke", "designer",
        ];
        let verb = self.question.operation.split_whitespace().next().unwrap_or_default();
        let by_person = match self.drawn.named.get(&self.question.from) {
            Some(id) => self.is_client(*id),
            None => is_person(&self.question.from),
        };
        by_person && VERBS.contains(&verb) && self.op(RESOURCES) && !self.op(DATA)
    }

    fn kind(&self, id: ResourceId) -> Option<Kind> {
        self.drawn.design.get(id).map(|it| it.kind)
    }

    fn only(&self, kind: Kind) -> Option<ResourceId> {
        self.drawn.design.resources.of(kind).next().map(|it| it.id)
    }

    fn sole(&self, kind: Kind) -> Option<ResourceId> {
        let mut all = self.drawn.design.resources.of(kind);
        let first = all.next().map(|it| it.id);
        first.filter(|_| all.next().is_none())
    }

    /// The resource that a text names: exactly, or as the longest name among its words.
    fn named(&self, text: &str) -> Option<ResourceId> {
        Self::among(&self.drawn.named, text)
    }

    fn among(all: &BTreeMap<String, ResourceId>, text: &str) -> Option<ResourceId> {
        if let Some(id) = all.get(text) {
            return Some(*id);
        }
        let words: Vec<&str> = text
            .split(|it: char| !(it.is_alphanumeric() || "-_/".contains(it)))
            .filter(|it| !it.is_empty())
            .collect();
        all.iter()
            .filter(|(name, _)| words.contains(&name.as_str()))
            .max_by_key(|(name, _)| name.len())
            .map(|(_, id)| *id)
    }

    // ---- who asks ----

    fn origin(&self) -> Result<(Origin, Option<Caller>), Vec<String>> {
        let from = &self.question.from;
        let low = from.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|it| low.contains(it));
        let owner = |it: &ResourceId| {
            matches!(self.kind(*it), Some(Kind::Workspace | Kind::MachineLearningRegistry))
        };
        if let Some(id) = self.drawn.named.get(from).copied() {
            return Ok(self.resource_origin(id));
        }
        let tag = from.trim_end_matches("service tag").trim_end();
        if let Some(it) = service_tags::parse(tag) {
            return Ok((Origin::Service(it.tag.name), None));
        }
        if has(&["task", "quick build"]) {
            let system =
                !has(&["no identity", "without identity", "user-assigned", "user assigned"]);
            return Ok((
                Origin::Service("AzureContainerRegistry"),
                Some(Caller::RegistryTask { system_identity: system }),
            ));
        }
        for (words, tag, service) in [
            (
                &["template deployment", "resource manager", "arm template"][..],
                "AzureResourceManager",
                "TemplateDeployment",
            ),
            (&["container instance", "aci"][..], "AzureCloud", "ContainerInstances"),
            (&["defender"][..], "AzureCloud", "Defender"),
            (&["import"][..], "AzureContainerRegistry", "RegistryImport"),
            (&["devops", "github"][..], "AzureCloud", "DevOps"),
            (&["backup"][..], "AzureBackup", "Backup"),
            (&["disk encryption"][..], "AzureCloud", "DiskEncryption"),
            (&["azure batch"][..], "BatchNodeManagement", "Batch"),
        ] {
            if has(words) {
                let caller = Caller::Trusted { service, resource: None };
                return Ok((Origin::Service(tag), Some(caller)));
            }
        }
        if has(&[
            "machine learning",
            "machinelearning",
            "aml",
            "azureml",
            "workspace",
            "preview",
            "profil",
            "studio service",
        ]) {
            let named = self.named(from).filter(owner);
            let resource = named.or_else(|| self.only(Kind::Workspace));
            let caller = Caller::Trusted { service: "MachineLearning", resource };
            return Ok((Origin::Service("AzureMachineLearning"), Some(caller)));
        }
        // It is a compute of the only workspace, in no network of the design.
        let serverless = || self.only(Kind::Workspace).filter(|_| has(&["serverless"]));
        match self.named(from).or_else(serverless) {
            Some(id) => Ok(self.resource_origin(id)),
            None => Err(vec![format!("adapter does not know who {from} is")]),
        }
    }

    fn resource_origin(&self, id: ResourceId) -> (Origin, Option<Caller>) {
        if matches!(self.kind(id), Some(Kind::Workspace | Kind::MachineLearningRegistry)) {
            let caller = Caller::Trusted { service: "MachineLearning", resource: Some(id) };
            return (Origin::Service("AzureMachineLearning"), Some(caller));
        }
        if self.facts.hosts.contains_key(&id) && self.kind(id) != Some(Kind::OnlineEndpoint) {
            return (Origin::Host(id), None);
        }
        // An endpoint acts through its deployments.
        let child = self.drawn.design.resources.children(Some(id)).map(|it| it.id);
        let child = child.into_iter().find(|it| self.facts.hosts.contains_key(it));
        (Origin::Host(child.unwrap_or(id)), None)
    }

    // ---- flows ----

    fn flow(&self, to: Destination) -> Result<Flow, Vec<String>> {
        let (from, caller) = self.origin()?;
        let mut flow = Flow::https(from, to);
        flow.protocol = self.question.protocol;
        flow.port = self.question.port;
        flow.caller = caller;
        flow.browser = self.in_browser();
        Ok(flow)
    }

    fn in_browser(&self) -> bool {
        self.op(&["studio", "browser", "jupyter", "portal", "home", "notebook", "page"])
    }

    fn asked(&self, what: &str, to: Destination) -> Result<Need, Vec<String>> {
        let mut flow = self.flow(to)?;
        if self.question.control {
            flow.plane = Plane::Control;
        }
        Ok(Need { asked: true, ..need(what, flow) })
    }

    /// A flow that the operation needs besides those to what the question names.
    fn also(&self, what: &str, to: Destination, port: u16) -> Result<Need, Vec<String>> {
        let mut flow = self.flow(to)?;
        flow.protocol = Protocol::Tcp;
        flow.port = port;
        Ok(need(what, flow))
    }

    fn public(&self, tag: &'static str) -> Result<Need, Vec<String>> {
        let mut need = self.also(tag, Destination::PublicService(tag), 443)?;
        if tag == "AzureFrontDoor.Frontend" {
            need.lost = Some("sy-studio-blank");
        }
        Ok(need)
    }

    fn face(&self, resource: ResourceId, face: &'static str) -> Destination {
        Destination::Face { resource, face }
    }

    fn setting(&self, id: ResourceId, key: &str) -> Option<ResourceId> {
        let it = self.drawn.design.get(id)?.settings.get(key)?.as_u64()?;
        u32::try_from(it).ok().map(ResourceId)
    }

    fn features(&self) -> Result<Vec<Feature>, Vec<String>> {
        if self.question.control {
            return self.managed();
        }
        let mut features = self.called()?;
        // Whoever signs in first needs a token before the service is asked at all.
        let signs_in = self.op(SIGN_IN) && self.op(&[" and ", ", then"]);
        if let Some(first) = features.first_mut().filter(|_| signs_in) {
            first.insert(0, self.public("AzureActiveDirectory")?);
        }
        Ok(features)
    }

    /// Several ends by one question, where each of them is known.
    fn listed(&self) -> Option<Vec<Feature>> {
        let parts = self.question.to.split(" and ").flat_map(|it| it.split(", "));
        let parts: Vec<&str> = parts.map(str::trim).filter(|it| !it.is_empty()).collect();
        if parts.len() < 2 {
            return None;
        }
        let drawn = |to: &str| {
            let name = to.split_once('.').map_or(to, |(name, _)| name);
            self.drawn.named.contains_key(name)
                || is_host_name(to)
                || to.parse::<Ipv4Addr>().is_ok()
        };
        if !parts.iter().all(|it| drawn(it)) {
            return None;
        }
        let mut features = Vec::new();
        for to in parts {
            let question = Question { to: to.to_owned(), ..self.question.clone() };
            let asker = Asker { question: &question, ..*self };
            // All of one end is one thing.
            features.push(asker.called().ok()?.into_iter().flatten().collect());
        }
        Some(features)
    }

    fn called(&self) -> Result<Vec<Feature>, Vec<String>> {
        if let Some(it) = self.listed() {
            return Ok(it);
        }
        let to = self.question.to.as_str();
        if let Ok(address) = to.parse::<Ipv4Addr>() {
            return Ok(vec![vec![self.asked(to, Destination::Address(address))?]]);
        }
        // Its images come with content from another host.
        if is_host_name(to) && !to.eq_ignore_ascii_case("mcr.microsoft.com") {
            return Ok(vec![vec![self.asked(to, Destination::Name(to.to_ascii_lowercase()))?]]);
        }
        if matches!(to, "" | "workspace" | "the workspace") {
            return match (self.sole(Kind::Workspace), self.operation()) {
                (Some(it), _) => self.workspace(it, ""),
                (None, Some(it)) => Ok(self.whole(it, None, None)),
                (None, None) => Ok(vec![vec![missing("one workspace")]]),
            };
        }
        let (name, face) = to.split_once('.').unwrap_or((to, ""));
        let target = self.drawn.named.get(name).copied();
        let Some(id) = target.or_else(|| self.named(to)) else { return self.outside() };
        let Some(kind) = self.kind(id) else { return self.outside() };
        // Asked at a part of the workspace that the operation does not go to.
        let part = matches!(
            kind,
            Kind::ComputeCluster
                | Kind::ComputeInstance
                | Kind::AttachedKubernetes
                | Kind::OnlineEndpoint
                | Kind::BatchEndpoint
        );
        if let Some(it) = self.operation().filter(|it| part && !it.ends_at(kind)) {
            return Ok(self.whole(it, self.workspace_of_asker(), None));
        }
        match kind {
            Kind::StorageAccount => self.storage(id, face),
            Kind::KeyVault => Ok(vec![vec![self.asked("vault", self.face(id, "vault"))?]]),
            Kind::ContainerRegistry => self.registry(id, face),
            Kind::Workspace => self.workspace(id, face),
            Kind::OnlineEndpoint | Kind::BatchEndpoint => {
                Ok(vec![vec![self.asked("scoring", self.face(id, "scoring"))?]])
            }
            Kind::ComputeInstance => self.instance(id, face),
            Kind::ApplicationInsights | Kind::LogAnalyticsWorkspace => {
                let query =
                    face == "query" || self.op(&["query", "quer", "read", "log search", "view"]);
                let manager = self.op(&["resource manager", "arm ", "management.azure.com"]);
                let both = face.is_empty() && self.op(&["send", "ingest"]);
                let face = match query {
                    true if manager => "arm-query",
                    true => "query",
                    false => "ingestion",
                };
                let faces = if both && query { &["ingestion", face][..] } else { &[face][..] };
                faces.iter().map(|it| Ok(vec![self.asked(it, self.face(id, it))?])).collect()
            }
            Kind::AttachedKubernetes | Kind::MachineLearningRegistry => {
                Ok(vec![vec![self.asked("api", self.face(id, "api"))?]])
            }
            // From outside it is called at its public address.
            Kind::AzureFirewall => {
                let outside = |id| {
                    self.facts.hosts.get(&id).is_some_and(|it| {
                        matches!(it.position, Position::Internet { .. } | Position::Platform { .. })
                    })
                };
                let outside = match self.origin()?.0 {
                    Origin::Host(id) => outside(id),
                    Origin::Service(_) | Origin::Internet(_) => true,
                };
                let public = self.facts.appliances.get(&id).and_then(|it| it.public.first());
                let to_public = public.and_then(|it| it.prefix).filter(|_| outside);
                let to_host = Destination::Host(id);
                let destination = to_public.map_or(to_host, |it| Destination::Address(it.first()));
                Ok(vec![vec![self.asked(to, destination)?]])
            }
            _ => Ok(vec![vec![self.asked(to, Destination::Host(id))?]]),
        }
    }

    /// A call to Azure Resource Manager about anything of the design.
    fn managed(&self) -> Result<Vec<Feature>, Vec<String>> {
        let known = self.subject();
        if let Some(id) = known
            && self.kind(id) == Some(Kind::Workspace)
            && self.op(&["submit"])
        {
            // The call is a part of it; what the job needs is sent to storage.
            return self.submit(id, self.setting(id, "storageAccount"));
        }
        let mut call = self.asked("resource manager", Destination::PublicService(MANAGEMENT))?;
        call.flow.plane = Plane::Control;
        let mut needs = vec![call];
        let endpoint = self.op(ONLINE)
            || (self.op(&["deploy"])
                && (self.op(&["endpoint"])
                    || known.and_then(|it| self.kind(it)) == Some(Kind::OnlineEndpoint)));
        if endpoint && !self.op(&["delete", "list", "show"]) {
            needs.extend(self.modes("oe.create"));
        }
        if self.op(&["submit"]) && !self.op(&["v1"]) {
            needs.extend(self.modes("job.submit.v2"));
        }
        let registry = known.filter(|it| self.kind(*it) == Some(Kind::MachineLearningRegistry));
        if registry.is_some() && self.op(&["environment"]) {
            needs.extend(self.modes("registry.environment.create"));
        }
        let workspace = known.filter(|it| self.kind(*it) == Some(Kind::Workspace));
        let workspace = workspace.or_else(|| self.only(Kind::Workspace));
        // Whose rights it takes is another question.
        if workspace.is_some() && self.op(&["outbound rule"]) {
            let found = self.modes("ws.managed_network.provision").into_iter();
            needs.extend(found.filter(Need::is_denied));
        }
        let storage = workspace.and_then(|it| self.setting(it, "storageAccount"));
        Ok([vec![needs], self.upload(storage)?].concat())
    }

    /// What a check of the product says of the services themselves, beside the caller's packets and roles.
    fn modes(&self, check: &str) -> Vec<Need> {
        let mut resources = self.drawn.design.resources.clone();
        // Somebody to do it and something to be made, where the case only speaks of them.
        if let Some(registry) = self.only(Kind::MachineLearningRegistry) {
            let user = ResourceId(resources.0.keys().last().map_or(1, |it| it.0 + 1));
            resources.0.insert(user, Resource::new(Kind::User, "somebody", None).into());
            if let Some(it) = resources.0.get_mut(&registry) {
                Arc::make_mut(it).settings.insert("usedBy".to_owned(), json!(user.0));
            }
        }
        if let Some(workspace) = self.only(Kind::Workspace) {
            let next = |it: &Resources| it.0.keys().last().map_or(1, |it| it.0 + 1);
            for (kind, name, parent) in [
                (Kind::InternetClient, "someone", None),
                (Kind::OnlineEndpoint, "to-be-made", Some(workspace)),
            ] {
                let id = ResourceId(next(&resources));
                resources.0.insert(id, Resource::new(kind, name, parent).into());
            }
            let mut datastore =
                Resource::new(Kind::Datastore, "workspaceblobstore", Some(workspace));
            if let Some(account) = self.setting(workspace, "storageAccount") {
                datastore.settings.insert("accountName".to_owned(), json!(account.0));
            }
            let id = ResourceId(next(&resources));
            resources.0.insert(id, datastore.into());
        }
        let plans = checks::find(check).map(|it| (it.plans)(&resources)).unwrap_or_default();
        let requirements = plans.into_iter().next().map(|it| it.needs).unwrap_or_default();
        requirements
            .into_iter()
            .filter(|it| it.gate == Gate::Network)
            .filter_map(|it| {
                // Calls that the service makes by itself belong to it as well.
                let (flow, said) = match it.ask {
                    Ask::Said(steps) => {
                        let to = Destination::PublicService(MANAGEMENT);
                        (Flow::https(ResourceId::default(), to), Some((steps, it.symptom)))
                    }
                    Ask::Flow(flow) if flow.caller.is_some() => (flow, None),
                    _ => return None,
                };
                Some(Need { said, ..need(&it.what.render(Lang::En), flow) })
            })
            .collect()
    }

    /// Places that no resource of the design stands for.
    fn outside(&self) -> Result<Vec<Feature>, Vec<String>> {
        let to = self.question.to.as_str();
        let low = to.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|it| low.contains(it));
        let mut features: Vec<Feature> = Vec::new();
        let asked = |tag: &'static str| self.asked(tag, Destination::PublicService(tag));
        if has(&[
            "image registry",
            "microsoftcontainerregistry",
            "microsoft container registry",
            "mcr",
            "artifact registry",
        ]) {
            features.push(vec![asked("MicrosoftContainerRegistry")?]);
            if self.op(&["pull", "image"]) {
                features.push(vec![asked("AzureFrontDoor.FirstParty")?]);
            }
        } else {
            for (words, tag) in [
                (
                    &[
                        "entra",
                        "azureactivedirectory",
                        "active directory",
                        "azure ad",
                        "sign-in",
                        "login",
                    ][..],
                    "AzureActiveDirectory",
                ),
                (&["resource manager", "azureresourcemanager", "arm"][..], "AzureResourceManager"),
                (&["firstparty"][..], "AzureFrontDoor.FirstParty"),
                (&["front door", "frontdoor", "studio"][..], "AzureFrontDoor.Frontend"),
                (&["machine learning", "azuremachinelearning", "aml"][..], "AzureMachineLearning"),
                (&["batch"][..], "BatchNodeManagement"),
                (&["azuremonitor", "azure monitor"][..], "AzureMonitor"),
                (&["storage"][..], "Storage"),
            ] {
                if has(words) {
                    let mut need = asked(tag)?;
                    if tag == "AzureFrontDoor.Frontend" && self.in_browser() {
                        need.lost = Some("sy-studio-blank");
                    }
                    features.push(vec![need]);
                    break;
                }
            }
        }
        if has(&["package", "pypi", "conda", "pip"]) {
            let name = Destination::Name("pypi.org".to_owned());
            features.push(vec![self.asked("packages", name)?]);
        }
        if features.is_empty()
            && has(&["internet", "public web", "public site", "any public", "web site", "website"])
        {
            let name = Destination::Name("www.example.com".to_owned());
            features.push(vec![self.asked("internet", name)?]);
        }
        if features.is_empty()
            && let Some(it) = service_tags::parse(to)
        {
            features.push(vec![asked(it.tag.name)?]);
        }
        if features.is_empty() {
            return Err(vec![format!("adapter does not know what {to} is")]);
        }
        Ok(features)
    }

    fn storage(&self, id: ResourceId, face: &str) -> Result<Vec<Feature>, Vec<String>> {
        let text =
            format!("{face} {} {}", self.question.to, self.question.operation).to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|it| text.contains(it));
        let face = match face {
            "blob" => "blob",
            "file" => "file",
            "queue" => "queue",
            "table" => "table",
            "dfs" => "dfs",
            "web" => "web",
            _ if has(&["file share", "mount", "smb", "azure file", " file"]) => "file",
            _ if has(&["queue"]) => "queue",
            _ if has(&["table"]) => "table",
            _ if has(&["dfs", "acl", "director"]) => "dfs",
            _ => "blob",
        };
        // Mini-batches are handed out over a queue and noted in a table.
        const PARALLEL: &[&str] = &[
            "parallelrunstep",
            "parallel run step",
            "parallel run",
            "parallel job",
            "parallel component",
            "batch scoring",
            "batch inference",
            "batch deployment",
            "batch endpoint",
            "batch job",
        ];
        let whole = face == "blob" && !self.question.to.contains('.');
        let also = |id, face| self.also(face, self.face(id, face), self.question.port);
        if whole && self.op(PARALLEL) {
            // The work is shared through the default storage, wherever the input lies.
            let workspace = self.only(Kind::Workspace);
            let default = workspace.and_then(|it| self.setting(it, "storageAccount")).unwrap_or(id);
            let mut rest = Vec::new();
            if default != id && !self.op(&["input"]) {
                rest.push(also(default, "blob")?);
            }
            rest.extend([also(default, "queue")?, also(default, "table")?]);
            return Ok(vec![vec![self.asked(face, self.face(id, face))?], rest]);
        }
        // Blobs of Data Lake Storage are read by one name, their directories and lists by another.
        const LAKE: &[&str] = &["adls", "gen2", "data lake"];
        let by_credential = self.op(&["credential", "account key", "sas token", "stored key"]);
        let as_lake = self.op(LAKE)
            || self.is_lake(id) && self.op(&["job", "datastore", "identity"]) && !by_credential;
        if whole && as_lake {
            let blob = vec![self.asked(face, self.face(id, face))?];
            return Ok(vec![blob, vec![also(id, "dfs")?]]);
        }
        if matches!(face, "blob")
            && let Some(workspace) = self.only(Kind::Workspace)
            && let Some(features) = self.studio_data(workspace)?
        {
            return Ok(features);
        }
        let mut need = self.asked(face, self.face(id, face))?;
        if self.op(&["notebook"]) {
            need.refused = Some("sy-notebooks");
        }
        // The portal is no Studio; only the resolver of its browser matters.
        if self.op(&["portal"]) && !self.resolves_publicly() {
            need.flow.browser = false;
        }
        Ok(vec![vec![need]])
    }

    fn resolves_publicly(&self) -> bool {
        let host = self.drawn.named.get(&self.question.from);
        let host = host.and_then(|it| self.facts.hosts.get(it));
        host.is_some_and(|it| it.browser_resolves_publicly)
    }

    fn is_client(&self, id: ResourceId) -> bool {
        matches!(
            self.kind(id),
            Some(Kind::VirtualMachine | Kind::InternetClient | Kind::OnPremisesClient)
        )
    }

    fn registry(&self, id: ResourceId, face: &str) -> Result<Vec<Feature>, Vec<String>> {
        let login = || self.asked("login", self.face(id, "login"));
        let data = || self.asked("data", self.face(id, "data"));
        match face {
            "data" => return Ok(vec![vec![data()?]]),
            "login" => return Ok(vec![vec![login()?]]),
            _ => {}
        }
        let (from, caller) = self.origin()?;
        let by_service = !matches!(from, Origin::Host(_));
        if self.op(&["build"]) && !matches!(caller, Some(Caller::RegistryTask { .. })) {
            return Ok(operations::by_id("image.build.workspace_acr")
                .map(|it| self.whole(it, self.workspace_of_asker(), Some(id)))
                .unwrap_or_default());
        }
        if self.op(&["pull", "run", "deploy", "download"]) && !by_service {
            let mut features = vec![vec![login()?], vec![data()?]];
            // Nodes of a cluster fetch the registered model themselves.
            let nodes =
                matches!(from, Origin::Host(it) if self.kind(it) == Some(Kind::AttachedKubernetes));
            if nodes && self.op(&["deploy"]) && self.op(&["model"]) {
                let workspace = self.only(Kind::Workspace);
                let storage = workspace.and_then(|it| self.setting(it, "storageAccount"));
                if let Some(storage) = storage {
                    features.push(vec![self.also("model", self.face(storage, "blob"), 443)?]);
                }
            }
            return Ok(features);
        }
        Ok(vec![vec![login()?]])
    }

    fn operation(&self) -> Option<&'static Operation> {
        let host = self.origin().ok().map(|it| it.0);
        let by_compute = matches!(host, Some(Origin::Host(it)) if !self.is_client(it));
        operations::find(&self.question.operation, by_compute)
    }

    /// The workspace that the question names or that the one who asks belongs to.
    fn workspace_of_asker(&self) -> Option<ResourceId> {
        let from = self.named(&self.question.from);
        let own = from.and_then(|it| {
            let subject = self.drawn.design.resources.subject(it)?;
            let within = subject.within(Kind::Workspace).map(|it| it.id);
            within.or_else(|| self.setting(it, "workspace"))
        });
        let own = own.or(from.filter(|it| self.kind(*it) == Some(Kind::Workspace)));
        own.or_else(|| self.only(Kind::Workspace))
    }

    /// All flows of an operation, each from its own sender to its own target: what the question names
    /// beside the workspace, or else what the workspace names, or else the only one of the design.
    fn whole(
        &self,
        operation: &Operation,
        workspace: Option<ResourceId>,
        named: Option<ResourceId>,
    ) -> Vec<Feature> {
        let mut features: Vec<Feature> = Vec::new();
        for (sender, target) in operation.flows {
            let senders = self.senders(*sender, workspace);
            if senders.is_empty() {
                features.push(vec![missing(sender.called())]);
            }
            for (from, caller) in senders {
                // What Azure itself fetches in public is no matter of the design.
                if *target == Target::Public && !matches!(from, Origin::Host(_)) {
                    continue;
                }
                let Some(ends) = self.targets(*target, workspace, named) else {
                    features.push(vec![missing(target.called())]);
                    continue;
                };
                let flow = |(what, to): (&str, Destination)| {
                    let mut flow = Flow::https(from.clone(), to);
                    flow.caller.clone_from(&caller);
                    flow.browser = *sender == Sender::Caller && self.in_browser();
                    need(what, flow)
                };
                features.extend(ends.into_iter().map(|it| it.into_iter().map(flow).collect()));
                // Not every compute can build.
                let builds = matches!(sender, Sender::BuildCluster | Sender::Builder);
                if builds && *target == Target::Push && matches!(from, Origin::Host(_)) {
                    let modes = self.modes("image.build.on_compute");
                    features.last_mut().into_iter().for_each(|it| it.extend(modes.clone()));
                }
            }
        }
        let first = features.first_mut().and_then(|it| it.first_mut());
        first.into_iter().for_each(|it| it.asked = true);
        features
    }

    /// None where the design does not tell which one it is.
    fn senders(
        &self,
        sender: Sender,
        workspace: Option<ResourceId>,
    ) -> Vec<(Origin, Option<Caller>)> {
        let service = |service| Some(Caller::Trusted { service, resource: workspace });
        let task = || {
            let caller = Caller::RegistryTask { system_identity: true };
            vec![(Origin::Service("AzureContainerRegistry"), Some(caller))]
        };
        let asker = self.origin().ok();
        let named =
            asker.clone().filter(|(it, _)| matches!(it, Origin::Host(it) if !self.is_client(*it)));
        let builder = workspace.and_then(|it| self.setting(it, "imageBuildCompute"));
        let all = |kinds: &[Kind]| -> Vec<ResourceId> {
            let all = &self.drawn.design.resources;
            kinds.iter().flat_map(|it| all.of(*it).map(|it| it.id)).collect()
        };
        let sole = |mut all: Vec<ResourceId>| {
            if all.len() > 1 {
                all.retain(|it| Some(*it) != builder);
            }
            let only = (all.len() == 1).then(|| all.first().copied()).flatten();
            only.map(|it| self.resource_origin(it)).into_iter().collect()
        };
        let one_of = |kinds: &[Kind]| match &named {
            Some(it) => vec![it.clone()],
            None => sole(all(kinds)),
        };
        match sender {
            Sender::Caller => asker.into_iter().collect(),
            Sender::Service => {
                vec![(Origin::Service("AzureMachineLearning"), service("MachineLearning"))]
            }
            Sender::Compute => {
                one_of(&[Kind::ComputeCluster, Kind::ComputeInstance, Kind::AttachedKubernetes])
            }
            Sender::BuildCluster | Sender::Builder => match (named, builder) {
                (Some(it), _) => vec![it],
                (None, Some(it)) => vec![(Origin::Host(it), None)],
                (None, None) if sender == Sender::Builder => task(),
                (None, None) => sole(all(&[Kind::ComputeCluster])),
            },
            Sender::Task => task(),
            Sender::Deployment => one_of(&[Kind::OnlineEndpoint]),
            Sender::Nodes => one_of(&[Kind::AttachedKubernetes]),
            Sender::ContainerInstances => {
                let drawn = one_of(&[Kind::ContainerInstanceDeployment]);
                if drawn.is_empty() { vec![(Origin::Service("AzureCloud"), None)] } else { drawn }
            }
            Sender::Pullers => {
                let mut found = all(&[Kind::ComputeCluster, Kind::OnlineEndpoint]);
                found.extend(builder.filter(|it| !found.contains(it)));
                found.into_iter().map(|it| self.resource_origin(it)).collect()
            }
        }
    }

    /// The ends of a flow; none where the design does not tell which resource it is.
    fn targets(
        &self,
        target: Target,
        workspace: Option<ResourceId>,
        named: Option<ResourceId>,
    ) -> Option<Vec<Vec<(&'static str, Destination)>>> {
        let own = |key, kind| match workspace.and_then(|it| self.setting(it, key)) {
            Some(it) => Some(it),
            None => self.sole(kind),
        };
        let said = |kind| {
            let said = named.or_else(|| Self::among(&self.drawn.named, &self.question.operation));
            said.filter(|it| self.kind(*it) == Some(kind))
        };
        let other = |key, kind| {
            let own = workspace.and_then(|it| self.setting(it, key));
            let all = self.drawn.design.resources.of(kind).map(|it| it.id);
            let mut others = all.filter(|it| Some(*it) != own);
            let first = others.next();
            let sole = first.or(own).filter(|_| others.next().is_none());
            said(kind).or(sole)
        };
        let storage = || own("storageAccount", Kind::StorageAccount);
        let data = || said(Kind::StorageAccount).or_else(storage);
        let registry = || {
            let said = said(Kind::ContainerRegistry);
            said.or_else(|| own("containerRegistry", Kind::ContainerRegistry))
        };
        let other_registry = || other("containerRegistry", Kind::ContainerRegistry);
        let face = |id, face| (face, self.face(id, face));
        let pull = |id| vec![vec![face(id, "login")], vec![face(id, "data")]];
        Some(match target {
            Target::Pull => pull(registry()?),
            Target::PrivatePull => pull(other_registry()?),
            Target::Push => vec![vec![face(registry()?, "login")]],
            Target::PrivateLogin => vec![vec![face(other_registry()?, "login")]],
            Target::Default(it) => vec![vec![face(storage()?, it)]],
            Target::Data => vec![vec![face(data()?, "blob")]],
            Target::Lake => {
                let id = data()?;
                if self.is_lake(id) { vec![vec![face(id, "dfs")]] } else { Vec::new() }
            }
            Target::OtherStorage => {
                vec![vec![face(other("storageAccount", Kind::StorageAccount)?, "blob")]]
            }
            Target::Vault => {
                let said = said(Kind::KeyVault);
                vec![vec![face(said.or_else(|| own("keyVault", Kind::KeyVault))?, "vault")]]
            }
            Target::Scoring => vec![vec![face(self.sole(Kind::OnlineEndpoint)?, "scoring")]],
            Target::Public => {
                let tag = |it| (it, Destination::PublicService(it));
                vec![vec![
                    tag("MicrosoftContainerRegistry"),
                    tag("AzureFrontDoor.FirstParty"),
                    ("packages", Destination::Name("pypi.org".to_owned())),
                ]]
            }
        })
    }

    fn is_lake(&self, id: ResourceId) -> bool {
        let it = self.drawn.design.get(id).and_then(|it| it.settings.get("isHnsEnabled"));
        it.and_then(Value::as_bool) == Some(true)
    }

    fn workspace(&self, id: ResourceId, face: &str) -> Result<Vec<Feature>, Vec<String>> {
        let api = || self.asked("workspace", self.face(id, "api"));
        match face {
            "notebooks" | "notebook" => {
                return Ok(vec![vec![self.asked("notebooks", self.face(id, "notebooks"))?]]);
            }
            "cert" => return Ok(vec![vec![self.asked("cert", self.face(id, "cert"))?]]),
            "api" if !self.in_browser() => return Ok(vec![vec![api()?]]),
            _ => {}
        }
        if self.op(&["jupyter", "rstudio"])
            && let Some(instance) = self.only(Kind::ComputeInstance)
        {
            return self.instance(instance, "application");
        }
        if let Some(it) = self.operation() {
            return Ok(self.whole(it, Some(id), None));
        }
        let storage = self.setting(id, "storageAccount");
        if let Some(features) = self.signs_in(id)? {
            return Ok(features);
        }
        if let Some(features) = self.studio_data(id)? {
            return Ok(features);
        }
        // Jobs are submitted by people; what runs in one calls the workspace itself.
        let by_compute = matches!(self.origin()?.0, Origin::Host(it) if !self.is_client(it));
        // The SDK calls the workspace for more than jobs.
        let submits =
            self.op(&["submit", "job"]) || self.op(&["sdk"]) && !self.op(&["api", "call"]);
        if submits && !self.op(&["page", "list", "get "]) && !by_compute {
            return self.submit(id, storage);
        }
        let notebooks = self.op(&["notebook"]);
        let compute = self.op(&["compute page", "computes page", "compute tab"]);
        // "in Studio" tells where a page is; it is another page than home.
        let home = self.op(&["home", "load studio", "open studio"])
            || (self.op(&["studio"]) && !notebooks && !compute);
        let upload = self.upload(storage)?;
        if !(home || notebooks || compute) {
            let mut need = api()?;
            need.refused = Some("sy-api");
            // Neither the record nor the files wait for the other.
            let fails = solve(&Network::new(self.facts), &need).outcome != Outcome::Allowed;
            let record = vec![vec![need]];
            return Ok(if fails { [upload, record] } else { [record, upload] }.concat());
        }
        let mut page = self.studio_page()?;
        let refused = if compute {
            "sy-compute"
        } else if notebooks && !home {
            "sy-notebooks"
        } else {
            "sy-home"
        };
        let shown = |mut need: Need| {
            need.refused = Some(refused);
            need
        };
        if compute {
            let mut lifecycle = self.also("lifecycle", self.face(id, "api"), 443)?;
            lifecycle.flow.plane = Plane::Control;
            page.push(lifecycle);
            return Ok(vec![page, vec![shown(api()?)]]);
        }
        page.push(shown(api()?));
        if !notebooks {
            return Ok([vec![page], upload].concat());
        }
        let mut files = vec![self.also("notebooks", self.face(id, "notebooks"), 443)?];
        if let Some(storage) = storage {
            files.push(self.also("files", self.face(storage, "file"), 443)?);
            files.push(self.also("blobs", self.face(storage, "blob"), 443)?);
        }
        for need in &mut files {
            need.refused = Some("sy-notebooks");
        }
        if home {
            return Ok(vec![page, files]);
        }
        page.extend(files);
        Ok(vec![page])
    }

    /// What any page of Studio needs before it asks the workspace.
    fn studio_page(&self) -> Result<Feature, Vec<String>> {
        Ok(vec![
            self.public("AzureFrontDoor.Frontend")?,
            self.public("AzureActiveDirectory")?,
            self.public("AzureResourceManager")?,
        ])
    }

    /// What Studio does with data, at whichever end it is asked: the service itself reads the storage as
    /// the workspace, beside what the browser sends.
    fn studio_data(&self, workspace: ResourceId) -> Result<Option<Vec<Feature>>, Vec<String>> {
        let Some(action) = self.studio_action() else { return Ok(None) };
        let by_client = matches!(self.origin()?.0, Origin::Host(it) if self.is_client(it));
        // Of two accounts, the one that is spoken of.
        let said = Self::among(&self.drawn.named, &self.question.operation)
            .or_else(|| self.named(&self.question.to));
        let said = said.filter(|it| self.kind(*it) == Some(Kind::StorageAccount));
        let account = said.or_else(|| self.setting(workspace, "storageAccount"));
        let account = account.filter(|it| self.kind(*it) == Some(Kind::StorageAccount));
        let Some(account) = account.filter(|_| by_client) else { return Ok(None) };
        let at_workspace = self.named(&self.question.to) == Some(workspace);
        let mut api = if at_workspace {
            self.asked("workspace", self.face(workspace, "api"))?
        } else {
            self.also("workspace", self.face(workspace, "api"), 443)?
        };
        let mut page = if self.op(&["studio"]) { self.studio_page()? } else { Vec::new() };
        api.refused = Some(if page.is_empty() { "sy-api" } else { "sy-home" });
        let mut service = self.also("Azure Machine Learning", self.face(account, "blob"), 443)?;
        service.flow.from = Origin::Service("AzureMachineLearning");
        service.flow.caller =
            Some(Caller::Trusted { service: "MachineLearning", resource: Some(workspace) });
        service.flow.browser = false;
        let modes = match action {
            StudioAction::Browse => self.modes("studio.datastore.browse"),
            StudioAction::Preview => self.modes("studio.dataset.preview"),
            StudioAction::Submit => self.modes("job.submit.v2"),
            StudioAction::Use => Vec::new(),
        };
        if !at_workspace {
            // Asked at the storage; what the service does there comes first.
            service.asked = action != StudioAction::Browse;
            let mut features = vec![vec![service]];
            if action == StudioAction::Browse {
                features.push(vec![self.asked("browser", self.face(account, "blob"))?]);
            } else if action == StudioAction::Preview {
                features.push(vec![api]);
            }
            return Ok(Some(features));
        }
        let denied = modes.into_iter().filter(Need::is_denied);
        if action == StudioAction::Preview {
            // The service reads before the browser is shown anything.
            page.extend(denied);
            page.push(service);
            return Ok(Some(vec![page, vec![api]]));
        }
        page.push(api);
        page.extend(denied);
        page.push(service);
        let mut features = vec![page];
        if action == StudioAction::Browse {
            features.push(vec![self.also("browser", self.face(account, "blob"), 443)?]);
        }
        Ok(Some(features))
    }

    /// Which of the things that Studio does with data are asked about.
    fn studio_action(&self) -> Option<StudioAction> {
        let data = self.op(&["data"]);
        let studio = self.op(&["studio"]);
        let writes = self.op(&["create", "register", "upload", "delete", "notebook"]);
        let looks = self.op(&["browse"]) || studio && self.op(&["datastore", "explore"]);
        if looks && data && !writes {
            Some(StudioAction::Browse)
        } else if self.op(&["preview"]) && (data || studio) {
            Some(StudioAction::Preview)
        } else if studio && self.op(&["automl", "automated ml"]) {
            Some(StudioAction::Submit)
        } else if self.op(&["designer", "visualis", "visualiz", "labelling", "labeling"])
            || studio && self.op(&["label"])
            || data && self.op(&["profil"])
        {
            Some(StudioAction::Use)
        } else {
            None
        }
    }

    /// A sign-in, and what code does with the token: it asks Resource Manager for the workspace and then
    /// the workspace itself. A machine's own identity needs no sign-in, but a token from the machine.
    fn signs_in(&self, workspace: ResourceId) -> Result<Option<Vec<Feature>>, Vec<String>> {
        // Who does something else afterwards asks about that.
        let only = !self.op(&[" and ", ", then", "submit", "studio", "open ", "list "]);
        let by_client = matches!(self.origin()?.0, Origin::Host(it) if self.is_client(it));
        if !(self.op(SIGN_IN) && only && by_client) {
            return Ok(None);
        }
        let api = vec![self.asked("workspace", self.face(workspace, "api"))?];
        let management = vec![self.public("AzureResourceManager")?];
        if self.op(&[
            "vm identity",
            "managed identity",
            "machine identity",
            "identity of the",
            "msi",
        ]) {
            let metadata = Destination::Address(PLATFORM_METADATA);
            let token = vec![self.also("token", metadata, 80)?];
            return Ok(Some(vec![token, api, management]));
        }
        Ok(Some(vec![vec![self.public("AzureActiveDirectory")?], management, api]))
    }

    /// What is local goes straight from the client to the default storage account, whoever then writes
    /// the record of it.
    fn upload(&self, storage: Option<ResourceId>) -> Result<Vec<Feature>, Vec<String>> {
        let said = |all: &[&str]| {
            let mut words = self.question.operation.split(|it: char| !it.is_alphanumeric());
            words.any(|it| all.contains(&it))
        };
        // A local machine or network is no file.
        let local = said(&["upload", "uploads", "uploading"])
            || said(&["local"])
                && said(&["model", "models", "file", "files", "code", "data", "asset", "folder"]);
        let by_client = matches!(self.origin()?.0, Origin::Host(it) if self.is_client(it));
        let Some(storage) = storage.filter(|_| local && by_client) else { return Ok(Vec::new()) };
        Ok(vec![vec![self.also("upload", self.face(storage, "blob"), 443)?]])
    }

    fn submit(
        &self,
        id: ResourceId,
        storage: Option<ResourceId>,
    ) -> Result<Vec<Feature>, Vec<String>> {
        let v1 = self.op(&["v1", "version 1"]);
        let mut call = if v1 {
            let mut need = self.asked("workspace", self.face(id, "api"))?;
            need.flow.plane = Plane::Data;
            need
        } else {
            let mut need = self.asked("resource manager", self.face(id, "api"))?;
            need.flow.plane = Plane::Control;
            need
        };
        call.refused = Some("sy-api");
        let mut features = vec![vec![call]];
        if !v1 {
            let mut told = self.asked("workspace", self.face(id, "api"))?;
            told.flow.plane = Plane::Data;
            told.told = true;
            features.push(vec![told]);
        }
        if !v1 {
            features.first_mut().into_iter().for_each(|it| it.extend(self.modes("job.submit.v2")));
        }
        if let Some(storage) = storage {
            features.push(vec![self.also("upload", self.face(storage, "blob"), 443)?]);
        }
        Ok(features)
    }

    fn instance(&self, id: ResourceId, face: &str) -> Result<Vec<Feature>, Vec<String>> {
        let by_service = !matches!(self.origin()?.0, Origin::Host(_));
        if by_service || self.question.port == 44224 {
            return Ok(vec![vec![self.asked("instance", Destination::Host(id))?]]);
        }
        if face == "ssh" || (self.op(&["ssh"]) && self.question.port != 22) {
            return Ok(vec![vec![self.asked("ssh", self.face(id, "ssh"))?]]);
        }
        let direct = self.question.port != 443;
        if !direct && self.op(&["jupyter", "rstudio", "notebook", "terminal", "vs code", "open"]) {
            let mut need = self.asked("application", self.face(id, "application"))?;
            need.refused = Some("sy-ci-app");
            return Ok(vec![vec![need]]);
        }
        Ok(vec![vec![self.asked("instance", Destination::Host(id))?]])
    }

    // ---- rules of services and designs ----

    /// What a call about the control plane concerns, nearest first: the resource that it names, and what
    /// stands in it, holds it, or is tied to it by a setting, three steps away at most. A call that names
    /// nothing of the design concerns all of it.
    fn concerned(&self) -> Vec<ResourceId> {
        let resources = &self.drawn.design.resources;
        let Some(first) = self.subject() else { return resources.0.keys().copied().collect() };
        // What stands in one resource group has nothing to do with each other for that alone.
        let apart = |id: ResourceId| {
            matches!(self.kind(id), Some(Kind::ResourceGroup | Kind::Subscription))
        };
        let mut found = vec![first];
        // Nothing links an endpoint to its workspace where it stands in a subnet.
        if self.op(ONLINE) {
            found.extend(resources.of(Kind::OnlineEndpoint).map(|it| it.id));
        }
        let mut from = 0;
        for _ in 0..3 {
            let ring = found.get(from..).unwrap_or_default().to_vec();
            from = found.len();
            for id in ring {
                let Some(it) = resources.subject(id) else { continue };
                let parent = it.parent().map(|it| it.id);
                let below = resources.children(Some(id)).map(|it| it.id);
                let referrers = resources.referrers(id).map(|(it, _)| it.id);
                let referred = resources
                    .0
                    .keys()
                    .copied()
                    .filter(|other| resources.referrers(*other).any(|(it, _)| it.id == id));
                let next = parent.into_iter().chain(below).chain(referrers).chain(referred);
                for next in next.collect::<Vec<_>>() {
                    if !apart(next) && !found.contains(&next) {
                        found.push(next);
                    }
                }
            }
        }
        found
    }

    /// The resource that a question about the control plane names.
    fn subject(&self) -> Option<ResourceId> {
        let to = self.question.to.as_str();
        let name = to.split_once('.').map_or(to, |(name, _)| name);
        let exact = self.drawn.named.get(to).or_else(|| self.drawn.places.get(to)).copied();
        let known = exact.or_else(|| self.named(name));
        let known = known.or_else(|| Self::among(&self.drawn.places, to));
        known.or_else(|| self.named(to))
    }

    /// What Azure refuses before any packet is sent, of all that the call is about.
    fn validation(&self) -> Option<Reply> {
        let mut all = self.concerned().into_iter();
        let Some(refusal) = all.find_map(|it| self.facts.refusals.get(&it)?.first()) else {
            return self.without_effect();
        };
        Some(Reply {
            verdict: "deny",
            failing_hop: Hop::Validation.slug(),
            resolved: Vec::new(),
            symptom: refusal.symptom,
            why: refusal.text.render(Lang::En),
        })
    }
}

impl Asker<'_> {
    /// What is wrong with a design beyond what fails its packets, for whoever has it validated: zones that
    /// nobody asks, rules that admit nobody, computes that build no images, endpoints where Studio needs
    /// others.
    fn without_effect(&self) -> Option<Reply> {
        let validates =
            self.op(&["validate", "check the design", "review the design", "deploy the design"]);
        let builds = self.op(&["image build compute", "build compute", "image_build_compute"]);
        // What Azure accepts of these calls does not work.
        let called = [
            (&["resource access rule", "resource instance"][..], "rule_for_another_tenant"),
            (&["studio data"][..], "workspace_endpoints_apart"),
        ];
        let called = called.iter().find(|(words, _)| self.op(words)).map(|(_, lint)| *lint);
        if !validates && !builds && called.is_none() {
            return None;
        }
        let resources = &self.drawn.design.resources;
        let concerned = self.concerned();
        let about = |kind, fits: fn(&str) -> bool| {
            let of = resources.of(kind).filter(|it| concerned.contains(&it.id));
            let problems = of.flat_map(Subject::problems);
            let found = problems.filter(|it| fits(&it.field)).map(|it| it.text).next();
            found.map(|it| it.render(Lang::En))
        };
        let builders = about(Kind::Workspace, |it| it == "imageBuildCompute")
            .or_else(|| self.found("image_build_compute_with_gpus", &concerned));
        let others = || {
            about(Kind::PrivateDnsZone, |it| it == "name")
                .or_else(|| self.found("rule_for_another_tenant", &concerned))
                .or_else(|| self.found("workspace_endpoints_apart", &concerned))
        };
        let why = match called {
            Some(lint) if !validates => self.found(lint, &concerned)?,
            _ => builders.or_else(|| if validates { others() } else { None })?,
        };
        Some(Reply {
            verdict: "deny",
            failing_hop: Hop::Validation.slug(),
            resolved: Vec::new(),
            symptom: None,
            why,
        })
    }

    /// A rule about designs that one of the app's lints looks after.
    fn found(&self, lint: &str, concerned: &[ResourceId]) -> Option<String> {
        let lint = lints::ALL.iter().find(|it| it.id == lint)?;
        let network = Network::new(self.facts);
        let found = (lint.find)(&Context::new(&self.drawn.design.resources, &network));
        let found = found.into_iter().find(|it| it.at.iter().any(|it| concerned.contains(it)))?;
        Some(found.text.render(Lang::En))
    }
}

fn solve(network: &Network<'_>, need: &Need) -> FlowAnswer {
    let Some((steps, symptom)) = &need.said else { return network.flow(&need.flow) };
    let trace = Trace { steps: steps.clone() };
    let outcome = trace.outcome();
    let fails = outcome != Outcome::Allowed;
    let decided = trace.deciding().and_then(|it| trace.steps.get(it)).filter(|_| fails);
    FlowAnswer {
        outcome,
        failing: decided.map(|it| it.hop),
        resolved: None,
        symptom: symptom.filter(|_| fails),
        assumptions: Vec::new(),
        trace,
    }
}

/// Solves every flow and puts the answers together. Without the first feature nothing works, unless all are
/// `equal`.
fn judge(facts: &Facts, features: &[Feature], equal: bool) -> Reply {
    let network = Network::new(facts);
    let solved: Vec<Vec<(&Need, FlowAnswer)>> = features
        .iter()
        .map(|it| it.iter().map(|need| (need, solve(&network, need))).collect())
        .collect();
    let worst = |feature: &Vec<(&Need, FlowAnswer)>| {
        feature.iter().map(|(_, it)| it.outcome).max().unwrap_or(Outcome::Unknown)
    };
    let judged = |it: &&Vec<(&Need, FlowAnswer)>| it.iter().all(|(need, _)| !need.told);
    let outcomes: Vec<Outcome> = solved.iter().filter(judged).map(worst).collect();
    let all = solved.iter().flatten();
    let fails = |it: &&(&Need, FlowAnswer)| !it.0.told && it.1.outcome != Outcome::Allowed;
    let decided = all.clone().find(fails);
    let verdict = if outcomes.iter().all(|it| *it == Outcome::Allowed) {
        "allow"
    } else if outcomes
        .iter()
        .take(if equal { usize::MAX } else { 1 })
        .all(|it| *it == Outcome::Denied)
    {
        "deny"
    } else if outcomes.contains(&Outcome::Unknown) {
        "unknown"
    } else {
        "partial"
    };
    let mut reply = Reply { verdict, failing_hop: "none", ..Reply::default() };
    let asked = all.clone().filter(|(need, _)| need.asked);
    let (told, first): (Vec<_>, Vec<_>) = asked.partition(|(need, _)| need.told);
    let told = told.into_iter().chain(first.into_iter().take(1));
    reply.resolved.extend(told.map(|(need, it)| address(facts, &need.flow, it)));
    // A host that is called from outside has two addresses; cases may give either.
    let outside = all.clone().filter(|(need, _)| need.asked).take(1).filter_map(|(need, _)| {
        let Destination::Host(id) = need.flow.to else { return None };
        Some(facts.hosts.get(&id)?.public.as_ref()?.prefix?.first().to_string())
    });
    reply.resolved.extend(outside);
    match decided {
        None => {
            reply.why = all.last().map(|(_, it)| last_words(&it.trace)).unwrap_or_default();
        }
        Some((need, it)) => {
            reply.resolved.push(address(facts, &need.flow, it));
            reply.failing_hop = it.failing.map_or("none", Hop::slug);
            let own = match it.failing {
                Some(Hop::DestinationFirewall) => need.refused,
                Some(Hop::NsgOutbound | Hop::Route | Hop::FirewallAppliance) => need.lost,
                _ => None,
            };
            reply.symptom = own.or(it.symptom);
            reply.why = format!("{}: {}", need.what, last_words(&it.trace));
        }
    }
    reply
}

fn last_words(trace: &Trace) -> String {
    let step = trace.deciding().and_then(|it| trace.steps.get(it));
    step.map(|it| it.text.render(Lang::En)).unwrap_or_default()
}

/// The address that a flow went to, as cases write it.
fn address(facts: &Facts, flow: &Flow, answer: &FlowAnswer) -> String {
    match (&answer.resolved, &flow.to) {
        (Some(it), _) => match it.answer {
            Answer::Address(it) => it.to_string(),
            Answer::Public => "public".to_owned(),
            Answer::Private => "private".to_owned(),
            Answer::NoAnswer => "no answer".to_owned(),
        },
        (None, Destination::Address(it)) => it.to_string(),
        // Only its tag is known; all of its hosts are public.
        (None, Destination::PublicService(_)) => "public".to_owned(),
        (None, Destination::Host(id)) => match facts.hosts.get(id).map(|it| &it.position) {
            Some(
                Position::Subnet { address: Some(it), .. }
                | Position::Site { address: Some(it), .. }
                | Position::Internet { address: Some(it) },
            ) => it.to_string(),
            _ => String::new(),
        },
        (None, _) => String::new(),
    }
}
