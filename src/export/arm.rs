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
    Basis, Exporter, File, Refused,
    plan::{Id, Names, Place, api_version},
    template::{
        DEPLOYMENTS, Dialect, GROUPS, Holds, Need, Stage, THERE, TRAFFIC, Traffic, Writer, again,
        call, only_group,
    },
};
use crate::{
    kinds::{
        ResourceId,
        arm::{ArmResource, ArmScope, ArmValue},
    },
    text::text,
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

fn run(basis: &Basis<'_>) -> Result<Vec<File>, Refused> {
    let plan = basis.plan()?;
    let mut names = Names::default();
    names.another(THERE);
    let mut writer = Writer::new(plan, names, Dialect::Json);
    let template = match only_group(plan) {
        Some(group) => writer.group_template(group),
        None => writer.subscription_template()?,
    };
    let mut values = Map::new();
    for (name, parameter) in &writer.asked {
        let value = match parameter.holds {
            // A secret is never kept in a file; the deployment asks for it.
            Holds::Secret => continue,
            Holds::Text => json!(format!("<{}>", parameter.label)),
            Holds::Names => json!([]),
        };
        values.insert(name.clone(), json!({ "value": value }));
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
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut out = String::with_capacity(text.len() + 1);
    let mut rest = text.as_str();
    while let Some(at) = rest.find(|c| !matches!(c, '\n' | ' '..='~')) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let mut signs = after.chars();
        for unit in signs.next().into_iter().flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec()) {
            let _ = write!(out, "\\u{unit:04x}");
        }
        rest = signs.as_str();
    }
    out.push_str(rest);
    out.push('\n');
    out
}

/// A text as it must stand in a template: what would be read as an expression gets a second bracket.
fn literal(it: &str) -> String {
    if it.starts_with('[') && it.ends_with(']') { format!("[{it}") } else { it.to_owned() }
}

fn expression(it: &str) -> Value {
    Value::String(format!("[{it}]"))
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
        it.insert("properties".to_owned(), self.inner(&stage.place, resources, used));
        let mut it = Value::Object(it);
        set_needs(&mut it, needs);
        it
    }

    /// Properties of a nested deployment to a place.
    fn inner(&self, place: &Place, resources: Vec<Value>, used: &BTreeSet<String>) -> Value {
        let passed: Map<String, Value> = used
            .iter()
            .map(|name| {
                (name.clone(), json!({ "value": format!("[parameters({})]", self.quoted(name)) }))
            })
            .collect();
        let schema = match place {
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
        Value::Object(properties)
    }

    /// The deployment that sends the requests of an endpoint to its deployments. No resource stands in a template
    /// twice, so it is one by itself.
    fn traffic_deployment(
        &mut self,
        number: usize,
        together: &BTreeSet<&usize>,
        here: &Place,
    ) -> Option<Value> {
        let plan = self.plan;
        let (_, endpoint, deployments) = self.with_traffic(number)?;
        let outer = std::mem::take(&mut self.asked);
        let mut written = self.resource(&endpoint, here, None);
        if let Value::Object(it) = &mut written {
            it.shift_remove("comments");
        }
        let used: BTreeSet<String> = self.asked.keys().cloned().collect();
        let properties = self.inner(here, vec![written], &used);
        self.asked.extend(outer);
        let mut it = Map::new();
        it.insert("type".to_owned(), DEPLOYMENTS.into());
        let version = crate::azure::api_versions::of(DEPLOYMENTS).unwrap_or_default();
        it.insert("apiVersion".to_owned(), version.into());
        it.insert("name".to_owned(), Traffic::name(number).into());
        it.insert("comments".to_owned(), TRAFFIC.into());
        it.insert("properties".to_owned(), properties);
        let mut it = Value::Object(it);
        let mut needs = Vec::new();
        let before = deployments.iter().filter(|it| together.contains(it));
        for before in before.filter_map(|it| plan.items.get(*it)) {
            needs.push(expression(&self.id(&plan.id(before), here)));
        }
        set_needs(&mut it, needs);
        Some(it)
    }

    /// Id of a nested deployment, seen from the subscription.
    fn stage_id(&mut self, stage: &Stage) -> String {
        let name = self.quoted(&self.stage_name(stage));
        let scope = match &stage.place {
            Place::Group(group) => {
                let place = Place::Group(*group);
                self.place_id(&place, &Place::Subscription(None))
            }
            Place::Subscription(Some(id)) => {
                let subscription = self.subscription_id(*id);
                return call(
                    "subscriptionResourceId",
                    &[subscription, self.quoted(DEPLOYMENTS), name],
                );
            }
            Place::Subscription(None) => {
                return call("subscriptionResourceId", &[self.quoted(DEPLOYMENTS), name]);
            }
            Place::Tenant | Place::ManagementGroup(_) => {
                return call("tenantResourceId", &[self.quoted(DEPLOYMENTS), name]);
            }
        };
        call("extensionResourceId", &[scope, self.quoted(DEPLOYMENTS), name])
    }

    /// `dependsOn` of a resource or deployment at the top.
    fn outer_needs(
        &mut self,
        part: &[usize],
        own: Option<&Stage>,
        stages: &BTreeMap<usize, Stage>,
    ) -> Vec<Value> {
        let needs = self.needs(part, own, stages);
        let ids: BTreeSet<String> = needs
            .iter()
            .filter_map(|it| match it {
                Need::Stage(stage) => Some(self.stage_id(stage)),
                Need::Item(n) => {
                    let id = self.plan.id(self.plan.items.get(*n)?);
                    Some(self.id(&id, &Place::Subscription(None)))
                }
            })
            .collect();
        ids.iter().map(|it| expression(it)).collect()
    }

    /// Resources that are deployed together, and the parameters that they use.
    fn resources(&mut self, part: &[usize], here: &Place) -> (Vec<Value>, BTreeSet<String>) {
        let plan = self.plan;
        let outer = std::mem::take(&mut self.asked);
        let together: BTreeSet<&usize> = part.iter().collect();
        let mut all = Vec::new();
        for n in part {
            let Some(it) = plan.items.get(*n) else { continue };
            let condition = self.unless_there(it);
            let mut written = self.resource(it, here, condition);
            let mut needs = Vec::new();
            for before in plan.before.get(*n).into_iter().flatten() {
                if together.contains(before)
                    && let Some(before) = plan.items.get(*before)
                {
                    let id = plan.id(before);
                    needs.push(expression(&self.id(&id, here)));
                }
            }
            set_needs(&mut written, needs);
            all.push(written);
        }
        for number in self.traffic_after(part) {
            all.extend(self.traffic_deployment(number, &together, here));
        }
        let used = self.asked.keys().cloned().collect();
        self.asked.extend(outer);
        (all, used)
    }

    fn resource(&mut self, it: &ArmResource, here: &Place, condition: Option<String>) -> Value {
        let mut out = Map::new();
        if let Some(condition) = condition {
            out.insert("condition".to_owned(), expression(&condition));
        }
        out.insert("type".to_owned(), it.arm_type.into());
        out.insert("apiVersion".to_owned(), api_version(it).into());
        out.insert("name".to_owned(), self.name(&it.name, here));
        if let Some(again) = again(it) {
            out.insert("comments".to_owned(), again.into());
        }
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
        let mut arguments = vec![self.quoted(&holes.join("/"))];
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

    fn parameters(&self, used: &BTreeSet<String>) -> Map<String, Value> {
        used.iter()
            .filter_map(|name| {
                let it = self.asked.get(name)?;
                let described = json!({ "description": literal(&it.label) });
                let it = match it.holds {
                    Holds::Secret => json!({ "type": "securestring", "metadata": described }),
                    Holds::Text => json!({ "type": "string", "metadata": described }),
                    Holds::Names => {
                        json!({ "type": "array", "defaultValue": [], "metadata": described })
                    }
                };
                Some((name.clone(), it))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        design::Design,
        export::{laws, plan},
    };

    /// "To have a literal string start with a left bracket `[` and end with a right bracket `]`, but not have it
    /// interpreted as an expression, add an extra bracket" (azure-resource-manager/templates/template-expressions).
    #[test]
    fn templates_get_every_text_as_it_is() {
        for texts in laws::portions() {
            let values: Vec<String> = texts.iter().map(|it| literal(it)).collect();
            let file = printed(&json!(values));
            assert!(file.lines().all(laws::is_plain));
            let read: Vec<String> = serde_json::from_str(&file).unwrap();
            let found: Vec<String> = read
                .into_iter()
                .map(|it| match it.strip_prefix('[') {
                    Some(inside) if it.ends_with(']') => {
                        assert!(inside.starts_with('['), "{it:?} is an expression");
                        inside.to_owned()
                    }
                    _ => it,
                })
                .collect();
            assert_eq!(found, texts);
        }
    }

    #[test]
    fn expressions_get_every_text_as_it_is() {
        let design = Design::default();
        let plan = plan::plan(&design).unwrap();
        let writer = Writer::new(&plan, Names::default(), Dialect::Json);
        for it in laws::portions().flatten() {
            let quoted = writer.quoted(&it);
            let inside = quoted.strip_prefix('\'').unwrap().strip_suffix('\'').unwrap();
            let pieces: Vec<&str> = inside.split("''").collect();
            assert!(pieces.iter().all(|it| !it.contains('\'')), "{quoted}");
            assert_eq!(pieces.join("'"), it);
        }
    }
}
