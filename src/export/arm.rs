//! Azure Resource Manager template: `azuredeploy.json` with its parameters.
//!
//! One resource group: a template for `az deployment group create`. Otherwise one for
//! `az deployment sub create`, which makes the groups and deploys into each of them by nested
//! templates; a group that needs another one that needs the first gets several.
//!
//! Azure docs: "Understand the structure and syntax of ARM templates" (azure-resource-manager/templates/syntax),
//! "Subscription deployments with ARM templates" (azure-resource-manager/templates/deploy-to-subscription).

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use serde_json::{Map, Value, json};

use super::{
    Exporter, File, Refused,
    plan::{Id, Names, Place, Plan, api_version, plan},
};
use crate::{
    design::Design,
    kinds::{
        Kind, ResourceId,
        arm::{ArmResource, ArmScope, ArmValue},
    },
    text::{arg, text},
};

pub const EXPORTER: Exporter = Exporter {
    id: "arm",
    title: text("ARM template", "ARM テンプレート"),
    help: text(
        "azuredeploy.json with its parameters, for az deployment",
        "az deployment でデプロイする azuredeploy.json とパラメーター ファイル",
    ),
    run,
};

const DEPLOYMENTS: &str = "Microsoft.Resources/deployments";
const GROUPS: &str = "Microsoft.Resources/resourceGroups";

fn run(design: &Design) -> Result<Vec<File>, Refused> {
    let plan = plan(design)?;
    let mut writer = Writer { plan: &plan, names: Names::default(), asked: BTreeMap::new() };
    let template = match only_group(&plan) {
        Some(group) => writer.group_template(group),
        None => writer.subscription_template()?,
    };
    let mut values = Map::new();
    for (name, parameter) in &writer.asked {
        // A secret is never kept in a file; the deployment asks for it.
        if !parameter.secret {
            values.insert(name.clone(), json!({ "value": format!("<{}>", parameter.label) }));
        }
    }
    let parameters = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
        "contentVersion": "1.0.0.0",
        "parameters": values,
    });
    Ok(vec![
        File { name: "azuredeploy.json".to_owned(), text: printed(&template) },
        File { name: "azuredeploy.parameters.json".to_owned(), text: printed(&parameters) },
    ])
}

/// JSON in ASCII: readers and terminals disagree about much that looks like text.
fn printed(value: &Value) -> String {
    let mut out = String::new();
    for c in format!("{value:#}\n").chars() {
        if matches!(c, '\n' | ' '..='~') {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

/// The one group that everything stands in, if there is one.
fn only_group(plan: &Plan<'_>) -> Option<ResourceId> {
    let mut groups = BTreeSet::new();
    for it in &plan.items {
        match plan.place(it.scope) {
            Place::Group(group) => groups.insert(group),
            // The group itself is made by whoever deploys.
            _ if it.arm_type == GROUPS => groups.insert(it.from),
            _ => return None,
        };
    }
    let group = groups.pop_first()?;
    groups.is_empty().then_some(group)
}

/// A text as it must stand in a template: what would be read as an expression gets a second bracket.
fn literal(it: &str) -> String {
    if it.starts_with('[') && it.ends_with(']') { format!("[{it}") } else { it.to_owned() }
}

/// A text inside an expression.
fn quoted(it: &str) -> String {
    format!("'{}'", it.replace('\'', "''"))
}

/// `f(a, b)`.
fn call(function: &str, arguments: &[String]) -> String {
    format!("{function}({})", arguments.join(", "))
}

fn expression(it: &str) -> Value {
    Value::String(format!("[{it}]"))
}

/// A value that the deployment asks for.
#[derive(Clone)]
struct Parameter {
    label: String,
    secret: bool,
}

struct Writer<'a> {
    plan: &'a Plan<'a>,
    names: Names,
    /// All parameters so far by name.
    asked: BTreeMap<String, Parameter>,
}

/// A nested deployment: part of what goes to a place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Stage {
    place: Place,
    number: usize,
}

impl Writer<'_> {
    fn group_template(&mut self, group: ResourceId) -> Value {
        let here = Place::Group(group);
        let all: Vec<usize> = (0..self.plan.items.len())
            .filter(|n| self.plan.items.get(*n).is_some_and(|it| it.arm_type != GROUPS))
            .collect();
        let (resources, used) = self.resources(&all, &here);
        template(
            "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            self.parameters(&used),
            resources,
        )
    }

    fn subscription_template(&mut self) -> Result<Value, Refused> {
        let stages = self.stages();
        let root = Place::Subscription(None);
        let mut members: BTreeMap<&Stage, Vec<usize>> = BTreeMap::new();
        for (n, stage) in &stages {
            members.entry(stage).or_default().push(*n);
        }
        let mut resources = Vec::new();
        let mut done = BTreeSet::new();
        for n in 0..self.plan.items.len() {
            match stages.get(&n) {
                None => {
                    let (mut written, _) = self.resources(&[n], &root);
                    let needs = self.outer_needs(&[n], None, &stages);
                    for it in &mut written {
                        set_needs(it, needs.clone());
                    }
                    resources.extend(written);
                }
                Some(stage) if done.insert(stage) => {
                    let part = members.get(stage).cloned().unwrap_or_default();
                    let (inner, names) = self.resources(&part, &stage.place);
                    let needs = self.outer_needs(&part, Some(stage), &stages);
                    let nested = self.nested(stage, inner, &names, needs);
                    resources.push(nested);
                }
                Some(_) => {}
            }
        }
        self.refuse_unreachable()?;
        // The top passes on whatever its nested templates ask for.
        let used = self.asked.keys().cloned().collect();
        Ok(template(
            "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
            self.parameters(&used),
            resources,
        ))
    }

    /// A subscription template reaches groups, other subscriptions and the tenant, not what a
    /// management group holds besides assignments.
    fn refuse_unreachable(&self) -> Result<(), Refused> {
        let refused: Vec<_> = self
            .plan
            .items
            .iter()
            .filter(|it| matches!(self.plan.id(it), Id::In(Place::ManagementGroup(_), ..)))
            .filter(|it| !it.arm_type.starts_with("Microsoft.Authorization/"))
            .map(|it| {
                text(
                    "{0} stands in a management group, where a template for a subscription cannot create it; move it into a subscription",
                    "{0} は管理グループの中にあり、サブスクリプション用のテンプレートでは作成できません。サブスクリプションの中に移動してください",
                )
                .with([arg(self.plan.name_of(it.from))])
            })
            .collect();
        if refused.is_empty() { Ok(()) } else { Err(Refused(refused)) }
    }

    /// Which nested deployment each resource belongs to; none for those of the subscription itself.
    ///
    /// A resource comes in a later stage than what it needs from elsewhere, so that deployments
    /// never need each other in a circle.
    fn stages(&self) -> BTreeMap<usize, Stage> {
        let mut levels: Vec<usize> = Vec::new();
        let mut places: Vec<Option<Place>> = Vec::new();
        for (n, it) in self.plan.items.iter().enumerate() {
            let place = self.plan.place(it.scope);
            let place = (place != Place::Subscription(None)).then_some(place);
            let level = self
                .plan
                .before
                .get(n)
                .into_iter()
                .flatten()
                .map(|before| {
                    let level = levels.get(*before).copied().unwrap_or(0);
                    let same = place.is_some() && places.get(*before) == Some(&place);
                    if same { level } else { level + 1 }
                })
                .max()
                .unwrap_or(0);
            levels.push(level);
            places.push(place);
        }
        let mut used: BTreeMap<&Place, BTreeSet<usize>> = BTreeMap::new();
        for (place, level) in places.iter().zip(&levels) {
            if let Some(place) = place {
                used.entry(place).or_default().insert(*level);
            }
        }
        places
            .iter()
            .zip(&levels)
            .enumerate()
            .filter_map(|(n, (place, level))| {
                let place = place.as_ref()?;
                let number = used.get(place)?.iter().position(|it| it == level)? + 1;
                Some((n, Stage { place: place.clone(), number }))
            })
            .collect()
    }

    fn nested(
        &mut self,
        stage: &Stage,
        resources: Vec<Value>,
        used: &BTreeSet<String>,
        needs: Vec<Value>,
    ) -> Value {
        let mut it = Map::new();
        it.insert("type".to_owned(), DEPLOYMENTS.into());
        it.insert(
            "apiVersion".to_owned(),
            crate::azure::api_versions::of(DEPLOYMENTS).unwrap_or_default().into(),
        );
        it.insert("name".to_owned(), Value::String(literal(&self.stage_name(stage))));
        match &stage.place {
            Place::Group(group) => {
                it.insert("resourceGroup".to_owned(), literal(&self.plan.name_of(*group)).into());
            }
            // Extensions of a management group are deployed by the tenant.
            Place::Tenant | Place::ManagementGroup(_) => {
                it.insert("scope".to_owned(), "/".into());
                it.insert("location".to_owned(), expression("deployment().location"));
            }
            Place::Subscription(_) => {
                it.insert("location".to_owned(), expression("deployment().location"));
            }
        }
        if let Some(id) = self.plan.subscription_of(&stage.place) {
            let subscription = self.subscription_id(id);
            let value = match subscription.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')) {
                Some(given) => Value::String(given.to_owned()),
                None => expression(&subscription),
            };
            it.insert("subscriptionId".to_owned(), value);
        }
        let passed: Map<String, Value> = used
            .iter()
            .map(|name| {
                (name.clone(), json!({ "value": format!("[parameters({})]", quoted(name)) }))
            })
            .collect();
        let schema = match stage.place {
            Place::Group(_) => "2019-04-01/deploymentTemplate.json#",
            Place::Subscription(_) => "2018-05-01/subscriptionDeploymentTemplate.json#",
            Place::Tenant | Place::ManagementGroup(_) => {
                "2019-08-01/tenantDeploymentTemplate.json#"
            }
        };
        let inner = template(
            &format!("https://schema.management.azure.com/schemas/{schema}"),
            self.parameters(used),
            resources,
        );
        let mut properties = Map::new();
        properties.insert("mode".to_owned(), "Incremental".into());
        properties.insert("expressionEvaluationOptions".to_owned(), json!({ "scope": "Inner" }));
        if !passed.is_empty() {
            properties.insert("parameters".to_owned(), Value::Object(passed));
        }
        properties.insert("template".to_owned(), inner);
        it.insert("properties".to_owned(), Value::Object(properties));
        let mut it = Value::Object(it);
        set_needs(&mut it, needs);
        it
    }

    /// At most 64 letters, digits, `-`, `_`, `.`, `(`, `)`.
    fn stage_name(&self, stage: &Stage) -> String {
        let place = match &stage.place {
            Place::Group(group) => self.plan.name_of(*group),
            Place::Subscription(id) => {
                format!("subscription-{}", id.map_or(0, |it| it.0))
            }
            Place::Tenant => "tenant".to_owned(),
            Place::ManagementGroup(name) => format!("management-group-{name}"),
        };
        let place: String = place.chars().take(56).collect();
        format!("{place}-{}", stage.number)
    }

    /// Id of a nested deployment, seen from the subscription.
    fn stage_id(&mut self, stage: &Stage) -> String {
        let name = quoted(&self.stage_name(stage));
        let scope = match &stage.place {
            Place::Group(group) => {
                let place = Place::Group(*group);
                self.place_id(&place, &Place::Subscription(None))
            }
            Place::Subscription(Some(id)) => {
                let subscription = self.subscription_id(*id);
                return call("subscriptionResourceId", &[subscription, quoted(DEPLOYMENTS), name]);
            }
            Place::Subscription(None) => {
                return call("subscriptionResourceId", &[quoted(DEPLOYMENTS), name]);
            }
            Place::Tenant | Place::ManagementGroup(_) => {
                return call("tenantResourceId", &[quoted(DEPLOYMENTS), name]);
            }
        };
        call("extensionResourceId", &[scope, quoted(DEPLOYMENTS), name])
    }

    /// `dependsOn` of a resource or deployment at the top.
    fn outer_needs(
        &mut self,
        part: &[usize],
        own: Option<&Stage>,
        stages: &BTreeMap<usize, Stage>,
    ) -> Vec<Value> {
        let mut needs = BTreeSet::new();
        let plan = self.plan;
        for before in part.iter().filter_map(|n| plan.before.get(*n)).flatten() {
            match stages.get(before) {
                Some(stage) if Some(stage) == own => {}
                Some(stage) => {
                    needs.insert(self.stage_id(stage));
                }
                None => {
                    if let Some(it) = plan.items.get(*before) {
                        let id = plan.id(it);
                        needs.insert(self.id(&id, &Place::Subscription(None)));
                    }
                }
            }
        }
        // The stages of one place follow each other.
        if let Some(own) = own
            && own.number > 1
        {
            let earlier = Stage { number: own.number - 1, ..own.clone() };
            needs.insert(self.stage_id(&earlier));
        }
        needs.iter().map(|it| expression(it)).collect()
    }

    /// Resources that are deployed together, and the parameters that they use.
    fn resources(&mut self, part: &[usize], here: &Place) -> (Vec<Value>, BTreeSet<String>) {
        let plan = self.plan;
        let outer = std::mem::take(&mut self.asked);
        let mut all = Vec::new();
        for n in part {
            let Some(it) = plan.items.get(*n) else { continue };
            let mut written = self.resource(it, here);
            let mut needs = Vec::new();
            for before in plan.before.get(*n).into_iter().flatten() {
                if part.contains(before)
                    && let Some(before) = plan.items.get(*before)
                {
                    let id = plan.id(before);
                    needs.push(expression(&self.id(&id, here)));
                }
            }
            set_needs(&mut written, needs);
            all.push(written);
        }
        let used = self.asked.keys().cloned().collect();
        self.asked.extend(outer);
        (all, used)
    }

    fn resource(&mut self, it: &ArmResource, here: &Place) -> Value {
        let mut out = Map::new();
        out.insert("type".to_owned(), it.arm_type.into());
        out.insert("apiVersion".to_owned(), api_version(it).into());
        out.insert("name".to_owned(), self.name(&it.name, here));
        if let ArmScope::On(_) = it.scope {
            match self.plan.id(it) {
                Id::On(target, ..) => {
                    let target = self.id(&target, here);
                    out.insert("scope".to_owned(), expression(&target));
                }
                Id::In(place @ Place::ManagementGroup(_), ..) => {
                    let target = self.place_id(&place, here);
                    out.insert("scope".to_owned(), expression(&target));
                }
                _ => {}
            }
        }
        if let ArmScope::ManagementGroup(_) = it.scope {
            let target = self.place_id(&self.plan.place(it.scope), here);
            out.insert("scope".to_owned(), expression(&target));
        }
        if let Some(location) = &it.location {
            out.insert("location".to_owned(), Value::String(literal(location)));
        }
        if !it.tags.is_empty() {
            let tags = it.tags.iter().map(|(k, v)| (literal(k), Value::String(literal(v))));
            out.insert("tags".to_owned(), Value::Object(tags.collect()));
        }
        for (name, value) in &it.members {
            let value = self.value(value, here);
            out.insert((*name).to_owned(), value);
        }
        match &it.properties {
            ArmValue::Null => {}
            value => {
                let value = self.value(value, here);
                out.insert("properties".to_owned(), value);
            }
        }
        Value::Object(out)
    }

    fn name(&mut self, name: &[ArmValue], here: &Place) -> Value {
        let texts: Option<Vec<&str>> = name
            .iter()
            .map(|it| match it {
                ArmValue::Text(it) => Some(it.as_str()),
                _ => None,
            })
            .collect();
        if let Some(texts) = texts {
            return Value::String(literal(&texts.join("/")));
        }
        let segments: Vec<String> = name.iter().map(|it| self.expr(it, here)).collect();
        if let [one] = segments.as_slice() {
            return expression(one);
        }
        let holes: Vec<String> = (0..segments.len()).map(|n| format!("{{{n}}}")).collect();
        let mut arguments = vec![quoted(&holes.join("/"))];
        arguments.extend(segments);
        expression(&call("format", &arguments))
    }

    fn value(&mut self, value: &ArmValue, here: &Place) -> Value {
        match value {
            ArmValue::Null => Value::Null,
            ArmValue::Bool(it) => Value::Bool(*it),
            ArmValue::Number(it) => Value::from(*it),
            ArmValue::Text(it) => Value::String(literal(it)),
            ArmValue::List(items) => items.iter().map(|it| self.value(it, here)).collect(),
            ArmValue::Object(members) => {
                let mut out = Map::new();
                for (name, it) in members {
                    let it = self.value(it, here);
                    out.insert(literal(name), it);
                }
                Value::Object(out)
            }
            ArmValue::IdKeys(ids) => {
                let mut out = Map::new();
                for id in ids {
                    let id = self.expr(&ArmValue::IdOf(*id), here);
                    out.insert(format!("[{id}]"), json!({}));
                }
                Value::Object(out)
            }
            other => expression(&self.expr(other, here)),
        }
    }

    /// A value inside an expression.
    fn expr(&mut self, value: &ArmValue, here: &Place) -> String {
        match value {
            ArmValue::IdOf(id) | ArmValue::LooseIdOf(id) => self.design_id(*id, here),
            ArmValue::ChildIdOf(id, path) => {
                let Some(Id::In(place, mut arm_type, mut name)) = self.plan.id_of(*id) else {
                    return quoted("");
                };
                for (segment, child) in path {
                    arm_type.push('/');
                    arm_type.push_str(segment);
                    name.push(ArmValue::text(child));
                }
                self.id(&Id::In(place, arm_type, name), here)
            }
            ArmValue::SiblingIdOf { of, arm_type, name } => {
                let place = self
                    .plan
                    .items
                    .iter()
                    .find(|it| it.from == *of && it.arm_type == *arm_type)
                    .map_or(here.clone(), |it| self.plan.place(it.scope));
                let name = name.iter().map(ArmValue::text).collect();
                self.id(&Id::In(place, (*arm_type).to_owned(), name), here)
            }
            ArmValue::PrincipalOf(id) => {
                let of = self.design_id(*id, here);
                if self.plan.all.get(*id).is_some_and(|it| it.kind == Kind::UserAssignedIdentity) {
                    format!("{}.principalId", call("reference", &[of, self.version(*id)]))
                } else {
                    let full = [of, self.version(*id), quoted("Full")];
                    format!("{}.identity.principalId", call("reference", &full))
                }
            }
            ArmValue::ClientIdOf(id) => {
                let of = self.design_id(*id, here);
                format!("{}.clientId", call("reference", &[of, self.version(*id)]))
            }
            ArmValue::KeyOf(id) => {
                let of = self.design_id(*id, here);
                format!("{}.keys[0].value", call("listKeys", &[of, self.version(*id)]))
            }
            ArmValue::Tenant => "tenant().tenantId".to_owned(),
            ArmValue::RoleDefinition(guid) => {
                let function = match here {
                    Place::Group(_) | Place::Subscription(_) => "subscriptionResourceId",
                    Place::Tenant | Place::ManagementGroup(_) => "tenantResourceId",
                };
                call(function, &[quoted("Microsoft.Authorization/roleDefinitions"), quoted(guid)])
            }
            ArmValue::Guid(values) => {
                let values: Vec<String> = values.iter().map(|it| self.expr(it, here)).collect();
                call("guid", &values)
            }
            ArmValue::Secret(label) => self.parameter(label, true),
            ArmValue::Parameter(label) => self.parameter(label, false),
            ArmValue::Text(it) => quoted(it),
            ArmValue::Number(it) => it.to_string(),
            ArmValue::Bool(it) => call(if *it { "true" } else { "false" }, &[]),
            ArmValue::Null => "null()".to_owned(),
            // No name or id is made of these.
            ArmValue::List(_) | ArmValue::Object(_) | ArmValue::IdKeys(_) => quoted(""),
        }
    }

    fn version(&self, id: ResourceId) -> String {
        quoted(self.plan.item_of(id).map_or("", api_version))
    }

    fn parameter(&mut self, label: &str, secret: bool) -> String {
        let name = self.names.of(label);
        let call = call("parameters", &[quoted(&name)]);
        self.asked.insert(name, Parameter { label: label.to_owned(), secret });
        call
    }

    fn design_id(&mut self, id: ResourceId, here: &Place) -> String {
        match self.plan.id_of(id) {
            Some(id) => self.id(&id, here),
            // The plan has refused such designs.
            None => quoted(""),
        }
    }

    fn id(&mut self, id: &Id, here: &Place) -> String {
        match id {
            Id::Place(place) => self.place_id(place, here),
            Id::On(target, arm_type, name) => {
                let mut arguments = vec![self.id(target, here), quoted(arm_type)];
                arguments.extend(name.iter().map(|it| self.expr(it, here)));
                call("extensionResourceId", &arguments)
            }
            Id::In(place, arm_type, name) => {
                let mut arguments = vec![quoted(arm_type)];
                arguments.extend(name.iter().map(|it| self.expr(it, here)));
                let subscription = self.plan.subscription_of(place);
                let elsewhere = subscription != self.plan.subscription_of(here);
                match place {
                    Place::Group(_) if place == here => call("resourceId", &arguments),
                    // Only templates of groups know `resourceId` for sure.
                    Place::Group(group) if matches!(here, Place::Group(_)) => {
                        arguments.insert(0, quoted(&self.plan.name_of(*group)));
                        if elsewhere {
                            arguments.insert(0, self.subscription_in(subscription));
                        }
                        call("resourceId", &arguments)
                    }
                    Place::Group(_) | Place::ManagementGroup(_) => {
                        arguments.insert(0, self.place_id(place, here));
                        call("extensionResourceId", &arguments)
                    }
                    Place::Subscription(_) => {
                        if elsewhere || matches!(here, Place::Tenant | Place::ManagementGroup(_)) {
                            arguments.insert(0, self.subscription_in(subscription));
                        }
                        call("subscriptionResourceId", &arguments)
                    }
                    Place::Tenant => call("tenantResourceId", &arguments),
                }
            }
        }
    }

    fn place_id(&mut self, place: &Place, here: &Place) -> String {
        let subscription = self.plan.subscription_of(place);
        let elsewhere = subscription != self.plan.subscription_of(here)
            || matches!(here, Place::Tenant | Place::ManagementGroup(_));
        match place {
            Place::Group(_) if place == here => "resourceGroup().id".to_owned(),
            Place::Group(group) => {
                let subscription = if elsewhere {
                    self.subscription_in(subscription)
                } else {
                    "subscription().subscriptionId".to_owned()
                };
                let group = quoted(&self.plan.name_of(*group));
                call(
                    "format",
                    &[quoted("/subscriptions/{0}/resourceGroups/{1}"), subscription, group],
                )
            }
            Place::Subscription(_) if elsewhere => {
                let id = self.subscription_in(subscription);
                call("format", &[quoted("/subscriptions/{0}"), id])
            }
            Place::Subscription(_) => "subscription().id".to_owned(),
            Place::ManagementGroup(name) => call(
                "tenantResourceId",
                &[quoted("Microsoft.Management/managementGroups"), quoted(name)],
            ),
            Place::Tenant => quoted("/"),
        }
    }

    /// GUID of a subscription from any template; that of the deployment itself is a parameter where
    /// a template of another one needs it.
    fn subscription_in(&mut self, subscription: Option<ResourceId>) -> String {
        match subscription.or(self.plan.home) {
            Some(id) => self.subscription_id(id),
            None => self.parameter("id of the subscription", false),
        }
    }

    fn subscription_id(&mut self, id: ResourceId) -> String {
        let given = self
            .plan
            .all
            .subject(id)
            .and_then(|it| it.setting::<Option<crate::kinds::setting::Guid>>("subscriptionId"))
            .flatten();
        match given {
            Some(guid) => quoted(guid.as_str()),
            None => {
                let label = format!("id of subscription {}", self.plan.name_of(id));
                self.parameter(&label, false)
            }
        }
    }

    fn parameters(&self, used: &BTreeSet<String>) -> Map<String, Value> {
        used.iter()
            .filter_map(|name| {
                let it = self.asked.get(name)?;
                let kind = if it.secret { "securestring" } else { "string" };
                let described =
                    json!({ "type": kind, "metadata": { "description": literal(&it.label) } });
                Some((name.clone(), described))
            })
            .collect()
    }
}

fn template(schema: &str, parameters: Map<String, Value>, resources: Vec<Value>) -> Value {
    let mut it = Map::new();
    it.insert("$schema".to_owned(), schema.into());
    it.insert("contentVersion".to_owned(), "1.0.0.0".into());
    if !parameters.is_empty() {
        it.insert("parameters".to_owned(), Value::Object(parameters));
    }
    it.insert("resources".to_owned(), Value::Array(resources));
    Value::Object(it)
}

fn set_needs(resource: &mut Value, needs: Vec<Value>) {
    if needs.is_empty() {
        return;
    }
    if let Value::Object(it) = resource {
        it.insert("dependsOn".to_owned(), Value::Array(needs));
    }
}
