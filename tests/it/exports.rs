//! What exporters write: templates that Microsoft's schemas accept, scripts that shells accept, and
//! user text that stays text.

use std::collections::BTreeSet;

use drawbridge::{
    design::Design,
    export,
    kinds::{
        ResourceId,
        setting::{Field, Shape},
    },
    text::Lang,
};
use serde_json::{Value, json};

mod decode;
mod hostile;
mod sample;
mod schema;
mod script;

use schema::Schemas;

fn exported(format: &str, design: &Design) -> Result<Vec<export::File>, Vec<String>> {
    let exporter = export::ALL.iter().find(|it| it.id == format).unwrap();
    (exporter.run)(design)
        .map_err(|it| it.0.iter().map(|it| it.render(Lang::En)).collect::<Vec<String>>())
}

fn template(design: &Design) -> Result<Value, Vec<String>> {
    let files = exported("arm", design)?;
    let template = files.iter().find(|it| it.name == "azuredeploy.json").unwrap();
    Ok(serde_json::from_str(&template.text).unwrap())
}

/// Every resource of a template, those of nested templates too.
fn resources(template: &Value) -> Vec<&Value> {
    let mut all = Vec::new();
    for it in template["resources"].as_array().unwrap() {
        all.push(it);
        if it["type"] == "Microsoft.Resources/deployments" {
            all.extend(resources(&it["properties"]["template"]));
        }
    }
    all
}

#[test]
fn the_strict_schemas_find_a_misspelt_property() {
    let mut schemas = Schemas::load();
    let template = template(&sample::machine_learning()).unwrap();
    let all = resources(&template);
    let account = all.iter().find(|it| it["type"] == "Microsoft.Storage/storageAccounts").unwrap();
    assert_eq!(schemas.check(account), Vec::<String>::new());
    for (path, value) in [
        ("/properties/publicNetworkAcces", json!("Disabled")),
        ("/properties/networkAcls/ipRule", json!([])),
        ("/skus", json!({})),
    ] {
        let mut wrong = (*account).clone();
        let (outer, name) = path.rsplit_once('/').unwrap();
        wrong.pointer_mut(outer).unwrap()[name] = value;
        assert_ne!(schemas.check(&wrong), Vec::<String>::new(), "{path}");
    }
    let mut wrong = (*account).clone();
    wrong["properties"]["publicNetworkAccess"] = json!("Off");
    assert_ne!(schemas.check(&wrong), Vec::<String>::new());
}

#[test]
fn templates_of_the_sample_are_valid() {
    let mut schemas = Schemas::load();
    let template = template(&sample::machine_learning()).unwrap();
    let wrong: Vec<String> = resources(&template).iter().flat_map(|it| schemas.check(it)).collect();
    assert_eq!(wrong, Vec::<String>::new());
}

/// Values worth trying for a setting: each of a closed set, both truths, the limits, each resource
/// that may stand there.
fn values(field: &Field, shape: &Shape, design: &Design) -> Vec<Value> {
    match shape {
        Shape::Bool => vec![json!(false), json!(true)],
        Shape::Number { min, max } => vec![json!(min), json!(max)],
        Shape::Text | Shape::LongText => vec![json!(""), json!("text")],
        Shape::Choice(all) | Shape::Suggested(all) => {
            all.iter().map(|it| json!(it.value)).collect()
        }
        Shape::Cidr => {
            vec![json!("203.0.113.0/24"), json!("198.51.100.7/32"), json!("10.0.3.0/24")]
        }
        Shape::Address => vec![json!("10.0.0.9")],
        Shape::Parsed(read) => {
            let tries = [
                "*",
                "10.0.0.0/8",
                "203.0.113.4",
                "Storage",
                "443",
                "80-81",
                "Https:443",
                "6f1e2d3c-aaaa-4bbb-8ccc-0123456789ab",
            ];
            tries.into_iter().map(|it| json!(it)).filter(|it| read(it).is_ok()).collect()
        }
        Shape::Reference => design
            .resources
            .subjects()
            .filter(|it| field.targets.contains(&it.kind()))
            .map(|it| json!(it.id.0))
            .collect(),
        Shape::Optional(inner) => {
            let mut all = values(field, inner, design);
            all.push(Value::Null);
            all
        }
        Shape::List(inner) => {
            let each = values(field, inner, design);
            let mut all = vec![json!([]), json!(each)];
            all.extend(each.into_iter().map(|it| json!([it])));
            all
        }
        Shape::Row(cells) => {
            let base: serde_json::Map<String, Value> =
                cells.iter().map(|it| (it.key.to_owned(), (it.default)())).collect();
            let mut all = vec![json!(base)];
            for cell in *cells {
                for value in values(cell, &cell.shape, design) {
                    let mut row = base.clone();
                    row.insert(cell.key.to_owned(), value);
                    all.push(Value::Object(row));
                }
            }
            all
        }
    }
}

#[test]
fn every_setting_at_every_value_gives_a_valid_template() {
    let mut schemas = Schemas::load();
    let base = sample::machine_learning();
    let mut seen = BTreeSet::new();
    let mut wrong = BTreeSet::new();
    let (mut written, mut refused) = (0, 0);
    let ids: Vec<ResourceId> = base.resources.0.keys().copied().collect();
    for id in ids {
        let kind = base.get(id).unwrap().kind;
        for field in kind.info().fields {
            for value in values(field, &field.shape, &base) {
                let mut design = base.clone();
                let slot = design.resources.0.get_mut(&id).unwrap();
                std::sync::Arc::make_mut(slot).settings.insert(field.key.to_owned(), value.clone());
                let Ok(template) = template(&design) else {
                    refused += 1;
                    continue;
                };
                written += 1;
                for it in resources(&template) {
                    if seen.insert(it.to_string()) {
                        let found = schemas.check(it);
                        wrong.extend(
                            found.into_iter().map(|it| format!("{} = {value}: {it}", field.key)),
                        );
                    }
                }
            }
        }
    }
    assert_eq!(wrong, BTreeSet::new());
    // Most values must pass on their own; what is refused asks for a second setting.
    assert!(written > 2 * refused, "{written} written, {refused} refused");
    println!("{written} written, {refused} refused, {} different resources", seen.len());
}

fn scripts(design: &Design) -> Result<Vec<export::File>, Vec<String>> {
    exported("cli", design)
}

#[test]
fn scripts_of_the_sample_pass_bash_and_shellcheck() {
    for script in scripts(&sample::machine_learning()).unwrap() {
        assert!(script.text.is_ascii() && !script.text.contains('\r'), "{}", script.name);
        assert_eq!(script::checked("bash", &["-n"], &script.text), "", "{}", script.name);
        let found = script::checked("shellcheck", &["--shell=bash", "-"], &script.text);
        assert_eq!(found, "", "{}", script.name);
    }
}

#[test]
fn scripts_of_the_sample_run_to_the_end_and_leave_nothing() {
    for script in scripts(&sample::machine_learning()).unwrap() {
        let run = script::run(
            &script,
            &script::answers(&script),
            &script::How::File,
            script::Az::Program,
        );
        assert!(run.ok, "{}: {}", script.name, run.out);
        assert_eq!(run.left, Vec::<String>::new(), "{}", script.name);
        assert!(!run.calls.is_empty());
    }
}
