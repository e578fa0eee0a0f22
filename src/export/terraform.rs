//! Terraform: `main.tf` with `variables.tf` and `versions.tf`, for the provider `azapi`.
//!
//! Every resource is an `azapi_resource` with the type, version and body that the template has: the provider
//! `azurerm` has its own names and defaults for part of the resources, and leaves others out. Resources are
//! called by their addresses, so that Terraform itself sees what comes first; `depends_on` says only the rest.
//! Secrets go to arguments that Terraform never keeps.
//!
//! Docs: `azapi_resource`, `azapi_update_resource`, `azapi_resource_action` (Terraform registry, provider
//! Azure/azapi), "Strings and Templates" (developer.hashicorp.com/terraform/language/expressions/strings).

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use super::{
    Basis, Exporter, File, Refused,
    bicep::called,
    plan::{Id, Names, Plan, api_version, refusal, variable},
    script::{Asked, COMPUTES, Part, Share, Values, given_subscription, traffic},
};
use crate::{
    kinds::{
        ResourceId,
        arm::{ArmResource, ArmScope, ArmValue},
        setting::Problem,
    },
    text::text,
};

// Quoting.
mod literal;

use literal::{is_kept, key, quoted, template};

pub const EXPORTER: Exporter = Exporter {
    id: "terraform",
    title: text("Terraform", "Terraform"),
    help: text(
        "main.tf, variables.tf and versions.tf for the provider azapi",
        "azapi プロバイダー用の main.tf、variables.tf、versions.tf",
    ),
    run,
};

const POLICIES: &str = "Microsoft.KeyVault/vaults/accessPolicies";
/// The namespace of the function `guid()` of templates, which is a UUID of version 5.
const NAMESPACE: &str = "11fb06fb-712d-4ddd-98c7-e71bbd588830";
const GUID: &str = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";

fn run(basis: &Basis<'_>) -> Result<Vec<File>, Refused> {
    let plan = basis.plan()?;
    refuse_what_changes(plan)?;
    let mut writer = Writer::new(plan);
    let main = writer.main();
    let mut files = vec![File { name: "main.tf".to_owned(), text: main }];
    if !writer.asked.is_empty() {
        files.push(File { name: "variables.tf".to_owned(), text: writer.variables() });
    }
    files.push(File { name: "versions.tf".to_owned(), text: writer.versions() });
    Ok(files)
}

/// Terraform puts every text into Unicode's form C. A text that this changes would not arrive as it is.
fn refuse_what_changes(plan: &Plan<'_>) -> Result<(), Refused> {
    let mut refused = Vec::new();
    for it in &plan.items {
        let Some(subject) = plan.all.subject(it.from) else { continue };
        let mut problem = |field: String| {
            let text = text(
                "Terraform would change this text: it holds letters and accents as separate characters; type them as one",
                "Terraform がこの文字列を変更してしまいます。文字とアクセント記号が別々の文字になっているため、1 文字で入力してください",
            );
            let it = refusal(subject, Problem { field, text: text.into() });
            if !refused.contains(&it) {
                refused.push(it);
            }
        };
        for (name, value) in &it.tags {
            if !is_kept(name) || !is_kept(value) {
                problem(format!("tags.{name}"));
            }
        }
        if !is_kept(subject.name()) {
            problem("name".to_owned());
        }
        for field in subject.info().fields {
            if let Some(value) = subject.resource.settings.get(field.key)
                && !texts_kept(value)
            {
                problem(field.key.to_owned());
            }
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(Refused(refused)) }
}

fn texts_kept(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::String(it) => is_kept(it),
        serde_json::Value::Array(items) => items.iter().all(texts_kept),
        serde_json::Value::Object(members) => {
            members.iter().all(|(key, it)| is_kept(key) && texts_kept(it))
        }
        _ => true,
    }
}

/// An input variable.
struct Variable {
    label: String,
    name: String,
    form: Asked,
}

struct Writer<'a> {
    plan: &'a Plan<'a>,
    names: Names,
    /// What each resource of the plan is called.
    called: Vec<String>,
    /// Variables in the order of their first use.
    asked: Vec<Variable>,
    /// Local values by what they hold: name and expression.
    locals: BTreeMap<String, String>,
    /// The same in the order of their first use.
    local_lines: Vec<(String, String)>,
    /// Accounts whose keys are read: the name of each.
    keys: BTreeMap<ResourceId, String>,
    /// Blocks before the resource being written.
    pending: Vec<String>,
    /// Resources that come before the one being written, and those of them that it has named.
    before: BTreeSet<usize>,
    named: BTreeSet<usize>,
}

/// An argument or a member: its name as it stands, and its value.
type Entry = (String, Tree);

/// A value as it is laid out.
enum Tree {
    /// On the line of its name.
    Line(String),
    List(Vec<Tree>),
    Object(Vec<Entry>),
    /// `name { … }` in the place of an argument.
    Block(Vec<Entry>),
}

fn line(it: impl Into<String>) -> Tree {
    Tree::Line(it.into())
}

fn entry(name: &str, value: Tree) -> Entry {
    (name.to_owned(), value)
}

fn lifecycle(name: &str, value: Tree) -> Entry {
    entry("lifecycle", Tree::Block(vec![entry(name, value)]))
}

impl<'a> Values<'a> for Writer<'a> {
    fn plan(&self) -> &'a Plan<'a> {
        self.plan
    }

    fn asked_value(&mut self, label: &str, secret: bool, _json: bool) -> Vec<Part> {
        if !self.asked.iter().any(|it| it.label == label) {
            let name = snake(&self.names.of(label));
            let form = Asked::of(label, secret);
            self.asked.push(Variable { label: label.to_owned(), name, form });
        }
        let found = self.asked.iter().find(|it| it.label == label);
        found.map(|it| Part::Var(format!("var.{}", it.name))).into_iter().collect()
    }

    fn fetched(&mut self, label: &str, of: ResourceId, query: &str) -> String {
        let Some(n) = self.plan.position(of) else { return String::new() };
        let own = self.address(n);
        self.named.insert(n);
        if label == "key of" {
            let name = match self.keys.get(&of) {
                Some(name) => name.clone(),
                None => self.read_key(of, n),
            };
            return format!("ephemeral.azapi_resource_action.{name}.output.key");
        }
        if query.starts_with("identity.") {
            format!("{own}.identity[0].principal_id")
        } else {
            format!("{own}.output.{query}")
        }
    }

    fn guid(&mut self, values: &[ArmValue]) -> String {
        let key = format!("{values:?}");
        if let Some(name) = self.locals.get(&key) {
            return name.clone();
        }
        let texts: Vec<String> =
            values.iter().map(|it| template(&self.parts(it, &str::to_owned, false))).collect();
        let name = format!("guid_{}", self.local_lines.len() + 1);
        let value = format!("uuidv5({}, join(\"-\", [{}]))", quoted(NAMESPACE), texts.join(", "));
        self.local_lines.push((name.clone(), value));
        let name = format!("local.{name}");
        self.locals.insert(key, name.clone());
        name
    }
}

impl<'a> Writer<'a> {
    fn new(plan: &'a Plan<'a>) -> Writer<'a> {
        let mut names = Names::default();
        let called = plan.items.iter().map(|it| snake(&names.another(&called(plan, it)))).collect();
        Writer {
            plan,
            names,
            called,
            asked: Vec::new(),
            locals: BTreeMap::new(),
            local_lines: Vec::new(),
            keys: BTreeMap::new(),
            pending: Vec::new(),
            before: BTreeSet::new(),
            named: BTreeSet::new(),
        }
    }

    fn main(&mut self) -> String {
        let mut resources = String::new();
        for n in 0..self.plan.items.len() {
            let block = self.resource(n);
            for it in std::mem::take(&mut self.pending) {
                resources.push_str(&it);
            }
            resources.push_str(&block);
        }
        resources.push_str(&self.traffic());
        let subscription = match given_subscription(self.plan, self.plan.home) {
            Some(guid) => quoted(guid.as_str()),
            None => "data.azapi_client_config.current.subscription_id".to_owned(),
        };
        let mut locals = vec![
            entry("subscription", line(subscription)),
            entry("tenant", line("data.azapi_client_config.current.tenant_id")),
        ];
        locals.extend(self.local_lines.drain(..).map(|(name, it)| (name, Tree::Line(it))));
        let mut out = String::from("data \"azapi_client_config\" \"current\" {}\n\n");
        block(&mut out, "locals", &locals);
        out.push_str(&resources);
        format!("{}\n", out.trim_end())
    }

    /// How a resource is called; what Azure makes with its parent is only updated.
    fn address(&self, n: usize) -> String {
        let name = self.called.get(n).map_or("", String::as_str);
        let kind = self.plan.items.get(n).map_or("azapi_resource", |it| block_type(it));
        format!("{kind}.{name}")
    }

    /// The address of a resource that comes before the one being written.
    fn symbol(&mut self, n: usize) -> Option<String> {
        let known = self.before.contains(&n)
            && self.plan.items.get(n).is_some_and(|it| it.arm_type != POLICIES);
        known.then(|| {
            self.named.insert(n);
            format!("{}.id", self.address(n))
        })
    }

    fn symbol_of(&mut self, id: ResourceId) -> Option<String> {
        self.symbol(self.plan.position(id)?)
    }

    fn resource(&mut self, n: usize) -> String {
        let plan = self.plan;
        let Some(it) = plan.items.get(n) else { return String::new() };
        self.before = plan.before.get(n).into_iter().flatten().copied().collect();
        self.named.clear();
        let mut all = Vec::new();
        let typed = format!("{}@{}", it.arm_type, api_version(it));
        if it.arm_type == POLICIES {
            // Not a resource but a way to add to one: there is nothing to read or delete.
            let vault = plan.item_of(it.from).map_or("", |it| api_version(it));
            all.push(entry("type", line(quoted(&format!("Microsoft.KeyVault/vaults@{vault}")))));
            let vault = self.symbol_of(it.from).unwrap_or_else(|| "null".to_owned());
            all.push(entry("resource_id", line(vault)));
            all.push(entry("action", line(quoted("accessPolicies/add"))));
            all.push(entry("method", line(quoted("PUT"))));
        } else {
            all.push(entry("type", line(quoted(&typed))));
            let parent = self.parent(n, it);
            let name = it.name.last().cloned().unwrap_or(ArmValue::Null);
            all.push(entry("name", line(self.scalar(&name))));
            all.push(entry("parent_id", line(parent.clone())));
            if let Some(location) = &it.location {
                all.push(entry("location", line(quoted(location))));
            }
            // The provider knows the API versions of its own day only; Azure judges in any case.
            all.push(entry("schema_validation_enabled", line("false")));
            // Azure changes one part of a virtual network at a time, and refuses the others meanwhile.
            if it.arm_type.starts_with("Microsoft.Network/virtualNetworks/") {
                all.push(entry("locks", Tree::List(vec![line(parent)])));
            }
        }
        let mut members: Vec<(String, ArmValue)> = Vec::new();
        for (name, value) in &it.members {
            match (*name, value) {
                ("identity", ArmValue::Object(identity)) => {
                    all.push(entry("identity", Tree::Block(self.identity(identity))));
                }
                _ => members.push(((*name).to_owned(), value.clone())),
            }
        }
        if it.properties != ArmValue::Null {
            members.push(("properties".to_owned(), it.properties.clone()));
        }
        let (open, secret) = split(ArmValue::Object(members));
        let body = open.unwrap_or(ArmValue::Object(Vec::new()));
        all.push(entry("body", self.tree(&body)));
        if let Some(secret) = secret {
            all.push(entry("sensitive_body", self.tree(&secret)));
        }
        if !it.tags.is_empty() {
            let tags = it.tags.iter().map(|(k, v)| (quoted(k), line(quoted(v))));
            all.push(entry("tags", Tree::Object(tags.collect())));
        }
        if it.arm_type == "Microsoft.ManagedIdentity/userAssignedIdentities" {
            let ids = ["properties.principalId", "properties.clientId"];
            let ids = ids.iter().map(|it| line(quoted(it)));
            all.push(entry("response_export_values", Tree::List(ids.collect())));
        }
        let rest = self.before.difference(&self.named).copied();
        let rest: Vec<Tree> = rest.map(|n| line(self.address(n))).collect();
        if !rest.is_empty() {
            all.push(entry("depends_on", Tree::List(rest)));
        }
        if it.arm_type == COMPUTES {
            // Written again, it would be replaced by a new one.
            all.push(lifecycle("ignore_changes", line("all")));
        }
        let mut out = String::new();
        let name = self.called.get(n).map_or("", String::as_str);
        block(&mut out, &format!("resource \"{}\" \"{name}\"", block_type(it)), &all);
        out
    }

    /// What a resource stands in: the id without the last type and name.
    fn parent(&mut self, n: usize, it: &ArmResource) -> String {
        let plan = self.plan;
        let nearest = plan.parents.get(n).copied().flatten();
        let nearest = nearest.and_then(|n| Some((n, plan.items.get(n)?.name.len())));
        let types: Vec<&str> = it.arm_type.split('/').skip(1).collect();
        let between = |from: usize| {
            let types = types.iter().take(types.len().saturating_sub(1)).skip(from);
            types.zip(it.name.iter().skip(from))
        };
        if let Some((n, names)) = nearest
            && let Some(symbol) = self.symbol(n)
        {
            let mut parts = vec![Part::Var(symbol)];
            for (segment, name) in between(names) {
                parts.push(Part::Text(format!("/{segment}/")));
                parts.extend(self.parts(name, &str::to_owned, false));
            }
            return template(&parts);
        }
        if let [_] = it.name.as_slice() {
            match it.scope {
                ArmScope::On(id) | ArmScope::ResourceGroup(id) | ArmScope::ManagementGroup(id) => {
                    if let Some(symbol) = self.symbol_of(id) {
                        return symbol;
                    }
                }
                ArmScope::Tenant | ArmScope::Subscription(_) => {}
            }
            let parts = match plan.id(it) {
                Id::On(target, ..) => self.id_parts(&target, &str::to_owned),
                Id::In(place, ..) | Id::Place(place) => self.place_parts(&place, &str::to_owned),
            };
            return template(&parts);
        }
        let mut parts = self.id_parts(&plan.id(it), &str::to_owned);
        // The last name and the `/type/` before it.
        parts.truncate(parts.len().saturating_sub(2));
        template(&parts)
    }

    /// The block of managed identities.
    fn identity(&mut self, members: &[(String, ArmValue)]) -> Vec<Entry> {
        let mut all = Vec::new();
        for (name, value) in members {
            match (name.as_str(), value) {
                ("type", ArmValue::Text(it)) => {
                    let both = it.contains(',');
                    let it = if both { "SystemAssigned, UserAssigned" } else { it.as_str() };
                    all.push(entry("type", line(quoted(it))));
                }
                (_, ArmValue::IdKeys(ids)) => {
                    let ids = ids.iter().map(|it| line(self.scalar(&ArmValue::IdOf(*it))));
                    all.push(entry("identity_ids", Tree::List(ids.collect())));
                }
                _ => {}
            }
        }
        all
    }

    fn tree(&mut self, value: &ArmValue) -> Tree {
        match value {
            ArmValue::List(items) => Tree::List(items.iter().map(|it| self.tree(it)).collect()),
            ArmValue::Object(members) => {
                let members = members.iter().map(|(name, it)| (key(name), self.tree(it)));
                Tree::Object(members.collect())
            }
            ArmValue::IdKeys(ids) => {
                let one = |id: &ResourceId| {
                    let id = self.scalar(&ArmValue::IdOf(*id));
                    (format!("({id})"), Tree::Object(Vec::new()))
                };
                Tree::Object(ids.iter().map(one).collect())
            }
            it => Tree::Line(self.scalar(it)),
        }
    }

    /// A value that is no list or object.
    fn scalar(&mut self, value: &ArmValue) -> String {
        let symbol = match value {
            ArmValue::Null => return "null".to_owned(),
            ArmValue::Bool(it) => return it.to_string(),
            ArmValue::Number(it) => return it.to_string(),
            ArmValue::IdOf(id) => self.symbol_of(*id),
            ArmValue::ChildIdOf(id, path) => self.symbol_of(*id).map(|symbol| {
                let mut parts = vec![Part::Var(symbol)];
                parts.extend(path.iter().map(|(a, b)| Part::Text(format!("/{a}/{b}"))));
                template(&parts)
            }),
            ArmValue::SiblingIdOf { of, arm_type, name } => {
                let name: Vec<ArmValue> = name.iter().map(ArmValue::text).collect();
                let same = |it: &ArmResource| {
                    it.from == *of && it.arm_type == *arm_type && it.name == name
                };
                self.plan.items.iter().position(same).and_then(|n| self.symbol(n))
            }
            _ => None,
        };
        symbol.unwrap_or_else(|| template(&self.parts(value, &str::to_owned, false)))
    }

    fn read_key(&mut self, of: ResourceId, n: usize) -> String {
        let name = snake(&self.names.another("storage account key"));
        let typed = self
            .plan
            .items
            .get(n)
            .map_or_else(String::new, |it| format!("{}@{}", it.arm_type, api_version(it)));
        let all = [
            entry("type", line(quoted(&typed))),
            entry("resource_id", line(format!("{}.id", self.address(n)))),
            entry("action", line(quoted("listKeys"))),
            entry(
                "response_export_values",
                Tree::Object(vec![entry("key", line(quoted("keys[0].value")))]),
            ),
        ];
        let mut out = String::new();
        block(&mut out, &format!("ephemeral \"azapi_resource_action\" \"{name}\""), &all);
        self.pending.push(out);
        self.keys.insert(of, name.clone());
        name
    }

    /// Sends the requests of endpoints to their deployments, which come later than the endpoint.
    fn traffic(&mut self) -> String {
        let mut out = String::new();
        for (endpoint, deployments) in traffic(self.plan) {
            let Some(n) = self.plan.position(endpoint) else { continue };
            let Some(it) = self.plan.items.get(n) else { continue };
            let share = |it: &Share| (key(&it.name), line(it.percent.to_string()));
            let shares = deployments.iter().map(share).collect();
            let needs = deployments.iter().filter_map(|it| self.plan.position(it.deployment));
            let needs = needs.map(|it| line(self.address(it))).collect();
            let typed = quoted(&format!("{}@{}", it.arm_type, api_version(it)));
            let properties = vec![entry("traffic", Tree::Object(shares))];
            let members = [
                entry("type", line(typed)),
                entry("resource_id", line(format!("{}.id", self.address(n)))),
                entry("body", Tree::Object(vec![entry("properties", Tree::Object(properties))])),
                entry("depends_on", Tree::List(needs)),
                // An endpoint that is written again has no traffic any more.
                lifecycle("replace_triggered_by", Tree::List(vec![line(self.address(n))])),
            ];
            let name = snake(&self.names.another("traffic"));
            block(&mut out, &format!("resource \"azapi_update_resource\" \"{name}\""), &members);
        }
        out
    }

    fn variables(&self) -> String {
        let mut out = String::new();
        for it in &self.asked {
            let mut all =
                vec![entry("type", line("string")), entry("description", line(quoted(&it.label)))];
            if it.form == Asked::Secret {
                all.push(entry("sensitive", line("true")));
                all.push(entry("ephemeral", line("true")));
            }
            if it.form == Asked::Guid {
                let condition = format!("can(regex({}, var.{}))", quoted(GUID), it.name);
                all.push(entry(
                    "validation",
                    Tree::Block(vec![
                        entry("condition", line(condition)),
                        entry("error_message", line(quoted("The value must be a GUID."))),
                    ]),
                ));
            }
            block(&mut out, &format!("variable \"{}\"", it.name), &all);
        }
        format!("{}\n", out.trim_end())
    }

    fn versions(&self) -> String {
        let mut out = String::from(VERSIONS);
        let mut provider = Vec::new();
        if let Some(guid) = given_subscription(self.plan, self.plan.home) {
            provider.push(entry("subscription_id", line(quoted(guid.as_str()))));
        }
        provider.push(entry("disable_default_output", line("true")));
        block(&mut out, "provider \"azapi\"", &provider);
        format!("{}\n", out.trim_end())
    }
}

/// `objectIdOfAna` as `object_id_of_ana`.
fn snake(name: &str) -> String {
    variable(name).trim_start_matches('_').to_lowercase()
}

fn block_type(it: &ArmResource) -> &'static str {
    if it.arm_type == POLICIES { "azapi_resource_action" } else { "azapi_resource" }
}

/// A value without its secrets, and the secrets in the same place. A list with a secret is one: what is sent
/// is put together member by member, and lists have none.
fn split(value: ArmValue) -> (Option<ArmValue>, Option<ArmValue>) {
    match value {
        ArmValue::Object(members) if !members.is_empty() => {
            let (mut open, mut secret) = (Vec::new(), Vec::new());
            for (name, it) in members {
                let (a, b) = split(it);
                open.extend(a.map(|it| (name.clone(), it)));
                secret.extend(b.map(|it| (name, it)));
            }
            let some =
                |it: Vec<(String, ArmValue)>| (!it.is_empty()).then_some(ArmValue::Object(it));
            (some(open), some(secret))
        }
        it if is_secret(&it) => (None, Some(it)),
        it => (Some(it), None),
    }
}

fn is_secret(value: &ArmValue) -> bool {
    match value {
        ArmValue::Secret(_) | ArmValue::KeyOf(_) => true,
        ArmValue::List(items) => items.iter().any(is_secret),
        ArmValue::Object(members) => members.iter().any(|(_, it)| is_secret(it)),
        _ => false,
    }
}

/// A block and an empty line.
fn block(out: &mut String, head: &str, entries: &[Entry]) {
    out.push_str(head);
    out.push_str(" {\n");
    lines(out, entries, 1);
    out.push_str("}\n\n");
}

/// Entries, each on a line of its own. Those that need no other line have their `=` in one column, as
/// `terraform fmt` writes them.
fn lines(out: &mut String, entries: &[Entry], depth: usize) {
    let indent = "  ".repeat(depth);
    let mut rest = entries;
    while let Some(((name, value), after)) = rest.split_first() {
        let run: Vec<&Entry> = rest.iter().take_while(|it| is_short(&it.1)).collect();
        let width = run.iter().map(|it| it.0.len()).max().unwrap_or(0);
        for (name, value) in &run {
            // Not by a format's width, which ends at 65,535.
            let gap = " ".repeat(width.saturating_sub(name.len()));
            let _ = write!(out, "{indent}{name}{gap} = ");
            tree(out, value, depth);
            out.push('\n');
        }
        if !run.is_empty() {
            rest = rest.get(run.len()..).unwrap_or_default();
            continue;
        }
        if let Tree::Block(entries) = value {
            let _ = writeln!(out, "{indent}{name} {{");
            lines(out, entries, depth + 1);
            let _ = writeln!(out, "{indent}}}");
        } else {
            let _ = write!(out, "{indent}{name} = ");
            tree(out, value, depth);
            out.push('\n');
        }
        rest = after;
    }
}

fn is_short(value: &Tree) -> bool {
    match value {
        Tree::Line(_) => true,
        Tree::List(it) => it.is_empty(),
        Tree::Object(it) => it.is_empty(),
        Tree::Block(_) => false,
    }
}

fn tree(out: &mut String, value: &Tree, depth: usize) {
    let indent = "  ".repeat(depth);
    match value {
        Tree::Line(it) => out.push_str(it),
        Tree::List(items) if items.is_empty() => out.push_str("[]"),
        Tree::List(items) => {
            out.push_str("[\n");
            for it in items {
                let _ = write!(out, "{indent}  ");
                tree(out, it, depth + 1);
                out.push_str(",\n");
            }
            let _ = write!(out, "{indent}]");
        }
        Tree::Object(members) if members.is_empty() => out.push_str("{}"),
        Tree::Object(members) | Tree::Block(members) => {
            out.push_str("{\n");
            lines(out, members, depth + 1);
            let _ = write!(out, "{indent}}}");
        }
    }
}

const VERSIONS: &str = r#"terraform {
  # Secrets go to arguments that are written and never kept, which 1.11 brought.
  required_version = ">= 1.11"

  required_providers {
    azapi = {
      source  = "Azure/azapi"
      version = "~> 2.4"
    }
  }
}

"#;
