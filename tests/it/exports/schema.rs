//! Microsoft's JSON schemas, made strict.
//!
//! As published they let misspelt property names through nearly everywhere, and refuse some right
//! discriminated unions (a base with `additionalProperties: false` inside `allOf`). Here
//! `additionalProperties: false` is dropped and `unevaluatedProperties: false` put round every
//! composed object, so that an unknown property is an error and unions work.

use std::{collections::BTreeMap, fs, path::Path};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

const COMMON: &str =
    "https://schema.management.azure.com/schemas/common/definitions.json#/definitions/";

/// Members that every resource of a template may have.
const GENERIC: [&str; 8] =
    ["condition", "copy", "dependsOn", "comments", "scope", "tags", "location", "zones"];

/// Members of a security admin rule.
const ADMIN_RULE: [&str; 9] = [
    "access",
    "description",
    "destinationPortRanges",
    "destinations",
    "direction",
    "priority",
    "protocol",
    "sourcePortRanges",
    "sources",
];

pub(crate) struct Schemas {
    index: Value,
    files: BTreeMap<String, Value>,
    validators: BTreeMap<(String, String), Validator>,
}

fn data(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/arm-schemas").join(name);
    serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap()
}

impl Schemas {
    pub(crate) fn load() -> Schemas {
        Schemas { index: data("index.json"), files: BTreeMap::new(), validators: BTreeMap::new() }
    }

    /// What is wrong with a resource of a template.
    pub(crate) fn check(&mut self, resource: &Value) -> Vec<String> {
        let arm_type = resource["type"].as_str().unwrap_or_default().to_owned();
        let version = resource["apiVersion"].as_str().unwrap_or_default().to_owned();
        let known = self.index[&arm_type].as_array().cloned().unwrap_or_default();
        let Some(entry) = known.into_iter().find(|it| it["apiVersion"] == *version) else {
            return vec![format!("no schema for {arm_type} {version}")];
        };
        let files = &mut self.files;
        let validator = self.validators.entry((arm_type.clone(), version)).or_insert_with(|| {
            let file = entry["file"].as_str().unwrap();
            let document =
                files.entry(file.to_owned()).or_insert_with(|| strict_document(&data(file)));
            let definition = definition(&data(file), &entry);
            let mut schema = document.clone();
            schema["$ref"] = json!("#/resource");
            schema["resource"] = definition;
            jsonschema::options().with_draft(Draft::Draft202012).build(&schema).unwrap()
        });
        let mut resource = resource.clone();
        // "Possible values are any combination of Logging,Metrics,AzureServices (For example,
        // "Logging, Metrics")", says the property's own description; the schema lists single ones.
        if let Some(bypass) = resource.pointer_mut("/properties/networkAcls/bypass")
            && let Some((first, rest)) = bypass.as_str().and_then(|it| it.split_once(", "))
            && rest.split(", ").all(|it| ["Logging", "Metrics"].contains(&it))
        {
            *bypass = json!(first);
        }
        // The schema is of the request: what goes where is in its URL there, and a member of the resource
        // here (azure-resource-manager/templates/deploy-to-resource-group). What is in the inner template
        // is checked resource by resource.
        if arm_type == "Microsoft.Resources/deployments"
            && let Some(members) = resource.as_object_mut()
        {
            members.remove("resourceGroup");
            members.remove("subscriptionId");
            members["properties"]["template"] = json!({});
        }
        // What a rule holds depends on its kind, and the schema leaves all kinds out. The names are those of
        // learn.microsoft.com/azure/templates/microsoft.network/networkmanagers/securityadminconfigurations/rulecollections/rules.
        if arm_type.ends_with("/securityAdminConfigurations/ruleCollections/rules")
            && let Some(members) = resource.as_object_mut()
        {
            let kind = members.remove("kind");
            let properties = members.remove("properties").unwrap_or_default();
            let known = |it: &String| ADMIN_RULE.contains(&it.as_str());
            let written = properties.as_object().into_iter().flat_map(Map::keys);
            if kind != Some(json!("Custom")) || !written.into_iter().all(known) {
                return vec![format!("{arm_type}: {kind:?} {properties}")];
            }
        }
        validator
            .iter_errors(&resource)
            .map(|it| format!("{arm_type}{}: {it:.300}", it.instance_path()))
            .collect()
    }
}

/// The definition of a resource, with what templates add to every one.
fn definition(document: &Value, entry: &Value) -> Value {
    let mut it =
        document[entry["section"].as_str().unwrap()][entry["definition"].as_str().unwrap()].clone();
    for name in GENERIC {
        if it["properties"].get(name).is_none() {
            it["properties"][name] = json!({});
        }
    }
    // The pattern is for the last segment alone.
    it["properties"]["name"] = json!({ "type": "string" });
    // Azure leaves an all-optional `properties` out; the published schemas demand it.
    if let Some(required) = it["required"].as_array_mut() {
        required.retain(|it| it != "properties");
    }
    rewrite(&it, true)
}

fn strict_document(document: &Value) -> Value {
    let mut definitions = Map::new();
    let common = data("common/definitions.json");
    for (source, prefix) in [(document, ""), (&common, "common.")] {
        for (name, it) in source["definitions"].as_object().unwrap() {
            definitions.insert(format!("{prefix}{name}"), rewrite(it, false));
            definitions.insert(format!("{prefix}{name}.strict"), rewrite(it, true));
        }
    }
    json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "definitions": definitions })
}

/// `whole`: a place where a whole value stands, not a piece of an `allOf` or of a union.
fn rewrite(schema: &Value, whole: bool) -> Value {
    let Some(members) = schema.as_object() else { return schema.clone() };
    let composed = members.contains_key("properties") || members.contains_key("allOf");
    let mut out = Map::new();
    for (key, value) in members {
        match (key.as_str(), value) {
            ("additionalProperties", Value::Bool(false)) | ("id" | "$schema", Value::String(_)) => {
            }
            ("properties" | "patternProperties", Value::Object(inner)) => {
                let inner = inner.iter().map(|(name, it)| (name.clone(), rewrite(it, true)));
                out.insert(key.clone(), Value::Object(inner.collect()));
            }
            ("items" | "additionalProperties", _) => {
                out.insert(key.clone(), rewrite(value, true));
            }
            ("allOf", Value::Array(parts)) => {
                out.insert(key.clone(), parts.iter().map(|it| rewrite(it, false)).collect());
            }
            // Alternatives may overlap in these files, so any of them will do.
            ("oneOf" | "anyOf", Value::Array(parts)) => {
                let alone = !composed && whole;
                let parts = parts.iter().map(|it| rewrite(it, alone)).collect();
                out.insert("anyOf".to_owned(), parts);
            }
            ("$ref", Value::String(target)) => {
                let local = target.replace(COMMON, "#/definitions/common.");
                let suffix = if whole { ".strict" } else { "" };
                out.insert(key.clone(), json!(format!("{local}{suffix}")));
            }
            _ => {
                out.insert(key.clone(), value.clone());
            }
        }
    }
    if whole && composed && !out.contains_key("additionalProperties") {
        out.insert("unevaluatedProperties".to_owned(), json!(false));
    }
    Value::Object(out)
}
