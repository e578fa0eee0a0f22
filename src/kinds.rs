//! Azure resource kinds, one file each.
//!
//! A kind declares its settings as [`Field`]s (the inspector and the file format are generic), says
//! what it makes true as [`Facts`] (the solver is generic) and lowers itself to [`arm::ArmResource`]s
//! (the exporters are generic). So a new kind is one file, one line in `kinds!` and one icon.
//!
//! INVARIANT: this layer looks at one resource and those it stands in or refers to; it never asks
//! whether traffic passes. `tests/it/architecture.rs` keeps the direction of imports.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use serde_json::{Map, Value};

pub use crate::facts::ResourceId;
use crate::{
    facts::Facts,
    text::{Message, Text, arg, text},
};

// Addresses, service tags and ports as rules write them.
pub mod address;

// A resource in the form every exporter prints.
pub mod arm;

// Settings that many kinds have alike.
pub mod common;

// What two resources claim at once.
mod conflicts;

// What every place that resolves names can be told.
pub mod dns;

// The records of a design and an index over them.
pub mod records;

// Scopes, principals and role assignments of all kinds.
pub mod rights;

// What the network facts of kinds have in common.
mod reach;

// Settings declared once: type, ARM name, labels, default.
pub mod setting;

// Small designs for tests.
#[cfg(test)]
pub(crate) mod testing;

use arm::ArmResource;
pub use records::Derived;
use records::Records;
use setting::{Field, Problem, Relation, Setting, Settings, Shape};

pub mod application_insights;
pub mod application_security_group;
pub mod attached_kubernetes;
pub mod azure_firewall;
pub mod azure_monitor_private_link_scope;
pub mod bastion_host;
pub mod batch_endpoint;
pub mod blob_container;
pub mod compute_cluster;
pub mod compute_instance;
pub mod container_instance_deployment;
pub mod container_registry;
pub mod custom_dns_server;
pub mod custom_role;
pub mod datastore;
pub mod deny_assignment;
pub mod dns_resolver;
pub mod environment_image;
pub mod file_share;
pub mod group;
pub mod internet_client;
pub mod job;
pub mod key_vault;
pub mod key_vault_key;
pub mod key_vault_secret;
pub mod load_balancer;
pub mod lock;
pub mod log_analytics_workspace;
pub mod machine_learning_registry;
pub mod management_group;
pub mod nat_gateway;
pub mod network_manager;
pub mod network_security_group;
pub mod note;
pub mod on_premises_client;
pub mod on_premises_network;
pub mod online_deployment;
pub mod online_endpoint;
pub mod other;
pub mod private_dns_zone;
pub mod private_endpoint;
pub mod public_ip_address;
pub mod resource_group;
pub mod role_assignment;
pub mod root_scope;
pub mod route_table;
pub mod service_endpoint_policy;
pub mod service_principal;
pub mod storage_account;
pub mod subnet;
pub mod subscription;
pub mod user;
pub mod user_assigned_identity;
pub mod virtual_machine;
pub mod virtual_network;
pub mod virtual_network_gateway;
pub mod virtual_network_peering;
pub mod workspace;
pub mod workspace_connection;

macro_rules! kinds {
    ($($(#[$meta:meta])* $variant:ident => $module:ident,)+) => {
        /// Every kind of resource. The order is the order of the palette.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$meta])* $variant,)+ }

        impl Kind {
            pub const ALL: &'static [Kind] = &[$(Kind::$variant,)+];

            pub const fn info(self) -> &'static KindInfo {
                match self { $(Kind::$variant => &$module::INFO,)+ }
            }
        }
    };
}

kinds! {
    RootScope => root_scope,
    ManagementGroup => management_group,
    Subscription => subscription,
    ResourceGroup => resource_group,
    VirtualNetwork => virtual_network,
    Subnet => subnet,
    PrivateEndpoint => private_endpoint,
    PrivateDnsZone => private_dns_zone,
    NetworkSecurityGroup => network_security_group,
    ApplicationSecurityGroup => application_security_group,
    NetworkManager => network_manager,
    RouteTable => route_table,
    ServiceEndpointPolicy => service_endpoint_policy,
    NatGateway => nat_gateway,
    LoadBalancer => load_balancer,
    PublicIpAddress => public_ip_address,
    VirtualNetworkPeering => virtual_network_peering,
    AzureFirewall => azure_firewall,
    BastionHost => bastion_host,
    VirtualNetworkGateway => virtual_network_gateway,
    OnPremisesNetwork => on_premises_network,
    DnsResolver => dns_resolver,
    CustomDnsServer => custom_dns_server,
    Workspace => workspace,
    ComputeInstance => compute_instance,
    ComputeCluster => compute_cluster,
    AttachedKubernetes => attached_kubernetes,
    OnlineEndpoint => online_endpoint,
    OnlineDeployment => online_deployment,
    BatchEndpoint => batch_endpoint,
    ContainerInstanceDeployment => container_instance_deployment,
    Job => job,
    Datastore => datastore,
    WorkspaceConnection => workspace_connection,
    EnvironmentImage => environment_image,
    MachineLearningRegistry => machine_learning_registry,
    StorageAccount => storage_account,
    BlobContainer => blob_container,
    FileShare => file_share,
    KeyVault => key_vault,
    KeyVaultKey => key_vault_key,
    KeyVaultSecret => key_vault_secret,
    ContainerRegistry => container_registry,
    ApplicationInsights => application_insights,
    LogAnalyticsWorkspace => log_analytics_workspace,
    AzureMonitorPrivateLinkScope => azure_monitor_private_link_scope,
    User => user,
    Group => group,
    ServicePrincipal => service_principal,
    UserAssignedIdentity => user_assigned_identity,
    RoleAssignment => role_assignment,
    CustomRole => custom_role,
    DenyAssignment => deny_assignment,
    Lock => lock,
    VirtualMachine => virtual_machine,
    InternetClient => internet_client,
    OnPremisesClient => on_premises_client,
    Other => other,
    Note => note,
}

impl Kind {
    pub fn from_slug(slug: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|it| it.info().slug == slug)
    }
}

/// What the app knows of a kind without looking at a resource.
pub struct KindInfo {
    /// Name in files, of the icon and of the module (with `-` for `_`).
    pub slug: &'static str,
    /// Azure's name for it.
    pub label: Text,
    /// One sentence for the palette.
    pub help: Text,
    /// Page of Azure's docs, below learn.microsoft.com/azure/.
    pub source: &'static str,
    pub group: Group,
    /// Type in templates; `None` for what ARM does not create (users, clients).
    pub arm_type: Option<&'static str>,
    pub form: Form,
    /// Where it may stand. The first is what the app tries when it is dropped on nothing.
    pub parents: &'static [Parent],
    pub fields: &'static [Field],
    pub name: NameRule,
    /// What it makes true.
    pub facts: fn(Subject<'_>, &mut Facts),
    /// What templates create for it.
    pub arm: fn(Subject<'_>) -> Vec<ArmResource>,
    /// What is wrong with it beyond single settings (a subnet outside its network).
    pub check: fn(Subject<'_>) -> Vec<Problem>,
}

/// Section of the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Scope,
    Network,
    MachineLearning,
    Data,
    Monitoring,
    Identity,
    Client,
    Note,
}

impl Group {
    pub const ALL: [Group; 8] = [
        Group::Scope,
        Group::Network,
        Group::MachineLearning,
        Group::Data,
        Group::Monitoring,
        Group::Identity,
        Group::Client,
        Group::Note,
    ];

    pub const fn slug(self) -> &'static str {
        match self {
            Group::Scope => "scope",
            Group::Network => "network",
            Group::MachineLearning => "machine-learning",
            Group::Data => "data",
            Group::Monitoring => "monitoring",
            Group::Identity => "identity",
            Group::Client => "client",
            Group::Note => "note",
        }
    }

    pub const fn label(self) -> Text {
        match self {
            Group::Scope => text("Scopes", "スコープ"),
            Group::Network => text("Network", "ネットワーク"),
            Group::MachineLearning => text("Machine Learning", "Machine Learning"),
            Group::Data => text("Data, keys and images", "データ、キー、イメージ"),
            Group::Monitoring => text("Monitoring", "監視"),
            Group::Identity => text("Identity and access", "ID とアクセス"),
            Group::Client => text("Clients", "クライアント"),
            Group::Note => text("Notes", "メモ"),
        }
    }
}

/// How a kind is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A box that holds nothing.
    Node,
    /// A box that others may stand in.
    Container,
    /// A line between the resources that two of its reference settings name.
    Edge { from: &'static str, to: &'static str },
    /// Words, and nothing to Azure.
    Note,
}

/// A place where a kind may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parent {
    /// The empty canvas: what belongs to no subscription.
    Canvas,
    In(Kind),
    /// The empty canvas and every container.
    Anywhere,
}

/// Azure's rule for names of a type.
#[derive(Clone, Copy, Debug)]
pub struct NameRule {
    pub min: usize,
    pub max: usize,
    /// Characters allowed besides ASCII letters and digits.
    pub also: &'static str,
    pub lower_only: bool,
    /// Must start with a letter.
    pub letter_first: bool,
    /// May not end with one of these.
    pub not_last: &'static str,
    /// For what is no ARM resource: any text will do.
    pub free: bool,
}

impl NameRule {
    /// Letters, digits, `-`, `_`, `.`; what most of Microsoft.Network takes.
    pub const NETWORK: NameRule = NameRule {
        min: 1,
        max: 80,
        also: "-_.",
        lower_only: false,
        letter_first: false,
        not_last: "-.",
        free: false,
    };

    /// Display names.
    pub const FREE: NameRule = NameRule {
        min: 1,
        max: 256,
        also: "",
        lower_only: false,
        letter_first: false,
        not_last: "",
        free: true,
    };

    /// Words of several lines, and none of them wrong: what is too long to be kept, edits refuse.
    pub const WORDS: NameRule = NameRule { min: 0, max: usize::MAX, ..NameRule::FREE };

    /// Says what is wrong with `name`, and what would be right.
    pub fn problem(&self, name: &str) -> Option<Message> {
        let length = name.chars().count();
        if length < self.min || length > self.max {
            return Some(
                text(
                    "the name must have {0} to {1} characters",
                    "名前は {0} から {1} 文字にしてください",
                )
                .with([arg(self.min), arg(self.max)]),
            );
        }
        if self.free {
            return None;
        }
        let allowed = |it: char| {
            (it.is_ascii_alphanumeric() && !(self.lower_only && it.is_ascii_uppercase()))
                || self.also.contains(it)
        };
        if !name.chars().all(allowed) {
            let letters = if self.lower_only {
                text("lowercase letters", "英小文字")
            } else {
                text("letters", "英字")
            };
            return Some(if self.also.is_empty() {
                text("the name may hold only {0} and digits", "名前に使えるのは {0} と数字だけです")
                    .with([letters.into()])
            } else {
                text(
                    "the name may hold only {0}, digits and {1}",
                    "名前に使えるのは {0}、数字、{1} だけです",
                )
                .with([letters.into(), arg(spaced(self.also))])
            });
        }
        let starts_well = |it: char| {
            if self.letter_first {
                it.is_ascii_alphabetic()
            } else {
                it.is_ascii_alphanumeric() || it == '_'
            }
        };
        if !name.chars().next().is_some_and(starts_well) {
            return Some(if self.letter_first {
                text("the name must start with a letter", "名前は英字で始めてください").into()
            } else {
                text(
                    "the name must start with a letter or a digit",
                    "名前は英字か数字で始めてください",
                )
                .into()
            });
        }
        name.chars().last().filter(|it| self.not_last.contains(*it)).map(|it| {
            text("the name may not end with {0}", "名前の末尾に {0} は使えません").with([arg(it)])
        })
    }
}

fn spaced(chars: &str) -> String {
    let all: Vec<String> = chars.chars().map(String::from).collect();
    all.join(" ")
}

/// One resource of a design.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    pub kind: Kind,
    pub name: String,
    /// What it stands in.
    pub parent: Option<ResourceId>,
    pub settings: Settings,
    /// Free text of the architect.
    pub note: String,
    /// ARM's `tags`.
    pub tags: BTreeMap<String, String>,
    /// Members of the file's record that this version does not know; written back unchanged.
    pub extra: Map<String, Value>,
}

impl Resource {
    /// A resource with the kind's defaults.
    pub fn new(kind: Kind, name: impl Into<String>, parent: Option<ResourceId>) -> Resource {
        Resource {
            kind,
            name: name.into(),
            parent,
            settings: Settings::new(),
            note: String::new(),
            tags: BTreeMap::new(),
            extra: Map::new(),
        }
    }

    /// The setting, or its default where the file says nothing.
    pub fn value(&self, field: &Field) -> Cow<'_, Value> {
        let written = self.settings.get(field.key).map(Cow::Borrowed);
        written.unwrap_or_else(|| Cow::Owned((field.default)()))
    }
}

/// All resources of a design, by number. Cloning is cheap: records are shared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resources(pub Records);

impl Resources {
    pub fn get(&self, id: ResourceId) -> Option<&Resource> {
        self.0.get(&id).map(AsRef::as_ref)
    }

    pub fn subject(&self, id: ResourceId) -> Option<Subject<'_>> {
        self.get(id).map(|resource| Subject { all: self, id, resource })
    }

    pub fn subjects(&self) -> impl Iterator<Item = Subject<'_>> {
        self.0.iter().map(|(&id, resource)| Subject { all: self, id, resource })
    }

    pub fn of(&self, kind: Kind) -> impl Iterator<Item = Subject<'_>> {
        self.0.of(kind).iter().filter_map(|it| self.subject(*it))
    }

    pub fn children(&self, parent: Option<ResourceId>) -> impl Iterator<Item = Subject<'_>> {
        self.0.children(parent).iter().filter_map(|it| self.subject(*it))
    }

    /// Who refers to `id`, and by which setting or cell of a row.
    pub fn referrers(&self, id: ResourceId) -> impl Iterator<Item = (Subject<'_>, &'static Field)> {
        self.0.referrers(id).iter().filter_map(|(it, field)| Some((self.subject(*it)?, *field)))
    }

    /// What is worked out from all of them together, once for each state of a design.
    pub fn derived<T: Derived>(&self) -> Arc<T> {
        self.0.derived(|| T::of(self))
    }

    /// What `id` claims although another resource has it.
    fn conflicts(&self, id: ResourceId) -> &[Problem] {
        self.0.conflicts(|| conflicts::find(self)).get(&id).map_or(&[], Vec::as_slice)
    }

    /// All but notes: what there is to judge and to deploy.
    pub fn real(&self) -> impl Iterator<Item = Subject<'_>> {
        self.subjects().filter(|it| it.info().form != Form::Note)
    }

    /// The same as resources of their own; these, where there is no note.
    #[must_use]
    pub fn without_notes(&self) -> Resources {
        if self.0.of(Kind::Note).is_empty() {
            return self.clone();
        }
        let real = self.0.iter().filter(|it| it.1.kind != Kind::Note);
        Resources(real.map(|(id, it)| (*id, it.clone())).collect())
    }

    /// The facts of all resources together.
    pub fn facts(&self) -> Facts {
        let mut facts = Facts::default();
        for it in self.real() {
            facts.names.insert(it.id, it.name().to_owned());
            rights::facts(it, &mut facts);
            (it.info().facts)(it, &mut facts);
            reach::refusals(it, &mut facts);
        }
        facts
    }
}

/// One resource with the others in reach: what a kind gets to look at.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub all: &'a Resources,
    pub id: ResourceId,
    pub resource: &'a Resource,
}

impl<'a> Subject<'a> {
    pub fn info(self) -> &'static KindInfo {
        self.resource.kind.info()
    }

    pub fn kind(self) -> Kind {
        self.resource.kind
    }

    pub fn name(self) -> &'a str {
        &self.resource.name
    }

    pub fn parent(self) -> Option<Subject<'a>> {
        self.all.subject(self.resource.parent?)
    }

    /// What it stands in, nearest first. A cycle ends after as many steps as there are resources.
    pub fn ancestors(self) -> impl Iterator<Item = Subject<'a>> {
        std::iter::successors(self.parent(), |it| it.parent()).take(self.all.0.len())
    }

    /// The nearest resource of `kind` that this stands in.
    pub fn within(self, kind: Kind) -> Option<Subject<'a>> {
        self.ancestors().find(|it| it.kind() == kind)
    }

    pub fn follow(self, reference: Option<setting::Ref>) -> Option<Subject<'a>> {
        self.all.subject(reference?.0)
    }

    /// Reads one setting by its key, for callers that need no more than this one.
    pub fn setting<T: Setting>(self, key: &str) -> Option<T> {
        let field = self.info().fields.iter().find(|it| it.key == key)?;
        match setting::member(&self.resource.settings, field.key) {
            Some(it) => T::read(it).ok(),
            None => T::read(&(field.default)()).ok(),
        }
    }

    /// Whether the list that a setting holds has an item.
    pub fn has_item(self, key: &str, item: &Value) -> bool {
        let list = setting::member(&self.resource.settings, key).and_then(Value::as_array);
        list.is_some_and(|it| it.contains(item))
    }

    /// The list that a setting holds, with one more item; `None` where it is there already.
    pub fn with_item(self, key: &str, item: Value) -> Option<Value> {
        let mut list = self.list(key)?;
        if list.contains(&item) {
            return None;
        }
        list.push(item);
        Some(Value::Array(list))
    }

    /// The list that a setting holds, without its item number `n`.
    pub fn without_item(self, key: &str, n: usize) -> Option<Value> {
        let mut list = self.list(key)?;
        if n >= list.len() {
            return None;
        }
        list.remove(n);
        Some(Value::Array(list))
    }

    /// The rows of a list, as they stand.
    pub fn rows(self, key: &str) -> Vec<Value> {
        self.list(key).unwrap_or_default()
    }

    fn list(self, key: &str) -> Option<Vec<Value>> {
        let field = self.info().fields.iter().find(|it| it.key == key)?;
        match self.resource.value(field).into_owned() {
            Value::Array(it) => Some(it),
            _ => None,
        }
    }

    /// Every reference its settings hold, with the field it stands in.
    pub fn references(self) -> Vec<(&'static Field, ResourceId)> {
        let mut all = Vec::new();
        for field in self.info().fields.iter().filter(|it| it.shape.refers()) {
            // Defaults refer to nothing.
            if let Some(value) = setting::member(&self.resource.settings, field.key) {
                collect_references(field, &field.shape, value, &mut all);
            }
        }
        all
    }

    /// What is wrong with the resource taken by itself: name, place, settings, kind's own rules.
    pub fn problems(self) -> Vec<Problem> {
        let info = self.info();
        let mut problems = Vec::new();
        if let Some(text) = info.name.problem(self.name()) {
            problems.push(Problem { field: "name".to_owned(), text });
        }
        if let Some(text) = self.misplaced() {
            problems.push(Problem { field: "parent".to_owned(), text });
        }
        problems.extend(self.faults().all().cloned());
        problems.extend_from_slice(self.all.conflicts(self.id));
        problems
    }

    /// Settings that cannot be read, and what the kind's own rules find; looked for once.
    fn faults(self) -> Arc<Faults> {
        self.all.0.settings(self.id, || Faults {
            unreadable: self.unreadable(),
            wrong: (self.info().check)(self),
        })
    }

    /// Settings that Azure refuses. What is still empty is none of them: whoever needs it asks for it.
    /// How a name is spelled is left out too: another name changes no verdict.
    pub fn refused(self) -> Vec<Problem> {
        let counts = |it: &&Problem| it.field != "name" && !self.is_empty(&it.field);
        let mut problems: Vec<Problem> = self.faults().all().filter(counts).cloned().collect();
        if let Some(text) = self.misplaced() {
            problems.push(Problem { field: "parent".to_owned(), text });
        }
        problems.extend_from_slice(self.all.conflicts(self.id));
        problems
    }

    /// Whether nothing was set at the path of a problem.
    fn is_empty(self, path: &str) -> bool {
        let key = path.split('[').next().unwrap_or(path);
        let field = self.info().fields.iter().find(|it| it.key == key);
        field.is_some_and(|it| match &*self.resource.value(it) {
            Value::Null => true,
            Value::String(it) => it.is_empty(),
            Value::Array(it) => it.is_empty(),
            _ => false,
        })
    }

    /// Settings whose value is none of theirs; readers take the default in their place.
    pub fn unreadable(self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for field in self.info().fields {
            // Defaults are right: `tests/it/kinds.rs`.
            if let Some(value) = setting::member(&self.resource.settings, field.key) {
                let path = Path { outer: None, part: Part::Key(field.key) };
                check_value(field, &field.shape, value, &path, self, &mut problems);
            }
        }
        problems
    }

    fn misplaced(self) -> Option<Message> {
        let parent = self.resource.parent;
        let ok = match (parent, self.parent()) {
            (Some(_), None) => {
                return Some(
                    text(
                        "it stands in a resource that does not exist; move it into another",
                        "存在しないリソースの中にあります。別のリソースの中に移動してください",
                    )
                    .into(),
                );
            }
            (_, parent) => may_stand(self.kind(), parent.map(Subject::kind)),
        };
        if ok {
            return None;
        }
        Some(
            text("{0} cannot stand here; move it into: {1}", "{0} はここに置けません。移動先: {1}")
                .with([self.info().label.into(), places_of(self.kind()).into()]),
        )
    }
}

/// What [`Subject::faults`] finds.
struct Faults {
    unreadable: Vec<Problem>,
    wrong: Vec<Problem>,
}

impl Faults {
    fn all(&self) -> impl Iterator<Item = &Problem> {
        self.unreadable.iter().chain(&self.wrong)
    }
}

/// Where a value stands in the settings of a resource; written out only where something is wrong with it.
struct Path<'p> {
    outer: Option<&'p Path<'p>>,
    part: Part,
}

enum Part {
    Key(&'static str),
    Item(usize),
}

impl Path<'_> {
    fn written(&self) -> String {
        let part = match self.part {
            Part::Key(it) => it.to_owned(),
            Part::Item(n) => format!("[{n}]"),
        };
        self.outer.map_or(part.clone(), |it| setting::join(&it.written(), &part))
    }
}

/// Whether `kind` may stand in `parent` (`None`: on the empty canvas).
pub fn may_stand(kind: Kind, parent: Option<Kind>) -> bool {
    kind.info().parents.iter().any(|it| match (it, parent) {
        (Parent::Canvas, None) => true,
        (Parent::In(a), Some(b)) => *a == b,
        (Parent::Anywhere, it) => it.is_none_or(|it| it.info().form == Form::Container),
        _ => false,
    })
}

fn places_of(kind: Kind) -> Text {
    // Names the first place only: it is the one people nearly always want.
    match kind.info().parents.first() {
        Some(Parent::In(it)) => it.info().label,
        Some(Parent::Canvas | Parent::Anywhere) | None => {
            text("the empty canvas", "キャンバスの余白")
        }
    }
}

fn collect_references(
    field: &'static Field,
    shape: &Shape,
    value: &Value,
    all: &mut Vec<(&'static Field, ResourceId)>,
) {
    match shape {
        Shape::Reference => {
            if let Ok(it) = setting::Ref::read(value) {
                all.push((field, it.0));
            }
        }
        Shape::Optional(inner) if !value.is_null() => {
            collect_references(field, inner, value, all);
        }
        Shape::List(inner) => {
            for item in value.as_array().into_iter().flatten() {
                collect_references(field, inner, item, all);
            }
        }
        Shape::Row(cells) => {
            let row = value.as_object();
            for cell in cells.iter().filter(|it| it.shape.refers()) {
                if let Some(value) = row.and_then(|it| setting::member(it, cell.key)) {
                    collect_references(cell, &cell.shape, value, all);
                }
            }
        }
        _ => {}
    }
}

/// Checks a value against its shape, and references against what exists.
fn check_value(
    field: &Field,
    shape: &Shape,
    value: &Value,
    path: &Path<'_>,
    subject: Subject<'_>,
    problems: &mut Vec<Problem>,
) {
    let plain = |read: Result<(), Vec<Problem>>| -> Vec<Problem> {
        let Err(all) = read else { return Vec::new() };
        let path = path.written();
        all.into_iter().map(|it| it.within(&path)).collect()
    };
    match shape {
        Shape::Bool => problems.extend(plain(bool::read(value).map(drop))),
        Shape::Text | Shape::LongText | Shape::Suggested(_) => {
            if !value.is_string() {
                problems.extend(plain(String::read(value).map(drop)));
            }
        }
        Shape::Cidr => problems.extend(plain(crate::facts::cidr::Cidr::read(value).map(drop))),
        Shape::Address => problems.extend(plain(std::net::Ipv4Addr::read(value).map(drop))),
        Shape::Parsed(read) => problems.extend(plain(read(value))),
        Shape::Number { min, max } => {
            if !u32::read(value).is_ok_and(|it| (*min..=*max).contains(&it)) {
                problems.push(Problem {
                    field: path.written(),
                    text: text(
                        "must be a whole number from {0} to {1}",
                        "{0} から {1} までの整数を指定してください",
                    )
                    .with([arg(min), arg(max)]),
                });
            }
        }
        Shape::Choice(choices) => {
            let known = |it: &str| choices.iter().any(|c| c.value.eq_ignore_ascii_case(it));
            if !value.as_str().is_some_and(known) {
                let values: Vec<&str> = choices.iter().map(|it| it.value).collect();
                problems.extend(plain(Err(setting::not_a_choice(&values))));
            }
        }
        Shape::Optional(inner) => {
            if !value.is_null() {
                check_value(field, inner, value, path, subject, problems);
            }
        }
        Shape::List(inner) => match value.as_array() {
            None => problems.push(Problem {
                field: path.written(),
                text: text("must be a list", "リストを指定してください").into(),
            }),
            Some(items) => {
                for (n, item) in items.iter().enumerate() {
                    let path = Path { outer: Some(path), part: Part::Item(n) };
                    check_value(field, inner, item, &path, subject, problems);
                }
            }
        },
        Shape::Row(cells) => match value.as_object() {
            None => problems.extend(plain(Err(setting::not_a_row()))),
            Some(map) => {
                for cell in *cells {
                    let path = Path { outer: Some(path), part: Part::Key(cell.key) };
                    match setting::member(map, cell.key) {
                        Some(it) => check_value(cell, &cell.shape, it, &path, subject, problems),
                        None => {
                            let it = (cell.default)();
                            check_value(cell, &cell.shape, &it, &path, subject, problems);
                        }
                    }
                }
            }
        },
        Shape::Reference => match setting::Ref::read(value) {
            Err(inner) => problems.extend(plain(Err(inner))),
            Ok(it) => {
                let text = match subject.all.subject(it.0) {
                    None => text(
                        "refers to a resource that does not exist; choose another",
                        "存在しないリソースを参照しています。別のリソースを選んでください",
                    )
                    .into(),
                    Some(target) if !field.targets.contains(&target.kind()) => {
                        text("cannot refer to {0} ({1})", "{0} ({1}) は参照できません")
                            .with([arg(target.name()), target.info().label.into()])
                    }
                    Some(_) => return,
                };
                problems.push(Problem { field: path.written(), text });
            }
        },
    }
}

/// For kinds that are no fact by themselves.
pub fn no_facts(_: Subject<'_>, _: &mut Facts) {}

/// For kinds that templates do not create.
pub fn no_arm(_: Subject<'_>) -> Vec<ArmResource> {
    Vec::new()
}

/// For kinds without rules beyond their settings.
pub fn no_check(_: Subject<'_>) -> Vec<Problem> {
    Vec::new()
}

/// Lines of the canvas that settings imply: from, to, what the line means.
pub fn relations(resources: &Resources) -> Vec<(ResourceId, ResourceId, Relation)> {
    let mut all = Vec::new();
    for it in resources.subjects() {
        if matches!(it.info().form, Form::Edge { .. }) {
            continue;
        }
        for (field, target) in it.references() {
            if let Some(relation) = field.relation {
                all.push((it.id, target, relation));
            }
        }
    }
    all
}
