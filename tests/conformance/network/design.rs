//! The design of a network case, drawn with the kinds and settings of the app.
//!
//! Every member of a case must be known here: an unknown one fails the case by name, so that no fact of
//! a case is lost on the way to the solver.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use drawbridge::{
    design::Design,
    facts::cidr::Cidr,
    kinds::{Kind, Resource, ResourceId},
};
use serde_json::{Map, Value, json};

use super::balancers::{self, Joined};
use crate::reader::{Members, flag_of, text_of, texts_of};

/// A case's design as the app would hold it.
pub(crate) struct Drawn {
    pub(crate) design: Design,
    /// What a question can name: resources, clients, firewalls.
    pub(crate) named: BTreeMap<String, ResourceId>,
    /// What a question about the control plane can name besides: networks, subnets, zones, rules.
    pub(crate) places: BTreeMap<String, ResourceId>,
    /// What could not be drawn.
    pub(crate) problems: Vec<String>,
    /// Members that this adapter does not know.
    pub(crate) unread: Vec<String>,
    /// The cloud that it is for, unless that is the public one.
    pub(crate) other_cloud: Option<String>,
}

#[derive(Default)]
pub(super) struct Builder {
    design: Design,
    problems: Vec<String>,
    unread: Vec<String>,
    group: Option<ResourceId>,
    named: BTreeMap<String, ResourceId>,
    networks: BTreeMap<String, ResourceId>,
    spaces: BTreeMap<String, Vec<Cidr>>,
    subnets: BTreeMap<String, ResourceId>,
    prefixes: Vec<Cidr>,
    filters: BTreeMap<String, ResourceId>,
    groups: BTreeMap<String, ResourceId>,
    tables: BTreeMap<String, ResourceId>,
    nats: BTreeMap<String, ResourceId>,
    sites: BTreeMap<String, ResourceId>,
    tenants: BTreeMap<String, ResourceId>,
    addresses: BTreeMap<String, String>,
    /// What service endpoint policies list, by their names.
    policies: BTreeMap<String, Vec<String>>,
    /// Networks of a network manager by the name of their group.
    network_groups: BTreeMap<String, Vec<String>>,
    /// Rules of network managers, as the kind has them.
    admin_rules: Vec<Value>,
    /// Peerings that a network tells of itself: its name, the other's, the rest.
    inner_peerings: Vec<(String, Option<String>, Value)>,
    /// Pools of load balancers that clients name as theirs.
    joined: Vec<Joined>,
    /// Next hops of routes.
    hops: BTreeSet<String>,
    /// Machine learning registries, with the name of the container registry that Azure made with each.
    made_with: Vec<(ResourceId, String)>,
}

/// Names of lists that hold collections of security admin rules, and of lists of such rules.
const COLLECTIONS: &[&str] = &[
    "security_admin_configurations",
    "security_admin_configuration",
    "configurations",
    "rule_collections",
    "collections",
];
const ADMIN_RULES: &[&str] = &["security_admin_rules", "admin_rules", "rules"];
/// How cases call the two access modes of a private link scope.
const INGESTION: &[&str] = &[
    "ingestion_access_mode",
    "ingestionAccessMode",
    "access_mode_ingestion",
    "accessModeIngestion",
    "ingestion_mode",
    "ingestion",
];
const QUERY: &[&str] = &[
    "query_access_mode",
    "queryAccessMode",
    "access_mode_query",
    "accessModeQuery",
    "query_mode",
    "query",
];
/// Names under which a row says for which networks it is.
const NETWORKS: &[&str] = &[
    "vnets",
    "vnet",
    "virtual_networks",
    "networks",
    "applies_to",
    "applies_to_vnets",
    "applies_to_groups",
    "network_groups",
    "network_group",
    "target_vnets",
    "targets",
    "members",
    "static_members",
];

/// Names under which a group or a table says where it is used.
const SUBNETS: &[&str] =
    &["subnets", "associated_subnets", "subnet", "attached_to", "associations"];

/// Services that the app draws without judging them, by the names that cases have for them.
const OTHERS: &[(&str, &str)] = &[
    ("service_bus", "Microsoft.ServiceBus/namespaces"),
    ("event_hub", "Microsoft.EventHub/namespaces"),
    ("event_hubs", "Microsoft.EventHub/namespaces"),
    ("sql_server", "Microsoft.Sql/servers"),
    ("data_factory", "Microsoft.DataFactory/factories"),
    ("cosmos_db", "Microsoft.DocumentDB/databaseAccounts"),
    ("ai_services", "Microsoft.CognitiveServices/accounts"),
    ("ai_search", "Microsoft.Search/searchServices"),
];

/// Names of the sources of a firewall's rule.
const SOURCES: &[&str] = &["source", "sources", "source_addresses", "source_address"];

/// Names of its destinations.
const DESTINATIONS: &[&str] =
    &["destination", "destinations", "destination_addresses", "destination_address"];

/// Names of the ports that a rule is for.
const PORTS: &[&str] = &[
    "destination_ports",
    "destination_port",
    "destination_port_ranges",
    "destination_port_range",
    "ports",
    "port",
];

/// Region of everything that does not say where it is.
const REGION: &str = "japaneast";

/// Tenant of everything that does not say whose it is.
const TENANT: &str = "t1";

/// Draws `case.design`, and whoever asks the question where the design does not place them.
pub(crate) fn draw(case: &Value) -> Drawn {
    let mut it = Builder::default();
    let subscription = it.add(Kind::Subscription, "sub1", None);
    let group = it.add(Kind::ResourceGroup, "rg1", Some(subscription));
    it.set(group, "location", json!(REGION));
    it.set(subscription, "tenantId", json!(tenant_id(0)));
    it.group = Some(group);
    it.tenants.insert(TENANT.to_owned(), group);

    let nothing = json!({});
    let mut all = Members::of(case.get("design").unwrap_or(&nothing), "design");
    let networks = all.rows(&["vnets", "virtual_networks"]);
    let filters = all.rows(&["nsgs", "network_security_groups"]);
    let groups = all.list(&["asgs", "application_security_groups"]);
    let tables = all.rows(&["route_tables"]);
    let nats = all.rows(&["nat_gateways"]);
    let balancers = all.rows(&["load_balancers", "load_balancer", "lbs"]);
    let peerings = all.rows(&["peerings", "vnet_peerings", "virtual_network_peerings"]);
    let zones = all.rows(&["private_dns_zones", "dns_zones"]);
    let endpoints = all.rows(&["private_endpoints"]);
    let (machines, resources): (Vec<_>, Vec<_>) =
        all.rows(&["resources"]).into_iter().partition(Builder::is_machine);
    let mut clients = all.rows(&["clients", "hosts"]);
    clients.extend(all.rows(&["vms", "virtual_machines"]));
    clients.extend(machines);
    let mut gateways = all.rows(&["gateways", "vpn_gateways", "virtual_network_gateways"]);
    gateways.extend(all.rows(&["expressroute_gateways", "express_route_gateways"]));
    let sites =
        all.rows(&["onprem", "on_premises", "onprem_networks", "on_premises_networks", "sites"]);
    let firewalls = all.rows(&["firewalls", "azure_firewalls", "firewall"]);
    let servers = all.rows(&["dns_servers", "custom_dns_servers"]);
    let resolvers = all.rows(&["dns_resolvers", "private_resolvers", "dns_private_resolvers"]);
    let scopes = all.rows(&["ampls", "monitor_private_link_scopes", "private_link_scopes"]);
    let bastions = all.rows(&["bastions", "bastion_hosts"]);
    let soft_deleted = all.list(&[
        "soft_deleted",
        "soft_deleted_vaults",
        "soft_deleted_key_vaults",
        "deleted_vaults",
    ]);
    let change = all.list(&["change", "changes"]);
    let public = ["azurecloud", "azurepubliccloud", "azure", "public", "global", "azureglobal"];
    let cloud = all.text(&["cloud", "environment"]);
    let other_cloud = cloud.filter(|it| {
        let it = it.to_ascii_lowercase().replace([' ', '_', '-'], "");
        !public.contains(&&*it)
    });
    let policies = all.rows(&["service_endpoint_policies", "endpoint_policies"]);
    let managers = all.rows(&["network_managers", "network_manager", "virtual_network_managers"]);
    let groups_of_networks = all.rows(&["network_groups"]);
    let admin_rules =
        all.rows(&["security_admin_rules", "admin_rules", "avnm_rules", "network_manager_rules"]);
    let configurations = all.rows(&[
        "security_admin_configurations",
        "security_admin_configuration",
        "admin_rule_collections",
        "security_admin_rule_collections",
    ]);
    it.done(all);

    // A group of machines holds nothing but them, so naming it says all of it.
    let members = ["clients", "hosts", "private_endpoints"]
        .iter()
        .filter_map(|key| case.pointer(&format!("/design/{key}")).and_then(Value::as_array));
    let named = members.flatten().flat_map(|it| {
        let keys = ["asgs", "asg", "application_security_groups"].iter();
        keys.filter_map(|key| it.get(*key)).flat_map(texts_of).collect::<Vec<_>>()
    });
    for row in groups_of_networks {
        it.group_of_networks(row);
    }
    for row in policies {
        let name = row.peek_text("name").unwrap_or_default();
        let items = it.policy_items(row);
        it.policies.insert(name, items);
    }
    let listed = groups
        .iter()
        .map(|it| it.get("name").and_then(text_of).or_else(|| text_of(it)).unwrap_or_default());
    for name in listed.chain(named) {
        if !it.groups.contains_key(&name) {
            let id = it.add(Kind::ApplicationSecurityGroup, &name, it.group);
            it.groups.insert(name, id);
        }
    }
    for nsg in &filters {
        it.reserve(nsg, Kind::NetworkSecurityGroup, |it, name, id| {
            it.filters.insert(name, id);
        });
    }
    let mut used = Vec::new();
    for row in tables {
        let mut row = row;
        let name = row.text(&["name"]).unwrap_or_default();
        let subnets = row.texts(SUBNETS);
        let id = it.route_table(&name, row);
        used.push((id, "routeTable", subnets));
        it.tables.insert(name, id);
    }
    for mut row in nats {
        let subnets = row.texts(SUBNETS);
        let name = row.peek_text("name").unwrap_or_default();
        it.nat(row);
        used.extend(it.nats.get(&name).map(|id| (*id, "natGateway", subnets)));
    }
    for row in sites {
        it.site(row);
    }
    let mut late = Vec::new();
    for row in networks {
        late.extend(it.network(row));
    }
    it.network_manager(managers, configurations, admin_rules);
    for row in firewalls.iter().chain(&clients).chain(&servers) {
        it.note_address(row);
    }
    for row in filters {
        it.filter(row);
    }
    for row in &resources {
        it.announce(row);
    }
    for row in &scopes {
        it.reserve(row, Kind::AzureMonitorPrivateLinkScope, |it, name, id| {
            it.named.insert(name, id);
        });
    }
    for row in &clients {
        it.announce_client(row);
    }
    for subnet in late {
        it.subnet_settings(subnet);
    }
    for (id, key, subnets) in used {
        it.associate(id, key, &subnets);
    }
    for (from, to, rest) in std::mem::take(&mut it.inner_peerings) {
        let mut row = rest.as_object().cloned().unwrap_or_default();
        row.entry("from").or_insert(json!(from));
        if let Some(to) = to {
            row.entry("to").or_insert(json!(to));
        }
        it.peering(Members::of(&Value::Object(row), "peerings"));
    }
    for row in peerings {
        it.peering(row);
    }
    for row in zones {
        it.zone(row);
    }
    for row in resources {
        it.resource(row);
    }
    for (id, name) in std::mem::take(&mut it.made_with) {
        let container = it.named.get(&name).and_then(|id| it.design.get(*id));
        let access = container.and_then(|it| it.settings.get("publicNetworkAccess")).cloned();
        it.set_if(id, "containerRegistryPublicNetworkAccess", access);
    }
    for row in scopes {
        it.scope(row);
    }
    for row in endpoints {
        it.private_endpoint(row);
    }
    for row in gateways {
        it.gateway(row);
    }
    for row in firewalls {
        it.firewall(row);
    }
    for row in clients {
        it.client(row);
    }
    for row in servers {
        it.dns_server(row);
    }
    let joined = std::mem::take(&mut it.joined);
    for row in balancers {
        balancers::draw(&mut it, row, &joined);
    }
    for row in resolvers {
        it.resolver(row);
    }
    for row in bastions {
        it.bastion(row);
    }
    for vault in soft_deleted {
        it.soft_deleted(vault);
    }
    for group in groups {
        it.members_of_group(group);
    }
    it.asker(case);
    it.closed_world(case);
    for change in change {
        it.change(change);
    }
    it.check_settings();
    let subjects = it.design.resources.subjects();
    let mut places: BTreeMap<String, ResourceId> =
        subjects.map(|it| (it.name().to_owned(), it.id)).collect();
    places.extend(it.subnets);
    Drawn {
        design: it.design,
        named: it.named,
        places,
        problems: it.problems,
        unread: it.unread,
        other_cloud,
    }
}

/// A subnet whose settings name what is drawn later.
struct LateSubnet<'a> {
    id: ResourceId,
    label: String,
    row: Members<'a>,
}

impl Builder {
    fn problem(&mut self, text: impl Into<String>) {
        self.problems.push(text.into());
    }

    pub(super) fn done(&mut self, members: Members<'_>) {
        self.unread.extend(members.left());
    }

    pub(super) fn group(&self) -> Option<ResourceId> {
        self.group
    }

    pub(super) fn add(&mut self, kind: Kind, name: &str, parent: Option<ResourceId>) -> ResourceId {
        let id = self.design.next_id();
        self.design.resources.0.insert(id, Arc::new(Resource::new(kind, name, parent)));
        id
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

    pub(super) fn set_if(&mut self, id: ResourceId, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.set(id, key, value.into());
        }
    }

    fn reserve(
        &mut self,
        row: &Members<'_>,
        kind: Kind,
        note: impl Fn(&mut Builder, String, ResourceId),
    ) {
        let name = row.peek_text("name").unwrap_or_default();
        let id = self.add(kind, &name, self.group);
        note(self, name, id);
    }

    pub(super) fn known(
        &mut self,
        map: &'static str,
        name: &str,
        path: &str,
    ) -> Option<ResourceId> {
        let found = match map {
            "network" => self.networks.get(name),
            "subnet" => self.subnet_named(name),
            "nsg" => self.filters.get(name),
            "asg" => self.groups.get(name),
            "site" => self.sites.get(name),
            _ => self.named.get(name),
        };
        let found = found.copied();
        if found.is_none() {
            self.problem(format!("{path} names the {map} {name}, which the design does not have"));
        }
        found
    }

    /// By `network/subnet`, or by the name of the subnet alone where only one has it.
    fn subnet_named(&self, name: &str) -> Option<&ResourceId> {
        let mut alone = self
            .subnets
            .iter()
            .filter(|(label, _)| label.split_once('/').is_some_and(|(_, it)| it == name));
        let only = alone.next().filter(|_| alone.next().is_none());
        self.subnets.get(name).or(only.map(|(_, id)| id))
    }

    /// The resource group whose subscription belongs to `tenant`.
    fn group_of(&mut self, tenant: Option<String>) -> Option<ResourceId> {
        let tenant = tenant.unwrap_or_else(|| TENANT.to_owned());
        if let Some(id) = self.tenants.get(&tenant) {
            return Some(*id);
        }
        let n = self.tenants.len();
        let subscription = self.add(Kind::Subscription, &format!("sub-{tenant}"), None);
        self.set(subscription, "tenantId", json!(tenant_id(n)));
        let group = self.add(Kind::ResourceGroup, &format!("rg-{tenant}"), Some(subscription));
        self.set(group, "location", json!(REGION));
        self.tenants.insert(tenant, group);
        Some(group)
    }

    // ---- networks ----

    fn network<'a>(&mut self, mut row: Members<'a>) -> Vec<LateSubnet<'a>> {
        let name = row.text(&["name"]).unwrap_or_default();
        let group = self.group_of(row.text(&["tenant"]));
        let id = self.add(Kind::VirtualNetwork, &name, group);
        self.networks.insert(name.clone(), id);
        let space = row.texts(&[
            "address_space",
            "address_prefixes",
            "address_spaces",
            "address_prefix",
            "prefix",
            "prefixes",
            "cidr",
        ]);
        self.spaces.insert(name.clone(), space.iter().filter_map(|it| it.parse().ok()).collect());
        self.set(id, "addressSpace.addressPrefixes", json!(space));
        let region = row.text(&["region", "location"]);
        self.set(id, "location", json!(region.as_deref().unwrap_or(REGION)));
        if let Some(servers) = row.take(&["dns_servers", "dns"]) {
            let servers: Vec<String> =
                texts_of(servers).into_iter().filter(|it| !is_azure_dns(it)).collect();
            self.set(id, "dhcpOptions.dnsServers", json!(servers));
        }
        for rule in row.rows(&["security_admin_rules", "admin_rules"]) {
            self.rule_or_collection(rule, std::slice::from_ref(&name));
        }
        for peer in row.list(&["peerings", "peers", "peered_with"]) {
            let members = Members::of(peer, "peerings");
            let to = members.peek_text("to").or_else(|| text_of(peer));
            self.inner_peerings.push((name.clone(), to, peer.clone()));
        }
        let mut late = Vec::new();
        for mut subnet in row.rows(&["subnets"]) {
            let subnet_name = subnet.text(&["name"]).unwrap_or_default();
            let subnet_id = self.add(Kind::Subnet, &subnet_name, Some(id));
            let label = format!("{name}/{subnet_name}");
            let prefix =
                subnet.texts(&["prefix", "address_prefix", "prefixes", "address_prefixes", "cidr"]);
            if prefix.len() > 1 {
                self.problem(format!("{label} has several prefixes, which cannot be drawn"));
            }
            if let Some(prefix) = prefix.first() {
                self.prefixes.extend(prefix.parse::<Cidr>().ok());
                self.set(subnet_id, "addressPrefix", json!(prefix));
            }
            self.subnets.insert(label.clone(), subnet_id);
            late.push(LateSubnet { id: subnet_id, label, row: subnet });
        }
        self.done(row);
        late
    }

    fn subnet_settings(&mut self, late: LateSubnet<'_>) {
        let LateSubnet { id, label, mut row } = late;
        let network = self.design.get(id).and_then(|it| it.parent);
        let region = network
            .and_then(|it| self.design.get(it)?.settings.get("location").and_then(text_of))
            .unwrap_or_else(|| REGION.to_owned());
        if let Some(nsg) = row.text(&["nsg", "network_security_group"]) {
            let found = self.known("nsg", &nsg, &label);
            let found = found.map(|it| self.standing_in(it, &region));
            self.set_if(id, "networkSecurityGroup", found.map(|it| it.0));
        }
        // Routes of a table that has no name.
        if let Some(routes) = row.take(&["routes", "user_defined_routes", "udrs", "udr"]) {
            let table = json!({ "routes": routes });
            let members = Members::of(&table, format!("{label}.routes"));
            let table = self.route_table(&format!("rt-{}", label.replace('/', "-")), members);
            let table = self.standing_in(table, &region);
            self.set(id, "routeTable", json!(table.0));
        }
        match row.take(&["route_table"]) {
            Some(Value::String(name)) => match self.tables.get(name).copied() {
                Some(table) => {
                    let table = self.standing_in(table, &region);
                    self.set(id, "routeTable", json!(table.0));
                }
                None => {
                    self.problem(format!("{label} names the route table {name}, which is missing"));
                }
            },
            Some(table) => {
                let members = Members::of(table, format!("{label}.route_table"));
                let table = self.route_table(&format!("rt-{}", label.replace('/', "-")), members);
                let table = self.standing_in(table, &region);
                self.set(id, "routeTable", json!(table.0));
            }
            None => {}
        }
        let mut endpoints = Vec::new();
        for it in row.list(&["service_endpoints"]) {
            match it.as_object() {
                None => endpoints.extend(text_of(it)),
                Some(_) => {
                    let mut it = Members::of(it, format!("{label}.service_endpoints"));
                    endpoints.extend(it.text(&["service", "name"]));
                    it.take(&["locations"]);
                    self.done(it);
                }
            }
        }
        self.set(id, "serviceEndpoints", json!(endpoints));
        let listed = row.list(&[
            "service_endpoint_policies",
            "service_endpoint_policy",
            "endpoint_policies",
            "endpoint_policy",
        ]);
        if !listed.is_empty() {
            self.endpoint_policy(id, &label, &listed);
        }
        let policies = row.text(&[
            "private_endpoint_network_policies",
            "private_endpoint_network_policy",
            "pe_network_policies",
        ]);
        let policies = policies.map(|it| match it.as_str() {
            "true" => "Enabled".to_owned(),
            "false" => "Disabled".to_owned(),
            _ => it,
        });
        self.set_if(id, "privateEndpointNetworkPolicies", policies);
        let nat_ip =
            row.texts(&["nat_gateway_public_ip", "nat_public_ip", "nat_ip", "nat_gateway_ip"]);
        match row.take(&["nat_gateway"]) {
            None | Some(Value::Bool(false)) => {}
            Some(Value::String(name)) if self.nats.contains_key(name) => {
                let nat = self.nats.get(name).copied().unwrap_or_default();
                let nat = self.standing_in(nat, &region);
                self.set(id, "natGateway", json!(nat.0));
            }
            Some(it) => {
                let mut addresses = nat_ip;
                match it {
                    Value::String(it) if it.parse::<Cidr>().is_ok() => addresses.push(it.clone()),
                    Value::Object(_) => {
                        let mut it = Members::of(it, format!("{label}.nat_gateway"));
                        addresses.extend(it.texts(&["public_ip", "public_ips"]));
                        it.take(&["name"]);
                        self.done(it);
                    }
                    _ => {}
                }
                let nat = self.nat_gateway(&format!("nat-{}", label.replace('/', "-")), &addresses);
                let nat = self.standing_in(nat, &region);
                self.set(id, "natGateway", json!(nat.0));
            }
        }
        let private = row.flag(&["private", "private_subnet"]).map(|it| !it);
        let outbound = row.flag(&["default_outbound_access", "default_outbound"]).or(private);
        self.set(id, "defaultOutboundAccess", json!(outbound.unwrap_or(true)));
        // One, or a list of one, by its name or as ARM writes it.
        if let Some(it) = row.take(&["delegation", "delegated_to", "delegations"]) {
            let it = it.get(0).unwrap_or(it);
            let name = ["serviceName", "service_name", "service", "name"];
            let it = name.iter().find_map(|key| it.get(key)).unwrap_or(it);
            self.set_if(id, "delegation", it.as_str());
        }
        self.done(row);
    }

    /// Accounts and aliases that a subnet reaches, given by the policies' names or themselves.
    fn endpoint_policy(&mut self, subnet: ResourceId, label: &str, listed: &[&Value]) {
        let policy = self.add(
            Kind::ServiceEndpointPolicy,
            &format!("policy-{}", label.replace('/', "-")),
            self.group,
        );
        let mut items = Vec::new();
        for it in listed {
            let named = text_of(it).and_then(|it| self.policies.get(&it).cloned());
            match (named, it.as_object()) {
                (Some(named), _) => items.extend(named),
                (None, None) => items.extend(texts_of(it)),
                (None, Some(_)) => {
                    let row = Members::of(it, format!("{label}.service_endpoint_policies"));
                    items.extend(self.policy_items(row));
                }
            }
        }
        let mut accounts = Vec::new();
        for it in items {
            if it.to_ascii_lowercase().contains("machinelearning") {
                self.set(policy, "machineLearning", json!(true));
                continue;
            }
            // One that the design does not hold stays unnamed: what it lists is nobody else.
            let name = it.rsplit('/').next().unwrap_or_default();
            accounts.extend(self.named.get(name).map(|it| it.0));
        }
        self.set(policy, "serviceResources", json!(accounts));
        self.set(subnet, "serviceEndpointPolicies", json!([policy.0]));
    }

    fn policy_items(&mut self, mut row: Members<'_>) -> Vec<String> {
        let mut items = row.texts(&[
            "accounts",
            "resources",
            "storage_accounts",
            "service_resources",
            "allowed_resources",
            "allowed",
            "allow",
        ]);
        items.extend(row.texts(&["aliases", "service_aliases", "alias"]));
        for inner in row.rows(&["definitions", "policy_definitions"]) {
            items.extend(self.policy_items(inner));
        }
        row.take(&["name", "service", "region", "location"]);
        self.done(row);
        items
    }

    /// The resource where a subnet of `region` uses it. Cases do not say where groups, tables and NAT
    /// gateways stand, and Azure wants them beside the network.
    fn standing_in(&mut self, id: ResourceId, region: &str) -> ResourceId {
        let written =
            self.design.get(id).and_then(|it| it.settings.get("location")).and_then(text_of);
        match written {
            Some(it) if it != region => {
                let Some(mut copy) = self.design.get(id).cloned() else { return id };
                copy.name = format!("{}-{region}", copy.name);
                copy.settings.insert("location".to_owned(), json!(region));
                let twin = self.design.resources.0.iter().find(|(_, it)| it.name == copy.name);
                if let Some((id, _)) = twin {
                    return *id;
                }
                let id = self.design.next_id();
                self.design.resources.0.insert(id, Arc::new(copy));
                id
            }
            Some(_) => id,
            None => {
                self.set(id, "location", json!(region));
                id
            }
        }
    }

    fn nat(&mut self, mut row: Members<'_>) {
        let name = row.text(&["name"]).unwrap_or_default();
        let addresses = row.texts(&["public_ip", "public_ips", "public_ip_addresses"]);
        let id = self.nat_gateway(&name, &addresses);
        self.nats.insert(name, id);
        self.done(row);
    }

    fn nat_gateway(&mut self, name: &str, addresses: &[String]) -> ResourceId {
        let id = self.add(Kind::NatGateway, name, self.group);
        let mut ips = Vec::new();
        if addresses.is_empty() {
            ips.push(self.add(Kind::PublicIpAddress, &format!("pip-{name}"), self.group).0);
        }
        for (n, address) in addresses.iter().enumerate() {
            ips.push(self.public_ip(&format!("pip-{name}-{n}"), address).0);
        }
        self.set(id, "publicIpAddresses", json!(ips));
        id
    }

    pub(super) fn public_ip(&mut self, name: &str, address: &str) -> ResourceId {
        let id = self.add(Kind::PublicIpAddress, name, self.group);
        self.set(id, "ipAddress", json!(address));
        id
    }

    fn route_table(&mut self, name: &str, mut row: Members<'_>) -> ResourceId {
        let id = self.add(Kind::RouteTable, name, self.group);
        row.take(&["name"]);
        let mut routes = Vec::new();
        let rows = row.rows(&["routes", "user_defined_routes", "udrs", "user_routes"]);
        for (n, mut route) in rows.into_iter().enumerate() {
            let prefix = route
                .text(&["prefix", "address_prefix", "destination", "destination_prefix", "to"])
                .unwrap_or_default();
            let hop = route.text(&["next_hop", "next_hop_type", "type"]).unwrap_or_default();
            let ip = route.text(&[
                "next_hop_ip",
                "next_hop_ip_address",
                "next_hop_address",
                "next_hop_name",
                "appliance",
            ]);
            let name = route.text(&["name"]).unwrap_or_else(|| format!("route-{n}"));
            self.done(route);
            let (hop, ip) = match hop.as_str() {
                // An address or a name in place of the type means an appliance.
                it if it.parse::<std::net::Ipv4Addr>().is_ok() => {
                    ("VirtualAppliance".to_owned(), Some(hop.clone()))
                }
                "VNetLocal" | "VirtualNetwork" => ("VnetLocal".to_owned(), ip),
                it if self.addresses.contains_key(it) => {
                    ("VirtualAppliance".to_owned(), Some(hop.clone()))
                }
                _ => (hop, ip),
            };
            let ip = ip.map(|it| self.addresses.get(&it).cloned().unwrap_or(it));
            self.hops.extend(ip.clone());
            routes.push(json!({
                "name": name,
                "addressPrefix": prefix,
                "nextHopType": hop,
                "nextHopIpAddress": ip,
            }));
        }
        self.set(id, "routes", json!(routes));
        let propagates = row.flag(&[
            "gateway_route_propagation",
            "propagate_gateway_routes",
            "bgp_route_propagation",
            "bgp_propagation",
            "route_propagation",
        ]);
        let disabled = row.flag(&[
            "disable_bgp_route_propagation",
            "disable_gateway_route_propagation",
            "disable_bgp_propagation",
        ]);
        row.take(&["region", "location"]);
        let disabled = disabled.or(propagates.map(|it| !it));
        self.set(id, "disableBgpRoutePropagation", json!(disabled.unwrap_or(false)));
        self.done(row);
        id
    }

    fn filter(&mut self, mut row: Members<'_>) {
        let name = row.text(&["name"]).unwrap_or_default();
        let Some(id) = self.filters.get(&name).copied() else { return };
        let mut rules = Vec::new();
        for mut rule in row.rows(&["rules", "security_rules", "custom_rules"]) {
            let priority = rule.take(&["priority"]).cloned().unwrap_or(Value::Null);
            let path = rule.path().to_owned();
            let mut it = Map::new();
            it.insert("name".to_owned(), json!(rule.text(&["name"]).unwrap_or_default()));
            it.insert("priority".to_owned(), priority);
            it.insert("direction".to_owned(), json!(capital(&rule.text(&["direction"]))));
            it.insert(
                "access".to_owned(),
                json!(capital(&rule.text(&["access", "action", "effect"]))),
            );
            it.insert("protocol".to_owned(), json!(protocol(&rule.text(&["protocol"]))));
            for (side, names, ports, port_names) in [
                (
                    "source",
                    &[
                        "source",
                        "sources",
                        "source_address_prefix",
                        "source_address_prefixes",
                        "source_prefix",
                        "source_addresses",
                    ][..],
                    "sourcePortRanges",
                    &["source_ports", "source_port", "source_port_range", "source_port_ranges"][..],
                ),
                (
                    "destination",
                    &[
                        "destination",
                        "destinations",
                        "destination_address_prefix",
                        "destination_address_prefixes",
                        "destination_prefix",
                        "destination_addresses",
                    ][..],
                    "destinationPortRanges",
                    PORTS,
                ),
            ] {
                let mut prefixes = Vec::new();
                let mut groups = Vec::new();
                let mut places = rule.texts(names);
                places.extend(rule.texts(&[
                    &format!("{side}_asgs"),
                    &format!("{side}_asg"),
                    &format!("{side}_application_security_groups"),
                ]));
                for place in places {
                    let asg = place.strip_prefix("asg:").unwrap_or(&place);
                    match self.groups.get(asg) {
                        Some(asg) => groups.push(asg.0),
                        None if asg != place => {
                            self.problem(format!("{path} names the group {asg}, which is missing"));
                        }
                        None if place.eq_ignore_ascii_case("any") => prefixes.push("*".to_owned()),
                        None => prefixes.push(place),
                    }
                }
                if prefixes.is_empty() && groups.is_empty() {
                    prefixes.push("*".to_owned());
                }
                it.insert(format!("{side}AddressPrefixes"), json!(prefixes));
                it.insert(format!("{side}ApplicationSecurityGroups"), json!(groups));
                it.insert(ports.to_owned(), json!(all_ports(rule.texts(port_names))));
            }
            self.done(rule);
            rules.push(Value::Object(it));
        }
        self.set(id, "securityRules", json!(rules));
        let subnets = row.texts(SUBNETS);
        self.associate(id, "networkSecurityGroup", &subnets);
        row.take(&["region", "location"]);
        self.done(row);
    }

    /// Gives subnets what names them.
    fn associate(&mut self, id: ResourceId, key: &str, subnets: &[String]) {
        for name in subnets {
            let Some(subnet) = self.known("subnet", name, key) else { continue };
            let network = self.design.get(subnet).and_then(|it| it.parent);
            let region = network
                .and_then(|it| self.design.get(it)?.settings.get("location").and_then(text_of))
                .unwrap_or_else(|| REGION.to_owned());
            let here = self.standing_in(id, &region);
            self.set(subnet, key, json!(here.0));
        }
    }

    fn group_of_networks(&mut self, mut row: Members<'_>) {
        let name = row.text(&["name"]).unwrap_or_default();
        let members = row.texts(NETWORKS);
        self.network_groups.insert(name, members);
        self.done(row);
    }

    /// One manager holds all rules, wherever a case writes them.
    fn network_manager(
        &mut self,
        managers: Vec<Members<'_>>,
        configurations: Vec<Members<'_>>,
        rules: Vec<Members<'_>>,
    ) {
        for mut row in managers {
            for group in row.rows(&["network_groups", "groups"]) {
                self.group_of_networks(group);
            }
            self.rule_collection(row, &[]);
        }
        for row in configurations {
            self.rule_collection(row, &[]);
        }
        for rule in rules {
            self.rule_or_collection(rule, &[]);
        }
        let rules = std::mem::take(&mut self.admin_rules);
        if !rules.is_empty() {
            let id = self.add(Kind::NetworkManager, "network-manager", self.group);
            self.set(id, "securityAdminRules", json!(rules));
        }
    }

    /// A manager, a configuration or a collection: each may say for which networks what it holds is.
    fn rule_collection(&mut self, mut row: Members<'_>, outer: &[String]) {
        let own = row.texts(NETWORKS);
        let networks = if own.is_empty() { outer.to_vec() } else { own };
        for inner in row.rows(COLLECTIONS) {
            self.rule_collection(inner, &networks);
        }
        for rule in row.rows(ADMIN_RULES) {
            self.rule_or_collection(rule, &networks);
        }
        // Cases have networks and rules that are in force.
        row.take(&[
            "name",
            "region",
            "location",
            "scope",
            "deployed",
            "committed",
            "subscriptions",
        ]);
        self.done(row);
    }

    /// A row of a list of rules may hold rules itself: "avnm1 for v1, with these rules".
    fn rule_or_collection(&mut self, row: Members<'_>, outer: &[String]) {
        if COLLECTIONS.iter().chain(ADMIN_RULES).any(|it| row.has(it)) {
            self.rule_collection(row, outer);
        } else {
            self.admin_rule(row, outer);
        }
    }

    fn admin_rule(&mut self, mut row: Members<'_>, outer: &[String]) {
        let path = row.path().to_owned();
        let own = row.texts(NETWORKS);
        let named = if own.is_empty() { outer.to_vec() } else { own };
        let mut networks = Vec::new();
        for name in &named {
            let members = self.network_groups.get(name).cloned();
            for name in members.unwrap_or_else(|| vec![name.clone()]) {
                networks.extend(self.known("network", &name, &path).map(|it| it.0));
            }
        }
        if named.is_empty() {
            networks.extend(self.networks.values().map(|it| it.0));
        }
        let priority = row.take(&["priority"]).cloned().unwrap_or(json!(100));
        let n = self.admin_rules.len();
        let access = row.text(&["access", "action", "effect"]).unwrap_or_default();
        let access = match access.to_ascii_lowercase().replace([' ', '_', '-'], "").as_str() {
            "alwaysallow" => "AlwaysAllow".to_owned(),
            _ => capital(&Some(access)),
        };
        let protocol = match protocol(&row.text(&["protocol"])).as_str() {
            "*" => "Any".to_owned(),
            it => it.to_owned(),
        };
        let sources = any(row.texts(&["source", "sources", "source_address_prefixes"]));
        let destinations =
            any(row.texts(&["destination", "destinations", "destination_address_prefixes"]));
        let from = row.texts(&["source_ports", "source_port", "source_port_ranges"]);
        let to = row.texts(PORTS);
        self.admin_rules.push(json!({
            "name": row.text(&["name"]).unwrap_or_else(|| format!("admin-rule-{n}")),
            "priority": priority,
            "direction": capital(&row.text(&["direction"])),
            "access": access,
            "protocol": protocol,
            "sources": sources,
            "sourcePortRanges": all_ports(from),
            "destinations": destinations,
            "destinationPortRanges": all_ports(to),
            "virtualNetworks": networks,
        }));
        self.done(row);
    }

    fn peering(&mut self, mut row: Members<'_>) {
        let path = row.path().to_owned();
        let from = row.text(&["from", "vnet", "local_vnet"]).unwrap_or_default();
        let to = row
            .text(&["to", "remote_vnet", "remote", "remote_virtual_network"])
            .unwrap_or_default();
        let name = row.text(&["name"]).unwrap_or_else(|| format!("{from}-to-{to}"));
        let id = self.add(Kind::VirtualNetworkPeering, &name, None);
        let (a, b) = (self.known("network", &from, &path), self.known("network", &to, &path));
        self.set_if(id, "virtualNetwork", a.map(|it| it.0));
        self.set_if(id, "remoteVirtualNetwork", b.map(|it| it.0));
        let state = row.text(&["state", "peering_state"]);
        self.set_if(id, "peeringState", state);
        for (names, key) in [
            ("allow_virtual_network_access", "allowVirtualNetworkAccess"),
            ("allow_forwarded_traffic", "allowForwardedTraffic"),
            ("allow_gateway_transit", "allowGatewayTransit"),
            ("use_remote_gateways", "useRemoteGateways"),
        ] {
            let it = row.flag(&[names]);
            self.set_if(id, key, it);
        }
        self.done(row);
    }

    // ---- names ----

    fn zone(&mut self, mut row: Members<'_>) {
        let path = row.path().to_owned();
        let name = row.text(&["name"]).unwrap_or_default();
        let id = self.add(Kind::PrivateDnsZone, &name, self.group);
        let mut links = Vec::new();
        for link in row.list(&[
            "links",
            "linked_vnets",
            "vnet_links",
            "virtual_network_links",
            "linked_to",
            "linked_networks",
            "vnets",
        ]) {
            let (network, policy) = match text_of(link) {
                Some(network) => (network, None),
                None => {
                    let mut link = Members::of(link, format!("{path}.links"));
                    let network = link.text(&["vnet", "network", "virtual_network"]);
                    let policy = link.text(&["resolution_policy"]);
                    link.take(&["name", "registration_enabled"]);
                    self.done(link);
                    (network.unwrap_or_default(), policy)
                }
            };
            if let Some(network) = self.known("network", &network, &path) {
                links.push(json!({
                    "virtualNetwork": network.0,
                    "resolutionPolicy": policy.as_deref().unwrap_or("Default"),
                }));
            }
        }
        self.set(id, "virtualNetworkLinks", json!(links));
        let mut records = Vec::new();
        let written = pairs(row.take(&["records", "a_records", "record_sets"]));
        for (name, addresses) in &written {
            records.push(json!({ "name": name, "addresses": addresses }));
        }
        // Azure writes a record for each host that telemetry goes to; cases name one for all of them.
        let regional = |it: &str| it.strip_suffix(".in.ai").is_some_and(|it| it != "global");
        if !written.iter().any(|it| regional(&it.0))
            && let Some((_, addresses)) = written.iter().find(|it| it.0.ends_with("in.ai"))
        {
            records.push(json!({ "name": "*.in.ai", "addresses": addresses }));
        }
        self.set(id, "records", json!(records));
        self.done(row);
    }

    fn private_endpoint(&mut self, mut row: Members<'_>) {
        let path = row.path().to_owned();
        let name = row.text(&["name"]).unwrap_or_default();
        let subnet = row.text(&["subnet"]).unwrap_or_default();
        let parent = self.known("subnet", &subnet, &path);
        let id = self.add(Kind::PrivateEndpoint, &name, parent);
        let target = row
            .text(&["target", "resource", "target_resource", "private_link_service", "service"])
            .unwrap_or_default();
        let target = self.known("resource", &target, &path);
        self.set_if(id, "privateLinkServiceId", target.map(|it| it.0));
        let group = row.text(&[
            "group_id",
            "sub_resource",
            "subresource",
            "target_sub_resource",
            "target_subresource",
            "group_ids",
        ]);
        self.set_if(id, "groupId", group);
        let state = row.text(&["connection_state", "state", "status"]);
        self.set_if(id, "connectionState", state);
        let mut addresses = Vec::new();
        match row.take(&["private_ips", "private_ip", "ips", "ip", "ip_configurations"]) {
            Some(Value::Object(members)) => {
                for (member, address) in members {
                    for address in texts_of(address) {
                        addresses
                            .push(json!({ "memberName": member, "privateIPAddress": address }));
                    }
                }
            }
            Some(list) => {
                for address in texts_of(list) {
                    addresses.push(json!({ "memberName": "", "privateIPAddress": address }));
                }
            }
            None => {}
        }
        self.set(id, "ipConfigurations", json!(addresses));
        let mut groups = Vec::new();
        for asg in row.texts(&["asgs", "application_security_groups"]) {
            groups.extend(self.known("asg", &asg, &path).map(|it| it.0));
        }
        self.set(id, "applicationSecurityGroups", json!(groups));
        // Cases write the records of zones themselves; a zone group would only repeat them.
        row.take(&["region", "zone_group", "dns_zone_group"]);
        self.done(row);
    }

    // ---- outside ----

    fn site(&mut self, mut row: Members<'_>) {
        let name = row.text(&["name"]).unwrap_or_default();
        let id = self.add(Kind::OnPremisesNetwork, &name, None);
        self.sites.insert(name, id);
        let space = row.texts(&["address_space", "address_prefixes", "prefixes"]);
        self.set(id, "localNetworkAddressSpace.addressPrefixes", json!(space));
        let announced = row.texts(&[
            "advertised_prefixes",
            "advertises",
            "advertised_routes",
            "bgp_routes",
            "routes_advertised",
            "bgp_advertised_prefixes",
            "bgp_prefixes",
        ]);
        if !announced.is_empty() {
            self.set(id, "advertisedPrefixes", json!(announced));
            self.set(id, "bgpSettings.asn", json!(65010));
        }
        let gave_routes = row.has("routes_to_azure");
        let routes = row.texts(&["routes_to_azure", "static_routes_to_azure"]);
        if gave_routes && routes.is_empty() {
            self.set(id, "routesToAzure", json!(["255.255.255.255/32"]));
        } else {
            self.set(id, "routesToAzure", json!(routes));
        }
        let forwarders = self.forwarders(
            &mut row,
            &["dns_conditional_forwarders", "conditional_forwarders", "dns_forwarders"],
        );
        self.set(id, "dnsForwarders", forwarders);
        let default = row.text(&["dns_default", "default"]);
        match default.as_deref().map(addresses_in) {
            Some(servers) if !servers.is_empty() => {
                self.set(id, "dnsDefault", json!("Forward"));
                self.set(id, "dnsForwardTo", json!(servers));
            }
            _ => self.set(id, "dnsDefault", json!("PublicRecursion")),
        }
        let records = host_records(row.take(&["dns_records", "records", "static_records"]));
        self.set(id, "dnsRecords", json!(records));
        let public = row.texts(&["public_ip", "public_ips", "nat_ip", "egress_ip"]);
        self.set_if(id, "publicIpAddress", public.first().cloned());
        let internet = row.flag(&["internet_access"]);
        self.set_if(id, "internetAccess", internet);
        self.done(row);
    }

    fn forwarders(&mut self, row: &mut Members<'_>, names: &[&str]) -> Value {
        let mut all = Vec::new();
        match row.take(names) {
            Some(Value::Object(map)) if !map.contains_key("zone") => {
                for (zone, to) in map {
                    all.push(json!({ "zone": zone, "to": self.servers(&texts_of(to)) }));
                }
            }
            Some(Value::Array(items)) => {
                for it in items {
                    let mut it = Members::of(it, format!("{}.forwarders", row.path()));
                    let zone = it.text(&["zone", "domain", "name"]).unwrap_or_default();
                    let to = it.texts(&["to", "server", "servers", "target", "forward_to"]);
                    self.done(it);
                    all.push(json!({ "zone": zone, "to": self.servers(&to) }));
                }
            }
            _ => {}
        }
        Value::Array(all)
    }

    /// Addresses, or names of those who have one.
    fn servers(&self, written: &[String]) -> Vec<String> {
        written
            .iter()
            .map(|it| {
                self.addresses.get(it).cloned().unwrap_or_else(|| {
                    if is_azure_dns(it) { "168.63.129.16".to_owned() } else { it.clone() }
                })
            })
            .collect()
    }

    fn gateway(&mut self, mut row: Members<'_>) {
        let path = row.path().to_owned();
        let network = row.text(&["vnet", "network"]).unwrap_or_default();
        let name = row.text(&["name"]).unwrap_or_else(|| format!("gw-{network}"));
        // A network whose subnets are listed has no others.
        let mut listed = self.subnets.keys().filter(|it| it.starts_with(&format!("{network}/")));
        let first = listed.next().and_then(|it| self.subnets.get(it)).copied();
        let subnet = match first {
            Some(other) if !self.subnets.contains_key(&format!("{network}/GatewaySubnet")) => {
                Some(other)
            }
            _ => self.special_subnet(&network, "GatewaySubnet", &path),
        };
        let id = self.add(Kind::VirtualNetworkGateway, &name, subnet);
        let kind = row.text(&["type", "gateway_type"]).unwrap_or_default().to_ascii_lowercase();
        let circuit = kind.contains("express") || kind == "er";
        self.set(id, "gatewayType", json!(if circuit { "ExpressRoute" } else { "Vpn" }));
        let mut sites = Vec::new();
        for site in
            row.texts(&["connected_onprem", "connected_to", "connections", "onprem", "sites"])
        {
            sites.extend(self.known("site", &site, &path).map(|it| it.0));
        }
        self.set(id, "connections", json!(sites));
        let bgp = row.flag(&["bgp", "enable_bgp"]);
        self.set_if(id, "enableBgp", bgp);
        let routes = row.texts(&[
            "bgp_routes",
            "learned_routes",
            "advertised_prefixes",
            "bgp_learned_routes",
            "received_routes",
        ]);
        if !routes.is_empty() {
            self.set(id, "enableBgp", json!(true));
            for site in &sites {
                self.set(ResourceId(*site), "advertisedPrefixes", json!(routes));
                self.set(ResourceId(*site), "bgpSettings.asn", json!(65010));
            }
        }
        row.take(&["region", "sku"]);
        self.named.insert(name, id);
        self.done(row);
    }

    /// The drawn subnet of a network that an address belongs to.
    fn subnet_holding(&self, network: &str, address: std::net::Ipv4Addr) -> Option<ResourceId> {
        self.subnets
            .iter()
            .filter(|(label, _)| label.split('/').next() == Some(network))
            .find(|(_, id)| {
                let prefix = self.design.get(**id).and_then(|it| it.settings.get("addressPrefix"));
                let prefix = prefix.and_then(text_of).and_then(|it| it.parse::<Cidr>().ok());
                prefix.is_some_and(|it| it.contains(address))
            })
            .map(|(_, id)| *id)
    }

    /// A subnet that Azure wants by name; cases may leave it to the reader.
    fn special_subnet(&mut self, network: &str, name: &str, path: &str) -> Option<ResourceId> {
        if let Some(id) = self.subnets.get(&format!("{network}/{name}")) {
            return Some(*id);
        }
        let parent = self.known("network", network, path)?;
        let id = self.add(Kind::Subnet, name, Some(parent));
        let prefix = self.spaces.get(network).and_then(|it| it.first()).and_then(|space| {
            // From the end of the space, where cases draw nothing.
            let last = space.last().to_bits();
            (0..64)
                .map(|n| Cidr::holding(std::net::Ipv4Addr::from_bits(last - n * 64), 26))
                .find(|it| space.covers(*it) && !self.prefixes.iter().any(|p| p.overlaps(*it)))
        });
        if let Some(prefix) = prefix {
            self.prefixes.push(prefix);
            self.set(id, "addressPrefix", json!(prefix.to_string()));
        }
        self.set(id, "defaultOutboundAccess", json!(true));
        self.subnets.insert(format!("{network}/{name}"), id);
        Some(id)
    }

    fn firewall(&mut self, mut row: Members<'_>) {
        let path = row.path().to_owned();
        let name = row.text(&["name"]).unwrap_or_default();
        let subnet = match row.text(&["subnet"]) {
            Some(subnet) => {
                row.take(&["vnet"]);
                self.known("subnet", &subnet, &path)
            }
            None => {
                let network = row.text(&["vnet", "network"]).unwrap_or_default();
                let address = row.peek_text("private_ip").and_then(|it| it.parse().ok());
                match address.and_then(|it| self.subnet_holding(&network, it)) {
                    Some(id) => Some(id),
                    None => self.special_subnet(&network, "AzureFirewallSubnet", &path),
                }
            }
        };
        let id = self.add(Kind::AzureFirewall, &name, subnet);
        let address = row.text(&["private_ip", "private_ip_address"]);
        self.set_if(id, "privateIPAddress", address);
        let mut ips = Vec::new();
        let public = row.texts(&["public_ip", "public_ips", "public_ip_address"]);
        for (n, ip) in public.iter().enumerate() {
            ips.push(self.public_ip(&format!("pip-{name}-{n}"), ip).0);
        }
        self.set(id, "publicIpAddresses", json!(ips));
        let tier = row.text(&["sku", "tier", "sku_tier"]);
        self.set_if(id, "sku.tier", tier);
        // Under Azure's own name nothing said is off.
        let unsaid = !row.has("dns_settings");
        let proxy = ["dns_proxy", "dns", "dns_settings", "enable_dns_proxy", "dns_proxy_enabled"];
        match row.take(&proxy) {
            Some(Value::Object(map)) => {
                let on =
                    ["enabled", "enable_proxy", "enableProxy"].iter().find_map(|it| map.get(*it));
                let on = on.and_then(flag_of).unwrap_or(unsaid);
                self.set(id, "dnsSettings.enableProxy", json!(on));
                let servers = map.get("servers").map(texts_of).unwrap_or_default();
                let servers: Vec<_> = servers.into_iter().filter(|it| !is_azure_dns(it)).collect();
                self.set(id, "dnsSettings.servers", json!(servers));
            }
            Some(it) => self.set(id, "dnsSettings.enableProxy", json!(flag_of(it) == Some(true))),
            None => {}
        }
        let servers = row.texts(&["dns_servers"]);
        let servers: Vec<_> = servers.into_iter().filter(|it| !is_azure_dns(it)).collect();
        if !servers.is_empty() {
            self.set(id, "dnsSettings.servers", json!(servers));
        }
        if row.flag(&["snat_private", "snat_all", "snat_private_ranges"]) == Some(true) {
            self.set(id, "snat.privateRanges", json!(["255.255.255.255/32"]));
        }
        let threat = row.text(&["threat_intel", "threat_intel_mode"]);
        self.set_if(id, "threatIntelMode", threat);
        let [mut network, mut application, mut nat] = [
            row.list(&["network_rules", "network_rule_collections"]),
            row.list(&[
                "application_rules",
                "application_rule_collections",
                "app_rules",
                "fqdn_rules",
            ]),
            row.list(&[
                "nat_rules",
                "dnat_rules",
                "nat_rule_collections",
                "dnat",
                "inbound_nat_rules",
            ]),
        ];
        for it in row.list(&["rule_collections", "collections", "policy_rule_collections"]) {
            let kind = ["type", "kind", "rule_type", "name"].iter().find_map(|key| it.get(*key));
            let kind = kind.and_then(text_of).unwrap_or_default().to_ascii_lowercase();
            if kind.contains("nat") {
                nat.push(it);
            } else if kind.contains("app") || kind.contains("fqdn") {
                application.push(it);
            } else {
                network.push(it);
            }
        }
        for (key, written, read) in [
            (
                "networkRules",
                network,
                Builder::network_rule as fn(&mut Builder, Members<'_>) -> Value,
            ),
            ("applicationRules", application, Builder::application_rule),
            ("natRules", nat, Builder::nat_rule),
        ] {
            let mut rules = Vec::new();
            for rule in written.into_iter().flat_map(in_collection) {
                let mut rule = read(self, Members::of(&rule, format!("{path}.{key}")));
                // What is translated came to the firewall's own address, named or not.
                let to = rule.get_mut("destinationAddresses").filter(|_| key == "natRules");
                if let Some(to) = to
                    && (*to == json!([]) || *to == json!([name]))
                {
                    *to = json!(public);
                }
                rules.push(rule);
            }
            self.set(id, key, json!(rules));
        }
        row.take(&["region"]);
        self.named.insert(name, id);
        self.done(row);
    }

    fn rule_head(row: &mut Members<'_>, kind: &str) -> Map<String, Value> {
        let priority = row.take(&["priority"]).and_then(Value::as_u64).unwrap_or(200);
        let mut it = Map::new();
        it.insert("collection".to_owned(), json!(format!("{kind}-{priority}")));
        it.insert("priority".to_owned(), json!(priority));
        let name = row.text(&["name"]).unwrap_or_else(|| format!("{kind}-{priority}"));
        it.insert("name".to_owned(), json!(name));
        it
    }

    fn network_rule(&mut self, mut row: Members<'_>) -> Value {
        let mut it = Self::rule_head(&mut row, "network");
        it.insert("action".to_owned(), json!(capital(&row.text(&["action", "access"]))));
        it.insert(
            "ipProtocols".to_owned(),
            json!(transports(&row.texts(&["protocol", "protocols"]))),
        );
        it.insert("sourceAddresses".to_owned(), json!(any(row.texts(SOURCES))));
        let places = row.texts(DESTINATIONS);
        let (names, places): (Vec<_>, Vec<_>) = places.into_iter().partition(|it| is_host_name(it));
        let mut fqdns = row.texts(&["destination_fqdns", "fqdns", "target_fqdns"]);
        fqdns.extend(names);
        let places = if places.is_empty() && fqdns.is_empty() { any(places) } else { places };
        let places: Vec<_> = places.into_iter().flat_map(|it| any(vec![it])).collect();
        it.insert("destinationAddresses".to_owned(), json!(places));
        it.insert("destinationFqdns".to_owned(), json!(fqdns));
        let ports = row.texts(PORTS);
        it.insert("destinationPorts".to_owned(), json!(all_ports(ports)));
        self.done(row);
        Value::Object(it)
    }

    fn application_rule(&mut self, mut row: Members<'_>) -> Value {
        let mut it = Self::rule_head(&mut row, "application");
        it.insert("action".to_owned(), json!(capital(&row.text(&["action", "access"]))));
        it.insert("sourceAddresses".to_owned(), json!(any(row.texts(SOURCES))));
        let fqdns = row.texts(&[
            "fqdns",
            "target_fqdns",
            "fqdn",
            "destination",
            "destination_fqdns",
            "targets",
        ]);
        it.insert("targetFqdns".to_owned(), json!(fqdns));
        it.insert("fqdnTags".to_owned(), json!(row.texts(&["fqdn_tags"])));
        let ports = row.texts(&["ports", "port"]);
        let written = row.texts(&["protocols", "protocol"]);
        let mut protocols: Vec<String> = Vec::new();
        for protocol in written {
            let (kind, port) = protocol.split_once(':').unwrap_or((&protocol, ""));
            let kind = capital(&Some(kind.to_owned()));
            match (kind.as_str(), port, ports.first()) {
                ("Tcp" | "*" | "Any", ..) => {}
                (_, "", Some(_)) => {
                    protocols.extend(ports.iter().map(|it| format!("{kind}:{it}")));
                }
                ("Http", "", None) => protocols.push("Http:80".to_owned()),
                ("Mssql", "", None) => protocols.push("Mssql:1433".to_owned()),
                (_, "", None) => protocols.push(format!("{kind}:443")),
                (_, port, _) => protocols.push(format!("{kind}:{port}")),
            }
        }
        if protocols.is_empty() {
            let ports = if ports.is_empty() { vec!["443".to_owned()] } else { ports };
            protocols.extend(ports.iter().map(|it| match it.as_str() {
                "80" => "Http:80".to_owned(),
                "1433" => "Mssql:1433".to_owned(),
                it => format!("Https:{it}"),
            }));
        }
        it.insert("protocols".to_owned(), json!(protocols));
        self.done(row);
        Value::Object(it)
    }

    fn nat_rule(&mut self, mut row: Members<'_>) -> Value {
        let mut it = Self::rule_head(&mut row, "dnat");
        it.insert(
            "ipProtocols".to_owned(),
            json!(transports(&row.texts(&["protocol", "protocols"]))),
        );
        it.insert("sourceAddresses".to_owned(), json!(any(row.texts(SOURCES))));
        let places = row.texts(DESTINATIONS);
        it.insert("destinationAddresses".to_owned(), json!(places));
        let ports = row.texts(PORTS);
        it.insert("destinationPorts".to_owned(), json!(ports));
        let to = row.text(&[
            "translated_address",
            "to",
            "translated_ip",
            "translated_to",
            "translated_destination",
            "target",
        ]);
        // An address may bring its port.
        let (to, with) = match to.as_deref().and_then(|it| it.rsplit_once(':')) {
            Some((address, port)) => (Some(address.to_owned()), Some(port.to_owned())),
            None => (to, None),
        };
        // A machine may be named in place of its address.
        let to = to.map(|it| self.addresses.get(&it).cloned().unwrap_or(it));
        it.insert("translatedAddress".to_owned(), json!(to));
        let port = row.take(&["translated_port", "to_port"]);
        let port = port.and_then(text_of).or(with).or_else(|| ports.first().cloned());
        let port: u32 = port.and_then(|it| it.parse().ok()).unwrap_or(443);
        it.insert("translatedPort".to_owned(), json!(port));
        row.take(&["action", "access"]);
        self.done(row);
        Value::Object(it)
    }

    // ---- clients ----

    /// Members that an application security group lists itself.
    fn members_of_group(&mut self, group: &Value) {
        const KEY: &str = "applicationSecurityGroups";
        if !group.is_object() {
            return;
        }
        let mut row = Members::of(group, "asgs");
        let name = row.text(&["name"]).unwrap_or_default();
        let members = row.texts(&["members", "hosts", "clients", "vms", "nics"]);
        row.take(&["region", "location"]);
        self.done(row);
        let Some(group) = self.groups.get(&name).map(|it| it.0) else { return };
        for member in members {
            let endpoint = || {
                let all = &self.design.resources;
                all.of(Kind::PrivateEndpoint).find(|it| it.name() == member).map(|it| it.id)
            };
            let id = self.named.get(&member).copied().or_else(endpoint);
            let Some(id) = id.or_else(|| self.known("resource", &member, &name)) else { continue };
            let now = self.design.get(id).and_then(|it| it.settings.get(KEY));
            let mut groups = now.and_then(Value::as_array).cloned().unwrap_or_default();
            if !groups.contains(&json!(group)) {
                groups.push(json!(group));
                self.set(id, KEY, json!(groups));
            }
        }
    }

    fn note_address(&mut self, row: &Members<'_>) {
        if let (Some(name), Some(address)) = (row.peek_text("name"), row.peek_text("private_ip")) {
            self.addresses.insert(name, address);
        }
    }

    fn client_kind(row: &Members<'_>) -> Kind {
        let kind = row.peek_text("kind").or_else(|| row.peek_text("type")).unwrap_or_default();
        let kind = kind.to_ascii_lowercase();
        if kind.contains("dns") {
            Kind::CustomDnsServer
        } else if kind.contains("onprem") || kind.contains("on_prem") || row.has("site") {
            Kind::OnPremisesClient
        } else if kind.contains("internet") || (!row.has("subnet") && kind != "vm") {
            Kind::InternetClient
        } else {
            Kind::VirtualMachine
        }
    }

    fn announce_client(&mut self, row: &Members<'_>) {
        let name = row.peek_text("name").unwrap_or_default();
        let kind = Self::client_kind(row);
        let parent = match row.peek_text("subnet").or_else(|| row.peek_text("site")) {
            None => None,
            Some(it) => self.subnet_named(&it).or(self.sites.get(&it)).copied(),
        };
        let id = self.add(kind, &name, parent);
        self.named.insert(name, id);
    }

    fn client(&mut self, mut row: Members<'_>) {
        let path = row.path().to_owned();
        let kind = Self::client_kind(&row);
        let name = row.text(&["name"]).unwrap_or_default();
        let Some(id) = self.named.get(&name).copied() else { return };
        row.take(&["kind", "type"]);
        if kind == Kind::VirtualMachine {
            row.take(&["vnet", "network", "virtual_network"]);
        }
        match row.text(&["subnet"]) {
            Some(subnet) => {
                self.known("subnet", &subnet, &path);
            }
            None => {
                if let Some(site) = row.text(&["site", "onprem"]) {
                    self.known("site", &site, &path);
                }
            }
        }
        if kind == Kind::CustomDnsServer {
            self.dns_settings(id, &mut row);
            self.done(row);
            return;
        }
        let browser = row.text(&["browser"]);
        let over_https =
            row.flag(&["dns_over_https", "doh"]).or(browser.as_deref().map(over_https));
        self.set_if(id, "dnsOverHttps", over_https);
        let hosts = host_records(row.take(&["hosts_file", "hosts", "hosts_entries"]));
        self.set(id, "hosts", json!(hosts));
        if kind != Kind::InternetClient {
            let proxy = row.flag(&["forward_proxy", "proxy", "uses_proxy"]);
            self.set_if(id, "forwardProxy", proxy);
        }
        let public = row.take(&["public_ip", "public_ip_address"]);
        match kind {
            Kind::VirtualMachine => {
                let address = row.text(&["private_ip", "ip"]);
                self.set_if(id, "privateIPAddress", address);
                let ip = match public {
                    None | Some(Value::Bool(false)) => None,
                    Some(Value::Bool(true)) => {
                        Some(self.add(Kind::PublicIpAddress, &format!("pip-{name}"), self.group))
                    }
                    Some(it) => text_of(it).map(|it| self.public_ip(&format!("pip-{name}"), &it)),
                };
                self.set_if(id, "publicIPAddress", ip.map(|it| it.0));
                if let Some(nsg) = row.text(&["nic_nsg", "nsg", "network_security_group"]) {
                    let found = self.known("nsg", &nsg, &path);
                    self.set_if(id, "networkSecurityGroup", found.map(|it| it.0));
                }
                let mut groups = Vec::new();
                for asg in row.texts(&["asgs", "asg", "application_security_groups"]) {
                    groups.extend(self.known("asg", &asg, &path).map(|it| it.0));
                }
                self.set(id, "applicationSecurityGroups", json!(groups));
                self.joined.extend(balancers::joined(&mut row, id));
                let forwards = row.flag(&["ip_forwarding", "enable_ip_forwarding"]);
                self.set_if(id, "enableIPForwarding", forwards);
                // Cases list what an appliance denies; one without rules lets all through.
                if forwards == Some(true) {
                    self.set(id, "forwardedTraffic", json!("Passed"));
                }
                let servers = row.texts(&["dns_servers"]);
                let servers: Vec<_> = servers.into_iter().filter(|it| !is_azure_dns(it)).collect();
                self.set(id, "dnsSettings.dnsServers", json!(servers));
                row.take(&["region", "tenant"]);
            }
            Kind::OnPremisesClient => {
                let address = row.text(&["private_ip", "ip"]);
                self.set_if(id, "privateIPAddress", address);
                let servers = row.texts(&["dns_servers"]);
                self.set(id, "dnsServers", json!(servers));
                if let (Some(site), Some(public)) =
                    (self.design.get(id).and_then(|it| it.parent), public.and_then(text_of))
                {
                    self.set(site, "publicIpAddress", json!(public));
                }
            }
            _ => {
                self.set_if(id, "publicIpAddress", public.and_then(text_of));
                row.take(&["private_ip", "nic_nsg"]);
            }
        }
        self.done(row);
    }

    fn dns_server(&mut self, mut row: Members<'_>) {
        let path = row.path().to_owned();
        let name = row.text(&["name"]).unwrap_or_default();
        let parent = match row.text(&["subnet"]) {
            Some(subnet) => self.known("subnet", &subnet, &path),
            None => row.text(&["site"]).and_then(|it| self.known("site", &it, &path)),
        };
        let id = self.add(Kind::CustomDnsServer, &name, parent);
        self.named.insert(name, id);
        row.take(&["kind", "type"]);
        self.dns_settings(id, &mut row);
        self.done(row);
    }

    fn dns_settings(&mut self, id: ResourceId, row: &mut Members<'_>) {
        let address = row.text(&["private_ip", "ip"]);
        self.set_if(id, "privateIPAddress", address);
        let forwarders = self.forwarders(row, &["conditional_forwarders", "forwarders"]);
        self.set(id, "forwarders", forwarders);
        let default = row.text(&["default", "default_forwarder", "forward_to", "upstream"]);
        let servers = default.as_deref().map(addresses_in).unwrap_or_default();
        let default = default.unwrap_or_default();
        let upstream = if servers.iter().any(|it| is_azure_dns(it)) || is_azure_dns(&default) {
            "AzureDns"
        } else if servers.is_empty() {
            "PublicRecursion"
        } else {
            self.set(id, "forwardTo", json!(servers));
            "Forward"
        };
        self.set(id, "default", json!(upstream));
        let records = host_records(row.take(&["records", "static_records", "zones"]));
        self.set(id, "records", json!(records));
        row.take(&["public_ip", "nic_nsg"]);
    }

    fn resolver(&mut self, mut row: Members<'_>) {
        let path = row.path().to_owned();
        let name = row.text(&["name"]).unwrap_or_default();
        // Of several inbound endpoints the app draws the first.
        let mut inbound = row.rows(&["inbound_endpoints", "inbound_endpoint"]).into_iter();
        let mut inbound = inbound.next();
        let mut of_inbound = |names: &[&str]| inbound.as_mut().and_then(|it| it.text(names));
        let own = of_inbound(&["subnet"]);
        let address = of_inbound(&["private_ip", "ip", "address"]);
        let subnet = row.text(&["inbound_subnet", "subnet"]).or(own).unwrap_or_default();
        let parent = self.known("subnet", &subnet, &path);
        let id = self.add(Kind::DnsResolver, &name, parent);
        let address = row.text(&["inbound_ip", "private_ip", "inbound_endpoint_ip"]).or(address);
        row.take(&["vnet", "network", "region"]);
        self.set_if(id, "inboundEndpoint.privateIpAddress", address);
        if let Some(subnet) = row.text(&["outbound_subnet"]) {
            let found = self.known("subnet", &subnet, &path);
            self.set_if(id, "outboundEndpoint.subnet", found.map(|it| it.0));
        }
        let mut rules = Vec::new();
        for mut rule in row.rows(&["forwarding_rules", "rules"]) {
            let zone = rule.text(&["zone", "domain", "domain_name"]).unwrap_or_default();
            let to = rule.texts(&["to", "target", "servers"]);
            self.done(rule);
            rules.push(json!({ "domainName": zone, "targetDnsServers": self.servers(&to) }));
        }
        self.set(id, "forwardingRules", json!(rules));
        let mut links = Vec::new();
        for network in row.texts(&["linked_vnets", "links"]) {
            links.extend(self.known("network", &network, &path).map(|it| it.0));
        }
        self.set(id, "virtualNetworkLinks", json!(links));
        row.take(&["vnet"]);
        self.named.insert(name, id);
        self.done(row);
    }

    fn bastion(&mut self, mut row: Members<'_>) {
        let path = row.path().to_owned();
        let name = row.text(&["name"]).unwrap_or_default();
        let network = row.text(&["vnet"]).unwrap_or_default();
        let subnet = match row.text(&["subnet"]) {
            Some(subnet) => self.known("subnet", &subnet, &path),
            None => self.special_subnet(&network, "AzureBastionSubnet", &path),
        };
        let id = self.add(Kind::BastionHost, &name, subnet);
        row.take(&["public_ip", "sku"]);
        self.named.insert(name, id);
        self.done(row);
    }

    // ---- resources ----

    fn resource_kind(row: &Members<'_>) -> Kind {
        let it = row.peek_text("type").or_else(|| row.peek_text("kind")).unwrap_or_default();
        match it.to_ascii_lowercase().replace([' ', '-'], "_").as_str() {
            "storage" | "storage_account" => Kind::StorageAccount,
            "key_vault" | "keyvault" | "vault" => Kind::KeyVault,
            "container_registry" | "acr" | "registry" => Kind::ContainerRegistry,
            "ml_workspace" | "workspace" | "aml_workspace" | "machine_learning_workspace" => {
                Kind::Workspace
            }
            "ml_registry" | "aml_registry" | "machine_learning_registry" | "azureml_registry" => {
                Kind::MachineLearningRegistry
            }
            // Nodes of serverless compute are those of a cluster that nobody sees.
            "compute_cluster" | "cluster" | "amlcompute" | "aml_compute" | "serverless"
            | "serverless_compute" | "spark" | "serverless_spark" => Kind::ComputeCluster,
            "compute_instance" => Kind::ComputeInstance,
            "managed_online_endpoint" | "online_endpoint" => Kind::OnlineEndpoint,
            "managed_online_deployment" | "online_deployment" => Kind::OnlineDeployment,
            "batch_endpoint" => Kind::BatchEndpoint,
            "app_insights" | "application_insights" => Kind::ApplicationInsights,
            "log_analytics" | "log_analytics_workspace" => Kind::LogAnalyticsWorkspace,
            "ampls" | "monitor_private_link_scope" | "azure_monitor_private_link_scope" => {
                Kind::AzureMonitorPrivateLinkScope
            }
            it if it.contains("kubernetes") || it == "aks" || it.starts_with("aks_") => {
                Kind::AttachedKubernetes
            }
            "aci" | "aci_deployment" | "container_instance" | "container_instance_deployment" => {
                Kind::ContainerInstanceDeployment
            }
            "bastion" | "bastion_host" => Kind::BastionHost,
            it => Self::kind_like(it),
        }
    }

    /// A kind by the words of its name, for names that no list can foresee.
    fn kind_like(it: &str) -> Kind {
        const OTHERS: &[&str] = &["synapse", "databricks", "purview", "event", "service_bus"];
        if OTHERS.iter().any(|word| it.contains(word)) {
            return Kind::Other;
        }
        let learning = ["ml", "machine_learning", "azureml"].iter().any(|word| it.contains(word));
        for (words, kind) in [
            (&["private_link_scope"][..], Kind::AzureMonitorPrivateLinkScope),
            (&["insights"], Kind::ApplicationInsights),
            (&["log_analytics"], Kind::LogAnalyticsWorkspace),
            (&["storage", "data_lake", "adls"], Kind::StorageAccount),
            (&["vault"], Kind::KeyVault),
            (&["online_endpoint"], Kind::OnlineEndpoint),
            (&["online_deployment"], Kind::OnlineDeployment),
            (&["batch_endpoint"], Kind::BatchEndpoint),
            (&["container_instance"], Kind::ContainerInstanceDeployment),
            (&["compute_instance"], Kind::ComputeInstance),
            (&["cluster", "serverless", "spark"], Kind::ComputeCluster),
        ] {
            if words.iter().any(|word| it.contains(word)) {
                return kind;
            }
        }
        match it {
            it if it.contains("registry") && learning => Kind::MachineLearningRegistry,
            it if it.contains("registry") => Kind::ContainerRegistry,
            it if it.contains("workspace") && learning => Kind::Workspace,
            _ => Kind::Other,
        }
    }

    /// Whether a resource is one that sends packets itself, which stand among the clients.
    fn is_machine(row: &Members<'_>) -> bool {
        let it = row.peek_text("type").or_else(|| row.peek_text("kind")).unwrap_or_default();
        let it = it.to_ascii_lowercase().replace([' ', '-'], "_");
        ["vm", "virtual_machine", "internet_client", "onprem_host", "dns_server"].contains(&&*it)
    }

    /// Gives a resource its number before others name it.
    fn announce(&mut self, row: &Members<'_>) {
        let name = row.peek_text("name").unwrap_or_default();
        let kind = Self::resource_kind(row);
        let subnet = row.peek_text("subnet").and_then(|it| self.subnet_named(&it).copied());
        let workspace = row.peek_text("workspace").unwrap_or_default();
        let parent = match kind {
            Kind::ComputeCluster
            | Kind::ComputeInstance
            | Kind::ContainerInstanceDeployment
            | Kind::AttachedKubernetes
                if subnet.is_some() =>
            {
                subnet
            }
            // Where it cannot stand; Azure refuses that.
            Kind::OnlineEndpoint if subnet.is_some() => subnet,
            Kind::OnlineDeployment => {
                let endpoint = row.peek_text("endpoint").unwrap_or_default();
                self.named.get(&endpoint).copied()
            }
            Kind::ComputeCluster
            | Kind::ComputeInstance
            | Kind::ContainerInstanceDeployment
            | Kind::OnlineEndpoint
            | Kind::BatchEndpoint => Some(self.workspace(&workspace)),
            _ => {
                let tenant = row.peek_text("tenant");
                self.group_of(tenant)
            }
        };
        match self.named.get(&name).copied() {
            // A workspace that something before it has named.
            Some(id) => {
                if let Some(it) = self.design.resources.0.get_mut(&id) {
                    let it = Arc::make_mut(it);
                    (it.kind, it.parent) = (kind, parent);
                }
            }
            None => {
                let id = self.add(kind, &name, parent);
                self.named.insert(name, id);
            }
        }
    }

    /// The workspace of this name; a case may name one that it says nothing else of.
    fn workspace(&mut self, name: &str) -> ResourceId {
        if let Some(id) = self.named.get(name) {
            return *id;
        }
        let id = self.add(Kind::Workspace, name, self.group);
        self.named.insert(name.to_owned(), id);
        id
    }

    fn resource(&mut self, mut row: Members<'_>) {
        let name = row.text(&["name"]).unwrap_or_default();
        let Some(id) = self.named.get(&name).copied() else { return };
        let kind = Self::resource_kind(&row);
        let written = row.text(&["type", "kind"]).unwrap_or_default();
        let region = row.text(&["region", "location"]);
        row.take(&["tenant", "resource_group", "subscription"]);
        // Computes are where their network or workspace is unless the case says otherwise.
        let compute = matches!(kind, Kind::ComputeCluster | Kind::AttachedKubernetes);
        if kind.info().fields.iter().any(|it| it.key == "location")
            && (region.is_some() || !compute)
        {
            self.set(id, "location", json!(region.as_deref().unwrap_or(REGION)));
        }
        match kind {
            Kind::StorageAccount => self.storage(id, &mut row),
            Kind::KeyVault => self.key_vault(id, &mut row),
            Kind::ContainerRegistry => self.registry(id, &mut row),
            Kind::Workspace => self.workspace_settings(id, &mut row),
            Kind::ComputeCluster | Kind::ComputeInstance => self.compute(id, &mut row),
            Kind::OnlineEndpoint => {
                row.take(&["workspace", "subnet"]);
                self.access(id, "publicNetworkAccess", &mut row, &["public_network_access"]);
                let auth = row.text(&["auth_mode"]);
                self.set_if(id, "authMode", auth);
                let egress = row.text(&["egress_public_network_access"]);
                if let Some(egress) = egress {
                    let deployment = self.add(Kind::OnlineDeployment, "blue", Some(id));
                    self.set(
                        deployment,
                        "egressPublicNetworkAccess",
                        json!(capital(&Some(egress))),
                    );
                }
            }
            Kind::OnlineDeployment => {
                row.take(&["workspace", "endpoint"]);
                self.access(
                    id,
                    "egressPublicNetworkAccess",
                    &mut row,
                    &["egress_public_network_access"],
                );
            }
            Kind::BatchEndpoint => {
                row.take(&["workspace"]);
                if let Some(compute) = row.text(&["compute"]) {
                    let compute = self.named.get(&compute).map(|it| it.0);
                    self.set_if(id, "compute", compute);
                }
            }
            Kind::ApplicationInsights | Kind::LogAnalyticsWorkspace => {
                self.access(
                    id,
                    "publicNetworkAccessForIngestion",
                    &mut row,
                    &["public_network_access_for_ingestion", "public_ingestion"],
                );
                self.access(
                    id,
                    "publicNetworkAccessForQuery",
                    &mut row,
                    &["public_network_access_for_query", "public_query"],
                );
                // Membership in a scope is written there as well.
                row.take(&["in_ampls", "ampls"]);
                if let Some(workspace) = row.text(&["workspace"]) {
                    let workspace = self.named.get(&workspace).map(|it| it.0);
                    self.set_if(id, "WorkspaceResourceId", workspace);
                }
            }
            Kind::AzureMonitorPrivateLinkScope => self.scope_settings(id, &mut row),
            Kind::AttachedKubernetes => {
                // Which network it is to join follows from its workspace.
                row.take(&["subnet", "network"]);
                if let Some(workspace) = row.text(&["workspace"]) {
                    let workspace = self.workspace(&workspace);
                    self.set(id, "workspace", json!(workspace.0));
                }
                let private = row.flag(&["private", "private_cluster"]);
                self.set_if(id, "apiServerAccessProfile.enablePrivateCluster", private);
                let public_name = row.flag(&["public_fqdn"]);
                self.set_if(
                    id,
                    "apiServerAccessProfile.enablePrivateClusterPublicFQDN",
                    public_name,
                );
            }
            Kind::ContainerInstanceDeployment => {
                row.take(&["subnet"]);
                if let Some(workspace) = row.text(&["workspace"]) {
                    let workspace = self.workspace(&workspace);
                    self.set(id, "workspace", json!(workspace.0));
                }
            }
            Kind::BastionHost => {
                row.take(&["subnet", "vnet", "public_ip", "sku"]);
            }
            Kind::MachineLearningRegistry => {
                self.access(id, "publicNetworkAccess", &mut row, &["public_network_access"]);
                // Its storage is reached by nobody whom a case asks about.
                row.take(&["storage", "storage_account"]);
                self.made_with.extend(row.text(&["container_registry"]).map(|it| (id, it)));
            }
            Kind::Other if OTHERS.iter().any(|(it, _)| written == *it) => {
                let arm_type = OTHERS.iter().find(|(it, _)| written == *it).map(|(_, it)| *it);
                self.set_if(id, "type", arm_type);
                // What it lets in is nothing that the app knows of.
                row.take(&["public_network_access", "sku", "network_acls"]);
            }
            _ => {
                self.set(id, "type", json!(written));
                self.problem(format!("adapter does not know the resource type {written}"));
                return;
            }
        }
        self.done(row);
    }

    fn access(&mut self, id: ResourceId, key: &str, row: &mut Members<'_>, names: &[&str]) {
        let it = row.text(names);
        let it = it.map(|it| match it.to_ascii_lowercase().as_str() {
            "true" => "Enabled".to_owned(),
            "false" => "Disabled".to_owned(),
            "securedbyperimeter" | "secured_by_perimeter" => "SecuredByPerimeter".to_owned(),
            _ => capital(&Some(it)),
        });
        self.set_if(id, key, it);
    }

    /// Members of a nested firewall object, or of the resource itself.
    fn acls<'a>(row: &mut Members<'a>, names: &[&str]) -> Option<Members<'a>> {
        let path = row.path().to_owned();
        row.take(names).map(|it| Members::of(it, format!("{path}.network_acls")))
    }

    fn subnet_rules(&mut self, id: ResourceId, key: &str, acls: &mut Members<'_>) {
        let mut subnets = Vec::new();
        for it in acls.list(&["virtual_network_rules", "vnet_rules", "subnet_rules"]) {
            let name = it.get("subnet").or(it.get("id")).unwrap_or(it);
            let name = text_of(name).unwrap_or_default();
            // The rule of a subnet that was deleted admits nobody.
            subnets.extend(self.subnet_named(&name).map(|it| it.0));
        }
        let path = acls.path();
        if key.is_empty() {
            if !subnets.is_empty() {
                self.problem(format!("adapter cannot write {path}.virtual_network_rules"));
            }
        } else {
            self.set(id, key, json!(subnets));
        }
    }

    fn ip_rules(&mut self, id: ResourceId, key: &str, acls: &mut Members<'_>, names: &[&str]) {
        let mut rules = Vec::new();
        for it in acls.list(names) {
            let rule = it.get("value").or(it.get("prefix")).unwrap_or(it);
            rules.extend(texts_of(rule));
        }
        self.set(id, key, json!(rules));
    }

    fn storage(&mut self, id: ResourceId, row: &mut Members<'_>) {
        let hns = row.flag(&["hierarchical_namespace", "is_hns_enabled"]);
        self.set_if(id, "isHnsEnabled", hns);
        let sku = row.text(&["sku"]);
        self.set_if(id, "sku.name", sku);
        let kind = row.text(&["account_kind"]);
        self.set_if(id, "kind", kind);
        let keys = row.flag(&["allow_shared_key_access"]);
        self.set_if(id, "allowSharedKeyAccess", keys);
        self.access(id, "publicNetworkAccess", row, &["public_network_access"]);
        let Some(mut acls) = Self::acls(row, &["network_acls", "network_rule_set"]) else { return };
        let action = acls.text(&["default_action"]);
        self.set_if(id, "networkAcls.defaultAction", action);
        self.ip_rules(id, "networkAcls.ipRules", &mut acls, &["ip_rules"]);
        self.subnet_rules(id, "networkAcls.virtualNetworkRules", &mut acls);
        if acls.has("bypass") {
            let bypass = acls.texts(&["bypass"]);
            let bypass: Vec<_> = bypass.into_iter().filter(|it| it != "None").collect();
            self.set(id, "networkAcls.bypass", json!(bypass));
        }
        let mut rules = Vec::new();
        let path = acls.path().to_owned();
        for it in acls.list(&["resource_access_rules", "resource_instances"]) {
            let (resource, tenant) = match text_of(it) {
                Some(name) => (name, None),
                None => {
                    let mut it = Members::of(it, format!("{path}.resource_access_rules"));
                    let resource = it.text(&[
                        "resource",
                        "resource_id",
                        "resourceId",
                        "name",
                        "instance",
                        "resource_instance",
                    ]);
                    let tenant = it.text(&["tenant", "tenant_id", "tenantId"]);
                    self.done(it);
                    (resource.unwrap_or_default(), tenant)
                }
            };
            // By its name or its id. One that the case does not draw is nobody of those drawn.
            let name = resource.rsplit('/').next().unwrap_or_default();
            let resource = match self.named.get(name).copied() {
                Some(it) => it,
                None => self.add(Kind::Workspace, name, self.group),
            };
            let tenant = tenant.and_then(|it| self.tenant_guid(&it));
            rules.push(json!({ "resourceId": resource.0, "tenantId": tenant }));
        }
        self.set(id, "networkAcls.resourceAccessRules", json!(rules));
        self.done(acls);
    }

    fn tenant_guid(&mut self, tenant: &str) -> Option<String> {
        if tenant == TENANT {
            return None;
        }
        let group = self.group_of(Some(tenant.to_owned()))?;
        let subscription = self.design.get(group)?.parent?;
        self.design.get(subscription)?.settings.get("tenantId").and_then(text_of)
    }

    fn key_vault(&mut self, id: ResourceId, row: &mut Members<'_>) {
        self.access(id, "publicNetworkAccess", row, &["public_network_access"]);
        let rbac = row.flag(&["enable_rbac_authorization", "rbac"]);
        self.set_if(id, "enableRbacAuthorization", rbac);
        let purge = row.flag(&["purge_protection", "enable_purge_protection"]);
        self.set_if(id, "enablePurgeProtection", purge);
        let soft = row.flag(&["soft_delete", "enable_soft_delete"]);
        self.set_if(id, "enableSoftDelete", soft);
        let held = row.flag(&[
            "soft_deleted_name_exists",
            "soft_deleted",
            "name_soft_deleted",
            "soft_deleted_same_name",
            "same_name_soft_deleted",
        ]);
        self.set_if(id, "softDeletedNameExists", held);
        row.take(&["sku"]);
        let Some(mut acls) = Self::acls(row, &["network_acls", "network_rule_set"]) else { return };
        let action = acls.text(&["default_action"]);
        self.set_if(id, "networkAcls.defaultAction", action);
        self.ip_rules(id, "networkAcls.ipRules", &mut acls, &["ip_rules"]);
        self.subnet_rules(id, "networkAcls.virtualNetworkRules", &mut acls);
        if acls.has("bypass") {
            let bypass = acls.texts(&["bypass"]);
            let trusted = bypass.iter().any(|it| it == "AzureServices");
            self.set(
                id,
                "networkAcls.bypass",
                json!(if trusted { "AzureServices" } else { "None" }),
            );
        }
        self.done(acls);
    }

    fn registry(&mut self, id: ResourceId, row: &mut Members<'_>) {
        let sku = row.text(&["sku"]);
        self.set_if(id, "sku.name", sku);
        self.access(id, "publicNetworkAccess", row, &["public_network_access"]);
        let bypass = row.text(&["network_rule_bypass_options", "bypass"]);
        self.set_if(id, "networkRuleBypassOptions", bypass);
        let tasks = row.flag(&["network_rule_bypass_allowed_for_tasks"]);
        self.set_if(id, "networkRuleBypassAllowedForTasks", tasks);
        let data = row.flag(&["data_endpoint_enabled", "dedicated_data_endpoints"]);
        self.set_if(id, "dataEndpointEnabled", data);
        let admin = row.flag(&["admin_user_enabled", "admin_enabled"]);
        self.set_if(id, "adminUserEnabled", admin);
        let mut replications = Vec::new();
        for it in row.list(&["replications", "replicas", "geo_replications"]) {
            let region = it.get("region").or(it.get("location")).unwrap_or(it);
            replications.push(json!({ "location": text_of(region).unwrap_or_default() }));
        }
        self.set(id, "replications", json!(replications));
        let Some(mut acls) = Self::acls(row, &["network_rule_set", "network_acls"]) else { return };
        let action = acls.text(&["default_action"]);
        self.set_if(id, "networkRuleSet.defaultAction", action);
        self.ip_rules(id, "networkRuleSet.ipRules", &mut acls, &["ip_rules"]);
        let key = "networkRuleSet.virtualNetworkRules";
        let known = Kind::ContainerRegistry.info().fields.iter().any(|it| it.key == key);
        self.subnet_rules(id, if known { key } else { "" }, &mut acls);
        self.done(acls);
    }

    fn workspace_settings(&mut self, id: ResourceId, row: &mut Members<'_>) {
        let guid = row.text(&["guid", "workspace_id"]);
        self.set_if(id, "workspaceId", guid);
        self.access(id, "publicNetworkAccess", row, &["public_network_access"]);
        self.ip_rules(
            id,
            "networkAcls.ipRules",
            row,
            &["network_acls_ip_rules", "ip_rules", "ip_allowlist"],
        );
        let legacy = row.flag(&["v1_legacy_mode"]);
        self.set_if(id, "v1LegacyMode", legacy);
        let hbi = row.flag(&["hbi_workspace"]);
        self.set_if(id, "hbiWorkspace", hbi);
        for (names, key) in [
            (&["default_storage", "storage_account", "storage"][..], "storageAccount"),
            (&["key_vault"][..], "keyVault"),
            (&["container_registry"][..], "containerRegistry"),
            (&["application_insights", "app_insights"][..], "applicationInsights"),
            (&["image_build_compute"][..], "imageBuildCompute"),
        ] {
            if let Some(name) = row.text(names) {
                // Cases name what belongs to a workspace even where they do not describe it.
                let found = self.named.get(&name).map(|it| it.0);
                self.set_if(id, key, found);
            }
        }
        let mode =
            row.text(&["managed_network_isolation_mode", "managed_network_mode", "isolation_mode"]);
        self.set_if(id, "managedNetwork.isolationMode", mode.map(isolation_mode));
        match row.take(&["managed_network", "managed_virtual_network", "managed_vnet"]) {
            Some(Value::String(mode)) => {
                self.set(id, "managedNetwork.isolationMode", json!(isolation_mode(mode.clone())));
            }
            Some(it) => {
                let mut it = Members::of(it, format!("{}.managed_network", row.path()));
                let mode = it.text(&["isolation_mode", "isolationMode", "mode"]);
                self.set_if(id, "managedNetwork.isolationMode", mode.map(isolation_mode));
                let ready = it.flag(&["provisioned"]);
                let status = ready.map(|it| if it { "Active" } else { "Inactive" });
                self.set_if(id, "managedNetwork.status.status", status);
                let sku = it.text(&["firewall_sku"]);
                self.set_if(id, "managedNetwork.firewallSku", sku);
                let rules = it.rows(&[
                    "user_outbound_rules",
                    "outbound_rules",
                    "user_defined_rules",
                    "user_defined_outbound_rules",
                    "user_rules",
                    "rules",
                ]);
                let rules: Vec<Value> = rules
                    .into_iter()
                    .enumerate()
                    .map(|(n, it)| self.outbound_rule(n, it))
                    .collect();
                self.set(id, "managedNetwork.outboundRules", json!(rules));
                self.done(it);
            }
            None => {}
        }
    }

    fn outbound_rule(&mut self, n: usize, mut row: Members<'_>) -> Value {
        let path = row.path().to_owned();
        let kind =
            row.text(&["type"]).unwrap_or_default().to_ascii_lowercase().replace(['_', ' '], "");
        let name = row.text(&["name"]).unwrap_or_else(|| format!("rule-{n}"));
        let mut it = Map::new();
        it.insert("name".to_owned(), json!(name));
        if kind.contains("fqdn") {
            let to = row.text(&["destination", "fqdn"]);
            it.insert("type".to_owned(), json!("FQDN"));
            it.insert("destination.fqdn".to_owned(), json!(to));
            row.take(&["ports", "protocol"]);
        } else if kind.contains("tag") {
            let mut ports = row.texts(&["ports", "port_ranges", "port"]);
            let mut protocol_text = row.text(&["protocol"]);
            let tag = match row.take(&["destination", "service_tag", "tag"]) {
                Some(it @ Value::Object(_)) => {
                    let mut it = Members::of(it, path);
                    ports.extend(it.texts(&["port_ranges", "ports"]));
                    protocol_text = protocol_text.or(it.text(&["protocol"]));
                    let tag = it.text(&["service_tag", "tag"]);
                    self.done(it);
                    tag
                }
                it => it.and_then(text_of),
            };
            it.insert("type".to_owned(), json!("ServiceTag"));
            it.insert("destination.serviceTag".to_owned(), json!(tag));
            let ports = if ports.is_empty() { "*".to_owned() } else { ports.join(",") };
            it.insert("destination.portRanges".to_owned(), json!(ports));
            let transport = match protocol_text.unwrap_or_default().to_ascii_uppercase().as_str() {
                "" | "TCP" => "TCP",
                "UDP" => "UDP",
                "ICMP" => "ICMP",
                _ => "*",
            };
            it.insert("destination.protocol".to_owned(), json!(transport));
        } else {
            let (mut target, mut group) = match row.take(&["destination", "target", "resource"]) {
                Some(it @ Value::Object(_)) => {
                    let mut it = Members::of(it, path.clone());
                    let target = it.text(&["service_resource_id", "resource", "target"]);
                    let group = it.text(&["subresource_target", "sub_resource", "group_id"]);
                    it.take(&["spark_enabled"]);
                    self.done(it);
                    (target, group)
                }
                it => (it.and_then(text_of), None),
            };
            let given =
                row.text(&["sub_resource", "subresource", "group_id", "subresource_target"]);
            group = group.or(given);
            if let Some((name, face)) = target.clone().as_deref().and_then(|it| it.split_once('.'))
            {
                target = Some(name.to_owned());
                group = group.or(Some(face.to_owned()));
            }
            let target = self.known("resource", &target.unwrap_or_default(), &path);
            // Where a resource has one sub-resource, cases need not say which; of storage it is blob.
            let kind = target.and_then(|it| self.design.get(it)).map(|it| it.kind);
            let usual = match kind {
                Some(Kind::StorageAccount) => Some("blob"),
                Some(Kind::KeyVault) => Some("vault"),
                Some(Kind::ContainerRegistry) => Some("registry"),
                Some(Kind::Workspace) => Some("amlworkspace"),
                Some(Kind::MachineLearningRegistry) => Some("amlregistry"),
                _ => None,
            };
            group = group.or(usual.map(str::to_owned));
            it.insert("type".to_owned(), json!("PrivateEndpoint"));
            it.insert("destination.serviceResourceId".to_owned(), json!(target.map(|it| it.0)));
            it.insert("destination.subresourceTarget".to_owned(), json!(group));
            let state = row.text(&["connection_state", "status", "state"]);
            let active = !matches!(
                state.as_deref(),
                Some("Pending" | "Rejected" | "Inactive" | "Disconnected")
            );
            it.insert("status".to_owned(), json!(if active { "Active" } else { "Inactive" }));
        }
        self.done(row);
        Value::Object(it)
    }

    fn compute(&mut self, id: ResourceId, row: &mut Members<'_>) {
        let path = row.path().to_owned();
        let parent = self.design.get(id).and_then(|it| it.parent);
        if let Some(name) = row.text(&["workspace"]) {
            let stands_in_network =
                parent.and_then(|it| self.design.get(it)).is_some_and(|it| it.kind == Kind::Subnet);
            if stands_in_network {
                let found = self.named.get(&name).map(|it| it.0);
                self.set_if(id, "workspace", found);
            }
        }
        if let Some(subnet) = row.text(&["subnet"]) {
            self.known("subnet", &subnet, &path);
        }
        match row.take(&["public_ip", "node_public_ip", "enable_node_public_ip"]) {
            Some(Value::Bool(it)) => self.set(id, "enableNodePublicIp", json!(it)),
            Some(_) => self.set(id, "enableNodePublicIp", json!(true)),
            None => {}
        }
        // `managed` stands for the network of the workspace, where every compute without subnet is.
        row.take(&[
            "network",
            "min_nodes",
            "min_node_count",
            "min_instances",
            "private_ip",
            "owner",
        ]);
        if let Some(size) = row.text(&["vm_size", "size", "sku"]) {
            let said = size.to_ascii_lowercase();
            if said.starts_with("standard_") {
                self.set(id, "vmSize", json!(size));
            } else if said.contains("gpu") {
                self.set(id, "vmSize", json!("Standard_NC24ads_A100_v4"));
            }
        }
        let most = ["max_nodes", "max_node_count", "max_instances", "nodes", "node_count"];
        let scale = row.take(&["scale_settings", "scale"]).and_then(Value::as_object);
        let nodes = scale.and_then(|it| most.iter().find_map(|name| it.get(*name)));
        if let Some(nodes) = nodes.or(row.take(&most)).and_then(Value::as_u64) {
            self.set(id, "scaleSettings.maxNodeCount", json!(nodes));
        }
        row.take(&["created_by", "assigned_user"]);
    }

    fn scope(&mut self, mut row: Members<'_>) {
        let name = row.text(&["name"]).unwrap_or_default();
        let Some(id) = self.named.get(&name).copied() else { return };
        row.take(&["region", "type"]);
        self.scope_settings(id, &mut row);
        self.done(row);
    }

    fn scope_settings(&mut self, id: ResourceId, row: &mut Members<'_>) {
        let path = row.path().to_owned();
        let mut members = Vec::new();
        for name in row.texts(&["scoped_resources", "resources", "members", "linked_resources"]) {
            members.extend(self.known("resource", &name, &path).map(|it| it.0));
        }
        self.set(id, "scopedResources", json!(members));
        let (mut ingestion, mut query) = (None, None);
        match row.take(&[
            "access_mode",
            "access_modes",
            "access_mode_settings",
            "accessModeSettings",
            "mode",
        ]) {
            Some(Value::String(both)) => {
                (ingestion, query) = (Some(both.clone()), Some(both.clone()));
            }
            Some(it) => {
                let mut it = Members::of(it, format!("{path}.access_mode"));
                ingestion = it.text(INGESTION);
                query = it.text(QUERY);
                self.done(it);
            }
            None => {}
        }
        ingestion = row.text(INGESTION).or(ingestion);
        query = row.text(QUERY).or(query);
        self.set_if(id, "accessModeSettings.ingestionAccessMode", ingestion);
        self.set_if(id, "accessModeSettings.queryAccessMode", query);
    }

    fn soft_deleted(&mut self, it: &Value) {
        let name = it.get("name").and_then(text_of).or_else(|| text_of(it)).unwrap_or_default();
        match self.named.get(&name).copied() {
            Some(id) if self.design.get(id).is_some_and(|it| it.kind == Kind::KeyVault) => {
                self.set(id, "softDeletedNameExists", json!(true));
            }
            _ => {
                self.problem(format!(
                    "the soft-deleted vault {name} has no namesake in the design"
                ));
            }
        }
    }

    // ---- the question ----

    /// A case is all there is. What it leaves to the reader is drawn here, so that the product need not
    /// ask for it: machines of a site that are asked for by address, next hops that nobody has, and public
    /// addresses that no rule lists.
    fn closed_world(&mut self, case: &Value) {
        let asked = case.pointer("/question/to").and_then(text_of).unwrap_or_default();
        if let Ok(address) = asked.parse::<std::net::Ipv4Addr>()
            && !self.addresses.values().any(|it| *it == asked)
        {
            let holds = |id: &ResourceId| {
                let space = self
                    .design
                    .get(*id)
                    .and_then(|it| it.settings.get("localNetworkAddressSpace.addressPrefixes"));
                let prefixes = space.map(texts_of).unwrap_or_default();
                prefixes
                    .iter()
                    .filter_map(|it| it.parse::<Cidr>().ok())
                    .any(|it| it.contains(address))
            };
            if let Some(site) = self.sites.values().copied().find(holds) {
                let id = self.add(Kind::OnPremisesClient, &format!("host-{asked}"), Some(site));
                self.set(id, "privateIPAddress", json!(asked));
            }
        }
        for (n, hop) in std::mem::take(&mut self.hops).into_iter().enumerate() {
            if self.addresses.values().any(|it| *it == hop) {
                continue;
            }
            let Ok(address) = hop.parse::<std::net::Ipv4Addr>() else { continue };
            let networks: Vec<String> = self.networks.keys().cloned().collect();
            let subnet = networks.iter().find_map(|it| self.subnet_holding(it, address));
            // Only a plain subnet takes a machine; in others nothing more need be said.
            let plain = subnet.filter(|it| {
                let name = self.design.get(*it).map_or("", |it| &it.name);
                !name.starts_with("Azure") && name != "GatewaySubnet"
            });
            if let Some(subnet) = plain {
                let id = self.add(Kind::VirtualMachine, &format!("nobody-{n}"), Some(subnet));
                self.set(id, "privateIPAddress", json!(hop));
                self.addresses.insert(format!("nobody-{n}"), hop);
            }
        }
        let outside: Vec<(ResourceId, &str)> = self
            .design
            .resources
            .0
            .iter()
            .filter_map(|(id, it)| {
                let key = match it.kind {
                    Kind::InternetClient | Kind::OnPremisesNetwork => "publicIpAddress",
                    Kind::PublicIpAddress => "ipAddress",
                    _ => return None,
                };
                it.settings.get(key).is_none_or(Value::is_null).then_some((*id, key))
            })
            .collect();
        for (n, (id, key)) in outside.into_iter().enumerate() {
            // TEST-NET-1, which cases do not use.
            self.set(id, key, json!(format!("192.0.2.{}", n + 1)));
        }
    }

    /// Someone who acts from nowhere in the design sits on the internet, like any administrator.
    fn asker(&mut self, case: &Value) {
        let from = case.pointer("/question/from").and_then(text_of).unwrap_or_default();
        if !self.named.contains_key(&from) && super::question::is_person(&from) {
            let id = self.add(Kind::InternetClient, &from, None);
            self.named.insert(from, id);
        }
    }

    /// A change to what is deployed: the design holds the new state, and where the old one matters, that too.
    fn change(&mut self, change: &Value) {
        let mut members = Members::of(change, "design.change");
        let name = members.text(&["resource"]).unwrap_or_default();
        let Some(id) = self.known("resource", &name, "design.change") else { return };
        let mode = members.text(&["isolation_mode", "isolationMode", "managed_network"]);
        if let Some(mode) = mode.map(isolation_mode) {
            const MODE: &str = "managedNetwork.isolationMode";
            let now = self.design.get(id).and_then(|it| it.settings.get(MODE)).cloned();
            self.set(id, "deployedIsolationMode", now.unwrap_or_else(|| json!("Disabled")));
            self.set(id, MODE, json!(mode));
        }
        if members.has("public_network_access") {
            self.access(id, "publicNetworkAccess", &mut members, &["public_network_access"]);
        }
        let legacy = members.flag(&["v1_legacy_mode"]);
        self.set_if(id, "v1LegacyMode", legacy);
        let sku = members.text(&["sku"]);
        self.set_if(id, "sku.name", sku);
        self.done(members);
    }

    /// Values that the kinds cannot read would be replaced by defaults, and the case would be another one.
    fn check_settings(&mut self) {
        let mut problems = Vec::new();
        for it in self.design.resources.subjects() {
            // These the product refuses as Azure does.
            let refused = |field: &str| {
                [".priority", ".nextHopType"].iter().any(|cell| field.ends_with(cell))
            };
            let unreadable = it.unreadable().into_iter().filter(|it| !refused(&it.field));
            problems.extend(
                unreadable
                    .map(|problem| format!("{} cannot be read as {}", it.name(), problem.field)),
            );
        }
        self.problems.extend(problems);
    }
}

/// A rule, or those of a collection with its priority and action.
fn in_collection(it: &Value) -> Vec<Value> {
    let Some(rules) = it.get("rules").and_then(Value::as_array) else { return vec![it.clone()] };
    let with = |rule: &Value| {
        let mut rule = rule.clone();
        if let Some(members) = rule.as_object_mut() {
            for key in ["priority", "action", "access"] {
                if let Some(value) = it.get(key).filter(|_| !members.contains_key(key)) {
                    members.insert(key.to_owned(), value.clone());
                }
            }
        }
        rule
    };
    rules.iter().map(with).collect()
}

/// As ARM writes it: the command line has its own spelling.
fn isolation_mode(it: String) -> String {
    match it.to_ascii_lowercase().replace(['_', '-', ' '], "").as_str() {
        "disabled" => "Disabled".to_owned(),
        "allowinternetoutbound" => "AllowInternetOutbound".to_owned(),
        "allowonlyapprovedoutbound" => "AllowOnlyApprovedOutbound".to_owned(),
        _ => it,
    }
}

fn tenant_id(n: usize) -> String {
    format!("{n:08x}-0000-4000-8000-000000000000")
}

fn is_azure_dns(it: &str) -> bool {
    let it = it.to_ascii_lowercase();
    it == "168.63.129.16" || it == "azure" || it == "default" || it == "azure dns"
}

/// `inbound` becomes `Inbound`, as ARM writes it.
fn capital(it: &Option<String>) -> String {
    let it = it.as_deref().unwrap_or_default().to_ascii_lowercase();
    let mut chars = it.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

fn protocol(it: &Option<String>) -> String {
    match it.as_deref().unwrap_or("*").to_ascii_lowercase().as_str() {
        "any" | "*" | "" => "*".to_owned(),
        it => capital(&Some(it.to_owned())),
    }
}

fn transports(written: &[String]) -> Vec<String> {
    let all = || ["TCP", "UDP", "ICMP"].iter().map(|it| (*it).to_owned()).collect();
    if written.is_empty() {
        return vec!["TCP".to_owned()];
    }
    if written.iter().any(|it| it == "*" || it.eq_ignore_ascii_case("any")) {
        return all();
    }
    written.iter().map(|it| it.to_ascii_uppercase()).collect()
}

fn any(written: Vec<String>) -> Vec<String> {
    if written.is_empty() {
        return vec!["*".to_owned()];
    }
    written
        .into_iter()
        .map(|it| if it.eq_ignore_ascii_case("any") { "*".to_owned() } else { it })
        .collect()
}

fn all_ports(written: Vec<String>) -> Vec<String> {
    if written.is_empty() {
        return vec!["*".to_owned()];
    }
    written
        .into_iter()
        .map(
            |it| {
                if it.eq_ignore_ascii_case("any") || it == "0-65535" { "*".to_owned() } else { it }
            },
        )
        .collect()
}

/// `sql.contoso.com`, but not `Storage.japaneast`.
pub(crate) fn is_host_name(it: &str) -> bool {
    const ENDS: &[&str] =
        &["com", "net", "org", "io", "ms", "local", "us", "cn", "dev", "jp", "internal"];
    it.rsplit_once('.').is_some_and(|(head, end)| !head.is_empty() && ENDS.contains(&end))
        && it.chars().all(|it| it.is_ascii_alphanumeric() || ".-*_".contains(it))
}

fn addresses_in(text: &str) -> Vec<String> {
    text.split([',', ' ', ';'])
        .filter(|it| it.parse::<std::net::Ipv4Addr>().is_ok())
        .map(str::to_owned)
        .collect()
}

/// Names with their addresses, from an object or from a list of rows.
fn pairs(value: Option<&Value>) -> Vec<(String, Vec<String>)> {
    match value {
        Some(Value::Object(map)) => {
            map.iter().map(|(name, it)| (name.clone(), texts_of(it))).collect()
        }
        Some(Value::Array(items)) => items
            .iter()
            .map(|it| {
                let name = it.get("name").or(it.get("host")).and_then(text_of);
                let address = ["ip", "address", "addresses", "ips", "value"];
                let addresses = address.iter().find_map(|key| it.get(key)).map(texts_of);
                (name.unwrap_or_default(), addresses.unwrap_or_default())
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn host_records(value: Option<&Value>) -> Vec<Value> {
    pairs(value)
        .into_iter()
        .map(|(name, addresses)| json!({ "name": name, "addresses": addresses }))
        .collect()
}

/// What is said of a browser: `Firefox`, `Edge, DNS over HTTPS off`.
fn over_https(browser: &str) -> bool {
    let it = browser.to_ascii_lowercase();
    let off = it.contains("off") || it.contains("disabled") || it.contains("without");
    !off && ["https", "doh", "firefox", "secure dns"].iter().any(|word| it.contains(word))
}
