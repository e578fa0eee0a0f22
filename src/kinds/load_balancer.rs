//! Load balancer: one address for many machines, and a way out to the internet for them.
//!
//! Not part of a design: health probes, inbound NAT rules, backend pools by IP address, the Gateway and
//! Global tiers. So nobody is told that a connection gets in through one.
//!
//! Azure docs: "What is Azure Load Balancer?" (load-balancer/load-balancer-overview), "Outbound rules Azure
//! Load Balancer" (load-balancer/outbound-rules).

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use super::{
    Derived, Form, Group, Kind, KindInfo, NameRule, Parent, ResourceId, Resources, Subject,
    arm::{self, ArmResource, ArmValue},
    reach,
    setting::{Problem, REGION, REGION_HELP, Ref, Region, Relation, Within, choice, settings},
    subnet,
};
use crate::{
    azure::regions,
    facts::{
        Facts, filter,
        network::{self, PublicAddress},
    },
    text::{Text, arg, text},
};

choice! {
    /// Basic ones were retired on 2025-09-30; designs of old networks still name them.
    pub enum Sku {
        Standard = "Standard", Text::same("Standard");
        Basic = "Basic", text("Basic (retired)", "Basic (廃止)");
    }
}

choice! {
    pub enum TransportProtocol {
        All = "All", text("All", "すべて");
        Tcp = "Tcp", Text::same("TCP");
        Udp = "Udp", Text::same("UDP");
    }
}

impl TransportProtocol {
    const fn fact(self) -> filter::Protocol {
        match self {
            TransportProtocol::All => filter::Protocol::Any,
            TransportProtocol::Tcp => filter::Protocol::Tcp,
            TransportProtocol::Udp => filter::Protocol::Udp,
        }
    }

    fn overlaps(self, other: TransportProtocol) -> bool {
        self == other || self == TransportProtocol::All || other == TransportProtocol::All
    }
}

const NAME: Text = text("Name", "名前");
const NAME_HELP: Text = text("Unique in the load balancer", "ロード バランサー内で一意の名前");
const FRONTEND: &str = "frontend";
const POOL: &str = "backend";

settings! {
    /// An address of the load balancer, public or of a subnet.
    pub struct FrontendIpConfiguration {
        name: String = "name", FRONTEND.to_owned(), NAME, NAME_HELP;
        public_ip_address: Option<Ref> = "publicIPAddress", None,
            text("Public IP address", "パブリック IP アドレス"),
            text("Makes the load balancer public", "指定するとパブリック ロード バランサーになります"),
            to &[Kind::PublicIpAddress], Some(Relation::Network);
        subnet: Option<Ref> = "subnet", None,
            text("Subnet", "サブネット"),
            text("Makes the load balancer internal", "指定すると内部ロード バランサーになります"),
            to &[Kind::Subnet], Some(Relation::Network);
        private_ip_address: Option<Ipv4Addr> = "privateIPAddress", None,
            text("Private IP address", "プライベート IP アドレス"),
            text("Only with a subnet; empty means that Azure chooses one", "サブネットを指定した場合のみ。空の場合は Azure が割り当てます");
    }
}

settings! {
    /// Machines that the load balancer treats alike: their network interfaces are members.
    pub struct BackendAddressPool {
        name: String = "name", POOL.to_owned(), NAME, NAME_HELP;
        virtual_machines: Vec<Ref> = "virtualMachines", Vec::new(),
            text("Virtual machines", "仮想マシン"),
            text("Of one virtual network; their network interfaces become members", "1 つの仮想ネットワーク内のマシン。ネットワーク インターフェイスがメンバーになります"),
            to &[Kind::VirtualMachine], Some(Relation::Network);
    }
}

settings! {
    /// Spreads connections to a frontend over a pool.
    pub struct LoadBalancingRule {
        name: String = "name", "inbound".to_owned(), NAME, NAME_HELP;
        frontend: String = "frontendIPConfiguration", FRONTEND.to_owned(),
            text("Frontend IP configuration", "フロントエンド IP 構成"),
            text("Name of the frontend that is called", "接続を受けるフロントエンドの名前");
        pool: String = "backendAddressPool", POOL.to_owned(),
            text("Backend pool", "バックエンド プール"),
            text("Name of the pool that answers", "応答するプールの名前");
        protocol: TransportProtocol = "protocol", TransportProtocol::Tcp,
            text("Protocol", "プロトコル"),
            text("All only with port 0 of an internal load balancer: HA ports", "「すべて」は内部ロード バランサーのポート 0 (HA ポート) のみ");
        frontend_port: Within<0, 65535> = "frontendPort", Within::near(443),
            text("Frontend port", "フロントエンド ポート"),
            text("The port that is called", "接続を受けるポート");
        backend_port: Within<0, 65535> = "backendPort", Within::near(443),
            text("Backend port", "バックエンド ポート"),
            text("The port of the machines", "マシンのポート");
        /// Off, the rule also translates what the pool sends to the internet.
        disable_outbound_snat: bool = "disableOutboundSnat", true,
            text("Disable outbound SNAT", "送信 SNAT を無効にする"),
            text("Needed where an outbound rule uses the same frontend", "アウトバウンド規則が同じフロントエンドを使う場合に必要");
    }
}

settings! {
    /// Lets a pool out to the internet with the addresses of frontends.
    pub struct OutboundRule {
        name: String = "name", "outbound".to_owned(), NAME, NAME_HELP;
        frontends: Vec<String> = "frontendIPConfigurations", vec![FRONTEND.to_owned()],
            text("Frontend IP configurations", "フロントエンド IP 構成"),
            text("Names of public frontends: the source addresses that the internet sees", "パブリック フロントエンドの名前。インターネットから見える送信元アドレスになります");
        pool: String = "backendAddressPool", POOL.to_owned(),
            text("Backend pool", "バックエンド プール"),
            text("Name of the pool that is let out", "送信を許可するプールの名前");
        protocol: TransportProtocol = "protocol", TransportProtocol::All,
            text("Protocol", "プロトコル"),
            text("What is translated: TCP, UDP or both; never ICMP", "変換の対象: TCP、UDP、またはその両方。ICMP は対象外");
        /// SNAT ports of each machine; 0 for Azure's default by the size of the pool.
        allocated_outbound_ports: Within<0, 64000> = "allocatedOutboundPorts", Within::near(0),
            text("Allocated ports per machine", "インスタンスごとの割り当てポート数"),
            text("A multiple of 8; 0 for Azure's default by the size of the pool", "8 の倍数。0 の場合はプールの大きさに応じた Azure の既定値");
        idle_timeout_in_minutes: Within<4, 120> = "idleTimeoutInMinutes", Within::near(4),
            text("Idle timeout (minutes)", "アイドル タイムアウト (分)"),
            text("Idle connections are closed after this time", "アイドル状態の接続が切断されるまでの時間");
    }
}

settings! {
    /// Settings of a load balancer.
    pub struct LoadBalancer {
        sku: Sku = "sku.name", Sku::Standard,
            text("SKU", "SKU"),
            text("Standard; Azure creates no Basic ones any more", "Standard。Basic は作成できなくなりました");
        frontends: Vec<FrontendIpConfiguration> = "frontendIPConfigurations", Vec::new(),
            text("Frontend IP configurations", "フロントエンド IP 構成"),
            text("Its addresses: all public, or all of subnets", "アドレス。すべてパブリックか、すべてサブネット内のいずれか");
        pools: Vec<BackendAddressPool> = "backendAddressPools", Vec::new(),
            text("Backend pools", "バックエンド プール"),
            text("The machines behind it", "背後にあるマシン");
        load_balancing_rules: Vec<LoadBalancingRule> = "loadBalancingRules", Vec::new(),
            text("Load balancing rules", "負荷分散規則"),
            text("Spread connections to a frontend over a pool", "フロントエンドへの接続をプールに分散");
        outbound_rules: Vec<OutboundRule> = "outboundRules", Vec::new(),
            text("Outbound rules", "アウトバウンド規則"),
            text("Let a pool out to the internet with the address of a frontend", "プールからインターネットへ、フロントエンドのアドレスで送信");
        location: Option<Region> = "location", None, REGION, REGION_HELP;
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "load-balancer",
    label: text("Load balancer", "ロード バランサー"),
    help: text(
        "One address for many machines, and their way out",
        "複数のマシンの共通アドレスとインターネット送信",
    ),
    source: "load-balancer/load-balancer-overview",
    group: Group::Network,
    arm_type: Some(LOAD_BALANCERS),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: LoadBalancer::FIELDS,
    name: NameRule::NETWORK,
    facts,
    arm,
    check,
};

const LOAD_BALANCERS: &str = "Microsoft.Network/loadBalancers";
const POOLS: &str = "backendAddressPools";

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = LoadBalancer::of(subject);
    let part = |segment, name: &str| {
        let id = ArmValue::ChildIdOf(subject.id, vec![(segment, name.to_owned())]);
        ArmValue::object([("id", id)])
    };
    let frontend = |name: &str| part("frontendIPConfigurations", name);
    let pool = |name: &str| part(POOLS, name);
    let named = |name: &str, properties| {
        ArmValue::object([("name", ArmValue::text(name)), ("properties", properties)])
    };
    let number = |it: u32| ArmValue::Number(it.into());
    let frontends = it.frontends.iter().map(|row| {
        let mut properties = ArmValue::Object(Vec::new());
        if let Some(address) = row.public_ip_address {
            properties.set("publicIPAddress", ArmValue::reference(address.0));
        }
        if let Some(subnet) = row.subnet {
            properties.set("subnet", ArmValue::reference(subnet.0));
            let method = if row.private_ip_address.is_some() { "Static" } else { "Dynamic" };
            properties.set("privateIPAllocationMethod", ArmValue::text(method));
        }
        if let Some(address) = row.private_ip_address {
            properties.set("privateIPAddress", ArmValue::text(address.to_string()));
        }
        named(&row.name, properties)
    });
    let pools = it.pools.iter().map(|it| ArmValue::object([("name", ArmValue::text(&it.name))]));
    let spread = it.load_balancing_rules.iter().map(|row| {
        let properties = ArmValue::object([
            ("frontendIPConfiguration", frontend(&row.frontend)),
            ("backendAddressPool", pool(&row.pool)),
            ("protocol", ArmValue::text(row.protocol.value())),
            ("frontendPort", number(row.frontend_port.get())),
            ("backendPort", number(row.backend_port.get())),
            ("disableOutboundSnat", ArmValue::Bool(row.disable_outbound_snat)),
        ]);
        named(&row.name, properties)
    });
    let out = it.outbound_rules.iter().map(|row| {
        let properties = ArmValue::object([
            ("frontendIPConfigurations", row.frontends.iter().map(|it| frontend(it)).collect()),
            ("backendAddressPool", pool(&row.pool)),
            ("protocol", ArmValue::text(row.protocol.value())),
            ("allocatedOutboundPorts", number(row.allocated_outbound_ports.get())),
            ("idleTimeoutInMinutes", number(row.idle_timeout_in_minutes.get())),
        ]);
        named(&row.name, properties)
    });
    vec![
        ArmResource::of(subject, LOAD_BALANCERS, vec![subject.name().to_owned()])
            .member("sku", ArmValue::object([("name", ArmValue::text(it.sku.value()))]))
            .with("frontendIPConfigurations", frontends.collect())
            .with(POOLS, pools.collect())
            .with("loadBalancingRules", spread.collect())
            .with("outboundRules", out.collect()),
    ]
}

/// Pools by the machines in them: the load balancer and the pool's place in its list.
#[derive(Default)]
struct Pools(BTreeMap<ResourceId, Vec<(ResourceId, usize)>>);

impl Derived for Pools {
    fn of(all: &Resources) -> Pools {
        let mut it = Pools::default();
        for balancer in all.of(Kind::LoadBalancer) {
            for (n, pool) in LoadBalancer::of(balancer).pools.iter().enumerate() {
                let machines: BTreeSet<Ref> = pool.virtual_machines.iter().copied().collect();
                for machine in machines {
                    it.0.entry(machine.0).or_default().push((balancer.id, n));
                }
            }
        }
        it
    }
}

/// Every pool that a machine belongs to.
pub(super) fn pools_of(machine: Subject<'_>) -> Vec<(ResourceId, usize)> {
    machine.all.derived::<Pools>().0.get(&machine.id).cloned().unwrap_or_default()
}

/// `loadBalancerBackendAddressPools` of the network interface of a machine: members join from their side.
pub(super) fn joined(machine: Subject<'_>) -> Vec<ArmValue> {
    let one = |(id, n): (ResourceId, usize)| {
        let balancer = LoadBalancer::of(machine.all.subject(id)?);
        let path = vec![(POOLS, balancer.pools.get(n)?.name.clone())];
        Some(ArmValue::object([("id", ArmValue::ChildIdOf(id, path))]))
    };
    pools_of(machine).into_iter().filter_map(one).collect()
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let it = reach::read(subject, facts, LoadBalancer::from_settings);
    let addresses = |names: &[String]| -> Vec<PublicAddress> {
        let named = names.iter().filter_map(|name| it.frontend(name));
        named.filter_map(|row| reach::public_address(subject, row.public_ip_address)).collect()
    };
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    let pool = |pool: &BackendAddressPool| {
        let rules = it.load_balancing_rules.iter().filter(|row| same(&row.pool, &pool.name));
        let translates = rules.clone().filter(|row| !row.disable_outbound_snat);
        let outbound = it.outbound_rules.iter().filter(|row| same(&row.pool, &pool.name));
        network::Pool {
            outbound: outbound
                .map(|row| network::Translation {
                    name: row.name.clone(),
                    protocol: row.protocol.fact(),
                    addresses: addresses(&row.frontends),
                    picked: false,
                })
                .collect(),
            implied: translates
                .map(|row| network::Translation {
                    name: row.name.clone(),
                    protocol: row.protocol.fact(),
                    addresses: addresses(std::slice::from_ref(&row.frontend)),
                    picked: false,
                })
                .collect(),
            published: rules
                .clone()
                .any(|row| !addresses(std::slice::from_ref(&row.frontend)).is_empty()),
        }
    };
    let inner = it.frontends.iter().filter_map(|row| {
        Some((reach::existing_one(subject, row.subnet)?, row.private_ip_address))
    });
    let public =
        it.frontends.iter().filter_map(|row| reach::public_address(subject, row.public_ip_address));
    let balancer = network::Balancer {
        public: public.collect(),
        inner: inner.collect(),
        pools: it.pools.iter().map(pool).collect(),
    };
    facts.balancers.insert(subject.id, balancer);
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = LoadBalancer::of(subject);
    let mut problems = Vec::new();
    if it.sku == Sku::Basic {
        problems.push(Problem::new(
            "sku.name",
            text(
                "Basic load balancers were retired on 2025-09-30 and take no Standard public IP address; choose Standard",
                "Basic ロード バランサーは 2025-09-30 に廃止され、Standard のパブリック IP アドレスも使えません。Standard を選んでください",
            ),
        ));
    }
    check_names(&it, &mut problems);
    check_frontends(subject, &it, &mut problems);
    check_pools(subject, &it, &mut problems);
    check_load_balancing_rules(&it, &mut problems);
    check_outbound_rules(&it, &mut problems);
    problems
}

fn check_names(it: &LoadBalancer, problems: &mut Vec<Problem>) {
    let lists: [(&str, Vec<&str>); 4] = [
        ("frontendIPConfigurations", it.frontends.iter().map(|it| it.name.as_str()).collect()),
        (POOLS, it.pools.iter().map(|it| it.name.as_str()).collect()),
        ("loadBalancingRules", it.load_balancing_rules.iter().map(|it| it.name.as_str()).collect()),
        ("outboundRules", it.outbound_rules.iter().map(|it| it.name.as_str()).collect()),
    ];
    for (list, names) in lists {
        let mut seen = BTreeSet::new();
        for (n, name) in names.into_iter().enumerate() {
            let field = format!("{list}[{n}].name");
            if let Some(text) = NameRule::NETWORK.problem(name) {
                problems.push(Problem { field: field.clone(), text });
            }
            if !seen.insert(name.to_ascii_lowercase()) {
                problems.push(Problem::new(
                    field,
                    text(
                        "the name {0} stands twice in the list; choose another",
                        "{0} という名前が一覧に 2 回あります。別の名前にしてください",
                    )
                    .with([arg(name)]),
                ));
            }
        }
    }
}

fn check_frontends(subject: Subject<'_>, it: &LoadBalancer, problems: &mut Vec<Problem>) {
    if it.frontends.is_empty() {
        problems.push(Problem::new(
            "frontendIPConfigurations",
            text(
                "it has no address; give it a frontend with a public IP address or a subnet",
                "アドレスがありません。パブリック IP アドレスかサブネットを持つフロントエンドを追加してください",
            ),
        ));
    }
    let public = it.frontends.iter().any(|it| it.public_ip_address.is_some());
    let mut seen = BTreeSet::new();
    for (n, row) in it.frontends.iter().enumerate() {
        let field = |cell: &str| format!("frontendIPConfigurations[{n}].{cell}");
        match (row.public_ip_address, row.subnet) {
            (None, None) => problems.push(Problem::new(
                field("publicIPAddress"),
                text(
                    "a frontend needs a public IP address or a subnet; name one of them",
                    "フロントエンドにはパブリック IP アドレスかサブネットが必要です。どちらかを指定してください",
                ),
            )),
            (Some(_), Some(_)) => problems.push(Problem::new(
                field("subnet"),
                text(
                    "a frontend has a public IP address or a subnet, not both; take one of them away",
                    "フロントエンドに指定できるのはパブリック IP アドレスかサブネットの一方だけです。どちらかを外してください",
                ),
            )),
            (None, Some(_)) if public => problems.push(Problem::new(
                field("subnet"),
                text(
                    "a load balancer is public or internal, not both; make another for the subnet",
                    "ロード バランサーはパブリックか内部のどちらか一方です。サブネット用に別のロード バランサーを作成してください",
                ),
            )),
            _ => {}
        }
        if let Some(address) = row.public_ip_address {
            if !seen.insert(address.0) {
                problems.push(Problem::new(
                    field("publicIPAddress"),
                    text(
                        "two frontends cannot have one public IP address; give each its own",
                        "2 つのフロントエンドで同じパブリック IP アドレスは使えません。それぞれ別のアドレスにしてください",
                    ),
                ));
            }
            check_region(
                subject,
                subject.follow(Some(address)),
                &field("publicIPAddress"),
                problems,
            );
        }
        let home = subject.follow(row.subnet).filter(|it| it.kind() == Kind::Subnet);
        if let (Some(address), Some(home)) = (row.private_ip_address, home) {
            let wrong = subnet::misfit_in(home, address);
            problems.extend(wrong.map(|text| Problem::new(field("privateIPAddress"), text)));
        }
        check_region(subject, home, &field("subnet"), problems);
    }
}

fn check_region(
    subject: Subject<'_>,
    other: Option<Subject<'_>>,
    field: &str,
    problems: &mut Vec<Problem>,
) {
    let (Some(here), Some(other)) = (arm::location(subject), other) else { return };
    let there = arm::location(other).unwrap_or_default();
    if !there.is_empty() && !regions::same(&here, &there) {
        problems.push(Problem::new(
            field,
            text(
                "{0} is in {1}, the load balancer in {2}; both must be in one region",
                "{0} は {1}、ロード バランサーは {2} にあります。同じリージョンにしてください",
            )
            .with([arg(other.name()), arg(there), arg(&here)]),
        ));
    }
}

/// "Any virtual machines in a single virtual network" (load-balancer/skus), and a machine has at most one public
/// and one internal load balancer (load-balancer/load-balancer-standard-overview).
fn check_pools(subject: Subject<'_>, it: &LoadBalancer, problems: &mut Vec<Problem>) {
    let mut home: Option<Subject<'_>> = None;
    for (n, pool) in it.pools.iter().enumerate() {
        let field = format!("{POOLS}[{n}].virtualMachines");
        for machine in pool.virtual_machines.iter().filter_map(|it| subject.follow(Some(*it))) {
            let Some(network) = machine.within(Kind::VirtualNetwork) else { continue };
            let first = *home.get_or_insert(network);
            if first.id != network.id {
                problems.push(Problem::new(
                    field.as_str(),
                    text(
                        "{0} is in {1}, others are in {2}; all machines must be in one virtual network",
                        "{0} は {1} に、ほかのマシンは {2} にあります。すべて 1 つの仮想ネットワークに置いてください",
                    )
                    .with([arg(machine.name()), arg(network.name()), arg(first.name())]),
                ));
            }
            let same =
                |it: &LoadBalancer| it.frontends.iter().any(|it| it.public_ip_address.is_some());
            let other = pools_of(machine)
                .into_iter()
                .filter(|(id, _)| *id < subject.id)
                .filter_map(|(id, _)| subject.all.subject(id))
                .find(|other| same(&LoadBalancer::of(*other)) == same(it));
            if let Some(other) = other {
                problems.push(Problem::new(
                    field.as_str(),
                    text(
                        "{0} belongs to {1} already; a machine has one public and one internal load balancer at most",
                        "{0} は既に {1} に属しています。マシンが属せるのはパブリックと内部のロード バランサー 1 つずつまでです",
                    )
                    .with([arg(machine.name()), arg(other.name())]),
                ));
            }
        }
        check_region(subject, home, &field, problems);
    }
}

/// Says that a rule names a frontend or a pool that is not there.
fn check_named(field: String, name: &str, there: bool, problems: &mut Vec<Problem>) {
    if !there {
        problems.push(Problem::new(
            field,
            text(
                "the load balancer has none named {0}; choose one of its own",
                "{0} という名前のものはロード バランサーにありません。ロード バランサー内の名前を指定してください",
            )
            .with([arg(name)]),
        ));
    }
}

impl LoadBalancer {
    fn frontend(&self, name: &str) -> Option<&FrontendIpConfiguration> {
        self.frontends.iter().find(|it| it.name.eq_ignore_ascii_case(name))
    }

    fn has_pool(&self, name: &str) -> bool {
        self.pools.iter().any(|it| it.name.eq_ignore_ascii_case(name))
    }
}

fn check_load_balancing_rules(it: &LoadBalancer, problems: &mut Vec<Problem>) {
    for (n, row) in it.load_balancing_rules.iter().enumerate() {
        let field = |cell: &str| format!("loadBalancingRules[{n}].{cell}");
        let frontend = it.frontend(&row.frontend);
        let there = frontend.is_some();
        check_named(field("frontendIPConfiguration"), &row.frontend, there, problems);
        check_named(field("backendAddressPool"), &row.pool, it.has_pool(&row.pool), problems);
        // "HA ports: protocol all and port 0 ... of an internal Standard Load Balancer" (load-balancer/components).
        let all = row.protocol == TransportProtocol::All;
        let public = frontend.is_some_and(|it| it.public_ip_address.is_some());
        if all && (public || row.frontend_port.get() != 0 || row.backend_port.get() != 0) {
            problems.push(Problem::new(
                field("protocol"),
                text(
                    "all protocols go together with port 0 on both sides and an internal frontend only; choose TCP or UDP",
                    "すべてのプロトコルは、両側のポートが 0 の内部フロントエンドでのみ使えます。TCP か UDP を選んでください",
                ),
            ));
        } else if !all && (row.frontend_port.get() == 0 || row.backend_port.get() == 0) {
            problems.push(Problem::new(
                field("frontendPort"),
                text(
                    "port 0 is for all protocols only; name a port",
                    "ポート 0 はすべてのプロトコルの場合だけです。ポートを指定してください",
                ),
            ));
        }
        let same = |other: &&LoadBalancingRule| {
            other.frontend.eq_ignore_ascii_case(&row.frontend)
                && other.protocol.overlaps(row.protocol)
                && other.frontend_port == row.frontend_port
        };
        if let Some(other) = it.load_balancing_rules.iter().take(n).find(same) {
            problems.push(Problem::new(
                field("frontendPort"),
                text(
                    "{0} uses this port of the frontend already; choose another",
                    "フロントエンドのこのポートは既に {0} が使っています。別のポートにしてください",
                )
                .with([arg(&other.name)]),
            ));
        }
    }
}

/// What Azure refuses of outbound rules (load-balancer/outbound-rules).
fn check_outbound_rules(it: &LoadBalancer, problems: &mut Vec<Problem>) {
    let members: BTreeMap<String, usize> = it
        .pools
        .iter()
        .map(|it| (it.name.to_ascii_lowercase(), it.virtual_machines.len()))
        .collect();
    for (n, row) in it.outbound_rules.iter().enumerate() {
        let field = |cell: &str| format!("outboundRules[{n}].{cell}");
        if row.frontends.is_empty() {
            problems.push(Problem::new(
                field("frontendIPConfigurations"),
                text(
                    "an outbound rule needs a frontend; name at least one",
                    "アウトバウンド規則にはフロントエンドが必要です。1 つ以上指定してください",
                ),
            ));
        }
        check_named(field("backendAddressPool"), &row.pool, it.has_pool(&row.pool), problems);
        for name in &row.frontends {
            let frontend = it.frontend(name);
            let cell = field("frontendIPConfigurations");
            check_named(cell.clone(), name, frontend.is_some(), problems);
            if frontend.is_some_and(|it| it.public_ip_address.is_none()) {
                problems.push(Problem::new(
                    cell.as_str(),
                    text(
                        "{0} has no public IP address, and only public load balancers have outbound rules; name a public frontend",
                        "{0} にはパブリック IP アドレスがありません。アウトバウンド規則はパブリック ロード バランサーでのみ使えます。パブリック フロントエンドを指定してください",
                    )
                    .with([arg(name)]),
                ));
            }
            let uses = |it: &&OutboundRule| {
                it.frontends.iter().any(|it| it.eq_ignore_ascii_case(name))
                    && it.protocol.overlaps(row.protocol)
            };
            if let Some(other) = it.outbound_rules.iter().take(n).find(uses) {
                problems.push(Problem::new(
                    cell.as_str(),
                    text(
                        "the outbound rule {1} uses {0} for the same protocol already; give each rule its own frontend",
                        "{0} は既にアウトバウンド規則 {1} が同じプロトコルで使っています。規則ごとに別のフロントエンドにしてください",
                    )
                    .with([arg(name), arg(&other.name)]),
                ));
            }
            let translates = |it: &&LoadBalancingRule| {
                it.frontend.eq_ignore_ascii_case(name) && !it.disable_outbound_snat
            };
            if let Some(other) = it.load_balancing_rules.iter().find(translates) {
                problems.push(Problem::new(
                    cell.as_str(),
                    text(
                        "the load balancing rule {1} translates with {0} as well; disable outbound SNAT on it",
                        "負荷分散規則 {1} も {0} で送信元を変換します。その規則の送信 SNAT を無効にしてください",
                    )
                    .with([arg(name), arg(&other.name)]),
                ));
            }
        }
        let ports = u64::from(row.allocated_outbound_ports.get());
        let machines = members.get(&row.pool.to_ascii_lowercase()).copied().unwrap_or(0);
        let wanted = ports * u64::try_from(machines).unwrap_or(u64::MAX);
        let there = 64_000 * u64::try_from(row.frontends.len()).unwrap_or(0);
        if ports % 8 != 0 {
            problems.push(Problem::new(
                field("allocatedOutboundPorts"),
                text(
                    "{0} is no multiple of 8, in which ports are given; choose one",
                    "ポートは 8 個単位で割り当てられますが、{0} は 8 の倍数ではありません。8 の倍数にしてください",
                )
                .with([arg(ports)]),
            ));
        } else if wanted > there {
            problems.push(Problem::new(
                field("allocatedOutboundPorts"),
                text(
                    "{0} ports for each of {1} machines are more than the {2} that the frontends have; give fewer, or add a frontend",
                    "{1} 台のマシンに {0} ポートずつは、フロントエンドの {2} ポートを超えます。減らすか、フロントエンドを追加してください",
                )
                .with([arg(ports), arg(machines), arg(there)]),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::kinds::testing::Sketch;

    const GROUP: ResourceId = ResourceId(1);

    /// A machine behind a public load balancer with an outbound rule.
    fn sketch() -> (Sketch, ResourceId, ResourceId) {
        let (mut it, subnet) = Sketch::subnet();
        let machine = it.add(Kind::VirtualMachine, "vm", subnet, json!({}));
        let address = it.add(Kind::PublicIpAddress, "pip", GROUP, json!({}));
        let settings = json!({
            "frontendIPConfigurations": [{"publicIPAddress": address.0}],
            "backendAddressPools": [{"virtualMachines": [machine.0]}],
            "outboundRules": [{}],
        });
        let balancer = it.add(Kind::LoadBalancer, "lb", GROUP, settings);
        (it, balancer, machine)
    }

    #[test]
    fn the_interface_of_a_machine_joins_the_pool() {
        let (it, balancer, machine) = sketch();
        assert_eq!(it.wrong(balancer), [""; 0]);
        let shown = format!("{:?}", it.lowered(machine)[1].properties);
        let member = r#""loadBalancerBackendAddressPools", List([Object([("id", ChildIdOf(ResourceId(6), [("backendAddressPools", "backend")]))])])"#;
        assert!(shown.contains(member), "{shown}");
    }

    // load-balancer/outbound-rules, skus, components: what the operation fails for.
    #[test]
    fn what_azure_refuses() {
        let rules = |rows: Value| ("outboundRules", rows);
        let cases = [
            (
                rules(json!([{"name": "a"}, {"name": "b"}])),
                "outboundRules[1].frontendIPConfigurations",
            ),
            (
                rules(json!([{"frontendIPConfigurations": ["other"]}])),
                "outboundRules[0].frontendIPConfigurations",
            ),
            (
                rules(json!([{"backendAddressPool": "other"}])),
                "outboundRules[0].backendAddressPool",
            ),
            (
                rules(json!([{"allocatedOutboundPorts": 1004}])),
                "outboundRules[0].allocatedOutboundPorts",
            ),
            (("sku.name", json!("Basic")), "sku.name"),
            (
                ("frontendIPConfigurations", json!([{"subnet": 3}])),
                "outboundRules[0].frontendIPConfigurations",
            ),
            (
                ("frontendIPConfigurations", json!([{"publicIPAddress": 5, "subnet": 3}])),
                "frontendIPConfigurations[0].subnet",
            ),
            (
                ("loadBalancingRules", json!([{"disableOutboundSnat": false}])),
                "outboundRules[0].frontendIPConfigurations",
            ),
            (
                ("loadBalancingRules", json!([{"protocol": "All"}])),
                "loadBalancingRules[0].protocol",
            ),
            (("location", json!("westus")), "frontendIPConfigurations[0].publicIPAddress"),
        ];
        for ((key, value), wrong) in cases {
            let (mut it, balancer, _) = sketch();
            for id in [GROUP, ResourceId(2), ResourceId(5)] {
                it.set(id, "location", json!("japaneast"));
            }
            it.set(balancer, key, value);
            let found = it.wrong(balancer);
            assert_eq!(found.first().map(String::as_str), Some(wrong), "{key} {found:?}");
        }
    }

    #[test]
    fn rules_that_go_together() {
        for (key, value) in [
            (
                "outboundRules",
                json!([{"name": "a", "protocol": "Tcp"}, {"name": "b", "protocol": "Udp"}]),
            ),
            ("loadBalancingRules", json!([{"name": "a"}, {"name": "b", "protocol": "Udp"}])),
            ("outboundRules", json!([{"allocatedOutboundPorts": 64000}])),
        ] {
            let (mut it, balancer, _) = sketch();
            it.set(balancer, key, value.clone());
            assert_eq!(it.wrong(balancer), [""; 0], "{key} {value}");
        }
    }

    // "Seven multiplied by 10,000 exceeds the 64,000 port limit" (load-balancer/outbound-rules).
    #[test]
    fn more_ports_than_the_frontends_have() {
        for (count, good) in [(6, true), (7, false)] {
            let (mut it, balancer, _) = sketch();
            let machines: Vec<u32> = (0..count)
                .map(|n| {
                    it.add(Kind::VirtualMachine, &format!("vm{n}"), ResourceId(3), json!({})).0
                })
                .collect();
            it.set(balancer, "backendAddressPools", json!([{"virtualMachines": machines}]));
            it.set(balancer, "outboundRules", json!([{"allocatedOutboundPorts": 10_000}]));
            assert_eq!(it.wrong(balancer).is_empty(), good, "{count}");
        }
    }

    #[test]
    fn members_of_one_network_and_of_one_load_balancer_of_each_sort() {
        let (mut it, balancer, machine) = sketch();
        let other = it.add(Kind::VirtualNetwork, "other", GROUP, json!({}));
        let subnet = it.add(Kind::Subnet, "s", other, json!({}));
        let stranger = it.add(Kind::VirtualMachine, "far", subnet, json!({}));
        let members = json!([{"virtualMachines": [machine.0, stranger.0]}]);
        it.set(balancer, "backendAddressPools", members);
        assert_eq!(it.wrong(balancer), ["backendAddressPools[0].virtualMachines"]);

        let (mut it, _, machine) = sketch();
        let pool = json!([{"virtualMachines": [machine.0]}]);
        let inner =
            json!({"frontendIPConfigurations": [{"subnet": 3}], "backendAddressPools": pool});
        let inner = it.add(Kind::LoadBalancer, "inner", GROUP, inner);
        assert_eq!(it.wrong(inner), [""; 0]);
        let address = it.add(Kind::PublicIpAddress, "pip2", GROUP, json!({}));
        let settings = json!({
            "frontendIPConfigurations": [{"publicIPAddress": address.0}], "backendAddressPools": pool,
        });
        let second = it.add(Kind::LoadBalancer, "second", GROUP, settings);
        assert_eq!(it.wrong(second), ["backendAddressPools[0].virtualMachines"]);
    }
}
