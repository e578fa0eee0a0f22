//! Azure CLI scripts: `deploy.sh` creates the design, `teardown.sh` takes it away.
//!
//! Each resource is one command: the one people know where it can say everything the resource holds,
//! else `az rest` with the body that a template would have. User text stands only in bodies, as JSON
//! in ASCII; arguments are names that Azure allows, ids and closed values.
//!
//! Azure docs: "Azure REST API reference" (rest/api/azure), "az rest" (cli/azure/reference-index#az-rest).

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use super::{
    Basis, Exporter, File, Refused,
    plan::{Id, Names, Place, Plan, api_version, refusal, variable},
    script::{
        Asked, BUILT_IN, COMPUTES, Part, Share, Values, given_subscription, goes_with_its_parent,
        members, percent, shown, shown_name, traffic,
    },
};
use crate::{
    kinds::{
        ResourceId,
        arm::{ArmResource, ArmValue},
        setting::Problem,
    },
    text::text,
};

// The commands and options in use.
pub mod commands;

// What the scripts call.
pub(super) mod functions;

// Quoting.
pub(super) mod shell;

use commands::{Command, Form};
use functions::{
    ASK, DEPLOY, FAIL, FORESEE, GUID, IS_GUID, IS_KEY, IS_MISSING, JSON_TEXT, REGISTER, STEP,
    TEARDOWN,
};
use shell::{json_text, quoted, word};

pub const EXPORTER: Exporter = Exporter {
    id: "cli",
    title: text("Azure CLI script", "Azure CLI スクリプト"),
    help: text(
        "deploy.sh that creates the design, and teardown.sh that takes it away",
        "デザインを作成する deploy.sh と、削除する teardown.sh",
    ),
    run,
};

const GROUPS: &str = "Microsoft.Resources/resourceGroups";

fn run(basis: &Basis<'_>) -> Result<Vec<File>, Refused> {
    let plan = basis.plan()?;
    let mut script = Script::new(plan);
    let deploy = script.deploy()?;
    Ok(vec![
        File { name: "deploy.sh".to_owned(), text: deploy },
        File { name: "teardown.sh".to_owned(), text: script.teardown() },
    ])
}

/// A key of a value that is asked for, or of a variable that is set.
enum Noted {
    Asked(String),
    Set(String),
}

struct Script<'a> {
    plan: &'a Plan<'a>,
    names: Names,
    /// Values that are asked for at the start: variable, label, form.
    asked: BTreeMap<String, (String, Asked)>,
    /// Variables that the script has set by now: what they hold, under which name.
    set: BTreeMap<String, String>,
    /// Lines that set variables for the resource being written.
    pending: Vec<String>,
    /// What went into `asked` and `set`, the latest last.
    noted: Vec<Noted>,
    /// What each endpoint sends to its deployments.
    traffic: BTreeMap<ResourceId, Vec<Share>>,
}

impl<'a> Script<'a> {
    fn new(plan: &'a Plan<'a>) -> Script<'a> {
        Script {
            plan,
            names: Names::default(),
            asked: BTreeMap::new(),
            set: BTreeMap::new(),
            pending: Vec::new(),
            noted: Vec::new(),
            traffic: traffic(plan),
        }
    }

    fn deploy(&mut self) -> Result<String, Refused> {
        let mut steps = String::new();
        let mut refused = Vec::new();
        let mut count = 0;
        let plan = self.plan;
        for it in &plan.items {
            let command = self.command(it);
            for line in std::mem::take(&mut self.pending) {
                steps.push_str(&line);
                steps.push('\n');
            }
            match command {
                Some(command) => {
                    count += 1;
                    steps.push_str(&command);
                    steps.push('\n');
                }
                None => refused.extend(plan.all.subject(it.from).map(|subject| {
                    refusal(
                        subject,
                        Problem {
                            field: "name".to_owned(),
                            text: text(
                                "a script cannot carry this text; remove the control characters",
                                "スクリプトに書けない文字が含まれています。制御文字を削除してください",
                            )
                            .into(),
                        },
                    )
                })),
            }
        }
        if !refused.is_empty() {
            return Err(Refused(refused));
        }
        for (endpoint, shares) in std::mem::take(&mut self.traffic) {
            if let Some(it) = plan.item_of(endpoint)
                && let Some(put) = self.put_traffic(it, shares)
            {
                count += 1;
                steps.push_str(&put);
                steps.push('\n');
            }
        }
        let mut out = String::from(HEAD);
        let _ = writeln!(out, "readonly total={count}");
        let shared = [FAIL, STEP, IS_MISSING, IS_GUID, IS_KEY, ASK, JSON_TEXT, GUID];
        out.extend(shared);
        out.extend([FORESEE, DEPLOY]);
        out.push_str(&self.subscriptions());
        out.push_str(&self.questions());
        out.push_str(&self.checks());
        out.push_str("\n# --- Resources, each after those that it needs\n\n");
        out.push_str(&steps);
        out.push_str(END);
        Ok(out)
    }

    /// Sign-in, the subscription and the tenant.
    fn subscriptions(&self) -> String {
        let mut out = String::from("\n# --- Sign-in\n\n");
        out.push_str(
            "command -v az >/dev/null || fail 'the Azure CLI is missing; see https://aka.ms/azure-cli'\n",
        );
        match given_subscription(self.plan, self.plan.home) {
            Some(guid) => {
                let _ = writeln!(out, "subscription={}", guid.as_str());
            }
            None => out.push_str(
                "subscription=\"${AZURE_SUBSCRIPTION_ID:-$(az account show --query id --output tsv)}\"\n",
            ),
        }
        out.push_str(
            "is_guid \"$subscription\" || fail 'not signed in; run az login first'\n\
             tenant=\"$(az account show --subscription \"$subscription\" --query tenantId --output tsv)\"\n\
             is_guid \"$tenant\" || fail \"subscription $subscription is not among yours; run az login\"\n\
             readonly subscription tenant\n\
             printf 'Subscription %s, tenant %s\\n' \"$subscription\" \"$tenant\"\n",
        );
        out
    }

    /// Values that only the user knows.
    fn questions(&self) -> String {
        if self.asked.is_empty() {
            return String::new();
        }
        let mut out =
            String::from("\n# --- Values to give, in variables of these names or when asked\n\n");
        let mut secrets = String::new();
        for (name, (label, form)) in &self.asked {
            let what = quoted(&shown(label));
            let _ = match form {
                Asked::Guid => writeln!(out, "ask {name} {what} guid"),
                Asked::Text => writeln!(out, "ask {name} {what} text"),
                Asked::Secret => writeln!(secrets, "  ask {name} {what} secret"),
            };
        }
        if !secrets.is_empty() {
            let _ = write!(out, "if [[ \"$what_if\" == no ]]; then\n{secrets}fi\n");
        }
        for (name, (_, form)) in &self.asked {
            if *form != Asked::Guid {
                let _ = writeln!(
                    out,
                    "{name}_json=\"$(json_text \"${{{name}:-}}\")\"\nreadonly {name}_json"
                );
            }
        }
        out
    }

    /// What is better known before the first resource exists.
    fn checks(&self) -> String {
        let mut out = String::new();
        let mut providers = BTreeSet::new();
        for it in &self.plan.items {
            let group = group_name(self.plan, &self.plan.place(it.scope));
            providers.extend(it.arm_type.split('/').next().filter(|it| !BUILT_IN.contains(it)));
            let [ArmValue::Text(name)] = it.name.as_slice() else { continue };
            let Some(group) = group else { continue };
            // `az` takes it for nothing; what is created is named in a URL.
            if [name.as_str(), &group].contains(&"null") {
                continue;
            }
            let (name, group) = (quoted(name), quoted(&group));
            let check = match it.arm_type {
                "Microsoft.Storage/storageAccounts" => {
                    format!(
                        "az storage account show --name {name} --resource-group {group} --subscription \"$subscription\" --output none 2>/dev/null ||\n  is_free \"$(az storage account check-name --name {name} --subscription \"$subscription\" --query nameAvailable --output tsv)\" 'storage account' {name}\n"
                    )
                }
                "Microsoft.ContainerRegistry/registries" => {
                    format!(
                        "az acr show --name {name} --resource-group {group} --subscription \"$subscription\" --output none 2>/dev/null ||\n  is_free \"$(az acr check-name --name {name} --subscription \"$subscription\" --query nameAvailable --output tsv)\" 'container registry' {name}\n"
                    )
                }
                "Microsoft.KeyVault/vaults" => {
                    format!(
                        "az keyvault show --name {name} --resource-group {group} --subscription \"$subscription\" --output none 2>/dev/null ||\n  is_not_deleted \"$(az keyvault list-deleted --resource-type vault --subscription \"$subscription\" --query \"[?name=='{}'].name\" --output tsv)\" {name}\n",
                        name.trim_matches('\'')
                    )
                }
                _ => continue,
            };
            out.push_str(&check);
        }
        // A provider that is not registered answers no question.
        let mut head = String::from("\n# --- Checks\n");
        if !providers.is_empty() {
            head.push_str(REGISTER);
            head.push('\n');
            head.push_str(
                "registered=\"$(az provider list --subscription \"$subscription\" --query \"[?registrationState=='Registered'].namespace\" --output tsv)\"\n",
            );
        }
        for provider in providers {
            let _ = writeln!(head, "register {provider}");
        }
        head + &out
    }

    /// The command for a resource.
    fn command(&mut self, it: &ArmResource) -> Option<String> {
        let what = quoted(&shown(&shown_name(self.plan, it)));
        if let Some(command) = commands::find(it.arm_type)
            && let Some(line) = self.readable(command, it)
        {
            let url = self.url(it)?;
            return Some(format!("begin {what} \\\n  {url} &&\n  {line}"));
        }
        let url = self.url(it)?;
        // Its deployments may exist already and get requests: an endpoint that is written without
        // their shares sends them none.
        let shares = self.traffic.contains_key(&it.from).then(|| {
            let name = self.variable(&format!("traffic of {}", it.from.0), "traffic");
            self.pending.push(format!("{name}=\"$(current {url} properties.traffic)\""));
            ("traffic", vec![Part::Var(name)])
        });
        let body = self.body(it, shares);
        let function = if it.arm_type == COMPUTES { "put_new" } else { "put" };
        Some(format!("{function} {what} \\\n  {url} \\\n  {body}\n"))
    }

    /// Sends the requests of an endpoint to its deployments.
    fn put_traffic(&mut self, it: &ArmResource, shares: Vec<Share>) -> Option<String> {
        let what = quoted(&shown(&format!("Traffic of {}", self.plan.name_of(it.from))));
        let url = self.url(it)?;
        let mut parts = Vec::new();
        // One without requests is not named at all.
        let shares = shares.into_iter().filter(|it| it.percent > 0);
        let shares = shares.map(|it| (it.name, ArmValue::Number(it.percent.into()))).collect();
        self.json(&ArmValue::Object(shares), 2, &mut parts);
        let body = self.body(it, Some(("traffic", parts)));
        Some(format!("put {what} \\\n  {url} \\\n  {body}\n"))
    }

    /// `/subscriptions/…?api-version=…` as a word.
    fn url(&mut self, it: &ArmResource) -> Option<String> {
        let id = self.plan.id(it);
        let mut parts = self.id_parts(&id, &percent);
        parts.push(Part::Text(format!("?api-version={}", api_version(it))));
        word(&parts)
    }

    /// What is sent for a resource, as a word; `extra` is one more of its properties, in JSON.
    fn body(&mut self, it: &ArmResource, extra: Option<(&str, Vec<Part>)>) -> String {
        let members = members(it);
        let mut properties = Vec::new();
        match &it.properties {
            ArmValue::Object(own) => self.object(own, extra, 2, &mut properties),
            other => self.json(other, 2, &mut properties),
        }
        let mut parts = Vec::new();
        let last = (it.properties != ArmValue::Null).then_some(("properties", properties));
        self.object(&members, last, 1, &mut parts);
        // The text of a body holds no single quote, so that one pair of quotes is enough.
        let mut out = String::from("'");
        for part in parts {
            match part {
                Part::Text(it) => out.push_str(&it),
                Part::Var(it) => {
                    let _ = write!(out, "'\"${it}\"'");
                }
            }
        }
        out.push('\'');
        out
    }

    /// A value as JSON, indented by `depth`.
    fn json(&mut self, value: &ArmValue, depth: usize, out: &mut Vec<Part>) {
        let indent = |depth: usize| Part::Text(format!("\n{}", "  ".repeat(depth)));
        match value {
            ArmValue::Null => out.push(Part::text("null")),
            ArmValue::Bool(it) => out.push(Part::Text(it.to_string())),
            ArmValue::Number(it) => out.push(Part::Text(it.to_string())),
            ArmValue::List(items) if items.is_empty() => out.push(Part::text("[]")),
            ArmValue::List(items) => {
                out.push(Part::text("["));
                for (n, it) in items.iter().enumerate() {
                    if n > 0 {
                        out.push(Part::text(","));
                    }
                    out.push(indent(depth + 1));
                    self.json(it, depth + 1, out);
                }
                out.push(indent(depth));
                out.push(Part::text("]"));
            }
            ArmValue::Object(members) => self.object(members, None, depth, out),
            ArmValue::IdKeys(ids) => {
                out.push(Part::text("{"));
                for (n, id) in ids.iter().enumerate() {
                    if n > 0 {
                        out.push(Part::text(","));
                    }
                    out.push(indent(depth + 1));
                    self.json_string(&ArmValue::IdOf(*id), out);
                    out.push(Part::text(": {}"));
                }
                out.push(indent(depth));
                out.push(Part::text("}"));
            }
            text => self.json_string(text, out),
        }
    }

    /// An object as JSON; `last` is one more member whose value is JSON already.
    fn object(
        &mut self,
        members: &[(String, ArmValue)],
        last: Option<(&str, Vec<Part>)>,
        depth: usize,
        out: &mut Vec<Part>,
    ) {
        let mut all = Vec::new();
        for (name, it) in members {
            let mut value = Vec::new();
            self.json(it, depth + 1, &mut value);
            all.push((name.as_str(), value));
        }
        all.extend(last);
        if all.is_empty() {
            out.push(Part::text("{}"));
            return;
        }
        out.push(Part::text("{"));
        for (n, (name, value)) in all.into_iter().enumerate() {
            let comma = if n > 0 { "," } else { "" };
            let indent = "  ".repeat(depth + 1);
            out.push(Part::Text(format!("{comma}\n{indent}\"{}\": ", json_text(name))));
            out.extend(value);
        }
        out.push(Part::Text(format!("\n{}}}", "  ".repeat(depth))));
    }

    fn json_string(&mut self, value: &ArmValue, out: &mut Vec<Part>) {
        out.push(Part::text("\""));
        out.extend(self.parts(value, &json_text, true));
        out.push(Part::text("\""));
    }

    fn set(&mut self, key: &str, name: &str) {
        self.noted.push(Noted::Set(key.to_owned()));
        self.set.insert(key.to_owned(), name.to_owned());
    }

    /// The name of a variable for something, set once.
    fn variable(&mut self, key: &str, label: &str) -> String {
        let label = format!("{label} {}", self.set.len() + 1);
        let name = label.replace(' ', "_");
        self.set(key, &name);
        name
    }

    /// The command people know, if it can say all that the resource holds.
    fn readable(&mut self, command: &Command, it: &ArmResource) -> Option<String> {
        // Undone if the command turns out to be too small.
        let (noted, pending) = (self.noted.len(), self.pending.len());
        let line = self.try_readable(command, it);
        if line.is_none() {
            self.pending.truncate(pending);
            for it in self.noted.drain(noted..) {
                match it {
                    Noted::Asked(key) => drop(self.asked.remove(&key)),
                    Noted::Set(key) => drop(self.set.remove(&key)),
                }
            }
        }
        line
    }

    fn try_readable(&mut self, command: &Command, it: &ArmResource) -> Option<String> {
        let place = self.plan.place(it.scope);
        let mut all = Vec::new();
        for (name, value) in &it.members {
            leaves(name, value, &mut all);
        }
        leaves("properties", &it.properties, &mut all);
        let has = |path: &str| {
            let inside = format!("{path}[");
            all.iter().any(|(at, _)| at == path || at.starts_with(&inside))
        };
        if !command.needs.iter().all(|it| has(it)) {
            return None;
        }
        let mut words = vec![format!("az {}", command.command)];
        for (option, name) in command.names.iter().zip(&it.name) {
            words.push(format!("{option} {}", self.argument_of(name)?));
        }
        if command.in_group {
            words.push(format!("--resource-group {}", argument(&group_name(self.plan, &place)?)?));
        }
        match self.plan.subscription_of(&place) {
            None => words.push("--subscription \"$subscription\"".to_owned()),
            Some(_) => return None,
        }
        match &it.location {
            Some(location) if command.located => {
                words.push(format!("--location {}", argument(location)?));
            }
            Some(_) if !command.scoped => return None,
            _ => {}
        }
        if command.scoped {
            let parts = match self.plan.id(it) {
                Id::On(target, ..) => self.id_parts(&target, &str::to_owned),
                Id::In(place, ..) => self.place_parts(&place, &str::to_owned),
                Id::Place(_) => return None,
            };
            words.push(format!("--scope {}", word(&parts)?));
        }
        if !it.tags.is_empty() {
            let tags: Option<Vec<String>> = it
                .tags
                .iter()
                .map(|(k, v)| Some(format!("{}={}", argument(k)?, argument(v)?)))
                .collect();
            words.push(format!("--tags {}", tags?.join(" ")));
        }
        let mut covered: BTreeSet<&str> = BTreeSet::new();
        for choice in command.options {
            let inside = format!("{}[", choice.path);
            let rows: Vec<&(String, &ArmValue)> =
                all.iter().filter(|(at, _)| at == choice.path || at.starts_with(&inside)).collect();
            let values: Vec<&ArmValue> = match choice.form {
                Form::Word | Form::Words => {
                    rows.iter().filter(|(at, _)| at == choice.path).map(|(_, it)| *it).collect()
                }
                Form::Rows(member) => {
                    let wanted = |at: &str| at.ends_with(&format!("].{member}"));
                    if !rows.iter().all(|(at, _)| wanted(at)) {
                        return None;
                    }
                    rows.iter().map(|(_, it)| *it).collect()
                }
            };
            if values.is_empty() {
                continue;
            }
            let mut arguments = Vec::new();
            for value in values {
                match value {
                    ArmValue::List(items) => {
                        for it in items {
                            arguments.push(self.argument_of(it)?);
                        }
                    }
                    value => arguments.push(self.argument_of(value)?),
                }
            }
            if arguments.is_empty() {
                // An empty list is what a command starts from.
            } else {
                words.push(format!("{} {}", choice.option, arguments.join(" ")));
            }
            covered.extend(all.iter().map(|(at, _)| at.as_str()).filter(|at| {
                *at == choice.path || (choice.form != Form::Word && at.starts_with(&inside))
            }));
        }
        let empty = |it: &ArmValue| {
            matches!(it, ArmValue::Null)
                || matches!(it, ArmValue::List(it) if it.is_empty())
                || matches!(it, ArmValue::Object(it) if it.is_empty())
        };
        if !all.iter().all(|(at, it)| covered.contains(at.as_str()) || empty(it)) {
            return None;
        }
        words.push("--output none".to_owned());
        Some(format!("{}\n", words.join(" \\\n    ")))
    }

    /// A value as an argument, if that is safe.
    fn argument_of(&mut self, value: &ArmValue) -> Option<String> {
        match value {
            ArmValue::Text(it) => argument(it),
            ArmValue::RoleDefinition(guid) => argument(guid),
            ArmValue::Number(it) => Some(it.to_string()),
            ArmValue::Bool(it) => Some(it.to_string()),
            ArmValue::IdOf(_)
            | ArmValue::ChildIdOf(..)
            | ArmValue::SiblingIdOf { .. }
            | ArmValue::LooseIdOf(_)
            | ArmValue::PrincipalOf(_)
            | ArmValue::ClientIdOf(_)
            | ArmValue::Guid(_)
            | ArmValue::Tenant => {
                let parts = self.parts(value, &str::to_owned, false);
                word(&parts)
            }
            // The object id of a person is asked for as a GUID; other answers are free text.
            ArmValue::Parameter(label) if Asked::of(label, false) == Asked::Guid => {
                let parts = self.parts(value, &str::to_owned, false);
                word(&parts)
            }
            _ => None,
        }
    }

    fn teardown(&mut self) -> String {
        let plan = self.plan;
        let mut steps = String::new();
        let mut stays = String::new();
        let mut listed = String::new();
        let mut count = 0;
        self.asked.clear();
        self.set.clear();
        for (n, it) in plan.items.iter().enumerate().rev() {
            if it.arm_type == GROUPS || goes_with_its_parent(plan, n) {
                continue;
            }
            let kind = plan.all.get(it.from).map_or("", |it| it.kind.info().label.en);
            let what = quoted(&shown(&format!("{kind} {}", plan.name_of(it.from))));
            let Some(url) = self.url(it) else { continue };
            for line in std::mem::take(&mut self.pending) {
                steps.push_str(&line);
                steps.push('\n');
            }
            count += 1;
            let _ = writeln!(listed, "  {what} \\");
            let _ = writeln!(steps, "remove {what} \\\n  {url}");
            if it.arm_type == "Microsoft.KeyVault/vaults" {
                let _ = writeln!(
                    stays,
                    "printf 'Stays: the name of %s is kept until it is purged: az keyvault purge --name NAME\\n' {what}"
                );
            }
            if it.arm_type == "Microsoft.OperationalInsights/workspaces" {
                let _ = writeln!(
                    stays,
                    "printf 'Stays: %s can be recovered for 14 days under its name\\n' {what}"
                );
            }
            if it.arm_type == "Microsoft.MachineLearningServices/workspaces" {
                stays.push_str(&stays_of_workspace(it, &what));
            }
        }
        let mut groups = String::new();
        for it in plan.items.iter().rev().filter(|it| it.arm_type == GROUPS) {
            count += 1;
            let name = quoted(&plan.name_of(it.from));
            let id = plan.id(it);
            let parts = self.id_parts(&id, &percent);
            let url = word(&parts).unwrap_or_default();
            let _ = writeln!(groups, "remove_group {name} {url}");
            let _ = writeln!(
                listed,
                "  {} \\",
                quoted(&format!(
                    "Resource group {}, if it is empty by then",
                    plan.name_of(it.from)
                ))
            );
        }
        let mut out = String::from(TEARDOWN_HEAD);
        let _ = writeln!(out, "readonly total={count}");
        out.extend([FAIL, STEP, IS_MISSING, IS_GUID, ASK, GUID]);
        out.push_str(TEARDOWN);
        out.push_str(&self.subscriptions());
        out.push_str(&self.questions());
        out.push_str("\n# --- Consent\n\n");
        if !listed.is_empty() {
            let listed = listed.trim_end().trim_end_matches('\\').trim_end();
            let _ = writeln!(
                out,
                "printf 'This deletes, with all data in it:\\n'\nprintf '  %s\\n' \\\n{listed}"
            );
        }
        out.push_str(CONSENT);
        out.push_str("\n# --- Resources, each before those that it needs\n\n");
        out.push_str(&steps);
        out.push_str(&groups);
        out.push_str(&stays);
        out.push_str(TEARDOWN_END);
        out
    }
}

/// What a deleted workspace leaves behind, in lines that print it.
///
/// Azure docs: "Workspace soft deletion" (machine-learning/concept-soft-delete), "Troubleshoot Azure RBAC"
/// (role-based-access-control/troubleshooting).
fn stays_of_workspace(it: &ArmResource, what: &str) -> String {
    let identity = it.members.iter().find(|(name, _)| *name == "identity").map(|(_, it)| it);
    // With user-assigned identities alone, there is no soft delete, and no identity that goes with it.
    let own = match identity {
        Some(ArmValue::Object(members)) => members.iter().any(
            |(name, it)| matches!(it, ArmValue::Text(it) if name == "type" && it.contains("SystemAssigned")),
        ),
        _ => true,
    };
    if !own {
        return String::new();
    }
    format!(
        "printf 'Stays: %s is soft-deleted for 14 days, and its name is taken until it is deleted permanently\\n' {what}\n\
         printf 'Stays: roles that Azure gave the identity of %s, in resource groups that stay\\n' {what}\n"
    )
}

impl<'a> Values<'a> for Script<'a> {
    fn plan(&self) -> &'a Plan<'a> {
        self.plan
    }

    fn asked_value(&mut self, label: &str, secret: bool, json: bool) -> Vec<Part> {
        let form = Asked::of(label, secret);
        let name = variable(&self.names.of(label));
        let in_json = json && form != Asked::Guid;
        let part = if in_json { format!("{name}_json") } else { name.clone() };
        if !self.asked.contains_key(&name) {
            self.noted.push(Noted::Asked(name.clone()));
            self.asked.insert(name, (label.to_owned(), form));
        }
        vec![Part::Var(part)]
    }

    /// A value that Azure knows once the resource exists, read when it is first needed.
    fn fetched(&mut self, label: &str, of: ResourceId, query: &str) -> String {
        let key = format!("{label} {}", of.0);
        if let Some(name) = self.set.get(&key) {
            return name.clone();
        }
        let name = key.replace(' ', "_");
        self.set(&key, &name);
        let plan = self.plan;
        let Some(item) = plan.item_of(of) else { return name };
        let mut parts = self.id_parts(&plan.id(item), &percent);
        let keys = label == "key of";
        if keys {
            parts.push(Part::text("/listKeys"));
        }
        parts.push(Part::Text(format!("?api-version={}", api_version(item))));
        let url = word(&parts).unwrap_or_default();
        let missing = quoted(&shown(&format!("{label} {}", plan.name_of(of))));
        self.pending.push(if keys {
            format!("{name}=\"$(key_of {missing} {url})\"")
        } else {
            format!("{name}=\"$(id_of {missing} {url} {})\"", quoted(query))
        });
        name
    }

    fn guid(&mut self, values: &[ArmValue]) -> String {
        let key = format!("{values:?}");
        if let Some(name) = self.set.get(&key) {
            return name.clone();
        }
        let words: Vec<String> = values
            .iter()
            .map(|it| {
                let parts = self.parts(it, &str::to_owned, false);
                word(&parts).unwrap_or_else(|| "''".to_owned())
            })
            .collect();
        let name = self.variable(&key, "guid");
        self.pending.push(format!("{name}=\"$(guid {})\"", words.join(" ")));
        name
    }
}

fn group_name(plan: &Plan<'_>, place: &Place) -> Option<String> {
    match place {
        Place::Group(id) => Some(plan.name_of(*id)),
        _ => None,
    }
}

/// Every scalar below a value with its path: `a.b`, `a[0].c`. A list of scalars is one.
fn leaves<'a>(path: &str, value: &'a ArmValue, all: &mut Vec<(String, &'a ArmValue)>) {
    match value {
        ArmValue::Object(members) if !members.is_empty() => {
            for (name, it) in members {
                leaves(&format!("{path}.{name}"), it, all);
            }
        }
        ArmValue::List(items) if items.iter().any(|it| matches!(it, ArmValue::Object(_))) => {
            for (n, it) in items.iter().enumerate() {
                leaves(&format!("{path}[{n}]"), it, all);
            }
        }
        value => all.push((path.to_owned(), value)),
    }
}

/// A text as an argument of `az`, if neither bash nor `az` reads anything into it: `az` opens files
/// for `@x`, turns `null` into nothing, and takes what starts with `-` for an option.
fn argument(it: &str) -> Option<String> {
    let starts = it.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '*' || it == '_');
    let holds = it.chars().all(|it| {
        it.is_ascii_alphanumeric() || matches!(it, '.' | '_' | '-' | '/' | ':' | '*' | '(' | ')')
    });
    (starts && holds && it != "null").then(|| quoted(it))
}

const HEAD: &str = r#"#!/usr/bin/env bash
# Creates what the design holds, with the Azure CLI. Safe to run twice: what exists already is
# brought to the same settings; compute of Azure Machine Learning stays as it is. teardown.sh takes it
# away again.
#
# Usage: az login, then bash deploy.sh [--what-if]
# --what-if reads only, and says what would be created or changed.

set -euo pipefail

what_if=no
case "$*" in
  '') ;;
  --what-if) what_if=yes ;;
  *)
    printf 'Usage: bash deploy.sh [--what-if]\n' >&2
    exit 2
    ;;
esac
readonly what_if

step=0
created=0
changed=0
kept=0
new_ones=
folder="$(mktemp -d)"
readonly folder
trap 'rm -rf "$folder"' EXIT
"#;

const TEARDOWN_HEAD: &str = r#"#!/usr/bin/env bash
# Deletes what deploy.sh created, after asking. Resources that are not of the design stay, and so do
# resource groups that hold any.
#
# Usage: az login, then bash teardown.sh [--yes | --what-if]
# --yes does not ask. --what-if reads only, and says what would be deleted.

set -euo pipefail

what_if=no
asks=yes
case "$*" in
  '') ;;
  --yes) asks=no ;;
  --what-if) what_if=yes asks=no ;;
  *)
    printf 'Usage: bash teardown.sh [--yes | --what-if]\n' >&2
    exit 2
    ;;
esac
readonly what_if asks

step=0
folder="$(mktemp -d)"
readonly folder
trap 'rm -rf "$folder"' EXIT
"#;

pub(super) const END: &str = r#"if [[ "$what_if" == yes ]]; then
  printf '\nNothing was changed. Of %d steps %d would create, %d would bring to these settings, %d would leave as it is.\n' \
    "$total" "$created" "$changed" "$kept"
else
  printf '\nDone: %d of %d steps.\n' "$step" "$total"
fi
"#;

const TEARDOWN_END: &str = r#"if [[ "$what_if" == yes ]]; then
  printf '\nNothing was deleted.\n'
else
  printf '\nDone.\n'
fi
"#;

const CONSENT: &str = r#"if [[ "$asks" == yes ]]; then
  [[ -t 0 ]] || fail 'nobody to ask; add --yes to delete'
  IFS= read -r -p 'Type yes to delete: ' answer
  [[ "$answer" == yes ]] || fail 'nothing was deleted'
fi
"#;
