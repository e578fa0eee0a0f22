//! Readers of the files for `az ml`: YAML and Python with parsers that are not ours, and what Azure Resource Manager
//! is told by either.
//!
//! Azure docs: "CLI (v2) YAML schemas" (machine-learning/reference-yaml-overview).

use std::collections::BTreeMap;

use drawbridge::{export::File, text::Lang};
use rustpython_ast::{Constant, Ranged, Visitor};
use rustpython_parser::{Parse, ast};
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};

use super::{decode, designs, exported, sample, script};

/// A YAML file as the JSON that it means.
fn yaml(text: &str) -> Result<Value, String> {
    let all = Yaml::load_from_str(text).map_err(|why| format!("{why} in {text:.300}"))?;
    let [one] = all.as_slice() else { return Err(format!("{} documents", all.len())) };
    value(one)
}

fn value(yaml: &Yaml<'_>) -> Result<Value, String> {
    Ok(match yaml {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(it)) => json!(it),
        Yaml::Value(Scalar::Integer(it)) => json!(it),
        Yaml::Value(Scalar::String(it)) => json!(it),
        Yaml::Sequence(items) => items.iter().map(value).collect::<Result<Value, String>>()?,
        Yaml::Mapping(members) => {
            let mut map = Map::new();
            for (key, it) in members {
                let Yaml::Value(Scalar::String(key)) = key else {
                    return Err(format!("the key {key:.100?}"));
                };
                if map.insert(key.to_string(), value(it)?).is_some() {
                    return Err(format!("{key:.100} twice"));
                }
            }
            Value::Object(map)
        }
        other => return Err(format!("{other:.100?}")),
    })
}

/// A Python file as code and data in turns: data are the values of its string literals.
fn python(text: &str) -> Result<Value, String> {
    let tree = ast::Suite::parse(text, "deploy_ml.py").map_err(|why| why.to_string())?;
    let mut found = Literals::default();
    for it in tree {
        found.visit_stmt(it);
    }
    found.0.sort_by_key(|it| it.0);
    let mut pieces = Vec::new();
    let mut at = 0;
    for (from, to, data) in found.0 {
        // Pieces of an f-string are one literal in the text.
        if from < at {
            continue;
        }
        without_literals(&text[at..from])?;
        pieces.push(json!({ "code": text[at..from] }));
        pieces.push(json!(data));
        at = to;
    }
    without_literals(&text[at..])?;
    pieces.push(json!({ "code": text[at..] }));
    Ok(Value::Array(pieces))
}

#[derive(Default)]
struct Literals(Vec<(usize, usize, String)>);

impl Visitor for Literals {
    fn visit_expr_constant(&mut self, node: ast::ExprConstant) {
        let range = node.range();
        if let Constant::Str(it) = node.value {
            self.0.push((range.start().to_usize(), range.end().to_usize(), it));
        }
    }

    // These two the crate does not look into by itself.
    fn visit_keyword(&mut self, node: ast::Keyword) {
        self.visit_expr(node.value);
    }

    fn visit_withitem(&mut self, node: ast::WithItem) {
        self.visit_expr(node.context_expr);
    }
}

/// A quote outside of comments would belong to a literal that was not found.
fn without_literals(code: &str) -> Result<(), String> {
    let outside = |line: &&str| line.split('#').next().is_some_and(|it| it.contains(['"', '\'']));
    match code.lines().find(outside) {
        Some(line) => Err(format!("a literal that was not found: {line:.200}")),
        None => Ok(()),
    }
}

/// What stands beside the scripts.
fn beside(files: &[File]) -> Vec<File> {
    files.iter().filter(|it| it.name != "deploy-ml.sh").cloned().collect()
}

fn named<'a>(files: &'a [File], name: &str) -> &'a File {
    files.iter().find(|it| it.name == name).unwrap_or_else(|| panic!("no {name}"))
}

/// Answers for what the script asks, in which code is an id.
fn answers(file: &File) -> BTreeMap<String, String> {
    let mut all = script::answers(file);
    for (name, it) in &mut all {
        if name.starts_with("CODE_") {
            it.insert(0, '/');
        }
    }
    all
}

/// The calls of `az` that `deploy-ml.sh` makes, each with what is in the file that it hands over.
fn calls(
    files: &[File],
    how: &script::How,
    az: script::Az,
) -> Result<Vec<(Vec<String>, Value)>, String> {
    let file = named(files, "deploy-ml.sh");
    let run = script::run_beside(file, &beside(files), &["--jobs"], &answers(file), how, az);
    if !run.ok {
        return Err(format!("deploy-ml.sh fails: {:.500}", run.out));
    }
    if !run.left.is_empty() {
        return Err(format!("deploy-ml.sh leaves {:?}", run.left));
    }
    decode::plain(&run.out).map_err(|why| format!("deploy-ml.sh prints {why}"))?;
    run.calls
        .iter()
        .map(|call| {
            let content = call.iter().position(|it| it == "--body-of-file");
            let (words, content) = match content {
                Some(at) => (&call[..at], Some(&call[at + 1])),
                None => (&call[..], None),
            };
            let content = match content {
                None => Value::Null,
                Some(it) if words.contains(&"--file".to_owned()) => yaml(it)?,
                Some(it) => serde_json::from_str(it).map_err(|why| format!("{why}: {it:.300}"))?,
            };
            Ok((words.to_vec(), content))
        })
        .collect()
}

/// What the files mean: what `az` is called with, what Python is told, and files that others refer to.
pub(crate) fn meaning(files: &[File], how: &script::How) -> Result<Value, String> {
    let mut all = Vec::new();
    for it in files.iter().filter(|it| !it.name.starts_with("conda-")) {
        decode::plain(&it.text).map_err(|why| format!("{}: {why}", it.name))?;
    }
    for (words, content) in calls(files, how, script::Az::Function)? {
        let mut before = "";
        let mut safe = Vec::new();
        for it in &words {
            if it == "null" {
                return Err(format!("az would read nothing after {before}"));
            }
            if script::az_reads_a_file(it) && before != "--body" {
                return Err(format!("az would read a file for {it:.200}"));
            }
            safe.push(match before {
                // Names of files are made of names of resources, and the folder differs each time.
                "--file" => json!("file"),
                "--body" => json!("@file"),
                "--url" => json!(decode::url(it)?),
                _ => json!(it),
            });
            before = it;
        }
        all.push(json!([safe, without_files(&content)]));
    }
    for it in files.iter().filter(|it| it.name.starts_with("conda-")) {
        all.push(json!(it.text));
    }
    all.push(unnamed(&python(&named(files, "deploy_ml.py").text)?));
    Ok(Value::Array(all))
}

/// The name of a conda file is made of that of its environment.
fn without_files(content: &Value) -> Value {
    let mut content = content.clone();
    if let Some(it) = content.get_mut("conda_file") {
        *it = json!("file");
    }
    content
}

/// Names of given values are made of what they are for, so they are called by that here.
fn unnamed(pieces: &Value) -> Value {
    let pieces = pieces.as_array().unwrap();
    let mut labels: BTreeMap<String, String> = BTreeMap::new();
    let code = |n: usize| pieces.get(n).and_then(|it| it["code"].as_str()).unwrap_or_default();
    let data = |n: usize| pieces.get(n).and_then(Value::as_str).unwrap_or_default().to_owned();
    for n in (1..pieces.len()).step_by(2) {
        // `"NAME": ("form", "label", …),`
        if code(n + 1) == ": (" && code(n + 3) == ", " {
            labels.insert(data(n), data(n + 4));
        }
    }
    (0..pieces.len())
        .map(|n| match labels.get(&data(n)) {
            Some(label) if n % 2 == 1 => json!(label),
            _ => pieces[n].clone(),
        })
        .collect()
}

/// `a_b` as `AB`: how ARM writes most words.
fn pascal(word: &Value) -> Value {
    let word = word.as_str().unwrap();
    let upper = |it: &str| it[..1].to_uppercase() + &it[1..];
    json!(word.split('_').map(upper).collect::<String>())
}

/// Members of an ARM body, from those of a YAML document.
struct Body<'a> {
    yaml: &'a Value,
    seen: Vec<String>,
    written: Value,
}

impl Body<'_> {
    fn get(&mut self, key: &str) -> Option<Value> {
        self.seen.push(key.to_owned());
        self.yaml.pointer(&format!("/{}", key.replace('.', "/"))).cloned()
    }

    fn set(&mut self, path: &str, value: Value) {
        let mut at = &mut self.written;
        for it in path.split('.') {
            at = &mut at[it];
        }
        *at = value;
    }

    fn same(&mut self, pairs: &[(&str, &str)]) {
        for (key, path) in pairs {
            if let Some(it) = self.get(key) {
                self.set(path, it);
            }
        }
    }

    fn words(&mut self, pairs: &[(&str, &str)]) {
        for (key, path) in pairs {
            if let Some(it) = self.get(key) {
                self.set(path, pascal(&it));
            }
        }
    }

    fn constants(&mut self, pairs: &[(&str, &str)]) {
        for (path, word) in pairs {
            self.set(path, json!(word));
        }
    }

    /// `identity` with its ids as a list, or by id.
    fn identity(&mut self) {
        let Some(kind) = self.get("identity.type") else { return };
        let kinds: Vec<String> = kind
            .as_str()
            .unwrap()
            .split(',')
            .map(|it| pascal(&json!(it)).as_str().unwrap().to_owned())
            .collect();
        self.set("identity.type", json!(kinds.join(",")));
        match self.get("identity.user_assigned_identities") {
            Some(Value::Array(items)) => {
                let ids = items
                    .iter()
                    .map(|it| (it["resource_id"].as_str().unwrap().to_owned(), json!({})));
                self.set("identity.userAssignedIdentities", Value::Object(ids.collect()));
            }
            Some(it) => self.set("identity.userAssignedIdentities", it),
            None => {}
        }
    }

    /// What no line above has read.
    fn unread(&self) -> Vec<String> {
        fn leaves(at: &str, value: &Value, all: &mut Vec<String>) {
            match value {
                Value::Object(members) if !members.is_empty() => {
                    let dot = if at.is_empty() { "" } else { "." };
                    members
                        .iter()
                        .for_each(|(key, it)| leaves(&format!("{at}{dot}{key}"), it, all));
                }
                _ => all.push(at.to_owned()),
            }
        }
        let mut all = Vec::new();
        leaves("", self.yaml, &mut all);
        let read = |leaf: &String| {
            self.seen.iter().any(|it| leaf == it || leaf.starts_with(&format!("{it}.")))
        };
        all.retain(|it| it != "$schema" && !read(it));
        all
    }
}

/// The path below the workspace, and the body that the reference pages of YAML and REST together give.
fn resource(command: &str, yaml: &Value, conda: &[File]) -> (String, Value) {
    let mut it = Body { yaml, seen: Vec::new(), written: json!({}) };
    let name = it.get("name").map_or(String::new(), |it| it.as_str().unwrap().to_owned());
    let mut path = String::new();
    let tags_below = matches!(command, "datastore create" | "environment create");
    it.same(&[
        ("location", "location"),
        ("tags", if tags_below { "properties.tags" } else { "tags" }),
    ]);
    it.same(&[("description", "properties.description")]);
    match command {
        // machine-learning/reference-yaml-workspace
        "workspace create" => {
            it.constants(&[("kind", "Default"), ("sku.name", "Basic"), ("sku.tier", "Basic")]);
            it.identity();
            it.same(&[
                ("display_name", "properties.friendlyName"),
                ("storage_account", "properties.storageAccount"),
                ("key_vault", "properties.keyVault"),
                ("container_registry", "properties.containerRegistry"),
                ("application_insights", "properties.applicationInsights"),
                ("public_network_access", "properties.publicNetworkAccess"),
                ("primary_user_assigned_identity", "properties.primaryUserAssignedIdentity"),
                ("image_build_compute", "properties.imageBuildCompute"),
                ("hbi_workspace", "properties.hbiWorkspace"),
                ("provision_network_now", "properties.provisionNetworkNow"),
                ("enable_data_isolation", "properties.enableDataIsolation"),
                (
                    "serverless_compute.custom_subnet",
                    "properties.serverlessComputeSettings.serverlessComputeCustomSubnet",
                ),
                (
                    "serverless_compute.no_public_ip",
                    "properties.serverlessComputeSettings.serverlessComputeNoPublicIP",
                ),
                (
                    "customer_managed_key.key_vault",
                    "properties.encryption.keyVaultProperties.keyVaultArmId",
                ),
                (
                    "customer_managed_key.key_uri",
                    "properties.encryption.keyVaultProperties.keyIdentifier",
                ),
            ]);
            it.words(&[
                ("managed_network.isolation_mode", "properties.managedNetwork.isolationMode"),
                ("managed_network.firewall_sku", "properties.managedNetwork.firewallSku"),
            ]);
            if yaml.get("customer_managed_key").is_some() {
                it.set("properties.encryption.status", json!("Enabled"));
            }
            if let Some(mode) = it.get("system_datastores_auth_mode") {
                let mode = match mode.as_str().unwrap() {
                    "accesskey" => "AccessKey",
                    "identity" => "Identity",
                    other => panic!("{other}"),
                };
                it.set("properties.systemDatastoresAuthMode", json!(mode));
            }
            if let Some(Value::Array(rules)) = it.get("managed_network.outbound_rules") {
                for rule in rules {
                    let kind = match rule["type"].as_str().unwrap() {
                        "fqdn" => "FQDN",
                        "service_tag" => "ServiceTag",
                        "private_endpoint" => "PrivateEndpoint",
                        other => panic!("{other}"),
                    };
                    let destination = match &rule["destination"] {
                        Value::Object(members) => members
                            .iter()
                            .map(|(key, it)| {
                                let key = pascal(&json!(key)).as_str().unwrap().to_owned();
                                (key[..1].to_lowercase() + &key[1..], it.clone())
                            })
                            .collect::<Map<String, Value>>()
                            .into(),
                        other => other.clone(),
                    };
                    let rules = &mut it.written["properties"]["managedNetwork"]["outboundRules"];
                    rules[rule["name"].as_str().unwrap()] = json!({ "type": kind, "category": "UserDefined", "destination": destination });
                }
            }
        }
        // machine-learning/reference-yaml-compute-aml, -compute-instance, -compute-kubernetes
        "compute create" | "compute attach" => {
            path = format!("/computes/{name}");
            it.identity();
            let kind = it.get("type").unwrap();
            let kind = kind.as_str().unwrap();
            let kinds = [
                ("amlcompute", "AmlCompute"),
                ("computeinstance", "ComputeInstance"),
                ("kubernetes", "Kubernetes"),
            ];
            let kind = kinds.iter().find(|it| it.0 == kind).unwrap().1;
            it.constants(&[("properties.computeType", kind)]);
            it.same(&[
                ("size", "properties.properties.vmSize"),
                ("enable_node_public_ip", "properties.properties.enableNodePublicIp"),
                ("network_settings.subnet", "properties.properties.subnet.id"),
            ]);
            let ssh = it.get("ssh_public_access_enabled");
            let switch =
                |it: &Value| json!(if it == &json!(true) { "Enabled" } else { "Disabled" });
            match kind {
                "AmlCompute" => {
                    it.constants(&[("properties.properties.osType", "Linux")]);
                    it.words(&[("tier", "properties.properties.vmPriority")]);
                    it.same(&[
                        ("min_instances", "properties.properties.scaleSettings.minNodeCount"),
                        ("max_instances", "properties.properties.scaleSettings.maxNodeCount"),
                        (
                            "ssh_settings.admin_username",
                            "properties.properties.userAccountCredentials.adminUserName",
                        ),
                        (
                            "ssh_settings.ssh_key_value",
                            "properties.properties.userAccountCredentials.adminUserSshPublicKey",
                        ),
                    ]);
                    if let Some(seconds) = it.get("idle_time_before_scale_down") {
                        it.set(
                            "properties.properties.scaleSettings.nodeIdleTimeBeforeScaleDown",
                            json!(format!("PT{seconds}S")),
                        );
                    }
                    it.set(
                        "properties.properties.remoteLoginPortPublicAccess",
                        ssh.map_or(json!("NotSpecified"), |it| switch(&it)),
                    );
                }
                "ComputeInstance" => {
                    it.constants(&[("properties.properties.applicationSharingPolicy", "Shared")]);
                    it.same(&[
                        ("enable_sso", "properties.properties.enableSSO"),
                        ("ssh_settings.ssh_key_value", "properties.properties.sshSettings.adminPublicKey"),
                        ("idle_time_before_shutdown", "properties.properties.idleTimeBeforeShutdown"),
                        ("create_on_behalf_of.user_object_id", "properties.properties.personalComputeInstanceSettings.assignedUser.objectId"),
                        ("create_on_behalf_of.user_tenant_id", "properties.properties.personalComputeInstanceSettings.assignedUser.tenantId"),
                    ]);
                    if let Some(minutes) = it.get("idle_time_before_shutdown_minutes") {
                        it.set(
                            "properties.properties.idleTimeBeforeShutdown",
                            json!(format!("PT{minutes}M")),
                        );
                    }
                    if yaml.get("create_on_behalf_of").is_some() {
                        it.constants(&[(
                            "properties.properties.computeInstanceAuthorizationType",
                            "personal",
                        )]);
                    }
                    it.set(
                        "properties.properties.sshSettings.sshPublicAccess",
                        switch(&ssh.unwrap_or(json!(false))),
                    );
                }
                _ => it.same(&[
                    ("resource_id", "properties.resourceId"),
                    ("namespace", "properties.properties.namespace"),
                ]),
            }
        }
        // machine-learning/reference-yaml-datastore-blob, -datastore-files, -datastore-data-lake-gen2
        "datastore create" => {
            path = format!("/datastores/{name}");
            let kind = it.get("type").unwrap();
            let kind = pascal(&kind);
            it.set("properties.datastoreType", kind);
            it.same(&[
                ("account_name", "properties.accountName"),
                ("container_name", "properties.containerName"),
                ("file_share_name", "properties.fileShareName"),
                ("filesystem", "properties.filesystem"),
                ("endpoint", "properties.endpoint"),
                ("protocol", "properties.protocol"),
                ("credentials.tenant_id", "properties.credentials.tenantId"),
                ("credentials.client_id", "properties.credentials.clientId"),
                ("credentials.thumbprint", "properties.credentials.thumbprint"),
            ]);
            it.constants(&[("properties.serviceDataAccessAuthIdentity", "None")]);
            let mut kind = "None";
            for (key, name, of) in [
                ("account_key", "key", "AccountKey"),
                ("sas_token", "sasToken", "Sas"),
                ("client_secret", "clientSecret", "ServicePrincipal"),
                ("certificate", "certificate", "Certificate"),
            ] {
                if let Some(secret) = it.get(&format!("credentials.{key}")) {
                    kind = of;
                    it.set(&format!("properties.credentials.secrets.{name}"), secret);
                    it.constants(&[("properties.credentials.secrets.secretsType", of)]);
                }
            }
            it.constants(&[("properties.credentials.credentialsType", kind)]);
        }
        // machine-learning/reference-yaml-connection-container-registry, -git, -python-feed
        "connection create" => {
            path = format!("/connections/{name}");
            it.words(&[("type", "properties.category")]);
            it.same(&[
                ("target", "properties.target"),
                ("is_shared", "properties.isSharedToAll"),
                ("credentials.client_id", "properties.credentials.clientId"),
                ("credentials.resource_id", "properties.credentials.resourceId"),
                ("credentials.username", "properties.credentials.username"),
                ("credentials.password", "properties.credentials.password"),
                ("credentials.pat", "properties.credentials.pat"),
            ]);
            let kind = it.get("credentials.type").unwrap();
            let kind = if kind == "pat" { json!("PAT") } else { pascal(&kind) };
            it.set("properties.authType", kind);
        }
        // machine-learning/reference-yaml-environment
        "environment create" => {
            let version = it.get("version").unwrap();
            path = format!("/environments/{name}/versions/{}", version.as_str().unwrap());
            it.words(&[("os_type", "properties.osType")]);
            it.same(&[("image", "properties.image")]);
            if let Some(file) = it.get("conda_file") {
                let text = &named(conda, file.as_str().unwrap()).text;
                it.set("properties.condaFile", json!(text));
            }
        }
        // machine-learning/reference-yaml-endpoint-online, -endpoint-batch
        "online-endpoint create" | "batch-endpoint create" => {
            let online = command.starts_with("online");
            path = format!("/{}/{name}", if online { "onlineEndpoints" } else { "batchEndpoints" });
            it.identity();
            let mode = it.get("auth_mode").unwrap();
            let modes = [("key", "Key"), ("aml_token", "AMLToken"), ("aad_token", "AADToken")];
            let mode = modes.iter().find(|it| mode == it.0).unwrap().1;
            it.constants(&[("properties.authMode", mode)]);
            it.same(&[("properties", "properties.properties")]);
            if online {
                let compute = it.get("compute");
                it.constants(&[("kind", if compute.is_some() { "K8S" } else { "Managed" })]);
                it.constants(&[("properties.publicNetworkAccess", "Enabled")]);
                it.words(&[("public_network_access", "properties.publicNetworkAccess")]);
                if let Some(compute) = compute {
                    let name = compute.as_str().unwrap().strip_prefix("azureml:").unwrap();
                    it.set("properties.compute", json!(format!("WORKSPACE/computes/{name}")));
                }
            }
        }
        // machine-learning/reference-yaml-deployment-managed-online, -deployment-kubernetes-online
        "online-deployment create" => {
            let endpoint = it.get("endpoint_name").unwrap();
            path = format!("/onlineEndpoints/{}/deployments/{name}", endpoint.as_str().unwrap());
            let managed = it.get("type").is_none();
            it.constants(&[
                ("kind", if managed { "Managed" } else { "K8S" }),
                ("sku.name", "Default"),
                ("sku.tier", "Standard"),
                ("properties.endpointComputeType", if managed { "Managed" } else { "Kubernetes" }),
                ("properties.scaleSettings.scaleType", "Default"),
            ]);
            it.same(&[
                ("instance_count", "sku.capacity"),
                ("instance_type", "properties.instanceType"),
                ("app_insights_enabled", "properties.appInsightsEnabled"),
                ("environment_variables", "properties.environmentVariables"),
                ("code_configuration.scoring_script", "properties.codeConfiguration.scoringScript"),
                ("code_configuration.code", "properties.codeConfiguration.codeId"),
            ]);
            it.words(&[("egress_public_network_access", "properties.egressPublicNetworkAccess")]);
            for (key, path, kind) in [
                ("model", "properties.model", "models"),
                ("environment", "properties.environmentId", "environments"),
            ] {
                let Some(asset) = it.get(key) else { continue };
                let asset = asset.as_str().unwrap();
                let id = match asset.strip_prefix("azureml://") {
                    Some(_) => asset.to_owned(),
                    None => {
                        let asset = asset.strip_prefix("azureml:").unwrap();
                        let (name, version) = asset.split_once(':').unwrap();
                        format!("WORKSPACE/{kind}/{name}/versions/{version}")
                    }
                };
                it.set(path, json!(id));
            }
        }
        other => panic!("az ml {other}"),
    }
    assert_eq!(it.unread(), Vec::<String>::new(), "{yaml}");
    (path, it.written)
}

/// Durations as seconds, and an id of code as it was given.
fn settled(value: &Value) -> Value {
    match value {
        Value::String(it) if it.starts_with("PT") => {
            let rest = &it[2..it.len() - 1];
            match (rest.parse::<u64>(), it.chars().last()) {
                (Ok(number), Some('M')) => json!(format!("PT{}S", number * 60)),
                _ => value.clone(),
            }
        }
        Value::Array(items) => items.iter().map(settled).collect(),
        Value::Object(members) => {
            let members = members.iter().filter(|it| !it.1.is_null());
            members
                .map(|(key, it)| (key.clone(), settled(it)))
                .collect::<Map<String, Value>>()
                .into()
        }
        other => other.clone(),
    }
}

fn option<'a>(words: &'a [String], name: &str) -> &'a str {
    let at = words.iter().position(|it| it == name);
    at.and_then(|at| words.get(at + 1)).unwrap_or_else(|| panic!("no {name} in {words:?}"))
}

type Bodies = BTreeMap<String, Value>;

/// What `deploy-ml.sh` has Azure Resource Manager create, and how often it said so with `az ml`.
fn of_files(files: &[File]) -> Result<(Bodies, usize), String> {
    let mut all = Bodies::new();
    let mut said = 0;
    for (words, content) in calls(files, &script::How::File, script::Az::Function)? {
        if words[0] == "rest" && words.contains(&"put".to_owned()) {
            let url = decode::url(option(&words, "--url"))?;
            let path = url.split('?').next().unwrap().to_owned();
            all.insert(path, settled(&content));
        }
        if words[0] == "ml" && words[1..3] == ["online-endpoint", "update"] {
            let below = format!(
                "/{}/onlineEndpoints/{}",
                option(&words, "--workspace-name"),
                option(&words, "--name")
            );
            let share = |it: &str| {
                let (name, share) = it.split_once('=').unwrap();
                (name.to_owned(), Value::from(share.parse::<u32>().unwrap()))
            };
            let traffic: Value = option(&words, "--traffic").split(' ').map(share).collect();
            let endpoint = all.iter_mut().find(|(id, _)| id.ends_with(&below));
            endpoint.ok_or("traffic of no endpoint")?.1["properties"]["traffic"] = traffic;
        }
        if words[0] != "ml" || content == Value::Null || words[1] == "job" {
            continue;
        }
        said += 1;
        let command = format!("{} {}", words[1], words[2]);
        let (below, body) = resource(&command, &content, files);
        let workspace = match command.as_str() {
            "workspace create" => content["name"].as_str().unwrap(),
            _ => option(&words, "--workspace-name"),
        };
        let workspace = format!(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.MachineLearningServices/workspaces/{workspace}",
            option(&words, "--subscription"),
            option(&words, "--resource-group"),
        );
        let body = decode::replaced_text(&body, "WORKSPACE/", &format!("{workspace}/"));
        all.insert(format!("{workspace}{below}"), settled(&body));
    }
    Ok((all, said))
}

/// The same of `deploy.sh`, which says everything as a template does.
fn of_cli(files: &[File]) -> Bodies {
    let file = named(files, "deploy.sh");
    let mut answers = script::answers(file);
    for (name, it) in &mut answers {
        if name.starts_with("CODE_") {
            it.insert(0, '/');
        }
    }
    let run = script::run(file, &answers, &script::How::File, script::Az::Function);
    assert!(run.ok, "{:.500}", run.out);
    let mut all = Bodies::new();
    for call in &run.calls {
        if call[0] != "rest" || !call.contains(&"put".to_owned()) {
            continue;
        }
        let url = decode::url(option(call, "--url")).unwrap();
        let path = url.split('?').next().unwrap().to_owned();
        if !path.contains("/Microsoft.MachineLearningServices/workspaces/")
            || path.contains("/Microsoft.Authorization/")
        {
            continue;
        }
        let body = match call.iter().position(|it| it == "--body-of-file") {
            Some(at) => &call[at + 1],
            None => option(call, "--body"),
        };
        all.insert(path, settled(&serde_json::from_str(body).unwrap()));
    }
    all
}

/// What the service fills in from the workspace or the endpoint.
fn without_implied(id: &str, body: &Value, other: &Value) -> Value {
    let mut body = body.clone();
    let kubernetes = body["properties"]["computeType"] == "Kubernetes";
    if (id.contains("/deployments/") || kubernetes) && other.get("location").is_none() {
        body.as_object_mut().unwrap().shift_remove("location");
    }
    body
}

#[test]
fn az_ml_creates_what_the_template_does() {
    let (mut compared, mut said) = (0, 0);
    for (name, design) in designs() {
        let (cli, files) = match (exported("cli", &design), exported("ml", &design)) {
            (Ok(cli), Ok(files)) => (cli, files),
            (Err(cli), Err(ml)) => {
                assert_eq!(cli, ml, "{name}");
                continue;
            }
            (cli, ml) => panic!("{name}: {:?}, {:?}", cli.err(), ml.err()),
        };
        let expected = of_cli(&cli);
        let (found, times) = of_files(&files).unwrap_or_else(|why| panic!("{name}: {why}"));
        let ids = |it: &Bodies| it.keys().cloned().collect::<Vec<String>>();
        assert_eq!(ids(&found), ids(&expected), "{name}");
        for (id, it) in &expected {
            let expected = without_implied(id, it, &found[id]);
            let difference = decode::difference(&found[id], &expected, "");
            assert_eq!(difference, None, "{name}: {id}");
            compared += 1;
        }
        said += times;
    }
    assert!(compared > 300, "{compared} resources");
    assert!(said > compared / 2, "{said} of {compared} with az ml");
    println!("{compared} resources, {said} of them with az ml");
}

#[test]
fn python_is_python_and_says_the_same_texts_as_yaml() {
    fn texts(value: &Value, all: &mut Vec<String>) {
        match value {
            Value::String(it) => all.push(it.clone()),
            Value::Array(items) => items.iter().for_each(|it| texts(it, all)),
            Value::Object(members) => members.values().for_each(|it| texts(it, all)),
            _ => {}
        }
    }
    for (name, design) in designs() {
        let Ok(files) = exported("ml", &design) else { continue };
        let text = &named(&files, "deploy_ml.py").text;
        let pieces = python(text).unwrap_or_else(|why| panic!("{name}: {why}"));
        let literals: Vec<&str> =
            pieces.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        for file in files.iter().filter(|it| it.text.starts_with("# az ml ")) {
            let content = yaml(&file.text).unwrap_or_else(|why| panic!("{}: {why}", file.name));
            for key in ["name", "display_name", "description", "size", "image", "target"] {
                if let Some(it) = content[key].as_str() {
                    assert!(literals.contains(&it), "{name}, {}: {it}", file.name);
                }
            }
            let mut all = Vec::new();
            texts(&content["tags"], &mut all);
            texts(&content["environment_variables"], &mut all);
            for it in all {
                assert!(literals.contains(&it.as_str()), "{name}, {}: {it}", file.name);
            }
        }
    }
}

/// "Set up authentication for Azure Machine Learning resources and workflows using SDK v1" (machine-learning/v1/
/// how-to-setup-authentication) names four ways to sign in.
#[test]
fn each_way_to_sign_in_is_a_function_with_its_name_in_v1() {
    let files = exported("ml", &sample::every_kind()).unwrap();
    let text = &named(&files, "deploy_ml.py").text;
    for (v1, function, class) in [
        ("InteractiveLoginAuthentication", "interactive", "InteractiveBrowserCredential"),
        ("ServicePrincipalAuthentication", "service_principal", "ClientSecretCredential"),
        ("AzureCliAuthentication", "azure_cli", "AzureCliCredential"),
        ("MsiAuthentication", "managed_identity", "ManagedIdentityCredential"),
    ] {
        let start = text.find(&format!("# SDK v1: {v1}")).expect(v1);
        let function_line = format!("\ndef {function}():\n");
        let rest = &text[start..];
        let at = rest.find(&function_line).expect(function);
        let body = &rest[at + function_line.len()..];
        let body = &body[..body.find("\n\n\n").unwrap()];
        assert!(!rest[..at].contains("\ndef "), "{v1} is not above {function}");
        assert!(body.contains(class), "{function}: {body}");
        assert!(text.contains(&format!(": {function},\n")), "{function} can be chosen");
    }
}

#[test]
fn scripts_for_az_ml_pass_bash_shellcheck_and_shfmt() {
    for (name, design) in designs() {
        let Ok(files) = exported("ml", &design) else { continue };
        let text = &named(&files, "deploy-ml.sh").text;
        assert!(text.is_ascii() && !text.contains('\r'), "{name}");
        assert_eq!(script::checked("bash", &["-n"], text), "", "{name}");
        if name == "every kind" || name == "empty" {
            assert_eq!(script::checked("shellcheck", &["--shell=bash", "-"], text), "", "{name}");
            assert_eq!(script::checked("shfmt", &["-d", "-i", "2", "-ci"], text), "", "{name}");
        }
    }
}

#[test]
fn the_script_for_az_ml_runs_to_the_end_and_leaves_nothing() {
    let files = exported("ml", &sample::every_kind()).unwrap();
    let calls = calls(&files, &script::How::File, script::Az::Program).unwrap();
    let jobs = |it: &&(Vec<String>, Value)| it.0.starts_with(&["ml".to_owned(), "job".to_owned()]);
    assert_eq!(calls.iter().filter(jobs).count(), 1);
    let file = named(&files, "deploy-ml.sh");
    let run = script::run_beside(
        file,
        &beside(&files),
        &[],
        &answers(file),
        &script::How::File,
        script::Az::Program,
    );
    assert!(run.ok, "{}", run.out);
    assert!(!run.calls.iter().any(|it| it.starts_with(&["ml".to_owned(), "job".to_owned()])));
}

/// Neither asks for values nor sends anything, whether Azure has the resources or not.
#[test]
fn the_script_for_az_ml_only_reads_with_what_if() {
    let files = exported("ml", &sample::every_kind()).unwrap();
    let file = named(&files, "deploy-ml.sh");
    let ids = |it: &String| it == "6f1e2d3c-aaaa-4bbb-8ccc-0123456789ab";
    let mut values = script::answers(file);
    let all = values.len();
    values.retain(|_, it| ids(it));
    assert!(values.len() < all);
    let (how, az) = (script::How::File, script::Az::Program);
    let run = |arguments: &[&str], values: &BTreeMap<String, String>| {
        script::run_beside(file, &beside(&files), arguments, values, &how, az)
    };
    for missing in [false, true] {
        // Whoever only looks does not see what is not there yet: neither what this makes, nor what it stands on.
        let mut values = values.clone();
        if missing {
            values.insert(
                "AZ_MISSES".to_owned(),
                "/Microsoft.MachineLearningServices/workspaces/".to_owned(),
            );
        }
        let run = run(&["--what-if", "--jobs"], &values);
        assert!(run.ok, "{}", run.out);
        let writes: Vec<_> = run.calls.iter().filter(|it| !super::only_reads(it)).collect();
        assert_eq!(writes, Vec::<&script::Call>::new());
        let (new, old) = ("would be created", "would be brought to these settings");
        assert!(run.out.contains(if missing { new } else { old }), "{}", run.out);
        assert!(run.out.contains("would be submitted") && run.out.contains("Nothing was changed"));
        assert!(!run.out.contains("Done"), "{}", run.out);
        assert_eq!(run.left, Vec::<String>::new());
    }
    let run = run(&["--whatif"], &values);
    assert!(!run.ok && run.calls.is_empty() && run.out.starts_with("Usage: "), "{}", run.out);
}

/// No setting is lost on the way: where `az ml` has no word for one, the resource goes as a template would.
#[test]
fn what_az_ml_cannot_say_goes_as_in_a_template() {
    let base = sample::machine_learning();
    for (name, key, value, file) in [
        ("mlw-contoso", "friendlyName", json!("Team"), "workspace-mlw-contoso.yml"),
        (
            "mlw-contoso",
            "allowPublicAccessWhenBehindVnet",
            json!(true),
            "workspace-mlw-contoso.json",
        ),
        (
            "mlw-contoso",
            "networkAcls.ipRules",
            json!(["203.0.113.0/24"]),
            "workspace-mlw-contoso.json",
        ),
        ("mlw-contoso", "applicationInsights", json!(null), "workspace-mlw-contoso.json"),
        (
            "mlw-contoso",
            "systemDatastoresAuthMode",
            json!("UserDelegationSAS"),
            "workspace-mlw-contoso.json",
        ),
        ("blobs", "description", json!("d"), "datastore-blobs.yml"),
        (
            "blobs",
            "serviceDataAccessAuthIdentity",
            json!("WorkspaceSystemAssignedIdentity"),
            "datastore-blobs.json",
        ),
        ("ci-ana", "applicationSharingPolicy", json!("Personal"), "compute-instance-ci-ana.json"),
        ("ci-ana", "applicationSharingPolicy", json!("Shared"), "compute-instance-ci-ana.yml"),
        (
            "cpu-cluster",
            "scaleSettings.nodeIdleTimeBeforeScaleDown",
            json!("PT2M"),
            "compute-cluster-cpu-cluster.yml",
        ),
        (
            "cpu-cluster",
            "scaleSettings.nodeIdleTimeBeforeScaleDown",
            json!("P1M"),
            "compute-cluster-cpu-cluster.json",
        ),
        ("aks-contoso", "computeType", json!("AKS"), "attached-kubernetes-aks-contoso.json"),
        (
            "team-registry",
            "category",
            json!("GenericContainerRegistry"),
            "workspace-connection-team-registry.json",
        ),
        ("score-aks", "publicNetworkAccess", json!("Disabled"), "online-endpoint-score-aks.json"),
    ] {
        let mut design = base.clone();
        let id = design.named(name).unwrap();
        let slot = std::sync::Arc::make_mut(design.resources.0.get_mut(&id).unwrap());
        slot.settings.insert(key.to_owned(), value.clone());
        let files = exported("ml", &design).unwrap();
        let names: Vec<&str> = files.iter().map(|it| it.name.as_str()).collect();
        assert!(names.contains(&file), "{name}, {key} = {value}: {names:?}");
        let expected = of_cli(&exported("cli", &design).unwrap());
        let (found, _) = of_files(&files).unwrap();
        for (id, it) in &expected {
            let expected = without_implied(id, it, &found[id]);
            assert_eq!(decode::difference(&found[id], &expected, ""), None, "{key}: {id}");
        }
    }
}

#[test]
fn what_the_files_cannot_carry_is_refused_by_name() {
    for (name, key, value, expected) in [
        (
            "blue",
            "description",
            json!("a ${{ b"),
            "Online deployment blue, description: az ml reads ${{",
        ),
        (
            "train",
            "condaFile",
            json!("a: b\u{202e}"),
            "Environment train, condaFile: a YAML file cannot carry",
        ),
    ] {
        let mut design = sample::machine_learning();
        let found = design
            .resources
            .subjects()
            .find(|it| it.name() == name && it.info().fields.iter().any(|it| it.key == key));
        let id = found.unwrap().id;
        let slot = std::sync::Arc::make_mut(design.resources.0.get_mut(&id).unwrap());
        slot.settings.insert(key.to_owned(), value);
        let refused = exported("ml", &design).unwrap_err();
        assert_eq!(refused.len(), 1, "{refused:?}");
        assert!(refused[0].starts_with(expected), "{refused:?}");
        assert!(exported("arm", &design).is_ok());
    }
    let mut design = sample::machine_learning();
    let id = design.named("mlw-contoso").unwrap();
    "null".clone_into(&mut std::sync::Arc::make_mut(design.resources.0.get_mut(&id).unwrap()).name);
    let refused = exported("ml", &design).unwrap_err();
    assert!(refused[0].starts_with("Machine Learning workspace null, name: "), "{refused:?}");
    assert_ne!(drawbridge::export::ml::EXPORTER.help.get(Lang::Ja), "");
}

#[test]
fn all_formats_are_written_that_take_the_design_and_the_others_say_why_not() {
    let mut design = sample::machine_learning();
    let id = design.named("blobs").unwrap();
    let slot = std::sync::Arc::make_mut(design.resources.0.get_mut(&id).unwrap());
    slot.settings.insert("description".to_owned(), json!("${{ x }}"));
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("all-formats");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("design.json");
    std::fs::write(&file, drawbridge::design::file::save(&design)).unwrap();
    let run = |format: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_drawbridge"));
        command
            .arg("export")
            .arg(&file)
            .args(["--format", format, "--out"])
            .arg(folder.join("out"));
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, told) = run("all");
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("not exported as ml: Datastore blobs, description: az ml reads ${{"),
        "{told}"
    );
    assert!(folder.join("out/arm/azuredeploy.json").exists());
    assert!(!folder.join("out/ml").exists());
    assert_eq!(run("ml").0, Some(2));
    assert_eq!(run("arm").0, Some(0));
}

/// Where a value is put in, no text of the design may stand for one.
#[test]
fn a_text_that_looks_like_the_name_of_a_value_stays_a_text() {
    let mut design = sample::machine_learning();
    let id = design.named("blobs").unwrap();
    let slot = std::sync::Arc::make_mut(design.resources.0.get_mut(&id).unwrap());
    slot.settings.insert("description".to_owned(), json!("<subscription> & \\ \"<tenant>\""));
    let files = exported("ml", &design).unwrap();
    let calls = calls(&files, &script::How::File, script::Az::Function).unwrap();
    let found = calls.iter().find(|it| it.1["name"] == "blobs").unwrap();
    assert_eq!(found.1["description"], "<subscription> & \\ \"<tenant>\"");
}
