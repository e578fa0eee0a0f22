//! Ways for a refused packet: links, private endpoints, rules, switches.
//!
//! Which hop refused says what could help; the destination says how. A change that opens a service to
//! public addresses weighs more than one that keeps it private.

use serde_json::{Map, Value, json};

use super::{Candidate, place};
use crate::{
    design::{Design, edit::Edit},
    facts::{
        Facts, ResourceId,
        cidr::Cidr,
        filter::Protocol,
        network::Position,
        service::{Face, FaceLink},
    },
    kinds::{
        Kind, Subject,
        load_balancer::{FrontendIpConfiguration, LoadBalancer},
        network_security_group::{Direction, priority_before_denials},
        private_dns_zone::PrivateDnsZone,
        private_endpoint::PrivateEndpoint,
    },
    solve::{
        Hop, Outcome, Step,
        flow::{Answer, Caller, Destination, Flow, Network, Origin},
    },
    text::{Message, arg, text},
};

pub(super) fn candidates(
    design: &Design,
    network: &Network<'_>,
    flow: &Flow,
    steps: &[Step],
) -> Vec<Candidate> {
    let facts = network.facts();
    let mut all = Vec::new();
    for step in steps.iter().filter(|it| it.outcome != Outcome::Allowed) {
        match step.hop {
            Hop::NsgOutbound | Hop::NsgInbound => {
                all.extend(allow_rule(design, network, flow, step));
            }
            Hop::Route => {
                all.extend(outbound_rule(design, facts, flow));
                all.extend(way_out(design, facts, flow));
            }
            _ => {}
        }
    }
    if let Destination::Face { resource, face } = &flow.to {
        let target = design.resources.subject(*resource);
        let face =
            facts.services.get(resource).and_then(|it| it.faces.iter().find(|it| it.id == *face));
        if let (Some(target), Some(face)) = (target, face) {
            all.extend(premium(design, face, target));
            all.extend(zone_link(design, facts, flow, face));
            all.extend(private_endpoint(design, facts, flow, face));
            all.extend(managed_rule(design, facts, flow, face));
            all.extend(service_endpoint(design, facts, flow, target));
            all.extend(trusted(flow, target));
            all.extend(ip_rule(facts, flow, target));
        }
    }
    all
}

fn origin(flow: &Flow) -> Option<ResourceId> {
    match flow.from {
        Origin::Host(id) => Some(id),
        Origin::Service(_) | Origin::Internet(_) => None,
    }
}

fn position<'a>(facts: &'a Facts, flow: &Flow) -> Option<&'a Position> {
    facts.hosts.get(&origin(flow)?).map(|it| &it.position)
}

fn subnet_of(facts: &Facts, flow: &Flow) -> Option<ResourceId> {
    match position(facts, flow)? {
        Position::Subnet { subnet, .. } => Some(*subnet),
        _ => None,
    }
}

fn network_of(facts: &Facts, flow: &Flow) -> Option<ResourceId> {
    facts.subnets.get(&subnet_of(facts, flow)?).map(|it| it.network)
}

fn set(id: ResourceId, key: &str, value: Value) -> Edit {
    Edit::Set { id, key: key.to_owned(), value }
}

/// A rule above those that deny, for this sender, destination, protocol and port only.
fn allow_rule(
    design: &Design,
    network: &Network<'_>,
    flow: &Flow,
    step: &Step,
) -> Option<Candidate> {
    let group = design.resources.subject(step.at?)?;
    if group.kind() != Kind::NetworkSecurityGroup {
        return None;
    }
    let direction =
        if step.hop == Hop::NsgInbound { Direction::Inbound } else { Direction::Outbound };
    let protocol = match flow.protocol {
        Protocol::Tcp => "Tcp",
        Protocol::Udp => "Udp",
        _ => return None,
    };
    let source = sender(network, flow)?;
    let peer = receiver(network, flow)?;
    let port = flow.port.to_string();
    let name: String = format!("Allow-{peer}-{port}")
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() { it } else { '-' })
        .collect();
    let rule = json!({
        "name": name,
        "priority": priority_before_denials(group, direction)?,
        "direction": direction.value(),
        "access": "Allow",
        "protocol": protocol,
        "sourceAddressPrefixes": [source],
        "destinationAddressPrefixes": [peer],
        "destinationPortRanges": [port],
    });
    let list = group.with_item("securityRules", rule)?;
    let names =
        [arg(&source), arg(&peer), arg(flow.protocol.name()), arg(&port), arg(group.name())];
    let title =
        text("Allow {2} {3} from {0} to {1} in {4}", "{4} で {0} から {1} への {2} {3} を許可する")
            .with(names.clone());
    let mut candidate = Candidate::new(title, set(group.id, "securityRules", list), 5);
    candidate.brings.push(
        text(
            "all of {2} {3} from {0} to {1} that {4} stopped",
            "{4} で遮断されていた {0} から {1} への {2} {3} のすべて",
        )
        .with(names),
    );
    Some(candidate)
}

/// A prefix without `/32`, as rules write single addresses.
fn prefix(it: Cidr) -> String {
    if it.is_host() { it.first().to_string() } else { it.to_string() }
}

/// An address that the design fixes, or else the subnet: addresses that Azure chooses are not known.
fn host_range(facts: &Facts, position: &Position) -> Option<String> {
    match position {
        Position::Subnet { address: Some(it), .. }
        | Position::Site { address: Some(it), .. }
        | Position::Internet { address: Some(it) } => Some(it.to_string()),
        Position::Subnet { subnet, .. } => {
            Some(prefix(*facts.subnets.get(subnet)?.prefixes.first()?))
        }
        Position::Site { site, .. } => Some(prefix(*facts.sites.get(site)?.space.first()?)),
        Position::Internet { .. } => Some("Internet".to_owned()),
        Position::Managed { .. } | Position::Platform { .. } => None,
    }
}

/// The narrowest name for the sender that a security rule takes.
fn sender(network: &Network<'_>, flow: &Flow) -> Option<String> {
    match flow.from {
        Origin::Service(tag) => Some(tag.to_owned()),
        Origin::Internet(_) => Some("Internet".to_owned()),
        Origin::Host(_) => host_range(network.facts(), position(network.facts(), flow)?),
    }
}

/// The narrowest name for the destination that a security rule takes.
fn receiver(network: &Network<'_>, flow: &Flow) -> Option<String> {
    let facts = network.facts();
    if let Destination::Host(id) = &flow.to {
        return host_range(facts, &facts.hosts.get(id)?.position);
    }
    // A private endpoint's address is never in a service tag.
    if let Some(Answer::Address(it)) = network.flow(flow).resolved.map(|it| it.answer) {
        let fixed = facts.private_endpoints.values().flat_map(|it| &it.addresses);
        if fixed.map(|(_, address)| *address).any(|address| address == it) {
            return Some(it.to_string());
        }
        let mut prefixes = facts.subnets.values().flat_map(|it| &it.prefixes);
        if let Some(it) = prefixes.find(|prefix| prefix.contains(it)) {
            return Some(prefix(*it));
        }
    }
    match &flow.to {
        Destination::PublicService(tag) => Some((*tag).to_owned()),
        Destination::Face { resource, face } => {
            let service = facts.services.get(resource)?;
            let face = service.faces.iter().find(|it| it.id == *face)?;
            let tag = face.tags.first()?;
            let regional = crate::azure::service_tags::parse(tag).is_some_and(|it| it.tag.regional);
            Some(if regional && !service.region.is_empty() {
                format!("{tag}.{}", service.region)
            } else {
                (*tag).to_owned()
            })
        }
        Destination::Address(it) => Some(it.to_string()),
        Destination::Name(_) => Some("Internet".to_owned()),
        Destination::Host(_) => None,
    }
}

/// An outbound rule for both protocols on the public load balancer that a machine stands behind.
fn outbound_rule(design: &Design, facts: &Facts, flow: &Flow) -> Option<Candidate> {
    let host = facts.hosts.get(&origin(flow)?)?;
    let public = |(id, _): &&(ResourceId, usize)| {
        facts.balancers.get(id).is_some_and(|it| !it.public.is_empty())
    };
    let (balancer, n) = host.pools.iter().find(public)?;
    let balancer = design.resources.subject(*balancer)?;
    let settings = LoadBalancer::of(balancer);
    let pool = &settings.pools.get(*n)?.name;
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    let title = text("Let the pool {0} of {1} out", "{1} のプール {0} からの送信を許可する")
        .with([arg(pool), arg(balancer.name())]);
    let there = settings.outbound_rules.iter().position(|it| same(&it.pool, pool));
    let mut rules = balancer.rows("outboundRules");
    let frontends = match there {
        Some(n) => {
            rules.get_mut(n)?.as_object_mut()?.insert("protocol".to_owned(), json!("All"));
            settings.outbound_rules.get(n)?.frontends.clone()
        }
        None => {
            let taken = |name: &str| {
                settings.outbound_rules.iter().flat_map(|it| &it.frontends).any(|it| same(it, name))
            };
            let free =
                |it: &&FrontendIpConfiguration| it.public_ip_address.is_some() && !taken(&it.name);
            let frontend = settings.frontends.iter().find(free)?.name.clone();
            rules.push(json!({
                "name": format!("{pool}-out"), "frontendIPConfigurations": [frontend],
                "backendAddressPool": pool, "protocol": "All",
            }));
            vec![frontend]
        }
    };
    let mut edits = vec![set(balancer.id, "outboundRules", Value::Array(rules))];
    // One address is translated to by one rule only.
    let mut inbound = balancer.rows("loadBalancingRules");
    let mut changes = false;
    for (row, it) in inbound.iter_mut().zip(&settings.load_balancing_rules) {
        if !it.disable_outbound_snat && frontends.iter().any(|name| same(name, &it.frontend)) {
            row.as_object_mut()?.insert("disableOutboundSnat".to_owned(), json!(true));
            changes = true;
        }
    }
    if changes {
        edits.push(set(balancer.id, "loadBalancingRules", Value::Array(inbound)));
    }
    Some(Candidate::new(title.clone(), Edit::Batch(title, edits), 25))
}

/// A NAT gateway for a subnet without a way out.
fn way_out(design: &Design, facts: &Facts, flow: &Flow) -> Option<Candidate> {
    let subnet = design.resources.subject(subnet_of(facts, flow)?)?;
    let group = subnet.within(Kind::ResourceGroup)?;
    if facts.subnets.get(&subnet.id)?.nat.is_some() {
        return None;
    }
    let title: Message = text("Give {0} a NAT gateway", "{0} に NAT ゲートウェイを追加する")
        .with([arg(subnet.name())]);
    let address = design.next_id();
    let nat = ResourceId(address.0.saturating_add(1));
    let (first, room) = place::free(design, group.id, 0);
    let (second, _) = place::free(design, group.id, 1);
    let mut edits = vec![
        add(address, Kind::PublicIpAddress, format!("pip-{}", subnet.name()), group.id, first, []),
        add(
            nat,
            Kind::NatGateway,
            format!("nat-{}", subnet.name()),
            group.id,
            second,
            [("publicIpAddresses", json!([address.0]))],
        ),
        set(subnet.id, "natGateway", json!(nat.0)),
    ];
    edits.extend(room);
    Some(Candidate::new(title.clone(), Edit::Batch(title, edits), 30))
}

fn add<const N: usize>(
    id: ResourceId,
    kind: Kind,
    name: String,
    parent: ResourceId,
    at: crate::design::Place,
    settings: [(&str, Value); N],
) -> Edit {
    let settings: Map<String, Value> =
        settings.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Edit::Add { id: Some(id), kind, name, parent: Some(parent), settings, place: Some(at) }
}

/// Private endpoints and some other things of a registry need its highest tier.
fn premium(design: &Design, face: &Face, target: Subject<'_>) -> Option<Candidate> {
    let owner = face.link.as_ref().and_then(|it| it.owner).unwrap_or(target.id);
    let owner = design.resources.subject(owner)?;
    if owner.kind() != Kind::ContainerRegistry
        || owner.resource.settings.get("sku.name") == Some(&json!("Premium"))
    {
        return None;
    }
    let title =
        text("Change {0} to Premium", "{0} を Premium に変更する").with([arg(owner.name())]);
    Some(Candidate::new(title, set(owner.id, "sku.name", json!("Premium")), 3))
}

fn zone_named<'a>(design: &'a Design, name: &str) -> Option<Subject<'a>> {
    design.resources.of(Kind::PrivateDnsZone).find(|it| it.name().eq_ignore_ascii_case(name))
}

/// The zone of this name to use for a network: the one that it is linked to, since there can be no second.
fn zone_for<'a>(design: &'a Design, name: &str, network: ResourceId) -> Option<Subject<'a>> {
    let linked = |it: &Subject<'_>| {
        PrivateDnsZone::of(*it).links.iter().any(|it| it.virtual_network.0 == network)
    };
    let named = |it: &Subject<'_>| it.name().eq_ignore_ascii_case(name);
    let mut zones = design.resources.of(Kind::PrivateDnsZone).filter(named);
    zones.find(linked).or_else(|| zone_named(design, name))
}

/// Links the zone of a face to the network that asks.
fn zone_link(design: &Design, facts: &Facts, flow: &Flow, face: &Face) -> Option<Candidate> {
    let link = face.link.as_ref()?;
    let network = design.resources.subject(network_of(facts, flow)?)?;
    let zone = zone_named(design, &link.zone)?;
    let list = zone.with_item("virtualNetworkLinks", json!({ "virtualNetwork": network.id.0 }))?;
    let settings = PrivateDnsZone::of(zone);
    if settings.links.iter().any(|it| it.virtual_network.0 == network.id) {
        return None;
    }
    let title = text("Link {0} to {1}", "{0} を {1} にリンクする")
        .with([arg(zone.name()), arg(network.name())]);
    Some(Candidate::new(title, set(zone.id, "virtualNetworkLinks", list), 4))
}

/// A private endpoint in the network of the sender, with the zones that its names need.
fn private_endpoint(design: &Design, facts: &Facts, flow: &Flow, face: &Face) -> Option<Candidate> {
    let link = face.link.as_ref()?;
    let network = network_of(facts, flow)?;
    let subnet = design.resources.subject(home_of_endpoints(design, facts, flow, network)?)?;
    let owner = design.resources.subject(link.owner?)?;
    if let Some(there) = existing(design, facts, network, link) {
        return register(design, network, there, owner, link);
    }
    let (_, title, edit) = new_endpoint(design, network, subnet, owner, link)?;
    Some(Candidate::new(title, edit, 20))
}

/// A private endpoint in a subnet of `network`, with the zones that its names need: its number, the words
/// and the edit.
pub(super) fn new_endpoint(
    design: &Design,
    network: ResourceId,
    subnet: Subject<'_>,
    owner: Subject<'_>,
    link: &FaceLink,
) -> Option<(ResourceId, Message, Edit)> {
    let group = subnet.within(Kind::ResourceGroup)?;
    let title: Message = text(
        "Add a private endpoint for {0} ({1}) in {2}",
        "{2} に {0} ({1}) のプライベート エンドポイントを追加する",
    )
    .with([arg(owner.name()), arg(link.group), arg(subnet.name())]);
    let id = design.next_id();
    let (at, room) = place::free(design, subnet.id, 0);
    let (zones, mut edits) = zones(design, network, group.id, owner, link, id.0.saturating_add(1));
    edits.push(add(
        id,
        Kind::PrivateEndpoint,
        endpoint_name(design, owner, link),
        subnet.id,
        at,
        [
            ("privateLinkServiceId", json!(owner.id.0)),
            ("groupId", json!(link.group)),
            ("privateDnsZoneGroups", Value::Array(zones)),
        ],
    ));
    if owner.kind() == Kind::ContainerRegistry {
        edits.push(set(owner.id, "sku.name", json!("Premium")));
    }
    edits.extend(room);
    Some((id, title.clone(), Edit::Batch(title, edits)))
}

/// `pe-<target>-<group>` as names of endpoints may be, and as no other is named.
fn endpoint_name(design: &Design, owner: Subject<'_>, link: &FaceLink) -> String {
    let group: String = link.group.chars().take(16).collect();
    let owner: String = owner
        .name()
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() || "-_.".contains(it) { it } else { '-' })
        .take(36)
        .collect();
    let base = format!("pe-{owner}-{group}");
    let taken: Vec<&str> = design.resources.of(Kind::PrivateEndpoint).map(Subject::name).collect();
    let numbered = (2..=taken.len() + 1).map(|n| format!("{base}-{n}"));
    let mut names = std::iter::once(base.clone()).chain(numbered);
    names.find(|it| !taken.contains(&it.as_str())).unwrap_or(base)
}

/// Where endpoints of the network stand, or else where the sender does.
fn home_of_endpoints(
    design: &Design,
    facts: &Facts,
    flow: &Flow,
    network: ResourceId,
) -> Option<ResourceId> {
    let in_network =
        |subnet: ResourceId| facts.subnets.get(&subnet).is_some_and(|it| it.network == network);
    design
        .resources
        .of(Kind::PrivateEndpoint)
        .filter_map(|it| it.resource.parent)
        .find(|it| in_network(*it))
        .or_else(|| subnet_of(facts, flow))
}

/// An endpoint of the network that already leads there.
pub(super) fn existing<'a>(
    design: &'a Design,
    facts: &Facts,
    network: ResourceId,
    link: &FaceLink,
) -> Option<Subject<'a>> {
    facts
        .private_endpoints
        .iter()
        .find(|(_, it)| {
            Some(it.target) == link.owner
                && it.group.eq_ignore_ascii_case(link.group)
                && facts.subnets.get(&it.subnet).is_some_and(|it| it.network == network)
        })
        .and_then(|(id, _)| design.resources.subject(*id))
}

/// Lets an endpoint that is there register its names.
fn register(
    design: &Design,
    network: ResourceId,
    endpoint: Subject<'_>,
    owner: Subject<'_>,
    link: &FaceLink,
) -> Option<Candidate> {
    let group = endpoint.within(Kind::ResourceGroup)?;
    let settings = PrivateEndpoint::of(endpoint);
    let (mut all, mut edits) = zones(design, network, group.id, owner, link, design.next_id().0);
    let mut list: Vec<Value> = settings.private_dns_zones.iter().map(|it| json!(it.0.0)).collect();
    all.retain(|it| !list.contains(it));
    if all.is_empty() && edits.is_empty() {
        return None;
    }
    list.extend(all);
    edits.push(set(endpoint.id, "privateDnsZoneGroups", Value::Array(list)));
    let title: Message = text(
        "Register the names of {0} in private DNS zones",
        "{0} の名前をプライベート DNS ゾーンに登録する",
    )
    .with([arg(endpoint.name())]);
    Some(Candidate::new(title.clone(), Edit::Batch(title, edits), 8))
}

/// The zones that an endpoint for `link` needs, linked to `network`; those that are missing are added.
fn zones(
    design: &Design,
    network: ResourceId,
    group: ResourceId,
    owner: Subject<'_>,
    link: &FaceLink,
    mut next: u32,
) -> (Vec<Value>, Vec<Edit>) {
    let face =
        owner.info().arm_type.and_then(|it| crate::azure::private_link_zones::find(it, link.group));
    let names: Vec<&str> = face.map_or_else(|| vec![link.zone.as_str()], |it| it.zones.to_vec());
    let mut ids = Vec::new();
    let mut edits = Vec::new();
    for (n, name) in names.into_iter().enumerate() {
        let link = json!({ "virtualNetwork": network.0 });
        if let Some(zone) = zone_for(design, name, network) {
            ids.push(json!(zone.id.0));
            let settings = PrivateDnsZone::of(zone);
            let linked = settings.links.iter().any(|it| it.virtual_network.0 == network);
            if !linked && let Some(list) = zone.with_item("virtualNetworkLinks", link) {
                edits.push(set(zone.id, "virtualNetworkLinks", list));
            }
            continue;
        }
        let (at, room) = place::free(design, group, n);
        edits.push(add(
            ResourceId(next),
            Kind::PrivateDnsZone,
            name.to_owned(),
            group,
            at,
            [("virtualNetworkLinks", json!([link]))],
        ));
        edits.extend(room);
        ids.push(json!(next));
        next = next.saturating_add(1);
    }
    (ids, edits)
}

/// An outbound rule of the managed network that the sender stands in.
fn managed_rule(design: &Design, facts: &Facts, flow: &Flow, face: &Face) -> Option<Candidate> {
    let Position::Managed { network } = position(facts, flow)? else { return None };
    let link = face.link.as_ref()?;
    let workspace = design.resources.subject(*network)?;
    let owner = design.resources.subject(link.owner?)?;
    let rule = json!({
        "name": format!("to-{}-{}", owner.name(), link.group),
        "type": "PrivateEndpoint",
        "destination.serviceResourceId": owner.id.0,
        "destination.subresourceTarget": link.group,
        "status": "Active",
    });
    let list = workspace.with_item("managedNetwork.outboundRules", rule)?;
    let title = text(
        "Let the managed network of {0} reach {1} ({2})",
        "{0} のマネージド ネットワークから {1} ({2}) に到達できるようにする",
    )
    .with([arg(workspace.name()), arg(owner.name()), arg(link.group)]);
    Some(Candidate::new(title, set(workspace.id, "managedNetwork.outboundRules", list), 12))
}

/// Admits the sender's subnet by service endpoint: both halves at once.
fn service_endpoint(
    design: &Design,
    facts: &Facts,
    flow: &Flow,
    target: Subject<'_>,
) -> Option<Candidate> {
    let subnet = design.resources.subject(subnet_of(facts, flow)?)?;
    let provider = match target.kind() {
        Kind::StorageAccount => "Microsoft.Storage",
        Kind::KeyVault => "Microsoft.KeyVault",
        _ => return None,
    };
    let mut edits = Vec::new();
    if let Some(list) = subnet.with_item("serviceEndpoints", json!(provider)) {
        edits.push(set(subnet.id, "serviceEndpoints", list));
    }
    if let Some(list) = target.with_item("networkAcls.virtualNetworkRules", json!(subnet.id.0)) {
        edits.push(set(target.id, "networkAcls.virtualNetworkRules", list));
    }
    if edits.is_empty() {
        return None;
    }
    let title: Message = text(
        "Admit {0} to {1} by service endpoint",
        "サービス エンドポイントで {0} から {1} への接続を許可する",
    )
    .with([arg(subnet.name()), arg(target.name())]);
    Some(Candidate::new(title.clone(), Edit::Batch(title, edits), 15))
}

/// Lets a trusted service pass: the workspace by name first, every trusted service else.
fn trusted(flow: &Flow, target: Subject<'_>) -> Vec<Candidate> {
    let Some(Caller::Trusted { resource, .. }) = &flow.caller else { return Vec::new() };
    let mut all = Vec::new();
    if let (Kind::StorageAccount, Some(id)) = (target.kind(), resource)
        && let Some(workspace) = target.all.subject(*id)
        && let Some(list) =
            target.with_item("networkAcls.resourceAccessRules", json!({ "resourceId": id.0 }))
    {
        let title = text(
            "Admit {0} to {1} by a resource instance rule",
            "リソース インスタンス規則で {0} から {1} への接続を許可する",
        )
        .with([arg(workspace.name()), arg(target.name())]);
        all.push(Candidate::new(title, set(target.id, "networkAcls.resourceAccessRules", list), 4));
    }
    let bypass = match target.kind() {
        Kind::StorageAccount => target
            .with_item("networkAcls.bypass", json!("AzureServices"))
            .map(|it| ("networkAcls.bypass", it)),
        Kind::KeyVault => Some(("networkAcls.bypass", json!("AzureServices"))),
        Kind::ContainerRegistry => Some(("networkRuleBypassOptions", json!("AzureServices"))),
        _ => None,
    };
    if let Some((key, value)) = bypass {
        let title = text(
            "Let trusted Azure services into {0}",
            "信頼された Azure サービスに {0} への接続を許可する",
        )
        .with([arg(target.name())]);
        all.push(Candidate::new(title, set(target.id, key, value), 6));
    }
    all
}

/// Admits a known public address. It opens the service to the internet, so it comes last.
fn ip_rule(facts: &Facts, flow: &Flow, target: Subject<'_>) -> Option<Candidate> {
    let Position::Internet { address: Some(address) } = position(facts, flow)? else {
        return None;
    };
    let range = json!(address.to_string());
    let edits = match target.kind() {
        Kind::StorageAccount | Kind::KeyVault => vec![
            set(target.id, "publicNetworkAccess", json!("Enabled")),
            set(target.id, "networkAcls.defaultAction", json!("Deny")),
            set(target.id, "networkAcls.ipRules", target.with_item("networkAcls.ipRules", range)?),
        ],
        Kind::Workspace => vec![
            set(target.id, "publicNetworkAccess", json!("Enabled")),
            set(target.id, "networkAcls.ipRules", target.with_item("networkAcls.ipRules", range)?),
        ],
        _ => return None,
    };
    let title: Message = text(
        "Admit the public address {0} to {1}",
        "パブリック アドレス {0} から {1} への接続を許可する",
    )
    .with([arg(address), arg(target.name())]);
    Some(Candidate::new(title.clone(), Edit::Batch(title, edits), 60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{design::edit::apply, kinds::testing::Sketch, solve::Outcome::Allowed};

    // load-balancer/outbound-rules: "Disable the outbound NAT of the load-balancing rule first".
    #[test]
    fn a_load_balancer_without_a_rule_for_what_is_sent_gets_one() {
        let none = json!([]);
        for (out, within) in [
            (&none, &none),
            (&json!([{"protocol": "Udp"}]), &none),
            (&none, &json!([{"disableOutboundSnat": false}])),
        ] {
            let (mut it, subnet) = Sketch::subnet();
            let vm = it.add(Kind::VirtualMachine, "vm", subnet, json!({}));
            let address = it.add(Kind::PublicIpAddress, "pip", ResourceId(1), json!({}));
            let settings = json!({
                "frontendIPConfigurations": [{"publicIPAddress": address.0}], "outboundRules": out,
                "loadBalancingRules": within, "backendAddressPools": [{"virtualMachines": [vm.0]}],
            });
            let balancer = it.add(Kind::LoadBalancer, "lb", ResourceId(1), settings);
            let design = Design { resources: it.all().clone(), ..Design::default() };
            let flow = Flow::https(vm, Destination::PublicService("AzureResourceManager"));
            let facts = design.resources.facts();
            assert_ne!(Network::new(&facts).flow(&flow).outcome, Allowed);
            let fix = outbound_rule(&design, &facts, &flow).unwrap();
            let after = apply(&design, &fix.edit).unwrap();
            assert_eq!(after.resources.subject(balancer).unwrap().problems(), []);
            let facts = after.resources.facts();
            assert_eq!(Network::new(&facts).flow(&flow).outcome, Allowed, "{out} {within}");
        }
    }
}
