//! Load balancers of a case: `load_balancers`, and what clients say of theirs.

use drawbridge::kinds::{Kind, ResourceId};
use serde_json::{Map, Value, json};

use super::design::Builder;
use crate::reader::{Members, text_of};

/// Names of what stands in a pool.
const MEMBERS: &[&str] =
    &["members", "backends", "backend", "virtual_machines", "vms", "hosts", "clients"];

/// Names of lists of pools; a single pool may be written without a list.
const POOLS: &[&str] = &["backend_pools", "backend_pool", "backend_address_pools", "pools", "pool"];

/// A frontend and a pool whose names nobody says.
const FRONTEND: &str = "frontend";
const POOL: &str = "backend";

/// A pool that a client names as its own: the load balancer, the pool if it is said, the client.
pub(super) type Joined = (String, Option<String>, ResourceId);

/// The pools that a client says it stands in, by the load balancer or as `balancer/pool`.
pub(super) fn joined(row: &mut Members<'_>, id: ResourceId) -> Vec<Joined> {
    let names =
        row.texts(&["load_balancers", "load_balancer", "lb", "backend_pools", "backend_pool"]);
    names
        .into_iter()
        .map(|it| match it.split_once('/') {
            Some((balancer, pool)) => (balancer.to_owned(), Some(pool.to_owned()), id),
            None => (it, None, id),
        })
        .collect()
}

/// A name for the `n`th of a list that says none.
fn unnamed(name: &str, n: usize) -> String {
    if n == 0 { name.to_owned() } else { format!("{name}-{}", n + 1) }
}

pub(super) fn draw(it: &mut Builder, mut row: Members<'_>, joined: &[Joined]) {
    let path = row.path().to_owned();
    let name = row.text(&["name"]).unwrap_or_default();
    let id = it.add(Kind::LoadBalancer, &name, it.group());
    let sku = row.text(&["sku", "sku_name", "tier"]);
    // Its network and kind show in the frontends and pools as well.
    row.take(&["vnet", "network", "type", "kind", "scheme"]);
    let region = row.text(&["region", "location"]);
    it.set_if(id, "location", region.clone());
    it.set_if(id, "sku.name", sku.filter(|it| it.eq_ignore_ascii_case("basic")).map(|_| "Basic"));
    let frontends = frontends(it, &mut row, &name, region.as_deref());
    let pools = pools(it, &mut row, &name, joined, &path);
    let first = |rows: &[Value], name: &str| {
        rows.first().and_then(|it| it["name"].as_str()).unwrap_or(name).to_owned()
    };
    let (frontend, pool) = (first(&frontends, FRONTEND), first(&pools, POOL));
    let every: Vec<String> = frontends.iter().filter_map(|it| text_of(&it["name"])).collect();
    let mut out = Vec::new();
    match row.take(&["outbound_rules", "outbound_rule", "outbound"]) {
        None | Some(Value::Bool(false)) => {}
        Some(Value::Bool(true)) => {
            out.push(json!({ "frontendIPConfigurations": every, "backendAddressPool": pool }));
        }
        Some(rules) => {
            for (n, rule) in listed(rules).into_iter().enumerate() {
                let mut rule = Members::of(rule, format!("{path}.outbound_rules[{n}]"));
                let named = rule.texts(&["frontends", "frontend", "frontend_ip_configurations"]);
                let named = if named.is_empty() { every.clone() } else { named };
                let ports = rule.text(&[
                    "allocated_outbound_ports",
                    "allocated_ports",
                    "ports_per_instance",
                    "snat_ports",
                ]);
                let mut drawn = json!({
                    "name": rule.text(&["name"]).unwrap_or_else(|| unnamed("outbound", n)),
                    "frontendIPConfigurations": named,
                    "backendAddressPool": rule.text(POOLS).unwrap_or_else(|| pool.clone()),
                    "protocol": protocol(rule.text(&["protocol"]), "All"),
                });
                if let Some(ports) = ports.and_then(|it| it.parse::<u32>().ok()) {
                    drawn["allocatedOutboundPorts"] = json!(ports);
                }
                rule.take(&["idle_timeout", "idle_timeout_in_minutes", "enable_tcp_reset"]);
                out.push(drawn);
                it.done(rule);
            }
        }
    }
    let mut within = Vec::new();
    for (n, mut rule) in row
        .rows(&["load_balancing_rules", "lb_rules", "inbound_rules", "rules"])
        .into_iter()
        .enumerate()
    {
        let port = |it: Option<String>| it.and_then(|it| it.parse::<u32>().ok());
        let frontend_port = port(rule.text(&["frontend_port", "port"])).unwrap_or(443);
        let backend_port = port(rule.text(&["backend_port"])).unwrap_or(frontend_port);
        let snat = rule.flag(&["disable_outbound_snat", "disableOutboundSnat"]);
        within.push(json!({
            "name": rule.text(&["name"]).unwrap_or_else(|| unnamed("inbound", n)),
            "frontendIPConfiguration": rule.text(&["frontend"]).unwrap_or_else(|| frontend.clone()),
            "backendAddressPool": rule.text(POOLS).unwrap_or_else(|| pool.clone()),
            "protocol": protocol(rule.text(&["protocol"]), "Tcp"),
            "frontendPort": frontend_port,
            "backendPort": backend_port,
            // Off if nobody says it, but an outbound rule of the same address could not be without.
            "disableOutboundSnat": snat.unwrap_or(!out.is_empty()),
        }));
        rule.take(&["probe", "health_probe"]);
        it.done(rule);
    }
    it.set(id, "frontendIPConfigurations", json!(frontends));
    it.set(id, "backendAddressPools", json!(pools));
    it.set(id, "outboundRules", json!(out));
    it.set(id, "loadBalancingRules", json!(within));
    row.take(&["probes", "health_probes"]);
    it.done(row);
}

/// The items of a list; a single value is a list of one.
fn listed(it: &Value) -> Vec<&Value> {
    it.as_array().map_or_else(|| vec![it], |it| it.iter().collect())
}

fn protocol(written: Option<String>, or: &str) -> &str {
    match written.unwrap_or_default().to_ascii_uppercase().as_str() {
        "TCP" => "Tcp",
        "UDP" => "Udp",
        "ALL" | "ANY" | "*" => "All",
        _ => or,
    }
}

/// Frontends in a list, or one written among the members of the load balancer itself.
fn frontends(
    it: &mut Builder,
    row: &mut Members<'_>,
    name: &str,
    region: Option<&str>,
) -> Vec<Value> {
    let mut all = Vec::new();
    let path = format!("{}.frontends", row.path());
    let mut add = |it: &mut Builder, named: Option<String>, row: &mut Members<'_>| {
        let mut drawn = Map::new();
        let n = all.len();
        drawn.insert("name".to_owned(), json!(named.unwrap_or_else(|| unnamed(FRONTEND, n))));
        let public = row.take(&["public_ip", "public_ip_address", "public_address"]);
        let ip = match public {
            None | Some(Value::Bool(false)) => None,
            Some(Value::Bool(true)) => {
                Some(it.add(Kind::PublicIpAddress, &format!("pip-{name}-{n}"), it.group()))
            }
            Some(address) => {
                text_of(address).map(|address| it.public_ip(&format!("pip-{name}-{n}"), &address))
            }
        };
        if let Some(ip) = ip {
            it.set_if(ip, "location", region);
            drawn.insert("publicIPAddress".to_owned(), json!(ip.0));
        }
        if let Some(subnet) = row.text(&["subnet"]) {
            let subnet = it.known("subnet", &subnet, row.path());
            drawn.insert("subnet".to_owned(), json!(subnet.map(|it| it.0)));
        }
        if let Some(address) = row.text(&["private_ip", "private_ip_address", "ip"]) {
            drawn.insert("privateIPAddress".to_owned(), json!(address));
        }
        if drawn.len() > 1 {
            all.push(Value::Object(drawn));
        }
    };
    for (n, written) in row
        .list(&[
            "frontends",
            "frontend_ip_configurations",
            "frontend_ips",
            "frontend",
            "public_ips",
        ])
        .into_iter()
        .enumerate()
    {
        let wrapped = json!({ "public_ip": written });
        let of = if written.is_object() { written } else { &wrapped };
        let mut frontend = Members::of(of, format!("{path}[{n}]"));
        let named = frontend.text(&["name"]);
        add(it, named, &mut frontend);
        frontend.take(&["type"]);
        it.done(frontend);
    }
    add(it, None, row);
    all
}

/// Pools in a list, or one written as the members of the load balancer itself.
fn pools(
    it: &mut Builder,
    row: &mut Members<'_>,
    balancer: &str,
    joined: &[Joined],
    path: &str,
) -> Vec<Value> {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    let mut alone = row.texts(MEMBERS);
    for (n, written) in row.list(POOLS).into_iter().enumerate() {
        match written {
            Value::Object(_) => {
                let mut pool = Members::of(written, format!("{path}.backend_pools[{n}]"));
                let name = pool.text(&["name"]).unwrap_or_else(|| unnamed(POOL, n));
                all.push((name, pool.texts(MEMBERS)));
                it.done(pool);
            }
            written => alone.extend(text_of(written)),
        }
    }
    if !alone.is_empty() || all.is_empty() {
        all.push((POOL.to_owned(), alone));
    }
    let mut drawn: Vec<(String, Vec<u32>)> = Vec::new();
    for (name, members) in all {
        let ids = members.iter().filter_map(|name| it.known("member", name, path)).map(|it| it.0);
        drawn.push((name, ids.collect()));
    }
    for (_, pool, id) in joined.iter().filter(|(name, ..)| name == balancer) {
        let found = match pool {
            Some(pool) => drawn.iter_mut().find(|(name, _)| name == pool),
            None => drawn.first_mut(),
        };
        if let Some((_, members)) = found.filter(|(_, members)| !members.contains(&id.0)) {
            members.push(id.0);
        }
    }
    drawn
        .into_iter()
        .map(|(name, members)| json!({ "name": name, "virtualMachines": members }))
        .collect()
}
