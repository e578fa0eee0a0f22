//! What exporters write: templates that Microsoft's schemas accept, scripts that shells accept, and
//! user text that stays text.

use std::collections::BTreeSet;

use drawbridge::{
    design::{Design, file},
    export, gallery, generate,
    kinds::{
        Kind, ResourceId,
        setting::{Field, Shape},
    },
    report,
    text::Lang,
};
use serde_json::{Value, json};

mod bicep;
mod compared;
mod decode;
mod document;
mod hostile;
mod ml;
mod powershell;
mod sample;
mod schema;
mod script;
mod terraform;

use schema::Schemas;

fn exported(format: &str, design: &Design) -> Result<Vec<export::File>, Vec<String>> {
    let exporter = export::ALL.iter().find(|it| it.id == format).unwrap();
    exporter
        .export(design)
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

/// One with every kind, those of the gallery, and generated ones.
fn designs() -> Vec<(String, Design)> {
    let mut all = vec![("every kind".to_owned(), sample::every_kind())];
    all.extend(gallery::ALL.iter().map(|it| (it.slug.to_owned(), it.design(Lang::En))));
    let sizes = (1..=30).map(|it| it * 7);
    all.extend(sizes.map(|it| (format!("generated, {it}"), generate::design(it))));
    all
}

#[test]
fn templates_are_valid() {
    let mut schemas = Schemas::load();
    let mut wrong = Vec::new();
    let mut written = 0;
    for (name, design) in designs() {
        match template(&design) {
            Ok(template) => {
                written += 1;
                let found = resources(&template).into_iter().flat_map(|it| schemas.check(it));
                // Some types of the one with every kind have no schema in the test data yet.
                let known = |it: &String| name != "every kind" || !it.starts_with("no schema for ");
                wrong.extend(found.filter(known).map(|it| format!("{name}: {it}")));
            }
            // A generated design may end between the two halves of a peering.
            Err(refused)
                if name.starts_with("generated")
                    && refused.iter().all(|it| it.contains(", peeringState: a half is ")) => {}
            Err(refused) => wrong.extend(refused.iter().map(|it| format!("{name}: refused: {it}"))),
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(written >= 20 + gallery::ALL.len(), "{written} written");
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
            let all = ["203.0.113.0/24", "198.51.100.7", "198.51.100.7/32", "10.0.3.0/24"];
            all.map(|it| json!(it)).to_vec()
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

#[test]
fn faults_planted_in_bicep_are_found() {
    let design = sample::every_kind();
    let right = exported("bicep", &design).unwrap();
    let expected = bicep::of_files(&right).unwrap();
    for (old, new) in [
        ("  parent: workspace\n", ""),
        ("publicNetworkAccess: 'Enabled'", "publicNetworkAccess: 'Disabled'"),
        ("    storageAccount\n", ""),
        ("storageAccount.id", "keyVault.id"),
        ("vaults@2", "vaults@1"),
        ("minimumTlsVersion: 'TLS1_2'", "minimumTlsVersion: 'TLS1_2"),
    ] {
        let spoil = |it: &export::File| {
            let text = it.text.replacen(old, new, 1);
            export::File { name: it.name.clone(), text }
        };
        let wrong: Vec<export::File> = right.iter().map(spoil).collect();
        assert_ne!(wrong, right, "{old:?} is not there");
        assert_ne!(bicep::of_files(&wrong).as_ref(), Ok(&expected), "{old:?}");
    }
}

#[test]
fn terraform_sends_the_requests_of_an_endpoint_to_its_deployments() {
    let files = exported("terraform", &sample::machine_learning()).unwrap();
    let (_, traffic) = terraform::of_files(&files).unwrap();
    let [(id, shares)] = traffic.as_slice() else { panic!("{traffic:?}") };
    assert!(id.ends_with("/onlineEndpoints/score"), "{id}");
    assert_eq!(shares, &json!({ "blue": 100 }));
}

/// A template writes everything anew: compute is overwritten ("this is a nonrecoverable operation",
/// rest/api/azureml/compute/create-or-update), and an endpoint without `traffic` gets no requests. Whoever deploys
/// again names what is there; whoever reads the file is told.
#[test]
fn templates_leave_alone_what_a_second_deployment_would_harm() {
    const PROVIDER: &str = "Microsoft.MachineLearningServices/workspaces/";
    for design in [sample::machine_learning(), sample::every_kind()] {
        let template = template(&design).unwrap();
        let mut guarded = 0;
        for it in resources(&template) {
            let arm_type = it["type"].as_str().unwrap();
            let own = arm_type.strip_prefix(PROVIDER).unwrap_or_default();
            let at_the_end = !it["properties"]["traffic"].is_null();
            if !["computes", "onlineEndpoints"].contains(&own) || at_the_end {
                assert_eq!(it["condition"], Value::Null, "{arm_type}");
                continue;
            }
            guarded += 1;
            let name = it["name"].as_str().unwrap();
            let condition = format!("[not(contains(parameters('alreadyThere'), '{name}'))]");
            assert_eq!(it["condition"], condition);
            assert!(it["comments"].as_str().unwrap().contains("Named in alreadyThere, it "));
        }
        assert!(guarded > 3);
        // Nobody has to know of it the first time.
        let parameter = &template["parameters"]["alreadyThere"];
        assert_eq!((&parameter["type"], &parameter["defaultValue"]), (&json!("array"), &json!([])));

        let mut of_bicep = bicep::notes(&exported("bicep", &design).unwrap());
        of_bicep.retain(|it| it.0.starts_with(PROVIDER));
        let mut of_template: Vec<(String, String)> = resources(&template)
            .into_iter()
            .filter_map(|it| {
                Some((it["type"].as_str()?.to_owned(), it["comments"].as_str()?.to_owned()))
            })
            .filter(|it| it.0.starts_with(PROVIDER))
            .collect();
        of_bicep.sort();
        of_template.sort();
        assert_eq!(of_bicep, of_template);
    }
}

/// "Traffic values map deployment names to percentage" of an endpoint (templates/microsoft.machinelearningservices/
/// workspaces/onlineendpoints), so that the deployments come first.
#[test]
fn templates_send_the_requests_of_an_endpoint_to_its_deployments() {
    let template = template(&sample::machine_learning()).unwrap();
    let nested: Vec<&Value> = resources(&template)
        .into_iter()
        .filter(|it| it["name"].as_str().is_some_and(|it| it.ends_with("-traffic")))
        .collect();
    let [nested] = nested.as_slice() else { panic!("{nested:?}") };
    let needs = nested["dependsOn"].as_array().unwrap();
    assert_eq!(needs.len(), 1);
    assert!(needs[0].as_str().unwrap().ends_with(", 'score', 'blue')]"), "{}", needs[0]);
    let inner = &nested["properties"]["template"]["resources"];
    let [endpoint] = inner.as_array().unwrap().as_slice() else { panic!("{inner}") };
    assert_eq!(endpoint["properties"]["traffic"], json!({ "blue": 100 }));
    // All else is as it was.
    let all = resources(&template);
    let same = |it: &&&Value| it["name"] == endpoint["name"] && it["condition"] != Value::Null;
    let first = all.iter().find(same).unwrap();
    let mut last = endpoint.clone();
    last["properties"].as_object_mut().unwrap().remove("traffic");
    for member in
        ["type", "apiVersion", "identity", "location", "tags", "kind", "sku", "properties"]
    {
        assert_eq!(last[member], first[member], "{member}");
    }
}

/// Terraform writes what differs from the file only. Compute stays, and traffic is sent again after its endpoint.
#[test]
fn terraform_keeps_compute_and_traffic_when_it_runs_again() {
    let files = exported("terraform", &sample::machine_learning()).unwrap();
    let all = terraform::lifecycles(&files);
    let of = |label: &str| -> Vec<(&str, &str)> {
        let own = all.iter().filter(|it| it.0 == label);
        own.map(|it| (it.1.as_str(), it.2.as_str())).collect()
    };
    let computes = of("azapi_resource");
    assert_eq!(computes.len(), 3, "{computes:?}");
    for it in computes {
        let compute = "Microsoft.MachineLearningServices/workspaces/computes";
        assert_eq!(it, (compute, "ignore_changes = all"));
    }
    let endpoint = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints";
    let again = "replace_triggered_by = [ azapi_resource.online_endpoint, ]";
    assert_eq!(of("azapi_update_resource"), [(endpoint, again)]);
}

/// What is written to `body` is kept in the state, in the clear.
#[test]
fn terraform_keeps_no_secret() {
    let files = exported("terraform", &sample::every_kind()).unwrap();
    let variables = &files.iter().find(|it| it.name == "variables.tf").unwrap().text;
    let secrets = variables.matches("sensitive   = true\n  ephemeral   = true\n").count();
    assert!(secrets > 3, "{secrets}");
    assert_eq!(variables.matches("sensitive ").count(), secrets);
    terraform::of_files(&files).unwrap();
}

/// Terraform would make one letter of the two, and Azure would get another name than the design has.
#[test]
fn terraform_refuses_text_that_it_would_change_by_name() {
    let mut design = sample::every_kind();
    let rule = design.named("nsg").unwrap();
    let slot = design.resources.0.get_mut(&rule).unwrap();
    std::sync::Arc::make_mut(slot).settings["securityRules"][0]["description"] =
        json!("cafe\u{301}");
    assert!(exported("arm", &design).is_ok());
    let refused = exported("terraform", &design).unwrap_err();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(
        refused[0].starts_with("Network security group nsg, securityRules: Terraform would change"),
        "{refused:?}"
    );
}

#[test]
fn faults_planted_in_terraform_are_found() {
    let design = sample::every_kind();
    let right = exported("terraform", &design).unwrap();
    let expected = terraform::of_files(&right);
    for (old, new) in [
        ("\"TLS1_2\"", "\"TLS1_0\""),
        ("    azapi_resource.storage_account,\n", ""),
        ("azapi_resource.storage_account.id", "azapi_resource.key_vault.id"),
        ("azapi_resource.storage_account.id", "azapi_resource.storage_accounts.id"),
        ("vaults@2", "vaults@1"),
        ("  sensitive_body = {", "  secret_body = {"),
        ("name                      = \"kv-contoso\"", "name = \"kv-contoso"),
        (NAMESPACE_START, "22fb06fb"),
        ("minimumTlsVersion", "minimumTLSVersion"),
        ("identity_ids = [", "identities = ["),
        ("/blobServices/default\"", "/blobServices/other\""),
    ] {
        let spoil = |it: &export::File| {
            let text = it.text.replacen(old, new, 1);
            export::File { name: it.name.clone(), text }
        };
        let wrong: Vec<export::File> = right.iter().map(spoil).collect();
        assert_ne!(wrong, right, "{old:?} is not there");
        assert_ne!(terraform::of_files(&wrong), expected, "{old:?}");
    }
}

const NAMESPACE_START: &str = "11fb06fb";

#[test]
fn powershell_takes_away_everything_and_each_before_what_it_needs() {
    for (name, design) in designs() {
        let Ok(files) = exported("powershell", &design) else { continue };
        let deployment = powershell::deployed(&files).unwrap();
        let removed = powershell::removed(&files).unwrap();
        let at = |id: &str| removed.iter().position(|it| it == id);
        for id in &deployment.order {
            let with_parent = removed.iter().any(|it| id.starts_with(&format!("{it}/")));
            assert!(at(id).is_some() || with_parent, "{name}: {id} stays");
        }
        let created: Vec<&String> =
            deployment.order.iter().rev().filter(|it| at(it).is_some()).collect();
        let mut last = None;
        for id in created {
            // A group goes after all that stands in groups; an endpoint was written twice.
            if id.matches('/').count() > 4 && at(id) != last {
                assert!(at(id) > last, "{name}: {id}");
                last = at(id);
            }
        }
        let group = |it: &String| it.matches('/').count() == 4 && it.contains("/resourceGroups/");
        let groups = removed.iter().rev().take_while(|it| group(it)).count();
        assert_eq!(groups, removed.iter().filter(|it| group(it)).count(), "{name}");
    }
}

/// A second run must not take the requests away from deployments that answer them.
#[test]
fn powershell_leaves_the_traffic_of_an_endpoint_until_its_deployments_are_there() {
    let files = exported("powershell", &sample::machine_learning()).unwrap();
    let deployment = powershell::deployed(&files).unwrap();
    let [(first, now), (last, then)] = deployment.traffic.as_slice() else {
        panic!("{:?}", deployment.traffic)
    };
    assert!(first.ends_with("/onlineEndpoints/score") && first == last);
    assert_eq!((now, then), (&json!("<traffic>"), &json!({ "blue": 100 })));
    let position = |end: &str| deployment.order.iter().rposition(|it| it.ends_with(end));
    assert!(position("/deployments/blue") < position("/onlineEndpoints/score"));
}

/// "This call will overwrite a compute if it exists. This is a nonrecoverable operation"
/// (rest/api/azureml/compute/create-or-update).
#[test]
fn powershell_leaves_compute_alone_that_is_there() {
    let files = exported("powershell", &sample::every_kind()).unwrap();
    let deployment = powershell::deployed(&files).unwrap();
    let computes: Vec<&String> =
        deployment.order.iter().filter(|it| it.contains("/computes/")).collect();
    assert!(!computes.is_empty());
    assert_eq!(deployment.once.iter().collect::<Vec<_>>(), computes);
}

#[test]
fn powershell_with_what_if_only_reads() {
    for file in exported("powershell", &sample::every_kind()).unwrap() {
        assert_eq!(powershell::unguarded(&file.text), Vec::<String>::new(), "{}", file.name);
        let (old, new) = ("$PSCmdlet.ShouldProcess(", "$PSCmdlet.ShouldContinue(");
        assert_ne!(powershell::unguarded(&file.text.replace(old, new)), Vec::<String>::new());
    }
}

/// PowerShell asks for mandatory parameters whether or not `-WhatIf` is given
/// (powershell/module/microsoft.powershell.core/about, page `about_functions_advanced_parameters`).
#[test]
fn powershell_with_what_if_asks_for_no_secrets() {
    let files = exported("powershell", &sample::every_kind()).unwrap();
    let deploy = &files.iter().find(|it| it.name == "deploy.ps1").unwrap().text;
    let secrets = powershell::secrets(deploy).unwrap();
    assert!(!secrets.is_empty());
    for (name, mandatory, asked) in secrets {
        assert!(!mandatory, "{name} is mandatory");
        // Before it is used, and only where something will be sent.
        assert!(asked, "nobody asks for {name}");
    }
    let function = "function Read-Secret(";
    let body = deploy.split_once(function).unwrap().1.split_once("\n}\n").unwrap().0;
    let (before, _) = body.split_once("Read-Host ").unwrap();
    assert!(before.contains("if ($WhatIfPreference) {\n        return "), "{body}");
}

#[test]
fn faults_planted_in_powershell_are_found() {
    let design = sample::every_kind();
    let right = exported("powershell", &design).unwrap();
    let of = |files: &[export::File]| {
        let faults: Vec<String> =
            files.iter().flat_map(|it| powershell::faults(&it.text)).collect();
        let deployment = powershell::deployed(files).map(|it| (it.all, it.order));
        (faults, deployment, powershell::removed(files))
    };
    let expected = of(&right);
    for (old, new) in [
        ("\"minimumTlsVersion\": \"TLS1_2\"", "\"minimumTlsVersion\": \"TLS1_0\""),
        ("\"kind\": \"StorageV2\",", "\"kind\": \"StorageV2\""),
        (
            "Set-Resource 'Key vault kv-contoso' '2026-02-01'",
            "Set-Resource 'Key vault kv-contoso' '2026-02-02'",
        ),
        ("/storageAccounts/stcontoso\" @", "/storageAccounts/stcontoso2\" @"),
        ("$guid1 = ", "$guid0 = "),
        ("-Payload $Body", "-Body $Body"),
        ("Invoke-AzRestMethod -Method $Method -Path", "Invoke-AzRest -Method $Method -Path"),
        ("-Method GET -Path $Path -Accept 404", "-Methode GET -Path $Path -Accept 404"),
        ("Get-AzContext\n", "Get-AzContext && Get-AzSubscription\n"),
        ("\n'@\n", "\n '@\n"),
        ("Remove-Resource ", "# "),
    ] {
        let spoil = |it: &export::File| {
            let text = it.text.replacen(old, new, 1);
            export::File { name: it.name.clone(), text }
        };
        let wrong: Vec<export::File> = right.iter().map(spoil).collect();
        assert_ne!(wrong, right, "{old:?} is not there");
        assert_ne!(of(&wrong), expected, "{old:?}");
    }
}

#[test]
fn every_format_gives_the_same_bytes_for_the_same_design() {
    for (name, design) in designs() {
        let read = |it: &Design| file::load(file::save(it).as_bytes()).unwrap().design;
        let design = read(&design);
        let again = read(&design);
        for format in export::ALL {
            let files = |it: &Design| format.export(it).map_err(|it| it.0);
            assert_eq!(files(&design), files(&again), "{name}: {}", format.id);
        }
    }
}

#[test]
fn a_report_tells_every_name_verdict_and_problem_as_text() {
    for (name, design) in designs() {
        let report = report::assess(&design);
        let files = exported("report", &design).unwrap();
        let names: Vec<&str> = files.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["report.en.html", "report.en.md", "report.ja.html", "report.ja.md"]);
        for file in files {
            let words = document::words(&file).unwrap_or_else(|why| panic!("{name}: {why}"));
            let lang = if file.name.contains(".ja.") { Lang::Ja } else { Lang::En };
            for it in &report.operations {
                assert!(words.contains(it.title.get(lang)), "{name}: {}", it.title.en);
            }
            for it in &report.diagnostics {
                let text = it.text.render(lang);
                assert!(words.contains(&text), "{name}, {}: {text}", file.name);
            }
            let facts = report::facts(&design.resources);
            for it in facts.networks.keys().chain(facts.subnets.keys()) {
                let name = &design.get(*it).unwrap().name;
                assert!(words.contains(name.as_str()), "{name}");
            }
        }
    }
}

/// A private endpoint without a DNS zone group: its record is nobody's to write but the reader's.
#[test]
fn a_report_says_which_dns_record_nobody_writes() {
    let mut design = sample::every_kind();
    let record = |design: &Design| {
        let files = exported("report", design).unwrap();
        let page = files.iter().find(|it| it.name == "report.en.html").unwrap();
        let words = document::words(page).unwrap();
        let line = words.lines().find(|it| it.contains("core.windows.netstcontoso10.0.1.20"));
        line.map(str::to_owned).unwrap_or(words)
    };
    assert!(record(&design).ends_with("the DNS zone group of pe-blob"), "{}", record(&design));
    let endpoint = design.named("pe-blob").unwrap();
    let slot = design.resources.0.get_mut(&endpoint).unwrap();
    std::sync::Arc::make_mut(slot).settings.remove("privateDnsZoneGroups");
    assert!(record(&design).ends_with("nobody yet: create it for pe-blob"), "{}", record(&design));
}

#[test]
fn a_picture_opens_as_the_design_that_it_shows() {
    for (name, design) in designs() {
        let files = exported("svg", &design).unwrap();
        let read = file::load(files[0].text.as_bytes()).unwrap();
        assert_eq!(read.warnings, [], "{name}");
        assert_eq!(read.design.name, design.name, "{name}");
        assert_eq!(read.design.resources, design.resources, "{name}");
    }
    let other = "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>";
    let refused = file::load(other.as_bytes()).unwrap_err().0.render(Lang::En);
    assert_eq!(refused, "the picture carries no design; open one that Drawbridge exported");
}

/// A firewall and a bastion host make a public IP address of their own, `<name>-ip`.
#[test]
fn a_derived_name_that_another_resource_makes_too_is_refused_by_name() {
    let mut design = sample::every_kind();
    let bastion = design.named("bas").unwrap();
    std::sync::Arc::make_mut(design.resources.0.get_mut(&bastion).unwrap()).name = "afw".to_owned();
    for format in ["arm", "cli"] {
        let refused = exported(format, &design).unwrap_err();
        assert!(
            refused.iter().any(|it| it.starts_with("Azure Bastion afw, name: it creates ")
                && it.contains("Microsoft.Network/publicIPAddresses afw-ip")),
            "{refused:?}"
        );
    }
}

fn scripts(design: &Design) -> Result<Vec<export::File>, Vec<String>> {
    exported("cli", design)
}

#[test]
fn scripts_pass_bash_shellcheck_and_shfmt() {
    let gallery = gallery::ALL.iter().map(|it| (it.slug, it.design(Lang::En)));
    for (design, content) in [("every kind", sample::every_kind())].into_iter().chain(gallery) {
        for script in scripts(&content).unwrap() {
            let name = format!("{design}: {}", script.name);
            assert!(script.text.is_ascii() && !script.text.contains('\r'), "{name}");
            assert_eq!(script::checked("bash", &["-n"], &script.text), "", "{name}");
            let found = script::checked("shellcheck", &["--shell=bash", "-"], &script.text);
            assert_eq!(found, "", "{name}");
            let found = script::checked("shfmt", &["-d", "-i", "2", "-ci"], &script.text);
            assert_eq!(found, "", "{name}");
        }
    }
}

#[test]
fn scripts_of_the_sample_run_to_the_end_and_leave_nothing() {
    for script in scripts(&sample::every_kind()).unwrap() {
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

/// Whether a call of `az` only looks. Asking for a free name is a POST that changes nothing.
fn only_reads(call: &script::Call) -> bool {
    let words: Vec<&str> = call.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["rest", "--method", method, ..] => *method == "get",
        words => {
            let command = words.iter().take_while(|it| !it.starts_with('-'));
            let reads = ["show", "list", "list-deleted", "check-name"];
            command.last().is_some_and(|it| reads.contains(it))
        }
    }
}

/// Neither asks for secrets nor sends anything, whether Azure has the resources or not.
#[test]
fn scripts_with_what_if_only_read() {
    for script in scripts(&sample::every_kind()).unwrap() {
        let deploys = script.name == "deploy.sh";
        let mut values = script::answers(&script);
        values.retain(|name, _| {
            let ask = format!("  ask {name} ");
            !script.text.lines().any(|it| it.starts_with(&ask) && it.ends_with(" secret"))
        });
        for missing in [false, true] {
            let mut values = values.clone();
            if missing {
                values.insert("AZ_REFUSES".to_owned(), "Not Found({})".to_owned());
            }
            let run = script::run_beside(
                &script,
                &[],
                &["--what-if"],
                &values,
                &script::How::File,
                script::Az::Program,
            );
            assert!(run.ok, "{}: {}", script.name, run.out);
            let writes: Vec<&script::Call> =
                run.calls.iter().filter(|it| !only_reads(it)).collect();
            assert_eq!(writes, Vec::<&script::Call>::new(), "{}", script.name);
            let says = |what: &str| run.out.contains(what);
            let (new, old) = if deploys {
                ("would be created", "would be brought to these settings")
            } else {
                ("already gone", "would be deleted")
            };
            assert!(says(if missing { new } else { old }), "{}", run.out);
            assert!(deploys || !missing || !says(old), "{}", run.out);
            assert!(says("Nothing was "), "{}", run.out);
            assert!(!says("Done"), "{}", run.out);
        }
    }
}

#[test]
fn scripts_take_no_argument_that_they_do_not_know() {
    for script in scripts(&sample::machine_learning()).unwrap() {
        let values = script::answers(&script);
        let (how, az) = (script::How::File, script::Az::Program);
        for arguments in [&["--whatif"][..], &["--what-if", "--yes"], &["yes"]] {
            let run = script::run_beside(&script, &[], arguments, &values, &how, az);
            assert!(!run.ok && run.calls.is_empty(), "{arguments:?}: {}", run.out);
            assert!(run.out.starts_with("Usage: "), "{arguments:?}: {}", run.out);
        }
    }
}

/// Whoever answers one question for two resources gives one of them the secret of the other.
#[test]
fn resources_of_one_name_are_asked_for_apart() {
    let (mut it, group) = sample::group();
    for n in 1..=2 {
        let mut add = |kind, name: &str, parent, settings| it.add(kind, name, parent, settings);
        let own = |name: &str| format!("{name}{n}");
        let here = Some(group);
        let account = add(Kind::StorageAccount, &own("stcontoso"), here, json!({}));
        let vault = add(Kind::KeyVault, &own("kv-contoso"), here, json!({}));
        let container = add(Kind::BlobContainer, "data", Some(account), json!({}));
        let workspace = add(
            Kind::Workspace,
            &own("mlw"),
            here,
            json!({ "storageAccount": account, "keyVault": vault }),
        );
        let inside = Some(workspace);
        let store = json!({
            "accountName": account, "containerName": container, "credentials.credentialsType": "Sas",
        });
        add(Kind::Datastore, "training", inside, store);
        let service =
            json!({ "category": "ApiKey", "authType": "ApiKey", "target": "https://example.com" });
        add(Kind::WorkspaceConnection, "search", inside, service);
        let endpoint = add(Kind::OnlineEndpoint, &own("score-contoso"), inside, json!({}));
        let code = json!({ "codeConfiguration.scoringScript": "score.py" });
        add(Kind::OnlineDeployment, "blue", Some(endpoint), code);
    }
    let mut found = BTreeSet::new();
    for (format, question) in [
        ("arm", "\"type\": \"securestring\""),
        ("bicep", "@secure()\nparam "),
        ("terraform", "sensitive   = true"),
        ("cli", " secret\n"),
        ("powershell", "\n    [securestring] $"),
        ("ml", " secret\n"),
    ] {
        let files = exported(format, &it.0).unwrap();
        let asked: usize = files.iter().map(|it| it.text.matches(question).count()).sum();
        found.insert((format, asked));
    }
    let all = ["arm", "bicep", "cli", "ml", "powershell", "terraform"];
    assert_eq!(found, all.map(|it| (it, 4)).into());
    // What is no secret may be wrong as well.
    let files = exported("cli", &it.0).unwrap();
    assert_eq!(files[0].text.matches("ask CODE_ASSET_ID_OF_BLUE").count(), 2);
}

/// Two subscriptions may have one name.
#[test]
fn subscriptions_of_one_name_are_asked_for_apart() {
    let (mut it, _) = sample::group();
    for n in 1..=3 {
        let subscription = it.add(Kind::Subscription, "Data", None, json!({}));
        let group = it.add(Kind::ResourceGroup, &format!("rg-{n}"), Some(subscription), json!({}));
        it.add(Kind::StorageAccount, &format!("stcontoso{n}"), Some(group), json!({}));
    }
    // One of them is the one that all is deployed from.
    for (format, question, count) in [
        ("arm", "\"description\": \"id of subscription Data", 2),
        ("bicep", "@description('id of subscription Data", 2),
        ("terraform", "= \"id of subscription Data", 2),
        ("cli", "'id of subscription Data", 2),
        ("powershell", "HelpMessage = 'id of subscription Data", 2),
    ] {
        let files = exported(format, &it.0).unwrap();
        let labels: BTreeSet<&str> = files
            .iter()
            .flat_map(|file| file.text.split(question).skip(1))
            .map(|it| it.split(['\'', '"']).next().unwrap())
            .collect();
        assert_eq!(labels.len(), count, "{format}: {labels:?}");
    }
}

/// `az rest` puts the reason of the answer first: "Not Found(…)" or "Forbidden(…)".
#[test]
fn a_teardown_that_may_not_look_says_so() {
    let script = scripts(&sample::machine_learning()).unwrap().pop().unwrap();
    assert_eq!(script.name, "teardown.sh");
    let run = |answer: &str| {
        let mut values = script::answers(&script);
        values.insert("AZ_REFUSES".to_owned(), answer.to_owned());
        script::run(&script, &values, &script::How::File, script::Az::Program)
    };
    let run_forbidden = run(r#"Forbidden({"error":{"code":"AuthorizationFailed"}})"#);
    assert!(!run_forbidden.ok, "{}", run_forbidden.out);
    for claim in ["gone", "Done"] {
        assert!(!run_forbidden.out.contains(claim), "{}", run_forbidden.out);
    }
    assert!(run_forbidden.out.contains("AuthorizationFailed"), "{}", run_forbidden.out);
    let run_missing = run(r#"Not Found({"error":{"code":"ResourceNotFound"}})"#);
    assert!(run_missing.ok && run_missing.out.contains("already gone"), "{}", run_missing.out);
}

/// Linux takes 128 KiB in one argument; a group takes 1,000 rules.
#[test]
fn a_body_longer_than_an_argument_arrives() {
    let (mut design, group) = sample::group();
    let rules: Vec<Value> = (0..1000)
        .map(|it| json!({ "name": format!("rule-{it}"), "priority": 100 + it, "description": "x".repeat(100) }))
        .collect();
    design.add(Kind::NetworkSecurityGroup, "nsg", Some(group), json!({ "securityRules": rules }));
    let script = scripts(&design.0).unwrap().remove(0);
    let values = script::answers(&script);
    let run = script::run(&script, &values, &script::How::File, script::Az::Program);
    assert!(run.ok, "{}", run.out);
    let bodies = run.calls.iter().flat_map(|call| {
        call.iter().skip_while(|it| *it != "--body-of-file").skip(1).map(String::len)
    });
    assert!(bodies.max().unwrap() > 128 * 1024);
}

/// An endpoint that is written without its traffic sends nothing to deployments that are live.
#[test]
fn a_second_deployment_keeps_the_traffic_of_an_endpoint() {
    let script = scripts(&sample::machine_learning()).unwrap().remove(0);
    let values = script::answers(&script);
    let run = script::run(&script, &values, &script::How::File, script::Az::Program);
    assert!(run.ok, "{}", run.out);
    let score: Vec<&str> = run
        .calls
        .iter()
        .filter(|call| {
            call.iter().any(|it| it == "put")
                && call.iter().any(|it| it.contains("/onlineEndpoints/score?"))
        })
        .map(|call| call.last().unwrap().as_str())
        .collect();
    let traffic: Vec<Value> = score
        .iter()
        .map(|it| serde_json::from_str::<Value>(it).unwrap()["properties"]["traffic"].clone())
        .collect();
    // What it has, here what the stand-in answers; in the end what is drawn.
    assert_eq!(traffic, [json!({ "live": 100 }), json!({ "blue": 100 })]);
}

/// Azure keeps a group, a route table and a gateway from deletion while a subnet refers to them.
#[test]
fn a_teardown_deletes_subnets_before_what_they_refer_to() {
    let script = scripts(&sample::every_kind()).unwrap().pop().unwrap();
    let values = script::answers(&script);
    let run = script::run(&script, &values, &script::How::File, script::Az::Program);
    assert!(run.ok, "{}", run.out);
    let deleted: Vec<&String> = run
        .calls
        .iter()
        .filter(|call| call.iter().any(|it| it == "delete"))
        .filter_map(|call| call.iter().find(|it| it.starts_with("/subscriptions/")))
        .collect();
    let at = |end: &str| {
        let found = deleted.iter().position(|it| it.contains(&format!("/{end}?")));
        found.unwrap_or_else(|| panic!("{end} is not deleted: {deleted:?}"))
    };
    for used in ["networkSecurityGroups/nsg", "routeTables/rt", "natGateways/nat"] {
        assert!(at("subnets/snet-work") < at(used), "{used}");
    }
    assert!(at("subnets/snet-work") < at("virtualNetworks/vnet"));
    // The others go with their network.
    assert!(!deleted.iter().any(|it| it.contains("subnets/snet-train")), "{deleted:?}");
}
