//! Azure Machine Learning's own files: YAML for `az ml` (v2), a script that runs them, and the same in Python.
//!
//! They create the Machine Learning part of a design; what it stands on (storage, vaults, networks, roles) is
//! made beforehand, by a template or by `deploy.sh`. Where `az ml` has no word for a setting, or would choose
//! another value than the drawn one, the resource is sent as a template would send it.
//!
//! Azure docs: "CLI (v2) YAML schemas" (machine-learning/reference-yaml-overview), "az ml" (cli/azure/ml),
//! "azure-ai-ml" (python/api/overview/azure/ai-ml-readme).

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    Basis, Exporter, File, Refused,
    plan::{Names, Place, Plan, api_version, mentioned_by, on, refusal, variable},
    script::{Asked, Part, Values, given_subscription, traffic},
};
use crate::{
    kinds::{
        Kind, ResourceId, Subject,
        arm::{ArmResource, ArmValue},
        environment_image::EnvironmentImage,
        setting::Problem,
    },
    text::{Message, text},
};

// What is run rather than created.
mod jobs;

// The same as a Python script.
mod python;

// `deploy-ml.sh`.
mod script;

// What `az ml` calls what ARM calls otherwise.
mod shapes;

// YAML and JSON.
mod yaml;

use shapes::Shape;

pub const EXPORTER: Exporter = Exporter {
    id: "ml",
    title: text("Azure ML (YAML, Python)", "Azure ML (YAML、Python)"),
    help: text(
        "YAML files for az ml with a script that runs them, and a Python script; for the Machine Learning part, after the rest exists",
        "az ml 用の YAML ファイルと実行スクリプト、および Python スクリプト。ほかのリソースを作成した後に、Machine Learning の部分を作成します",
    ),
    run,
};

const PROVIDER: &str = "Microsoft.MachineLearningServices/";
/// What a file calls the subscription and the tenant that it is used in.
const SUBSCRIPTION: &str = "subscription";
const TENANT: &str = "tenant";

fn run(basis: &Basis<'_>) -> Result<Vec<File>, Refused> {
    let plan = basis.plan()?;
    let refused: Vec<Message> = plan
        .all
        .real()
        .flat_map(|it| problems(it).into_iter().map(move |p| refusal(it, p)))
        .collect();
    if !refused.is_empty() {
        return Err(Refused(refused));
    }
    let mut writer = Writer::new(plan);
    let steps = writer.steps();
    let mut files = vec![
        File { name: "deploy-ml.sh".to_owned(), text: script::script(&mut writer, &steps) },
        File { name: "deploy_ml.py".to_owned(), text: python::script(&writer, &steps) },
    ];
    for step in steps {
        if let Some(file) = step.file() {
            files.push(file);
        }
        files.extend(step.beside);
    }
    Ok(files)
}

/// A value in any of the formats.
#[derive(Clone, Debug, PartialEq)]
enum Node {
    Text(Vec<Part>),
    Number(i64),
    Bool(bool),
    Null,
    List(Vec<Node>),
    Map(Map),
}

impl Node {
    fn text(it: impl Into<String>) -> Node {
        Node::Text(vec![Part::Text(it.into())])
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Map {
    /// What makes it in Python; empty for a plain `dict`.
    class: &'static str,
    members: Vec<Member>,
}

#[derive(Clone, Debug, PartialEq)]
struct Member {
    key: Key,
    value: Node,
    only: Only,
}

#[derive(Clone, Debug, PartialEq)]
enum Key {
    Word(&'static str),
    /// A name that somebody gave: of a tag, of a variable.
    Data(Vec<Part>),
}

/// Which format a member belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Only {
    Both,
    Yaml,
    Python,
}

impl Map {
    fn new(class: &'static str) -> Map {
        Map { class, members: Vec::new() }
    }

    fn push(&mut self, key: &'static str, value: Node) {
        self.push_only(Only::Both, key, value);
    }

    fn push_only(&mut self, only: Only, key: &'static str, value: Node) {
        self.members.push(Member { key: Key::Word(key), value, only });
    }

    fn push_data(&mut self, key: Vec<Part>, value: Node) {
        self.members.push(Member { key: Key::Data(key), value, only: Only::Both });
    }

    /// Puts a member into the map at `key`, which is made if it is not there yet.
    fn push_below(&mut self, key: &'static str, class: &'static str, member: Member) {
        let map = self.members.iter_mut().find_map(|it| match &mut it.value {
            Node::Map(map) if it.key == Key::Word(key) => Some(map),
            _ => None,
        });
        match map {
            Some(map) => map.members.push(member),
            None => self.push(key, Node::Map(Map { class, members: vec![member] })),
        }
    }
}

/// Where a value comes from that no text of the design is.
#[derive(Clone, Debug, PartialEq)]
enum Form {
    /// The design says it after all.
    Known(String),
    Guid,
    Text,
    Secret,
    /// A folder, or the id of code that was uploaded before.
    Code,
    /// `clientId` of an identity, read from it: its id and API version.
    ClientId(Vec<Part>, &'static str),
    /// First key of a storage account, read likewise.
    AccountKey(Vec<Part>, &'static str),
}

#[derive(Clone, Debug)]
struct Given {
    /// Of the variable that holds the value.
    name: String,
    label: String,
    form: Form,
}

/// How a step is done.
#[derive(Clone, Debug)]
enum Action {
    /// With a command of `az ml` and a method of its SDK.
    Ml(&'static Shape),
    /// As a template would.
    Put,
    /// Sends the requests of an endpoint to its deployments.
    Traffic { endpoint: String, shares: Vec<(String, u32)> },
}

/// One resource, or one thing to do with it.
#[derive(Clone, Debug)]
struct Step {
    what: String,
    /// Name of its file, without a path.
    name: String,
    node: Map,
    action: Action,
    /// Its id and API version, or those of the endpoint whose traffic it is; jobs have none.
    id: Option<(Vec<Part>, &'static str)>,
    /// Where its workspace is.
    subscription: Vec<Part>,
    group: String,
    workspace: String,
    /// Files that its own refers to.
    beside: Vec<File>,
    /// Runs only when asked for.
    job: bool,
    notes: Vec<&'static str>,
}

impl Step {
    fn file(&self) -> Option<File> {
        let text = match &self.action {
            Action::Ml(shape) => yaml::document(shape, &self.notes, &self.node),
            Action::Put => yaml::json(&self.node),
            Action::Traffic { .. } => return None,
        };
        Some(File { name: self.name.clone(), text })
    }
}

struct Writer<'a> {
    plan: &'a Plan<'a>,
    names: Names,
    /// In the order in which they are named: how the names are spelled must not matter.
    given: Vec<Given>,
    /// What must be there already: id and API version by what it is.
    needed: Vec<(String, Vec<Part>, &'static str)>,
    /// Names of files, in lower case.
    taken: BTreeSet<String>,
    /// What is drawn and has no place in any of the files.
    left_out: BTreeSet<&'static str>,
}

impl<'a> Writer<'a> {
    fn new(plan: &'a Plan<'a>) -> Writer<'a> {
        Writer {
            plan,
            names: Names::default(),
            given: Vec::new(),
            needed: Vec::new(),
            taken: BTreeSet::new(),
            left_out: BTreeSet::new(),
        }
    }

    fn steps(&mut self) -> Vec<Step> {
        let plan = self.plan;
        let mut steps = Vec::new();
        let mut needed = BTreeSet::new();
        for it in plan.items.iter().filter(|it| is_ours(it)) {
            let Some(subject) = plan.all.subject(it.from) else { continue };
            let Some(step) = self.step(it, subject) else { continue };
            let mut ids = Vec::new();
            mentioned_by(it, &mut ids);
            for id in ids {
                // Cluster and compute are two resources of one.
                let own = id == it.from;
                if !own && plan.item_of(id).is_none_or(|it| !is_ours(it)) {
                    needed.insert(id);
                }
            }
            if it.from == subject.id && subject.kind() == Kind::AttachedKubernetes {
                needed.insert(it.from);
            }
            steps.push(step);
        }
        for id in needed {
            self.need(id);
        }
        steps.extend(self.traffic());
        steps.extend(jobs::steps(self));
        steps
    }

    /// Notes what must be there before the first step.
    fn need(&mut self, id: ResourceId) {
        let plan = self.plan;
        let Some(subject) = plan.all.subject(id) else { return };
        let ours = |it: &&ArmResource| it.from == id && !is_ours(it);
        let Some(item) = plan.items.iter().find(ours) else { return };
        let what = format!("{} {}", subject.info().label.en, subject.name());
        let pieces = self.id(item);
        self.needed.push((what, pieces, api_version(item)));
    }

    fn step(&mut self, it: &ArmResource, subject: Subject<'_>) -> Option<Step> {
        let names: Vec<&str> = it.name.iter().filter_map(text_of).collect();
        let (workspace, below) = names.split_first()?;
        let place = self.plan.place(it.scope);
        let Place::Group(group) = place else { return None };
        let label = subject.info().label.en;
        let own = if below.is_empty() { (*workspace).to_owned() } else { below.join("/") };
        let id = (self.id(it), api_version(it));
        let mut beside = Vec::new();
        let given = self.given.len();
        let (stem, name) = (format!("{}-{}", subject.info().slug, own.replace('/', "-")), own);
        let shaped = shapes::find(it).and_then(|shape| {
            let node = shapes::node(self, shape, it, subject, &mut beside)?;
            Some((Action::Ml(shape), node, shape.v1.to_vec()))
        });
        let (action, node, notes) = match shaped {
            Some(shaped) => shaped,
            None => {
                self.given.truncate(given);
                for it in beside.drain(..) {
                    self.taken.remove(&it.name.to_lowercase());
                }
                (Action::Put, self.body(it), shapes::v1(subject.kind()).to_vec())
            }
        };
        let extension = if matches!(action, Action::Ml(_)) { "yml" } else { "json" };
        Some(Step {
            what: format!("{label} {name}"),
            name: self.file_name(&stem, extension),
            node,
            action,
            subscription: self.subscription(&place),
            id: Some(id),
            group: self.plan.name_of(group),
            workspace: (*workspace).to_owned(),
            beside,
            job: false,
            notes,
        })
    }

    /// A name that no other file has, on systems that do not tell upper from lower case either.
    fn file_name(&mut self, stem: &str, extension: &str) -> String {
        let stem: String = stem.chars().take(120).collect();
        let mut name = format!("{stem}.{extension}");
        let mut n = 2;
        while !self.taken.insert(name.to_lowercase()) {
            name = format!("{stem}-{n}.{extension}");
            n += 1;
        }
        name
    }

    /// The resource as a template has it.
    fn body(&mut self, it: &ArmResource) -> Map {
        let mut map = Map::new("");
        if let Some(location) = &it.location {
            map.push("location", Node::text(location));
        }
        if !it.tags.is_empty() {
            map.push("tags", Node::Map(tags(&it.tags)));
        }
        for (name, value) in &it.members {
            map.push(name, self.node(value));
        }
        if it.properties != ArmValue::Null {
            map.push("properties", self.node(&it.properties));
        }
        map
    }

    /// Sends the requests of endpoints to their deployments, which come after them.
    fn traffic(&mut self) -> Vec<Step> {
        let plan = self.plan;
        let mut steps = Vec::new();
        for (id, shares) in traffic(plan) {
            let shares = shares.into_iter().map(|it| (it.name, it.percent)).collect();
            let Some(endpoint) = plan.all.subject(id) else { continue };
            let (Some(workspace), Some(item)) = (endpoint.parent(), plan.item_of(id)) else {
                continue;
            };
            let place = plan.place(item.scope);
            let Place::Group(group) = place else { continue };
            steps.push(Step {
                what: format!("Traffic of {}", endpoint.name()),
                name: String::new(),
                node: Map::default(),
                action: Action::Traffic { endpoint: endpoint.name().to_owned(), shares },
                subscription: self.subscription(&place),
                id: Some((self.id(item), api_version(item))),
                group: plan.name_of(group),
                workspace: workspace.name().to_owned(),
                beside: Vec::new(),
                job: false,
                notes: Vec::new(),
            });
        }
        steps
    }

    fn give(&mut self, it: Given) {
        if self.given(&it.name).is_none() {
            self.given.push(it);
        }
    }

    fn given(&self, name: &str) -> Option<&Given> {
        self.given.iter().find(|it| it.name == name)
    }

    /// A value that is asked for under a name made of what it is.
    fn asked(&mut self, label: &str, form: Form) -> Vec<Part> {
        let name = variable(&self.names.of(label));
        self.give(Given { name: name.clone(), label: label.to_owned(), form });
        vec![Part::Var(name)]
    }

    fn node(&mut self, value: &ArmValue) -> Node {
        match value {
            ArmValue::Null => Node::Null,
            ArmValue::Bool(it) => Node::Bool(*it),
            ArmValue::Number(it) => Node::Number(*it),
            ArmValue::List(items) => Node::List(items.iter().map(|it| self.node(it)).collect()),
            ArmValue::Object(members) => {
                let mut map = Map::new("");
                for (name, it) in members {
                    let value = self.node(it);
                    map.push_data(vec![Part::Text(name.clone())], value);
                }
                Node::Map(map)
            }
            ArmValue::IdKeys(ids) => {
                let mut map = Map::new("");
                for id in ids {
                    let key = self.pieces(&ArmValue::IdOf(*id));
                    map.push_data(key, Node::Map(Map::new("")));
                }
                Node::Map(map)
            }
            text => Node::Text(self.pieces(text)),
        }
    }

    /// A value that is one text.
    fn pieces(&mut self, value: &ArmValue) -> Vec<Part> {
        let parts = self.parts(value, &str::to_owned, false);
        self.joined(parts)
    }

    fn id(&mut self, it: &ArmResource) -> Vec<Part> {
        let plan = self.plan;
        let parts = self.id_parts(&plan.id(it), &str::to_owned);
        self.joined(parts)
    }

    /// Texts that follow each other as one, and every variable with what it holds.
    fn joined(&mut self, parts: Vec<Part>) -> Vec<Part> {
        let mut out: Vec<Part> = Vec::new();
        for it in parts {
            match (out.last_mut(), it) {
                (Some(Part::Text(before)), Part::Text(it)) => before.push_str(&it),
                (_, Part::Var(name)) => {
                    self.of_deployment(&name);
                    out.push(Part::Var(name));
                }
                (_, it) => out.push(it),
            }
        }
        out
    }

    /// Notes that a file names the subscription or the tenant.
    fn of_deployment(&mut self, name: &str) {
        let given = match name {
            SUBSCRIPTION => {
                let known = given_subscription(self.plan, self.plan.home);
                let form = known.map_or(Form::Guid, |it| Form::Known(it.as_str().to_owned()));
                Given { name: name.to_owned(), label: "id of the subscription".to_owned(), form }
            }
            TENANT => Given {
                name: name.to_owned(),
                label: "id of the tenant".to_owned(),
                form: Form::Guid,
            },
            _ => return,
        };
        self.give(given);
    }

    /// GUID of the subscription that a place is in.
    fn subscription(&mut self, place: &Place) -> Vec<Part> {
        // `/subscriptions/`, the GUID, and the rest.
        let parts = self.place_parts(place, &str::to_owned).into_iter().skip(1).take(1).collect();
        self.joined(parts)
    }
}

impl<'a> Values<'a> for Writer<'a> {
    fn plan(&self) -> &'a Plan<'a> {
        self.plan
    }

    fn asked_value(&mut self, label: &str, secret: bool, _json: bool) -> Vec<Part> {
        let form = match Asked::of(label, secret) {
            Asked::Guid => Form::Guid,
            Asked::Text => Form::Text,
            Asked::Secret => Form::Secret,
        };
        self.asked(label, form)
    }

    fn fetched(&mut self, label: &str, of: ResourceId, _query: &str) -> String {
        let plan = self.plan;
        // The number tells two resources of one name apart.
        let key = label == "key of";
        let what = if key { "account key" } else { "client id" };
        let label = format!("{what} of {} {}", plan.name_of(of), of.0);
        let name = variable(&self.names.of(&label));
        if let Some(item) = plan.item_of(of) {
            let (id, version) = (self.id(item), api_version(item));
            let form =
                if key { Form::AccountKey(id, version) } else { Form::ClientId(id, version) };
            self.give(Given { name: name.clone(), label, form });
        }
        name
    }

    /// No Machine Learning resource is named by one.
    fn guid(&mut self, _values: &[ArmValue]) -> String {
        String::new()
    }
}

fn is_ours(it: &ArmResource) -> bool {
    it.arm_type.starts_with(PROVIDER)
        && it.arm_type.contains("/workspaces")
        && on(it.scope).is_none()
}

fn text_of(it: &ArmValue) -> Option<&str> {
    match it {
        ArmValue::Text(it) => Some(it),
        _ => None,
    }
}

fn tags(all: &[(String, String)]) -> Map {
    let mut map = Map::new("");
    for (name, value) in all {
        map.push_data(vec![Part::Text(name.clone())], Node::text(value));
    }
    map
}

/// What these files cannot carry.
fn problems(subject: Subject<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let named = subject.kind() == Kind::Workspace || subject.kind() == Kind::ResourceGroup;
    if named && subject.name() == "null" {
        problems.push(Problem::new(
            "name",
            text(
                "the Azure CLI takes this name for nothing; choose another",
                "Azure CLI はこの名前を「値なし」と解釈します。別の名前にしてください",
            ),
        ));
    }
    if !CARRIED.contains(&subject.kind()) {
        return problems;
    }
    let mut fields = Vec::new();
    if subject.name().contains(EXPRESSION) {
        fields.push("name".to_owned());
    }
    for (name, value) in &subject.resource.tags {
        if name.contains(EXPRESSION) || value.contains(EXPRESSION) {
            fields.push(format!("tags.{name}"));
        }
    }
    for (key, value) in &subject.resource.settings {
        if subject.info().fields.iter().any(|it| it.key == key) {
            expressions(key, value, &mut fields);
        }
    }
    problems.extend(fields.into_iter().map(|field| {
        Problem {
            field,
            text: text(
                "az ml reads ${{ as the start of an expression; remove it",
                "az ml は ${{ を式の始まりと解釈します。削除してください",
            )
            .into(),
        }
    }));
    if subject.kind() == Kind::EnvironmentImage {
        let it = EnvironmentImage::from_settings(&subject.resource.settings, &mut Vec::new());
        if !it.conda_file.0.chars().all(in_a_file) {
            problems.push(Problem::new(
                "condaFile",
                text(
                    "a YAML file cannot carry control characters, byte order marks and marks that turn the direction of text; remove them",
                    "YAML ファイルには制御文字、バイト オーダー マーク、文字の方向を変える記号を書けません。削除してください",
                ),
            ));
        }
    }
    problems
}

const EXPRESSION: &str = "${{";

/// Kinds whose text stands in the files.
const CARRIED: [Kind; 11] = [
    Kind::Workspace,
    Kind::ComputeInstance,
    Kind::ComputeCluster,
    Kind::AttachedKubernetes,
    Kind::Datastore,
    Kind::WorkspaceConnection,
    Kind::EnvironmentImage,
    Kind::OnlineEndpoint,
    Kind::OnlineDeployment,
    Kind::BatchEndpoint,
    Kind::Job,
];

fn expressions(path: &str, value: &Value, fields: &mut Vec<String>) {
    match value {
        Value::String(it) if it.contains(EXPRESSION) => fields.push(path.to_owned()),
        Value::Array(items) => {
            for (n, it) in items.iter().enumerate() {
                expressions(&format!("{path}[{n}]"), it, fields);
            }
        }
        Value::Object(members) => {
            for (name, it) in members {
                expressions(&format!("{path}.{name}"), it, fields);
            }
        }
        _ => {}
    }
}

/// Printable in YAML 1.1 and 1.2, and shown where it stands.
fn in_a_file(c: char) -> bool {
    let shown = matches!(c, '\n' | '\t' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{61c}');
    shown && !turns
}
