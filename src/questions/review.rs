//! What to look at before a design is deployed: grants that give more than reading, principals from
//! elsewhere, and openings to the public.
//!
//! It lists, and judges nothing: each may be meant.
//!
//! Azure docs: "Best practices for Azure RBAC" (role-based-access-control/best-practices), "Azure security
//! baseline for Machine Learning Service" (security/benchmark/azure/baselines/
//! machine-learning-service-security-baseline).

use std::collections::BTreeSet;

use crate::{
    facts::{
        Facts,
        filter::{Direction, Place, Ports, Protocol},
        grant::{Assignment, Grants, PrincipalId, RoleDefinition},
        service::PublicAccess,
    },
    kinds::{
        Kind, ResourceId, Resources, Subject,
        blob_container::{self, BlobContainer},
        common::Switch,
        container_registry::ContainerRegistry,
        key_vault::{
            AccessPolicy, CertificatePermission, KeyPermission, KeyVault, SecretPermission,
        },
        setting::Guid,
        storage_account::StorageAccount,
        subscription::Subscription,
        user::UserType,
    },
    text::{Message, Text, arg, text},
};

/// Section of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    Grant,
    Foreign,
    Opening,
}

impl Topic {
    pub const ALL: [Topic; 3] = [Topic::Grant, Topic::Foreign, Topic::Opening];

    pub const fn label(self) -> Text {
        match self {
            Topic::Grant => {
                text("Grants that give more than reading", "読み取り以外を許可する権限付与")
            }
            Topic::Foreign => text("Principals from elsewhere", "外部のプリンシパル"),
            Topic::Opening => text("Openings to the public", "外部への公開"),
        }
    }
}

/// One thing to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub topic: Topic,
    pub at: Vec<ResourceId>,
    pub text: Message,
}

/// Rights of a role that are named; the rest is counted.
const NAMED: usize = 3;

/// Everything to look at, by topic, each in the order of the design. `facts` must be
/// [`crate::report::facts`] of `resources`; what Azure grants by itself is in no export and not listed.
pub fn review(resources: &Resources, facts: &Facts) -> Vec<Item> {
    let mut all = Vec::new();
    grants(facts, &mut all);
    for vault in resources.of(Kind::KeyVault) {
        policies(vault, &mut all);
    }
    foreign(resources, facts, &mut all);
    for it in resources.subjects() {
        network(it, facts, &mut all);
        switches(it, &mut all);
    }
    all.sort_by_key(|it| it.topic);
    all
}

fn item(topic: Topic, at: impl IntoIterator<Item = ResourceId>, text: Message) -> Item {
    Item { topic, at: at.into_iter().collect(), text }
}

fn grants(facts: &Facts, all: &mut Vec<Item>) {
    for it in &facts.grants.assignments {
        let (Some(at), Some(role)) = (it.at, facts.grants.roles.get(it.role.0 as usize)) else {
            continue;
        };
        let principal = ResourceId(it.principal.0);
        let names = [arg(facts.name(principal)), arg(&role.name), arg(scope_name(facts, it))];
        let [who, name, scope] = names;
        let text = match more_than_reading(role) {
            None => text(
                "{0} gets {1} on {2}, a role that is not known here and may grant anything",
                "{0} に {2} に対する {1} を付与します。このロールの内容は不明です",
            )
            .with([who, name, scope]),
            Some(rights) if rights.is_empty() => continue,
            Some(rights) => {
                let rest = rights.len().saturating_sub(NAMED);
                let named = arg(rights.iter().take(NAMED).copied().collect::<Vec<_>>().join(", "));
                let sentence = match (rest, it.condition.is_some()) {
                    (0, false) => text(
                        "{0} gets {1} on {2}, with {3}",
                        "{0} に {2} に対する {1} を付与します ({3})",
                    ),
                    (0, true) => text(
                        "{0} gets {1} on {2} under a condition, with {3}",
                        "{0} に {2} に対する {1} を条件付きで付与します ({3})",
                    ),
                    (_, false) => text(
                        "{0} gets {1} on {2}, with {3} and {4} more",
                        "{0} に {2} に対する {1} を付与します ({3} ほか {4} 件)",
                    ),
                    (_, true) => text(
                        "{0} gets {1} on {2} under a condition, with {3} and {4} more",
                        "{0} に {2} に対する {1} を条件付きで付与します ({3} ほか {4} 件)",
                    ),
                };
                sentence.with([who, name, scope, named, arg(rest)])
            }
        };
        all.push(item(Topic::Grant, [at, principal], text));
    }
}

fn scope_name<'a>(facts: &'a Facts, it: &Assignment) -> &'a str {
    let resource = facts.scopes.iter().find(|(_, scope)| **scope == it.scope);
    resource.map_or_else(|| facts.grants.scopes.text(it.scope), |(id, _)| facts.name(*id))
}

/// Patterns that reach beyond reading; `None` where the role is not known.
fn more_than_reading(role: &RoleDefinition) -> Option<Vec<&str>> {
    let blocks = role.permissions.as_ref()?;
    let patterns = blocks.iter().flat_map(|it| it.actions.iter().chain(&it.data_actions));
    let reads = |it: &str| {
        let it = it.to_ascii_lowercase();
        // A delegation key signs with the rights that are there already.
        it.ends_with("/read") || it.ends_with("/generateuserdelegationkey/action")
    };
    Some(patterns.map(|it| &**it).filter(|it| !reads(it)).collect())
}

fn policies(vault: Subject<'_>, all: &mut Vec<Item>) {
    let it = KeyVault::of(vault);
    if it.enable_rbac_authorization {
        return;
    }
    for policy in &it.access_policies {
        let Some(principal) = vault.follow(policy.principal) else { continue };
        let more = beyond_reading(policy);
        if more.is_empty() {
            continue;
        }
        let sentence = text(
            "{0} gets by an access policy of {1}: {2}",
            "{0} に {1} のアクセス ポリシーで付与します: {2}",
        );
        let named = arg(more.join(", "));
        let sentence = sentence.with([arg(principal.name()), arg(vault.name()), named]);
        all.push(item(Topic::Grant, [vault.id, principal.id], sentence));
    }
}

fn beyond_reading(policy: &AccessPolicy) -> Vec<String> {
    use CertificatePermission as Certificate;
    let keys = policy
        .keys
        .iter()
        .filter(|it| !matches!(it, KeyPermission::Get | KeyPermission::List))
        .map(|it| format!("keys/{}", it.value()));
    let secrets = policy
        .secrets
        .iter()
        .filter(|it| !matches!(it, SecretPermission::Get | SecretPermission::List))
        .map(|it| format!("secrets/{}", it.value()));
    let reads = |it: &Certificate| {
        use Certificate::{Get, GetIssuers, List, ListIssuers};
        matches!(it, Get | List | GetIssuers | ListIssuers)
    };
    let certificates = policy
        .certificates
        .iter()
        .filter(|it| !reads(it))
        .map(|it| format!("certificates/{}", it.value()));
    keys.chain(secrets).chain(certificates).collect()
}

/// Guests, applications and users of other tenants, and those whom the design names by their object id.
fn foreign(resources: &Resources, facts: &Facts, all: &mut Vec<Item>) {
    let tenants: BTreeSet<Guid> = resources
        .of(Kind::Subscription)
        .filter_map(|it| Subscription::of(it).tenant_id.clone())
        .collect();
    let granted = granted(resources, facts);
    for it in resources.subjects().filter(|it| granted.contains(&it.id.into())) {
        let name = arg(it.name());
        if it.setting::<UserType>("userType") == Some(UserType::Guest) {
            let words =
                text("{0} is a guest and gets rights", "{0} はゲストで、権限を受け取ります");
            all.push(item(Topic::Foreign, [it.id], words.with([name.clone()])));
        }
        let home = it.setting::<Option<Guid>>("tenantId").flatten();
        if let Some(home) = home.filter(|_| it.kind() != Kind::Subscription)
            && !tenants.contains(&home)
        {
            let words = if tenants.is_empty() {
                text(
                    "{0} is at home in tenant {1}, and the design does not say that this is the tenant of the subscriptions",
                    "{0} のホーム テナントは {1} です。サブスクリプションのテナントかどうかはデザインに指定されていません",
                )
            } else {
                text(
                    "{0} is at home in another tenant, {1}, and gets rights",
                    "{0} は別のテナント {1} のプリンシパルで、権限を受け取ります",
                )
            };
            all.push(item(Topic::Foreign, [it.id], words.with([name.clone(), arg(home.as_str())])));
        }
        if let Some(id) = it.setting::<Option<Guid>>("objectId").flatten() {
            let words = text(
                "{0} is whoever has the object ID {1}, which is not looked up",
                "{0} はオブジェクト ID {1} の持ち主です。照合は行われません",
            );
            all.push(item(Topic::Foreign, [it.id], words.with([name, arg(id.as_str())])));
        }
    }
}

/// Everybody who gets something: by a role or a policy, or as a member of a group that does.
fn granted(resources: &Resources, facts: &Facts) -> BTreeSet<PrincipalId> {
    let Grants { assignments, members, .. } = &facts.grants;
    let mut open: Vec<PrincipalId> =
        assignments.iter().filter(|it| it.at.is_some()).map(|it| it.principal).collect();
    for vault in resources.of(Kind::KeyVault).map(KeyVault::of) {
        let named = vault.access_policies.iter().filter_map(|it| it.principal);
        open.extend(named.map(|it| PrincipalId::from(it.0)));
    }
    let mut all = BTreeSet::new();
    while let Some(it) = open.pop() {
        if all.insert(it) {
            open.extend(
                members.iter().filter(|(group, _)| *group == it).map(|(_, member)| *member),
            );
        }
    }
    all
}

/// What the internet reaches: firewalls of services that let everybody in, rules of filters, addresses.
fn network(it: Subject<'_>, facts: &Facts, all: &mut Vec<Item>) {
    let mut open = |words: Message| all.push(item(Topic::Opening, [it.id], words));
    let name = || arg(it.name());
    let switched = it.info().fields.iter().any(|it| it.key == "publicNetworkAccess");
    if let Some(firewall) = facts.services.get(&it.id).map(|it| &it.firewall)
        && firewall.public == PublicAccess::Enabled
        && switched
    {
        if firewall.default_allow {
            let words = text(
                "{0} takes connections from every public address",
                "{0} はすべてのパブリック アドレスからの接続を受け付けます",
            );
            open(words.with([name()]));
        }
        for range in firewall.ip_rules.iter().filter(|it| it.len() < WIDE) {
            let words = text("{0} admits all of {1}", "{0} は {1} 全体を許可します");
            open(words.with([name(), arg(range)]));
        }
    }
    let filtered = facts.filters.get(&it.id).into_iter().flat_map(|it| &it.rules);
    // One that leaves the word to security groups opens nothing.
    let guards = facts.guards.get(&it.id).into_iter().flat_map(|it| &it.rules);
    let always = guards.filter(|it| it.last).map(|it| &it.rule);
    for rule in filtered.chain(always) {
        let everybody = rule.source.iter().any(is_internet);
        if !rule.allow || rule.direction != Direction::Inbound || !everybody {
            continue;
        }
        let values = [arg(&rule.name), name(), arg(ports(&rule.ports))];
        open(if manages(rule.protocol, &rule.ports) {
            text(
                "rule {0} of {1} admits the internet to management ports ({2})",
                "{1} の規則 {0} は管理ポート ({2}) へのインターネットからの接続を許可します",
            )
            .with(values)
        } else {
            text(
                "rule {0} of {1} admits the internet (ports {2})",
                "{1} の規則 {0} はインターネットからの接続 (ポート {2}) を許可します",
            )
            .with(values)
        });
    }
    for rule in facts.appliances.get(&it.id).into_iter().flat_map(|it| &it.nat_rules) {
        if rule.source.iter().any(is_internet) {
            let words = text(
                "rule {0} of {1} passes connections from the internet on",
                "{1} の規則 {0} はインターネットからの接続を転送します",
            );
            open(words.with([arg(&rule.name), name()]));
        }
    }
    let pools = facts.balancers.get(&it.id).map_or(&[][..], |it| &it.pools);
    if pools.iter().any(|it| it.published) {
        let words = text(
            "{0} passes connections from the internet on to its backend pool",
            "{0} はインターネットからの接続をバックエンド プールに渡します",
        );
        open(words.with([name()]));
    }
    if facts.hosts.get(&it.id).is_some_and(|it| it.public.is_some()) {
        open(
            text("{0} has a public IP address", "{0} にはパブリック IP アドレスがあります")
                .with([name()]),
        );
    }
}

/// A prefix shorter than this is no list of addresses.
const WIDE: u8 = 8;

/// SSH, RDP, `WinRM`.
const MANAGEMENT: [u16; 4] = [22, 3389, 5985, 5986];

fn manages(protocol: Protocol, ports: &[Ports]) -> bool {
    protocol.covers(Protocol::Tcp)
        && (ports.is_empty()
            || MANAGEMENT.iter().any(|port| ports.iter().any(|it| it.contains(*port))))
}

fn ports(ports: &[Ports]) -> String {
    if ports.is_empty() {
        return "*".to_owned();
    }
    ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn is_internet(place: &Place) -> bool {
    match place {
        Place::Any => true,
        Place::Prefix(it) => it.len() < WIDE && !it.is_private(),
        Place::Range(first, last) => {
            u32::from(*last) - u32::from(*first) >= 1 << (32 - u32::from(WIDE))
        }
        Place::Tag(it) => it.name == "internet",
        Place::UnknownTag(_) | Place::Group(_) | Place::Name(_) | Place::Unsaid => false,
    }
}

/// Doors that no role guards.
fn switches(it: Subject<'_>, all: &mut Vec<Item>) {
    let mut open = |words: Text| {
        all.push(item(Topic::Opening, [it.id], words.with([arg(it.name())])));
    };
    if it.kind() == Kind::StorageAccount {
        let settings = StorageAccount::of(it);
        if settings.allow_shared_key_access != Some(false) {
            open(text(
                "{0} accepts account keys: whoever has one needs no role",
                "{0} はアカウント キーを受け付けます。キーを持つ者にロールは不要です",
            ));
        }
        if settings.allow_blob_public_access {
            open(text(
                "{0} allows containers that anybody reads without signing in",
                "{0} ではサインインなしで読み取れるコンテナーが許可されます",
            ));
        }
    }
    if it.kind() == Kind::BlobContainer
        && BlobContainer::of(it).public_access != blob_container::PublicAccess::None
        && it.parent().is_some_and(|it| {
            it.kind() == Kind::StorageAccount && StorageAccount::of(it).allow_blob_public_access
        })
    {
        open(text(
            "{0} is read by anybody without signing in",
            "{0} はサインインなしで誰でも読み取れます",
        ));
    }
    if it.kind() == Kind::ContainerRegistry {
        let settings = ContainerRegistry::of(it);
        if settings.admin_user_enabled {
            open(text(
                "{0} has an admin user: whoever has its password needs no role",
                "{0} では管理者ユーザーが有効です。パスワードを持つ者にロールは不要です",
            ));
        }
        if settings.anonymous_pull_enabled {
            open(text(
                "{0} lets anybody pull images without signing in",
                "{0} ではサインインなしで誰でもイメージをプルできます",
            ));
        }
    }
    if it.setting::<Switch>("sshSettings.sshPublicAccess") == Some(Switch::Enabled) {
        open(text("{0} has an open SSH port", "{0} の SSH ポートが開いています"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{kinds::testing::Sketch, questions::tests::give, report, text::Lang};

    fn told(it: &Sketch, topic: Topic) -> Vec<String> {
        let facts = report::facts(it.all());
        let found = review(it.all(), &facts).into_iter().filter(|it| it.topic == topic);
        found.map(|it| it.text.render(Lang::En)).collect()
    }

    // built-in-roles: Reader and Storage Blob Data Reader read; Contributor may do nearly everything; a
    // role that only a GUID names may grant anything.
    #[test]
    fn grants_beyond_reading() {
        for (role, expected) in [
            ("Reader", vec![]),
            ("Storage Blob Data Reader", vec![]),
            ("Contributor", vec!["u gets Contributor on rg, with *"]),
            (
                "00000000-0000-0000-0000-000000000001",
                vec![
                    "u gets 00000000-0000-0000-0000-000000000001 on rg, a role that is not known here and may grant anything",
                ],
            ),
        ] {
            let mut it = Sketch::default();
            let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
            let user = it.add(Kind::User, "u", None, json!({}));
            give(&mut it, user, role, group);
            assert_eq!(told(&it, Topic::Grant), expected);
        }
    }

    // key-vault/general/assign-access-policy: policies count while roles do not.
    #[test]
    fn access_policies_beyond_reading() {
        let more = vec!["u gets by an access policy of kv: secrets/set"];
        for (roles, secrets, expected) in [
            (false, json!(["get", "list"]), vec![]),
            (false, json!(["get", "set"]), more),
            (true, json!(["get", "set"]), vec![]),
        ] {
            let mut it = Sketch::default();
            let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
            let user = it.add(Kind::User, "u", None, json!({}));
            let policy = json!([{"objectId": user.0, "permissions.secrets": secrets}]);
            let settings = json!({"enableRbacAuthorization": roles, "accessPolicies": policy});
            it.add(Kind::KeyVault, "kv", group, settings);
            assert_eq!(told(&it, Topic::Grant), expected);
        }
    }

    // external-identities/user-properties: a guest is at home in another tenant.
    #[test]
    fn principals_from_elsewhere_who_get_something() {
        let mut it = Sketch::default();
        let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
        let guest = it.add(Kind::User, "guest", None, json!({"userType": "Guest"}));
        it.add(Kind::User, "nobody", None, json!({"userType": "Guest"}));
        let tenant = "11111111-1111-1111-1111-111111111111";
        let app = it.add(Kind::ServicePrincipal, "app", None, json!({"tenantId": tenant}));
        let team = it.add(Kind::Group, "team", None, json!({"members": [guest.0]}));
        give(&mut it, team, "Reader", group);
        give(&mut it, app, "Reader", group);
        let of_app = |it: &Sketch| told(it, Topic::Foreign).get(1).cloned();
        assert_eq!(told(&it, Topic::Foreign)[0], "guest is a guest and gets rights");
        assert!(of_app(&it).unwrap().contains("does not say"), "{:?}", of_app(&it));
        it.add(Kind::Subscription, "sub", None, json!({"tenantId": tenant}));
        assert_eq!(of_app(&it), None);
    }

    // The pages of the settings: storage/common/storage-network-security, container-registry/
    // container-registry-authentication, virtual-network/network-security-group-how-it-works.
    #[test]
    fn openings() {
        let rule = |source: &str, port: &str, access: &str| {
            json!({"securityRules": [{
                "name": "in", "priority": 100, "direction": "Inbound", "access": access,
                "protocol": "Tcp", "sourceAddressPrefixes": [source],
                "destinationPortRanges": [port],
            }]})
        };
        let nsg = Kind::NetworkSecurityGroup;
        let cases: Vec<(Kind, Value, Vec<&str>)> = vec![
            (
                Kind::StorageAccount,
                json!({}),
                vec![
                    "it takes connections from every public address",
                    "it accepts account keys: whoever has one needs no role",
                ],
            ),
            (
                Kind::StorageAccount,
                json!({"networkAcls.defaultAction": "Deny", "allowSharedKeyAccess": false}),
                vec![],
            ),
            (
                Kind::StorageAccount,
                json!({"publicNetworkAccess": "Disabled", "allowSharedKeyAccess": false}),
                vec![],
            ),
            (
                Kind::ContainerRegistry,
                json!({"publicNetworkAccess": "Disabled", "adminUserEnabled": true}),
                vec!["it has an admin user: whoever has its password needs no role"],
            ),
            (
                nsg,
                rule("Internet", "22", "Allow"),
                vec!["rule in of it admits the internet to management ports (22)"],
            ),
            (
                nsg,
                rule("0.0.0.0/0", "443", "Allow"),
                vec!["rule in of it admits the internet (ports 443)"],
            ),
            (nsg, rule("Internet", "22", "Deny"), vec![]),
            (nsg, rule("203.0.113.0/24", "22", "Allow"), vec![]),
            (nsg, rule("VirtualNetwork", "22", "Allow"), vec![]),
        ];
        for (kind, settings, expected) in cases {
            let mut it = Sketch::default();
            let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
            it.add(kind, "it", group, settings.clone());
            assert_eq!(told(&it, Topic::Opening), expected, "{settings}");
        }
    }

    // load-balancer/components: load balancing rules take connections, outbound rules take none.
    #[test]
    fn what_a_load_balancer_opens() {
        for (key, open) in [("loadBalancingRules", true), ("outboundRules", false)] {
            let mut it = Sketch::default();
            let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
            let address = it.add(Kind::PublicIpAddress, "pip", group, json!({}));
            let settings = json!({
                "frontendIPConfigurations": [{"publicIPAddress": address.0}],
                "backendAddressPools": [{}], key: [{}],
            });
            it.add(Kind::LoadBalancer, "it", group, settings);
            assert_eq!(told(&it, Topic::Opening).len(), usize::from(open), "{key}");
        }
    }
}
