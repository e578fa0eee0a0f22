//! The design of an identity case, drawn with the kinds and settings of the app.
//!
//! A case names resources by their ids and by their names; what it leaves out stands as the operation
//! needs it: networks are open, and whoever is not part of the question has every right.

use std::{collections::BTreeMap, sync::Arc};

use drawbridge::{
    azure::roles,
    design::Design,
    kinds::{Kind, Resource, ResourceId},
};
use serde_json::{Map, Value, json};

use super::words::{self, Words};
use crate::reader::{Members, text_of, texts_of};

/// A case's design as the app would hold it.
pub(crate) struct Drawn {
    pub(crate) design: Design,
    /// Resources by lower-case name.
    pub(crate) named: BTreeMap<String, ResourceId>,
    /// Principals by the name of the case, such as `mi:cluster1`.
    pub(crate) principals: BTreeMap<String, ResourceId>,
    /// Custom roles by the name of the case.
    pub(crate) roles: BTreeMap<String, ResourceId>,
    /// What the operation is about, where there is one such thing.
    pub(crate) focus: Option<ResourceId>,
    /// The file in question, where lists differ from path to path.
    pub(crate) path: Option<String>,
    pub(crate) problems: Vec<String>,
    /// Words that say nothing to the reader.
    pub(crate) unread: Vec<String>,
}

/// Whoever acts where a case names nobody; may do everything.
const SOMEBODY: &str = "user:somebody";

pub(super) struct Builder {
    pub(super) design: Design,
    pub(super) named: BTreeMap<String, ResourceId>,
    pub(super) principals: BTreeMap<String, ResourceId>,
    pub(super) roles: BTreeMap<String, ResourceId>,
    pub(super) problems: Vec<String>,
    pub(super) unread: Vec<String>,
    pub(super) focus: Option<ResourceId>,
    subscription: ResourceId,
    pub(super) operation: String,
    /// All that the case says in words, in lower case.
    pub(super) words: String,
    pub(super) path: Option<String>,
    pub(super) has_denies: bool,
}

/// Draws a case and a question about it for `actor`, who sits at the only client.
pub(crate) fn draw(
    case: &Value,
    question: &str,
    operation: &str,
    actor: Option<&str>,
    repository: Option<&str>,
) -> Drawn {
    let mut it = Builder {
        design: Design::default(),
        named: BTreeMap::new(),
        principals: BTreeMap::new(),
        roles: BTreeMap::new(),
        problems: Vec::new(),
        unread: Vec::new(),
        focus: None,
        subscription: ResourceId(0),
        operation: operation.to_owned(),
        words: String::new(),
        path: None,
        has_denies: false,
    };
    let nothing = json!({});
    let mut all = Members::of(case.get("design").unwrap_or(&nothing), "design");
    let config = all.take(&["config"]).and_then(Value::as_object).cloned().unwrap_or_default();
    let config = words::with_change(operation, config);
    let assignments = all.rows(&["role_assignments", "roleAssignments"]);
    let groups = all.take(&["groups"]).and_then(Value::as_object).cloned().unwrap_or_default();
    let parents = all.take(&["parents"]).and_then(Value::as_object).cloned().unwrap_or_default();
    let custom = all.take(&["custom_roles", "customRoles"]).and_then(Value::as_object).cloned();
    let denies = all.rows(&["deny_assignments", "denyAssignments"]);
    let locks = all.rows(&["locks"]);
    let left: Vec<String> = all.left();
    it.problems.extend(left.into_iter().map(|it| format!("adapter does not know field {it}")));

    it.has_denies = !denies.is_empty();
    it.hierarchy(&parents);
    let checks = case.get("checks").and_then(Value::as_array).into_iter().flatten();
    let questions: Vec<(String, String)> = checks
        .map(|it| {
            let text = |key: &str| it.get(key).and_then(text_of).unwrap_or_default();
            (text("principal"), text("scope"))
        })
        .collect();
    let mut scopes: Vec<String> =
        assignments.iter().filter_map(|it| it.peek_text("scope")).collect();
    scopes.extend(locks.iter().chain(&denies).filter_map(|it| it.peek_text("scope")));
    for scope in &scopes {
        it.place(scope);
    }
    for (_, scope) in &questions {
        it.place(scope);
    }
    it.components(&config);
    it.base();
    it.build_compute(&config);
    // Containers last: they stand in an account that may be named after them.
    for containers in [false, true] {
        let asked = case.get("question").and_then(text_of).unwrap_or_default();
        it.mentioned(&asked, false, containers);
        for (key, value) in &config {
            it.mentioned(key, true, containers);
            for text in texts_of(value) {
                it.mentioned(&text, true, containers);
            }
        }
    }
    it.cosmos(&config);
    for grant in &assignments {
        it.principal(&grant.peek_text("principal").unwrap_or_default());
    }
    for (principal, _) in &questions {
        it.principal(principal);
    }
    for member in groups.values().flat_map(texts_of) {
        it.principal(&member);
    }
    it.words = format!("{question} {}", Value::Object(config.clone())).to_ascii_lowercase();
    it.furnish();
    it.implied();
    it.configure(&config);
    it.identity_mode();
    it.outside();
    it.under_private_network();
    it.unsaid_isolation(&case.to_string().to_ascii_lowercase());
    it.identity_change(&config, question);
    it.other_change(&config, question);
    it.told_in_question(question);
    it.purge_protection();
    if let Some(repository) = repository {
        it.repository(repository);
    }
    for (name, block) in custom.into_iter().flatten() {
        it.custom_role(&name, &block);
    }
    for (group, members) in &groups {
        let id = it.principal(group);
        let ids: Vec<u32> =
            texts_of(members).iter().filter_map(|m| it.principal(m)).map(|it| it.0).collect();
        if let Some(id) = id {
            it.set(id, "members", json!(ids));
        }
    }
    for mut row in assignments {
        let principal = row.text(&["principal"]).unwrap_or_default();
        let role = row.text(&["role"]).unwrap_or_default();
        let scope = row.text(&["scope"]).unwrap_or_default();
        let condition = row.text(&["condition"]);
        // Conditions have had one version since they left their preview.
        row.take(&["conditionVersion", "condition_version"]);
        it.done(row);
        it.assign(&principal, &role, &scope, condition);
    }
    for mut row in denies {
        it.deny(&mut row);
        it.done(row);
    }
    for mut row in locks {
        let scope = row.text(&["scope"]).unwrap_or_default();
        let level = row.text(&["level"]).unwrap_or_default();
        it.done(row);
        if let Some(scope) = it.place(&scope) {
            it.lock(scope, &level);
        }
    }
    let whole = case.get("question").and_then(text_of).unwrap_or_default();
    let first = questions.first().map_or("", |it| it.1.as_str());
    let asked = it.asked_assignment(question, first, question != whole, actor);
    it.seat(actor, asked);
    it.check_settings();
    Drawn {
        design: it.design,
        named: it.named,
        principals: it.principals,
        roles: it.roles,
        focus: it.focus,
        path: it.path,
        problems: it.problems,
        unread: it.unread,
    }
}

impl Builder {
    pub(super) fn problem(&mut self, text: impl Into<String>) {
        self.problems.push(text.into());
    }

    fn done(&mut self, members: Members<'_>) {
        for field in members.left() {
            self.problem(format!("adapter does not know field {field}"));
        }
    }

    fn add(&mut self, kind: Kind, name: &str, parent: Option<ResourceId>) -> ResourceId {
        let id = self.design.next_id();
        self.design.resources.0.insert(id, Arc::new(Resource::new(kind, name, parent)));
        self.named.entry(name.to_ascii_lowercase()).or_insert(id);
        id
    }

    pub(super) fn kind(&self, id: ResourceId) -> Option<Kind> {
        self.design.get(id).map(|it| it.kind)
    }

    /// The name of a setting as the kind spells it: in full, or its last part, without case and `_`.
    pub(super) fn setting_name(&self, id: ResourceId, key: &str) -> Option<&'static str> {
        let plain = |it: &str| it.replace(['_', '-', ' '], "").to_ascii_lowercase();
        let wanted = plain(key);
        let fields = self.kind(id)?.info().fields;
        let whole = fields.iter().find(|it| plain(it.key) == wanted);
        let last = || {
            fields.iter().find(|it| it.key.rsplit('.').next().is_some_and(|it| plain(it) == wanted))
        };
        whole.or_else(last).map(|it| it.key)
    }

    /// Writes a setting of a kind; one that the kind does not have is a mistake of this adapter.
    pub(super) fn set(&mut self, id: ResourceId, key: &str, value: Value) {
        let Some(resource) = self.design.resources.0.get_mut(&id) else { return };
        let kind = resource.kind;
        if !kind.info().fields.iter().any(|it| it.key == key) {
            let slug = kind.info().slug;
            self.problem(format!("the kind {slug} has no setting {key}"));
            return;
        }
        Arc::make_mut(resource).settings.insert(key.to_owned(), value);
    }

    fn has(&self, id: ResourceId, key: &str) -> bool {
        self.kind(id).is_some_and(|it| it.info().fields.iter().any(|it| it.key == key))
    }

    fn get(&self, id: ResourceId, key: &str) -> Option<Value> {
        self.design.get(id)?.settings.get(key).cloned()
    }

    /// Adds to a setting that is a list.
    pub(super) fn push(&mut self, id: ResourceId, key: &str, item: Value) {
        let mut list = self.get(id, key).and_then(|it| it.as_array().cloned()).unwrap_or_default();
        if !list.contains(&item) {
            list.push(item);
        }
        self.set(id, key, json!(list));
    }

    pub(super) fn stand_in(&mut self, id: ResourceId, parent: ResourceId) {
        if let Some(it) = self.design.resources.0.get_mut(&id) {
            Arc::make_mut(it).parent = Some(parent);
        }
    }

    fn refer(&mut self, id: ResourceId, key: &str, to: ResourceId) {
        self.set(id, key, json!(to.0));
    }

    // ---- where things are ----

    fn hierarchy(&mut self, parents: &Map<String, Value>) {
        self.subscription = self.add(Kind::Subscription, "s1", None);
        for (child, parent) in parents {
            let child = self.place(child);
            let parent = text_of(parent).and_then(|it| self.place(&it));
            if let (Some(child), Some(parent)) = (child, parent) {
                self.stand_in(child, parent);
            }
        }
    }

    pub(super) fn group(&mut self, name: &str) -> ResourceId {
        self.group_in(self.subscription, name)
    }

    fn group_in(&mut self, subscription: ResourceId, name: &str) -> ResourceId {
        let known = self.design.resources.of(Kind::ResourceGroup).find(|it| {
            it.resource.parent == Some(subscription) && it.name().eq_ignore_ascii_case(name)
        });
        if let Some(it) = known {
            return it.id;
        }
        let id = self.add(Kind::ResourceGroup, name, Some(subscription));
        self.set(id, "location", json!("japaneast"));
        id
    }

    /// The resource with this id, drawn where it is not there yet.
    pub(super) fn place(&mut self, scope: &str) -> Option<ResourceId> {
        let parts: Vec<&str> = scope.split('/').filter(|it| !it.is_empty()).collect();
        let lower: Vec<String> = parts.iter().map(|it| it.to_ascii_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        match lower.as_slice() {
            [] => {
                let known = self.named.get("/").copied();
                Some(known.unwrap_or_else(|| self.add(Kind::RootScope, "/", None)))
            }
            ["providers", "microsoft.management", "managementgroups", name] => {
                if let Some(id) = self.named.get(*name) {
                    return Some(*id);
                }
                Some(self.add(Kind::ManagementGroup, parts[3], None))
            }
            ["subscriptions", _] => Some(self.subscription(parts[1])),
            ["subscriptions", _, "resourcegroups", _] => {
                let subscription = self.subscription(parts[1]);
                Some(self.group_in(subscription, parts[3]))
            }
            ["subscriptions", _, "resourcegroups", _, "providers", provider, rest @ ..] => {
                let subscription = self.subscription(parts[1]);
                let group = self.group_in(subscription, parts[3]);
                let drawn = self.resource(group, provider, rest, &parts[6..]);
                // The app draws a cluster as its attachment to the workspace. Roles on the cluster itself
                // are put on its group, where the cases have nothing else.
                let kubernetes = ["microsoft.containerservice", "microsoft.kubernetes"];
                if kubernetes.contains(provider) { Some(group) } else { drawn }
            }
            _ => {
                self.unread.push(format!("the scope {scope}"));
                None
            }
        }
    }

    fn subscription(&mut self, name: &str) -> ResourceId {
        let known = self.named.get(&name.to_ascii_lowercase()).copied();
        known.unwrap_or_else(|| self.add(Kind::Subscription, name, None))
    }

    /// Type by type: each one stands in the one before it.
    fn resource(
        &mut self,
        group: ResourceId,
        provider: &str,
        lower: &[&str],
        names: &[&str],
    ) -> Option<ResourceId> {
        let mut parent = group;
        let mut types = provider.to_owned();
        for (pair, names) in lower.chunks(2).zip(names.chunks(2)) {
            let [one, name] = pair else {
                self.unread.push(format!("the type {types}/{}", pair.join("/")));
                return None;
            };
            types = format!("{types}/{one}");
            // Containers and shares stand in a service with one name, which is not drawn.
            if *name == "default" && one.ends_with("services") {
                continue;
            }
            // What cannot be drawn holds nothing that the operation is about.
            let Some(kind) = kind_of_type(&types, name) else {
                self.unread.push(format!("the type {types}"));
                return None;
            };
            // Names of these tell nothing without what they stand in.
            let inside = matches!(
                kind,
                Kind::BlobContainer
                    | Kind::FileShare
                    | Kind::KeyVaultKey
                    | Kind::KeyVaultSecret
                    | Kind::Subnet
                    | Kind::OnlineEndpoint
                    | Kind::BatchEndpoint
                    | Kind::OnlineDeployment
                    | Kind::Datastore
            );
            let known = self.design.resources.of(kind).find(|it| {
                it.name().eq_ignore_ascii_case(name)
                    && (!inside || it.resource.parent == Some(parent))
            });
            parent = match known.map(|it| it.id) {
                Some(id) => id,
                None => {
                    let parent = match kind {
                        Kind::PrivateEndpoint | Kind::VirtualMachine => self.ensure("snet-ml")?,
                        _ => parent,
                    };
                    self.draw(kind, names[1], parent)
                }
            };
        }
        Some(parent)
    }

    /// A resource of a kind with what it cannot be without.
    pub(super) fn draw(&mut self, kind: Kind, name: &str, parent: ResourceId) -> ResourceId {
        let id = self.add(kind, name, Some(parent));
        if self.has(id, "location") {
            self.set(id, "location", json!("japaneast"));
        }
        match kind {
            Kind::VirtualNetwork => {
                self.set(id, "addressSpace.addressPrefixes", json!(["10.0.0.0/16"]));
            }
            Kind::Subnet => {
                let n = self.design.resources.of(Kind::Subnet).count();
                self.set(id, "addressPrefix", json!(format!("10.0.{n}.0/24")));
                self.set(id, "defaultOutboundAccess", json!(true));
            }
            // Whoever talks about a cluster or an endpoint talks about its identity.
            Kind::ComputeCluster => self.set(id, "identity.type", json!("None")),
            Kind::AttachedKubernetes => {
                let workspace = self.workspace();
                self.refer(id, "workspace", workspace);
            }
            _ => {}
        }
        id
    }

    fn workspace(&mut self) -> ResourceId {
        if let Some(id) = self.named.get("ws1") {
            return *id;
        }
        let group = self.group("rg-ml");
        self.draw(Kind::Workspace, "ws1", group)
    }

    /// The resource of this name; its kind and its place follow from how the cases name things.
    pub(super) fn ensure(&mut self, name: &str) -> Option<ResourceId> {
        let name = name.to_ascii_lowercase();
        if let Some(id) = self.named.get(&name) {
            return Some(*id);
        }
        let (kind, group) = words::kind_of_name(&name)?;
        let parent = match kind {
            Kind::ComputeCluster
            | Kind::ComputeInstance
            | Kind::OnlineEndpoint
            | Kind::BatchEndpoint => self.workspace(),
            Kind::BlobContainer => self.data_account(),
            Kind::Subnet => self.ensure("vnet1")?,
            Kind::PrivateEndpoint | Kind::VirtualMachine => self.ensure("snet-ml")?,
            _ => self.group(group),
        };
        Some(self.draw(kind, &name, parent))
    }

    /// Storage outside the workspace, if the case has one; else the default storage.
    pub(super) fn data_account(&mut self) -> ResourceId {
        let accounts = self.design.resources.of(Kind::StorageAccount);
        let others: Vec<ResourceId> =
            accounts.filter(|it| it.name() != "stdef").map(|it| it.id).collect();
        let only = if let [only] = others.as_slice() { Some(*only) } else { None };
        let known = self.named.get("stext").copied().or(only);
        known.or_else(|| self.named.get("stdef").copied()).unwrap_or_else(|| {
            let group = self.group("rg-data");
            self.draw(Kind::StorageAccount, "stext", group)
        })
    }

    /// The Application Insights of the workspace, by the name that a case gives it.
    fn components(&mut self, config: &Map<String, Value>) {
        for (key, value) in config {
            for text in std::iter::once(key.clone()).chain(texts_of(value)) {
                for word in Words::of(&text) {
                    let name = word.split('.').next().unwrap_or(&word);
                    let kind = words::kind_of_name(name).map(|it| it.0);
                    if kind == Some(Kind::ApplicationInsights) {
                        self.ensure(name);
                    }
                }
            }
        }
    }

    /// The workspace with what it always has.
    fn base(&mut self) {
        let workspace = self.workspace();
        for (name, kind, key) in [
            ("stdef", Kind::StorageAccount, "storageAccount"),
            ("kvws", Kind::KeyVault, "keyVault"),
            ("acrws", Kind::ContainerRegistry, "containerRegistry"),
            ("appi1", Kind::ApplicationInsights, "applicationInsights"),
        ] {
            let group = self.group("rg-ml");
            // The only component of the group is the workspace's, whatever its name.
            let only = self.design.resources.of(kind).find(|it| it.resource.parent == Some(group));
            let only = only.filter(|_| kind == Kind::ApplicationInsights).map(|it| it.id);
            let id = match self.named.get(name).copied().or(only) {
                Some(id) => id,
                None => self.draw(kind, name, group),
            };
            self.refer(workspace, key, id);
        }
    }

    /// Where the default storage refuses keys and no mode is told, the step is one of a workspace that
    /// goes by identity.
    fn identity_mode(&mut self) {
        const MODE: &str = "systemDatastoresAuthMode";
        let refuses = self.named.get("stdef").and_then(|it| self.get(*it, "allowSharedKeyAccess"));
        let workspace = self.workspace();
        if self.operation.starts_with("job.parallel")
            && refuses == Some(json!(false))
            && self.get(workspace, MODE).is_none()
        {
            self.set(workspace, MODE, json!("Identity"));
        }
    }

    /// Closes what a case calls private where it says that somebody comes from outside. Else networks are
    /// open: the people of a case are where they can work.
    fn outside(&mut self) {
        const OUTSIDE: &[&str] = &[
            "from home",
            "home network",
            "at home",
            "home,",
            "outside the",
            "from outside",
            "from the internet",
            "over the internet",
            "public internet",
            "not through the",
            "not in the vnet",
            "dns over https",
            "firefox",
        ];
        const CLOSED: &[&str] = &[
            "private",
            "vnet",
            "virtual network",
            "public network access disabled",
            "public access disabled",
            "publicnetworkaccess",
            "selected networks",
            "firewall",
        ];
        let words = words::without_open_network(&self.words);
        let has = |all: &[&str]| all.iter().any(|it| words.contains(it));
        // A registration is tried from wherever its author sits.
        let tried = self.operation.starts_with("datastore.register");
        if !has(CLOSED) || !(has(OUTSIDE) || tried && !words.contains("in the vnet")) {
            return;
        }
        if tried {
            let data = self.data_account();
            self.set(data, "publicNetworkAccess", json!("Disabled"));
            return;
        }
        let workspace = self.workspace();
        self.set(workspace, "publicNetworkAccess", json!("Disabled"));
        if self.operation.starts_with("studio.")
            && let Some(storage) = self.named.get("stdef").copied()
        {
            self.set(storage, "publicNetworkAccess", json!("Disabled"));
        }
    }

    /// A preview looks at whether the data is under a private network; whatever a case calls so is, and open
    /// for the service all the same.
    fn under_private_network(&mut self) {
        const PRIVATE: &[&str] = &[
            "private network",
            "private endpoint",
            "private link",
            "private workspace",
            "is private",
            "\"private\"",
            "virtual network",
            "vnet",
            "selected networks",
            "firewall",
        ];
        let words = words::without_open_network(&self.words);
        // Beside an endpoint that is drawn, the account may be open to others still.
        const CLOSED: &[&str] = &[
            "network access disabled",
            "public access disabled",
            "public access off",
            "network access off",
            "no public access",
            "selected networks",
            "publicnetworkaccess\":\"disabled",
            "firewall on",
        ];
        let open = self.design.resources.of(Kind::PrivateEndpoint).next().is_some()
            && !CLOSED.iter().any(|it| words.contains(it));
        if self.operation != "studio.dataset.preview"
            || open
            || !PRIVATE.iter().any(|it| words.contains(it))
        {
            return;
        }
        let account = self.data_account();
        self.set(account, "networkAcls.defaultAction", json!("Deny"));
    }

    /// Where a case does not tell how a managed network isolates, whatever its workspace is associated with may
    /// be reached over private endpoints, and a user-assigned identity approves none of them by itself.
    fn unsaid_isolation(&mut self, case: &str) {
        let said = ["internet", "approved", "disabled", "outbound"];
        if self.operation != "ws.managed_network.provision"
            || said.iter().any(|it| self.words.contains(it))
        {
            return;
        }
        let workspace = self.workspace();
        if self.get(workspace, "primaryUserAssignedIdentity").is_none() {
            return;
        }
        self.set(workspace, "managedNetwork.isolationMode", json!("AllowOnlyApprovedOutbound"));
        // A workspace may have no registry yet.
        if !case.contains("acrws") {
            self.set(workspace, "containerRegistry", Value::Null);
        }
    }

    /// What the question tells of credentials and of the subscription.
    fn told_in_question(&mut self, question: &str) {
        let question = question.to_ascii_lowercase();
        let has = |all: &[&str]| all.iter().any(|it| question.contains(it));
        let registered = ["not registered", "unregistered", "never registered", "nobody used the"];
        if self.operation.starts_with("ws.create") && has(&registered) && has(&["provider"]) {
            self.set(self.subscription, "machineLearningRegistered", json!(false));
        }
        let gone = ["secret expired", "secret has expired", "expired secret", "secret is expired"];
        if self.operation == "auth.service_principal" && has(&gone) {
            self.signs_in_with("expired");
        }
        if self.operation.starts_with("oe.score") {
            self.client_id(&mut question.clone());
        }
        if self.operation == "job.data.user_identity"
            && has(&["pipeline", "step", "component"])
            && words::above_steps(&mut question.clone()) == Some(true)
            && words::above_steps(&mut self.words.clone()) == Some(true)
        {
            let all: Vec<ResourceId> =
                self.design.resources.of(Kind::Job).map(|it| it.id).collect();
            for id in all {
                self.above_steps(id);
            }
        }
        if ["job.data", "job.output"].iter().any(|it| self.operation.starts_with(it)) {
            let account = self.data_account();
            self.in_tenant(account, &mut question.clone());
        }
        if self.operation == "auth.conditional_access" && has(words::REFUSED) {
            self.policy(&question);
        }
        if self.operation == "compute.instance.use"
            && has(&["sso is off", "sso off", "sign-on is off"])
        {
            let all: Vec<ResourceId> =
                self.design.resources.of(Kind::ComputeInstance).map(|it| it.id).collect();
            for id in all {
                self.set(id, "enableSSO", json!(false));
            }
        }
        if self.operation.starts_with("oe.") && words::fills_role_assignments(&question) {
            self.set(self.subscription, "roleAssignmentsFull", json!(true));
        }
        let valid = ["not expired", "not yet expired", "not rotated", "never rotated", "updated"];
        let expired = ["expired", "rotated", "regenerated", "revoked"];
        let credential = ["sas", "key", "credential", "secret"];
        if has(&expired) && has(&credential) && !has(&valid) {
            let all: Vec<ResourceId> =
                self.design.resources.of(Kind::Datastore).map(|it| it.id).collect();
            for id in all {
                self.set(id, "credentialExpired", json!(true));
            }
        }
    }

    /// Whether a name stands in the question or in `config`.
    fn speaks_of(&self, name: &str) -> bool {
        Words::of(&self.words).any(|it| it.split('.').any(|it| it == name))
    }

    /// Draws what a text names, either containers or everything else.
    fn mentioned(&mut self, text: &str, all: bool, containers: bool) {
        if text.starts_with("/subscriptions/") {
            self.place(text);
            return;
        }
        for word in Words::of(text) {
            let kind = words::kind_of_name(&word).map(|it| it.0);
            if (kind == Some(Kind::BlobContainer)) != containers {
                continue;
            }
            // A name in a question may be that of a person or a repository.
            if kind.is_some() && (all || kind != Some(Kind::UserAssignedIdentity)) {
                self.ensure(&word);
            }
        }
    }

    /// Whatever a workspace builds its images on is a cluster, unless its name or its words tell another kind.
    fn build_compute(&mut self, config: &Map<String, Value>) {
        for (key, value) in config {
            let plain = key.to_ascii_lowercase().replace(['_', '-', ' ', '.'], "");
            let text = text_of(value).unwrap_or_default().to_ascii_lowercase();
            if !words::names_build_compute(&plain) {
                continue;
            }
            let Some(name) = Words::of(&text).next() else { continue };
            let like_a_name = name.contains('-') || name.ends_with(|it: char| it.is_ascii_digit());
            if !like_a_name || words::kind_of_name(&name).is_some() {
                continue;
            }
            let workspace = self.workspace();
            if !self.named.contains_key(&name) {
                let instance = text.contains("instance");
                let kind = if instance { Kind::ComputeInstance } else { Kind::ComputeCluster };
                self.draw(kind, &name, workspace);
            }
        }
    }

    /// The application of Azure Cosmos DB, by the name that a case gives it.
    fn cosmos(&mut self, config: &Map<String, Value>) {
        let text = Value::Object(config.clone()).to_string();
        for word in Words::of(&text).filter(|it| it.starts_with("sp:") && it.contains("cosmos")) {
            self.principal(&word);
        }
    }

    // ---- who there is ----

    /// Draws the resource whose identity a principal is.
    fn identity(&mut self, principal: &str) {
        let Some(name) = principal.strip_prefix("mi:") else { return };
        let own = name.trim_end_matches("-sai").trim_end_matches("-mi").trim_end_matches("-uai");
        let id = self.named.get(&name.to_ascii_lowercase()).copied().or_else(|| self.ensure(own));
        let Some(id) = id else {
            self.problem(format!("adapter does not know whose identity {principal} is"));
            return;
        };
        self.principals.insert(principal.to_owned(), id);
        let key = identity_key(self.kind(id));
        if let Some(key) = key
            && self.get(id, key).is_none_or(|it| it == json!("None"))
        {
            self.set(id, key, json!("SystemAssigned"));
        }
    }

    /// The user or application with this name.
    pub(super) fn person(&self, name: &str) -> Option<ResourceId> {
        ["user", "sp"].iter().find_map(|it| self.principals.get(&format!("{it}:{name}")).copied())
    }

    pub(super) fn principal(&mut self, name: &str) -> Option<ResourceId> {
        if let Some(id) = self.principals.get(name) {
            return Some(*id);
        }
        let Some((kind, local)) = name.split_once(':') else {
            self.problem(format!("adapter does not know the principal {name}"));
            return None;
        };
        let kind = match kind {
            "user" => Kind::User,
            "group" => Kind::Group,
            "sp" => Kind::ServicePrincipal,
            "mi" => {
                self.identity(name);
                return self.principals.get(name).copied();
            }
            _ => {
                self.problem(format!("adapter does not know the principal {name}"));
                return None;
            }
        };
        let id = self.design.next_id();
        self.design.resources.0.insert(id, Arc::new(Resource::new(kind, local, None)));
        self.principals.insert(name.to_owned(), id);
        // The same application in every tenant.
        if kind == Kind::ServicePrincipal && local.to_ascii_lowercase().contains("cosmos") {
            self.set(id, "appId", json!("a232010e-820c-4083-83bb-3ace5fc29d0b"));
        }
        Some(id)
    }

    fn custom_role(&mut self, name: &str, block: &Value) {
        let id = self.design.next_id();
        // On the canvas it may be assigned anywhere, as the case does where it says no more.
        self.design.resources.0.insert(id, Arc::new(Resource::new(Kind::CustomRole, name, None)));
        let scopes = ["assignableScopes", "assignable_scopes"].iter().find_map(|it| block.get(*it));
        if let Some(scopes) = scopes {
            let ids: Vec<u32> =
                texts_of(scopes).iter().filter_map(|it| self.place(it)).map(|it| it.0).collect();
            self.set(id, "assignableScopes", json!(ids));
        }
        for key in ["actions", "notActions", "dataActions", "notDataActions"] {
            if let Some(list) = block.get(key) {
                self.set(id, key, list.clone());
            }
        }
        self.roles.insert(name.to_owned(), id);
    }

    fn assign(&mut self, principal: &str, role: &str, scope: &str, condition: Option<String>) {
        let (Some(principal), Some(scope)) = (self.principal(principal), self.place(scope)) else {
            return;
        };
        let id = self.assignment(principal, role, scope);
        if let Some(condition) = condition {
            self.set(id, "condition", json!(condition));
        }
    }

    pub(super) fn assignment(
        &mut self,
        principal: ResourceId,
        role: &str,
        scope: ResourceId,
    ) -> ResourceId {
        let id = self.design.next_id();
        let assignment = Resource::new(Kind::RoleAssignment, format!("assignment-{}", id.0), None);
        self.design.resources.0.insert(id, Arc::new(assignment));
        self.refer(id, "principalId", principal);
        self.refer(id, "scope", scope);
        match self.roles.get(role).copied() {
            Some(custom) => self.refer(id, "customRole", custom),
            None => self.set(id, "roleDefinitionId", json!(role)),
        }
        id
    }

    fn deny(&mut self, row: &mut Members<'_>) {
        let id = self.design.next_id();
        let deny = Resource::new(Kind::DenyAssignment, format!("deny-{}", id.0), None);
        self.design.resources.0.insert(id, Arc::new(deny));
        if let Some(scope) = row.text(&["scope"]).and_then(|it| self.place(&it)) {
            self.refer(id, "scope", scope);
        }
        for key in ["actions", "notActions", "dataActions", "notDataActions"] {
            self.set(id, key, json!(row.texts(&[key])));
        }
        row.take(&["name", "id", "displayName"]);
        let names = row.texts(&["principals", "principal"]);
        let everyone = names.is_empty() || names.iter().any(|it| !it.contains(':'));
        self.set(id, "everyone", json!(everyone));
        if !everyone {
            let ids: Vec<u32> =
                names.iter().filter_map(|it| self.principal(it)).map(|it| it.0).collect();
            self.set(id, "principals", json!(ids));
        }
        let excluded = row.texts(&["excludePrincipals", "exclude_principals", "exclude"]);
        let ids: Vec<u32> =
            excluded.iter().filter_map(|it| self.principal(it)).map(|it| it.0).collect();
        self.set(id, "excludePrincipals", json!(ids));
        let own = row.flag(&["doNotApplyToChildScopes", "do_not_apply_to_child_scopes"]);
        self.set(id, "doNotApplyToChildScopes", json!(own.unwrap_or(false)));
    }

    pub(super) fn lock(&mut self, scope: ResourceId, level: &str) {
        let level = match level.replace(['-', ' '], "").to_ascii_lowercase().as_str() {
            "readonly" => "ReadOnly",
            "cannotdelete" | "delete" => "CanNotDelete",
            _ => {
                self.problem(format!("adapter does not know the lock {level}"));
                return;
            }
        };
        let id = self.design.next_id();
        let lock = Resource::new(Kind::Lock, format!("lock-{}", id.0), None);
        self.design.resources.0.insert(id, Arc::new(lock));
        self.set(id, "level", json!(level));
        self.refer(id, "scope", scope);
    }

    /// Puts the acting person at the only client, and names them wherever a design can name who acts.
    fn seat(&mut self, actor: Option<&str>, asked: Option<ResourceId>) {
        let name = actor.unwrap_or(SOMEBODY);
        let Some(person) = self.principal(name) else { return };
        if actor.is_none() {
            self.all_rights(person);
        }
        let at = match self.kind(person) {
            Some(Kind::User | Kind::ServicePrincipal) => person,
            _ => {
                let Some(somebody) = self.principal(SOMEBODY) else { return };
                self.all_rights(somebody);
                somebody
            }
        };
        let client = self.add(Kind::InternetClient, "laptop", None);
        self.refer(client, "user", at);
        self.set(client, "publicIpAddress", json!("203.0.113.10"));
        if self.operation == "auth.conditional_access"
            && self.kind(at) == Some(Kind::User)
            && self.get(at, "conditionalAccess").is_none()
        {
            self.set(at, "conditionalAccess", json!("met"));
        }
        for id in self.design.resources.0.keys().copied().collect::<Vec<_>>() {
            for key in ["createdBy", "submittedBy", "quotaSetBy", "usedBy"] {
                // Of role assignments, only the one in question is about to be made.
                let made = self.kind(id) == Some(Kind::RoleAssignment) && asked != Some(id);
                if !made && self.has(id, key) && self.get(id, key).is_none() {
                    self.refer(id, key, at);
                }
            }
        }
    }

    /// Whoever is not part of the question has every right.
    fn all_rights(&mut self, id: ResourceId) {
        let role = self.design.next_id();
        let parent = Some(self.subscription);
        let custom = Resource::new(Kind::CustomRole, "everything", parent);
        self.design.resources.0.insert(role, Arc::new(custom));
        self.set(role, "actions", json!(["*"]));
        self.set(role, "dataActions", json!(["*"]));
        let assignment = self.design.next_id();
        let it = Resource::new(Kind::RoleAssignment, "everything", None);
        self.design.resources.0.insert(assignment, Arc::new(it));
        self.refer(assignment, "principalId", id);
        self.refer(assignment, "scope", self.subscription);
        self.refer(assignment, "customRole", role);
    }

    fn check_settings(&mut self) {
        let mut problems = Vec::new();
        for it in self.design.resources.subjects() {
            let unreadable = it.unreadable();
            problems.extend(
                unreadable
                    .iter()
                    .map(|problem| format!("{} cannot be read as {}", it.name(), problem.field)),
            );
        }
        self.problems.extend(problems);
    }

    // ---- what the operation needs ----

    /// The image that is pulled, where a case tells repositories apart.
    fn repository(&mut self, repository: &str) {
        let environment = self.design.resources.of(Kind::EnvironmentImage).next();
        let Some(environment) = environment.map(|it| it.id) else { return };
        let registry = self.get(environment, "registry").and_then(|it| it.as_u64());
        let registry = registry.and_then(|it| u32::try_from(it).ok()).map(ResourceId);
        let name = registry.and_then(|it| self.design.get(it)).map(|it| it.name.clone());
        let host = name.unwrap_or_else(|| "acrws".to_owned());
        self.set(environment, "image", json!(format!("{host}.azurecr.io/{repository}:1")));
    }

    /// What a part of a question names to assign a role on; whom a role is for stands after "to".
    fn target_of_part(&mut self, part: &str) -> Option<ResourceId> {
        let on = part.split(" to ").next().unwrap_or(part);
        let words: Vec<String> = Words::of(on).collect();
        words.iter().find_map(|it| {
            if it.starts_with("rg-") {
                return Some(self.group(it));
            }
            if it == "subscription" {
                return Some(self.subscription);
            }
            let id = self.named.get(it).copied()?;
            let target =
                !matches!(self.kind(id), Some(Kind::ComputeCluster | Kind::ComputeInstance));
            target.then_some(id)
        })
    }

    /// What a question names after "on": "Can uma give a role on stdef?"
    fn target_named(&mut self, wish: &str) -> Option<ResourceId> {
        const BEFORE: &[&str] = &[
            " on ",
            " over ",
            " at ",
            " in ",
            " access to ",
            " owner of ",
            " contributor of ",
            " reader of ",
        ];
        let wish = wish.rsplit(". ").next().unwrap_or(wish);
        let after = BEFORE.iter().filter_map(|it| {
            let at = wish.rfind(it)?;
            Some((at, &wish[at + it.len()..]))
        });
        if let Some((_, after)) = after.max_by_key(|it| it.0) {
            return self.target_of_part(after);
        }
        // "May uma let cluster1 read stext?"
        let holds = |id: &ResourceId| {
            let kind = self.kind(*id);
            [Kind::StorageAccount, Kind::KeyVault, Kind::ContainerRegistry]
                .iter()
                .any(|it| kind == Some(*it))
        };
        let mut named: Vec<ResourceId> =
            Words::of(wish).filter_map(|it| self.named.get(&it).copied()).filter(holds).collect();
        named.dedup();
        if let [only] = named.as_slice() { Some(*only) } else { None }
    }

    /// The role assignment that the question is about: "Can cho give Storage Blob Data Reader on stdef to
    /// a cluster identity?"
    /// `part`: it is one of several, and stands where its own words say.
    fn asked_assignment(
        &mut self,
        question: &str,
        scope: &str,
        part: bool,
        actor: Option<&str>,
    ) -> Option<ResourceId> {
        if self.operation != "ws.assign_role" {
            return None;
        }
        let lower = question.to_ascii_lowercase();
        let from = ["give", "assign", "grant", "add"].iter().filter_map(|it| lower.rfind(it)).min();
        // The words of a part come first, and then what is said of all parts.
        let wish = if part { &lower } else { &lower[from.unwrap_or(0)..] };
        let named = roles::ROLES.iter().filter(|it| wish.contains(&it.name.to_ascii_lowercase()));
        // "secrets user" is one of them too.
        let words: Vec<String> = Words::of(&lower).collect();
        let alike = || {
            let short = roles::ROLES.iter().filter(|it| {
                let name: Vec<String> = Words::of(it.name).collect();
                words.iter().all(|it| name.contains(it))
            });
            short.min_by_key(|it| it.name.len())
        };
        // "del may give Storage Blob Data Reader only. Can del give it to a cluster identity?"
        let before = || {
            let all = roles::ROLES.iter();
            all.filter(|it| lower.contains(&it.name.to_ascii_lowercase()))
                .max_by_key(|it| it.name.len())
        };
        let role = named.max_by_key(|it| it.name.len()).or_else(before).or_else(alike);
        let role = role.map_or("Reader", |it| it.name);
        let custom = self.roles.keys().filter(|it| lower.contains(&it.to_ascii_lowercase()));
        let custom = custom.max_by_key(|it| it.len()).cloned();
        let role = custom.as_deref().unwrap_or(role);
        // Without a question about rights, the words name the target.
        let of_part = if part { self.target_of_part(&lower) } else { None };
        let on = self.target_named(wish);
        let target = Words::of(wish).find_map(|it| self.named.get(&it).copied());
        let scope = match of_part {
            Some(it) => it,
            None if scope.is_empty() => target?,
            None => {
                // The first right of a case may be about another place than its question.
                let asked = self.place(scope)?;
                let subject = self.design.resources.subject(asked);
                let within = |on: ResourceId| {
                    subject.is_some_and(|it| it.id == on || it.ancestors().any(|it| it.id == on))
                };
                on.filter(|it| !within(*it)).unwrap_or(asked)
            }
        };
        let oneself = ["himself", "herself", "themselves", "themself", "oneself"];
        let own = actor.filter(|_| Words::of(wish).any(|it| oneself.contains(&it.as_str())));
        let principal = if let Some(own) = own {
            self.principal(own)?
        } else if wish.contains("to a user") || wish.contains("to user") {
            self.principal("user:newcomer")?
        } else if wish.contains("to a group") || wish.contains("to group") {
            self.principal("group:newcomers")?
        } else {
            self.identity("mi:cluster1");
            self.ensure("cluster1")?
        };
        let id = self.assignment(principal, role, scope);
        let by_name = self.looks_up_assignee();
        self.set(id, "looksUpAssignee", json!(by_name));
        self.focus = Some(id);
        Some(id)
    }

    /// Whether the assignee is named by something that the command line looks up in the directory.
    fn looks_up_assignee(&self) -> bool {
        const BY_ID: &str = "--assignee-object-id";
        let denied = ["instead of ", "rather than ", "not ", "without ", "no "];
        let text = denied.iter().fold(self.words.clone(), |text, it| {
            text.replace(&format!("{it}{BY_ID}"), "").replace(&format!("{it}--assignee "), "")
        });
        !text.contains(BY_ID)
            && ["--assignee", "looks up", "looked up", "by display name", "by e-mail", "by upn"]
                .iter()
                .any(|it| text.contains(it))
    }

    /// The key that the case speaks of, else the first one that roles are given on.
    fn encrypts_with(&mut self, workspace: ResourceId, vault: ResourceId) {
        let keys: Vec<String> = self
            .design
            .resources
            .of(Kind::KeyVaultKey)
            .filter(|it| it.resource.parent == Some(vault))
            .map(|it| it.name().to_owned())
            .collect();
        let said = keys.iter().find(|it| self.speaks_of(&it.to_ascii_lowercase()));
        let Some(name) = said.or(keys.first()) else { return };
        let uri = format!("https://vault.vault.azure.net/keys/{name}/0123456789abcdef");
        self.set(workspace, "encryption.keyVaultProperties.keyIdentifier", json!(uri));
    }

    /// Draws what the operation cannot happen without.
    fn furnish(&mut self) {
        let operation = self.operation.clone();
        let is = |it: &str| operation.starts_with(it);
        if is("image.pull.kubernetes") || is("compute.attach.aks") || is("aks.v1") {
            let id = self.only(Kind::AttachedKubernetes, "aks1");
            if is("aks.v1") {
                self.set(id, "computeType", json!("AKS"));
            }
            if is("image.pull") {
                self.job("computeId", id);
            } else {
                self.focus = Some(id);
            }
        } else if is("image.pull") && !is("image.pull.serverless")
            || is("job.data")
            || is("job.output")
            || is("job.parallel")
            || is("job.secret")
            || is("dataset.profile")
            || is("auth.msi_compute")
        {
            let compute = self.compute();
            self.job("computeId", compute);
        } else if is("image.pull.serverless") {
            let workspace = self.workspace();
            self.add(Kind::Job, "job1", Some(workspace));
            self.focus = self.named.get("job1").copied();
        } else if is("compute.instance") {
            let id = self.only(Kind::ComputeInstance, "ci1");
            self.focus = Some(id);
            if is("compute.instance.run_job") {
                self.job("computeId", id);
            }
        } else if is("compute.create") {
            self.focus = Some(self.compute());
        } else if is("oe.") || is("appinsights.") {
            let endpoint = self.only(Kind::OnlineEndpoint, "ep1");
            let others: Vec<ResourceId> =
                self.design.resources.of(Kind::OnlineEndpoint).map(|it| it.id).collect();
            for id in others {
                let deployment =
                    self.add(Kind::OnlineDeployment, &format!("blue-{}", id.0), Some(id));
                self.set(deployment, "appInsightsEnabled", json!(is("appinsights.")));
            }
            self.focus = Some(endpoint);
        } else if is("be.") {
            let endpoint = self.only(Kind::BatchEndpoint, "be1");
            let cluster = self.only(Kind::ComputeCluster, "cluster1");
            self.refer(endpoint, "compute", cluster);
            self.focus = Some(endpoint);
        } else if is("aci.v1") {
            let workspace = self.workspace();
            self.focus = Some(self.add(Kind::ContainerInstanceDeployment, "aci1", Some(workspace)));
        } else if is("uai.") {
            self.focus = self.ensure("uai1");
        } else if is("auth.msi_vm") {
            self.focus = self.ensure("vm1");
            self.identity("mi:vm1");
        } else if is("ws.private_endpoint") {
            let workspace = self.workspace();
            let id = self.only(Kind::PrivateEndpoint, "pe-ws1");
            self.refer(id, "privateLinkServiceId", workspace);
            self.set(id, "groupId", json!("amlworkspace"));
            self.focus = Some(id);
        } else if is("ws.acr") || is("acr.") || is("ws.attach_acr") {
            self.focus = self.named.get("acrws").copied();
            let registries: Vec<_> = self.design.resources.of(Kind::ContainerRegistry).collect();
            let other = registries.iter().find(|it| it.name() != "acrws").map(|it| it.id);
            if is("ws.attach_acr")
                && let Some(other) = other
            {
                let workspace = self.workspace();
                self.refer(workspace, "containerRegistry", other);
                self.focus = Some(other);
            }
            if is("ws.acr.behind")
                && let (Some(registry), Some(endpoint)) = (self.focus, self.ensure("pe-acrws"))
            {
                self.refer(endpoint, "privateLinkServiceId", registry);
                self.set(endpoint, "groupId", json!("registry"));
                if self.design.get(registry).is_some_and(|it| !it.settings.contains_key("sku.name"))
                {
                    self.set(registry, "sku.name", json!("Premium"));
                }
            }
            // Turning it off is a question while it is on.
            if let Some(registry) = self.focus.filter(|_| is("acr.disable")) {
                self.set(registry, "adminUserEnabled", json!(true));
            }
        } else if is("registry.use") {
            if self.design.resources.of(Kind::MachineLearningRegistry).next().is_none() {
                self.ensure("mlreg1");
            }
        } else if is("ws.cmk") || is("ws.create.cmk") {
            let workspace = self.workspace();
            // The vault that the case names, whatever its name.
            let named = self.design.resources.of(Kind::KeyVault).find(|it| it.name() != "kvws");
            let named = named.map(|it| it.id);
            let vault = named.or_else(|| self.ensure("kvext"));
            self.set(workspace, "encryption.status", json!("Enabled"));
            if let Some(vault) = vault {
                self.refer(workspace, "encryption.keyVaultProperties.keyVaultArmId", vault);
                self.set(vault, "enablePurgeProtection", json!(true));
                self.encrypts_with(workspace, vault);
            }
            let known = self.principals.keys().any(|it| it.to_ascii_lowercase().contains("cosmos"));
            if is("ws.create.cmk") && !known {
                self.principal("sp:cosmosdb");
            }
            let named = self.design.resources.of(Kind::UserAssignedIdentity).next();
            let named = named.map(|it| it.id);
            if is("ws.cmk.storage_uai")
                && let Some(identity) = named.or_else(|| self.ensure("uai1"))
            {
                self.refer(workspace, "encryption.identity.userAssignedIdentity", identity);
                self.has_too(workspace, identity);
            }
        } else if is("kv.reuse") {
            let foreign = self.design.resources.of(Kind::KeyVault).find(|it| it.name() != "kvws");
            let foreign = foreign.map(|it| it.id);
            // The workspace's own where the case speaks of no other.
            let own = self.named.get("kvws").copied().filter(|_| self.speaks_of("kvws"));
            let Some(vault) = foreign.or(own).or_else(|| self.ensure("kvext")) else { return };
            self.set(vault, "softDeletedNameExists", json!(true));
            self.focus = Some(vault);
        }
        if is("image.build") || is("image.pull") || is("oe.deploy.private") {
            self.environment();
        }
        let reads = is("job.data") || is("dataset.profile") || is("studio.dataset");
        if reads
            || is("studio.datastore")
            || is("datastore.")
            || is("job.output")
            || is("job.parallel")
            || is("be.data")
        {
            self.data();
        }
        if is("job.secret") || is("oe.secret") {
            self.secrets();
        }
        if is("oe.score") {
            let target = self.named.get("c1").copied().unwrap_or_else(|| self.data_account());
            let deployments: Vec<ResourceId> =
                self.design.resources.of(Kind::OnlineDeployment).map(|it| it.id).collect();
            for id in deployments {
                self.set(id, "scoringReads", json!([target.0]));
            }
        }
    }

    /// What the name of an operation says by itself; `config` may say it otherwise.
    fn implied(&mut self) {
        let operation = self.operation.clone();
        let workspace = self.workspace();
        let identity = |it: &mut Builder| {
            let known = it.design.resources.of(Kind::UserAssignedIdentity).next().map(|it| it.id);
            known.or_else(|| it.ensure("uai1"))
        };
        match operation.as_str() {
            "ws.storage.identity_mode" => {
                self.set(workspace, "systemDatastoresAuthMode", json!("Identity"));
            }
            "ws.data_isolation" => self.set(workspace, "enableDataIsolation", json!(true)),
            "ws.managed_network.provision" => {
                self.set(workspace, "managedNetwork.isolationMode", json!("AllowInternetOutbound"));
            }
            "ws.create.uai" => {
                if let Some(identity) = identity(self) {
                    self.attach(workspace, identity);
                }
            }
            "compute.create.with_uai" => {
                if let (Some(identity), Some(compute)) = (identity(self), self.focus) {
                    self.attach(compute, identity);
                }
            }
            "compute.instance.idle_shutdown_with_mi" => {
                if let Some(instance) = self.focus {
                    self.set(instance, "idleTimeBeforeShutdown", json!("PT30M"));
                }
            }
            "datastore.register.grant_workspace_access" => {
                if let Some(datastore) = self.focus {
                    let identity = json!("WorkspaceSystemAssignedIdentity");
                    self.set(datastore, "serviceDataAccessAuthIdentity", identity);
                }
            }
            "compute.create.in_vnet" => {
                let subnet = self.only(Kind::Subnet, "snet-ml");
                if let Some(compute) = self.focus {
                    self.refer(compute, "workspace", workspace);
                    self.stand_in(compute, subnet);
                }
            }
            _ => {}
        }
    }

    /// Purge protection of a deleted vault is what it was created with.
    fn purge_protection(&mut self) {
        let vault = self.focus.filter(|_| self.operation.starts_with("kv.reuse"));
        if let Some(vault) = vault
            && self.get(vault, "enablePurgeProtection") == Some(json!(true))
        {
            self.set(vault, "softDeletedPurgeProtected", json!(true));
        }
    }

    /// The one resource of a kind, drawn where there is none.
    fn only(&mut self, kind: Kind, name: &str) -> ResourceId {
        let known = self.design.resources.of(kind).next().map(|it| it.id);
        known.or_else(|| self.ensure(name)).unwrap_or(self.subscription)
    }

    fn compute(&mut self) -> ResourceId {
        let found = |kind| self.design.resources.of(kind).next().map(|it| it.id);
        let known = found(Kind::ComputeCluster)
            .or_else(|| found(Kind::ComputeInstance))
            .or_else(|| found(Kind::AttachedKubernetes));
        known.unwrap_or_else(|| self.only(Kind::ComputeCluster, "cluster1"))
    }

    fn job(&mut self, key: &str, on: ResourceId) {
        let workspace = self.workspace();
        let job = self.add(Kind::Job, "job1", Some(workspace));
        self.refer(job, key, on);
        if self.operation.starts_with("dataset.profile") {
            self.set(job, "jobType", json!("DatasetProfile"));
        }
        if self.operation.starts_with("job.parallel") {
            self.set(job, "jobType", json!("ParallelRunStep"));
        }
        if self.operation.starts_with("job.data.automl") {
            self.set(job, "jobType", json!("AutoML"));
            self.set(job, "submittedWith", json!("v1"));
        }
        if self.operation.starts_with("job.data.user_identity") {
            self.set(job, "identity.identityType", json!("UserIdentity"));
        }
        self.focus = Some(job);
    }

    /// The environment of a job or a deployment, on the other registry where the case has one.
    fn environment(&mut self) {
        let operation = self.operation.clone();
        let workspace = self.workspace();
        let foreign = self
            .design
            .resources
            .of(Kind::ContainerRegistry)
            .find(|it| it.name() != "acrws")
            .map(|it| it.id);
        let id = self.add(Kind::EnvironmentImage, "environment", Some(workspace));
        let needs_one = operation.contains("private");
        let foreign = match foreign {
            None if needs_one => self.ensure("acrpriv"),
            other => other,
        };
        if let Some(registry) = foreign
            && (needs_one || operation.contains("abac"))
        {
            let source = if operation.starts_with("image.build") {
                "PrivateBaseImage"
            } else {
                "PrivateImage"
            };
            self.set(id, "imageSource", json!(source));
            self.refer(id, "registry", registry);
        }
        for (kind, key) in [(Kind::Job, "environmentId"), (Kind::OnlineDeployment, "environmentId")]
        {
            let users: Vec<ResourceId> = self.design.resources.of(kind).map(|it| it.id).collect();
            for user in users {
                self.refer(user, key, id);
            }
        }
        if operation.starts_with("image.build.on_compute") {
            let cluster = self.only(Kind::ComputeCluster, "build1");
            self.refer(workspace, "imageBuildCompute", cluster);
        }
        if operation.starts_with("image.build.private") {
            let connection = self.add(Kind::WorkspaceConnection, "connection", Some(workspace));
            self.refer(id, "connection", connection);
            if let Some(registry) = foreign {
                self.refer(connection, "targetResource", registry);
            }
        }
    }

    /// A datastore and what reads or writes it.
    fn data(&mut self) {
        let workspace = self.workspace();
        let operation = self.operation.clone();
        let default = operation.starts_with("job.parallel");
        let account = match self.named.get("stdef").copied() {
            Some(id) if default => id,
            _ => self.data_account(),
        };
        let id = self.add(Kind::Datastore, "datastore", Some(workspace));
        self.refer(id, "accountName", account);
        self.set(id, "credentials.credentialsType", json!("None"));
        if operation == "job.data.credential" {
            self.set(id, "credentials.credentialsType", json!("AccountKey"));
        }
        let containers: Vec<ResourceId> = self
            .design
            .resources
            .of(Kind::BlobContainer)
            .filter(|it| it.resource.parent == Some(account))
            .map(|it| it.id)
            .collect();
        if let [only] = containers.as_slice() {
            self.refer(id, "containerName", *only);
        }
        if let Some(job) = self.focus.filter(|it| self.kind(*it) == Some(Kind::Job)) {
            let key = if operation.starts_with("job.output") { "writes" } else { "reads" };
            self.set(job, key, json!([id.0]));
        } else if self.focus.is_some_and(|it| self.kind(it) == Some(Kind::BatchEndpoint)) {
            if let Some(endpoint) = self.focus {
                self.set(endpoint, "reads", json!([id.0]));
            }
        } else {
            self.focus = Some(id);
        }
    }

    /// What a job or a deployment takes secrets from.
    fn secrets(&mut self) {
        let own = self.named.get("kvws").copied();
        // Single secrets where the case tells them apart, else whole vaults.
        let mut vaults: Vec<u32> =
            self.design.resources.of(Kind::KeyVaultSecret).map(|it| it.id.0).collect();
        if vaults.is_empty() {
            let all = self.design.resources.of(Kind::KeyVault);
            vaults.extend(all.filter(|it| Some(it.id) != own).map(|it| it.id.0));
        }
        if self.operation.starts_with("job.") {
            let vault = if vaults.is_empty() { self.ensure("kvext").map(|it| it.0) } else { None };
            if let Some(job) = self.focus {
                let all: Vec<u32> = vaults.into_iter().chain(vault).collect();
                self.set(job, "readsSecretsFrom", json!(all));
            }
            return;
        }
        let workspace = self.workspace();
        let connection = self.add(Kind::WorkspaceConnection, "connection", Some(workspace));
        // From a connection, unless the case speaks of a vault alone.
        let mut from: Vec<u32> = Vec::new();
        if vaults.is_empty() || self.words.contains("connection") {
            from.push(connection.0);
        }
        from.extend(vaults);
        let deployments: Vec<ResourceId> =
            self.design.resources.of(Kind::OnlineDeployment).map(|it| it.id).collect();
        for id in deployments {
            self.set(id, "injectsSecretsFrom", json!(from));
        }
    }
}

/// Where a kind keeps the kind of its identity.
pub(super) fn identity_key(kind: Option<Kind>) -> Option<&'static str> {
    match kind? {
        Kind::AttachedKubernetes => Some("computeIdentity.type"),
        it if it.info().fields.iter().any(|it| it.key == "identity.type") => Some("identity.type"),
        _ => None,
    }
}

/// The kind that a type of Azure Resource Manager is drawn as.
fn kind_of_type(types: &str, name: &str) -> Option<Kind> {
    if types == "microsoft.containerservice/managedclusters"
        || types == "microsoft.kubernetes/connectedclusters"
    {
        return Some(Kind::AttachedKubernetes);
    }
    let fits = |it: &&Kind| it.info().arm_type.is_some_and(|it| it.eq_ignore_ascii_case(types));
    let all: Vec<Kind> = Kind::ALL.iter().filter(fits).copied().collect();
    // Clusters, instances and Kubernetes are all called computes; the name tells.
    words::kind_of_name(name).map(|it| it.0).filter(|it| all.contains(it)).or(all.first().copied())
}
