//! What the other formats deploy, resource by resource, against the template of the same design.

use std::collections::{BTreeMap, BTreeSet};

use drawbridge::{design::Design, export::File, kinds::Kind};
use serde_json::{Value, json};

use super::{
    bicep::{self, All, Deployed, TRAFFIC},
    designs, exported, powershell, template, terraform,
};

/// What a template deploys, and the files of a format, for each design that both can say. Where a template
/// refuses, so does the other format, unless it says more than a template can.
fn each(format: &str, says_more: bool, mut check: impl FnMut(&str, &Design, &All, &[File])) {
    for (name, design) in designs() {
        match (template(&design), exported(format, &design)) {
            (Ok(template), Ok(files)) => {
                let expected =
                    bicep::of_template(&template).unwrap_or_else(|why| panic!("{name}: {why}"));
                check(&name, &design, &expected, &files);
            }
            (Err(template), Err(other)) => assert_eq!(template, other, "{name}"),
            (Err(_), Ok(_)) if says_more => {}
            (template, other) => panic!("{name}: {:?}, {:?}", template.err(), other.err()),
        }
    }
}

#[test]
fn bicep_deploys_what_the_template_does() {
    let mut compared = 0;
    each("bicep", false, |name, _, expected, files| {
        let found = bicep::of_files(files).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(found.keys().eq(expected.keys()), "{name}");
        for (id, it) in expected {
            assert_eq!(&found[id], it, "{name}: {id}");
            compared += 1;
        }
    });
    assert!(compared > 1000, "{compared} resources");
}

/// Where a resource stands in Azure, whichever way it is said: a template calls a group a resource of its
/// subscription, and a role definition one of the tenant where it is deployed there.
fn plain_ids(it: &str, group: Option<&str>) -> String {
    let mut it = it.replace("/providers/Microsoft.Resources/resourceGroups/", "/resourceGroups/");
    if let Some(group) = group {
        it = it.replace("<group>", group);
    }
    for (definitions, short) in [
        ("/providers/Microsoft.Authorization/roleDefinitions/", "/roleDefinitions/"),
        ("|providers|Microsoft.Authorization|roleDefinitions|", "|roleDefinitions|"),
    ] {
        it = it.replace(definitions, short);
    }
    it.replace("/subscriptions/<home>/roleDefinitions/", "/roleDefinitions/")
}

fn plain_value(value: &Value, group: Option<&str>) -> Value {
    match value {
        Value::String(it) => json!(plain_ids(it, group)),
        Value::Array(items) => items.iter().map(|it| plain_value(it, group)).collect(),
        Value::Object(members) => {
            let members =
                members.iter().map(|(key, it)| (plain_ids(key, group), plain_value(it, group)));
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}

/// Looks each resource of a template up among those that were found, and whether what it needs comes before it.
/// Returns how many there were.
fn compare(
    name: &str,
    design: &Design,
    expected: &All,
    found: All,
    body: fn(Value) -> Value,
    comes_before: &dyn Fn(&str, &str, &Deployed) -> bool,
) -> usize {
    let found = found.into_iter().map(|(id, it)| (plain_ids(&id, None), it));
    let mut found: All = found.collect();
    let groups = design.resources.of(Kind::ResourceGroup).map(|it| it.name().to_owned());
    let groups: Vec<String> = groups.collect();
    let group = groups.first().map(String::as_str).filter(|_| groups.len() == 1);
    let mut compared = 0;
    for (id, it) in expected {
        let id = plain_ids(id, group);
        // A nested deployment; an endpoint once more, which the tests of each format look at.
        if it.body.is_null() || id.ends_with(TRAFFIC) {
            continue;
        }
        let own = found.remove(&id).unwrap_or_else(|| {
            panic!("{name}: no {id} among {:#?}", found.keys().collect::<Vec<_>>())
        });
        let [of_own, mut of_template] =
            [(&own.body, None), (&it.body, group)].map(|(it, group)| body(plain_value(it, group)));
        // Scripts and Terraform see for themselves what is there.
        of_template.as_object_mut().unwrap().remove("condition");
        assert_eq!(of_own, of_template, "{name}: {id}");
        // One way to add to a vault, and no resource: in Terraform it has the vault's version.
        if own.version != it.version {
            assert!(id.ends_with("/accessPolicies/add"), "{name}: {id} has {}", own.version);
        }
        for before in &it.needs {
            let before = plain_ids(before, group);
            assert!(
                comes_before(&before, &id, &own)
                    || before.contains("/Microsoft.Resources/deployments/"),
                "{name}: {id} needs {before}"
            );
        }
        compared += 1;
    }
    // The group itself, where the template is deployed to it.
    let last = format!("/resourceGroups/{}", groups.first().map_or("", String::as_str));
    assert!(found.keys().all(|it| it.ends_with(&last)), "{name}: {:?}", found.keys());
    compared
}

#[test]
fn powershell_creates_what_the_template_does() {
    let mut compared = 0;
    each("powershell", true, |name, design, expected, files| {
        for file in files {
            let faults = powershell::faults(&file.text);
            assert_eq!(faults, Vec::<String>::new(), "{name}: {}", file.name);
        }
        let deployment = powershell::deployed(files).unwrap_or_else(|why| panic!("{name}: {why}"));
        let mut at: BTreeMap<String, usize> = BTreeMap::new();
        for (n, id) in deployment.order.iter().enumerate() {
            at.entry(plain_ids(id, None)).or_insert(n);
        }
        let before = |a: &str, b: &str, _: &Deployed| at.get(a).is_some_and(|n| n < &at[b]);
        compared += compare(name, design, expected, deployment.all, |it| it, &before);
    });
    assert!(compared > 1000, "{compared} resources");
}

/// `SystemAssigned,UserAssigned` is spelled with a blank too.
fn one_identity_type(mut body: Value) -> Value {
    if let Value::String(it) = &mut body["identity"]["type"] {
        *it = it.replace(' ', "");
    } else {
        body.as_object_mut().unwrap().remove("identity");
    }
    body
}

#[test]
fn terraform_deploys_what_the_template_does() {
    let mut compared = 0;
    each("terraform", true, |name, design, expected, files| {
        let (found, _) = terraform::of_files(files).unwrap_or_else(|why| panic!("{name}: {why}"));
        let before = |before: &str, _: &str, own: &Deployed| {
            let needs: BTreeSet<String> = own.needs.iter().map(|it| plain_ids(it, None)).collect();
            needs.contains(before)
        };
        compared += compare(name, design, expected, found, one_identity_type, &before);
    });
    assert!(compared > 1000, "{compared} resources");
}
