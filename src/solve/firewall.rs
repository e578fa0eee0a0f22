//! The firewall of a service: private endpoints, trusted callers, subnets, addresses.
//!
//! Azure docs: "Azure Storage firewall and virtual network rules" (storage/common/storage-network-security),
//! "Configure Azure Key Vault networking" (key-vault/general/network-security), "Configure rules to
//! access a registry behind a firewall" (container-registry/container-registry-firewall-access-rules).

use std::net::Ipv4Addr;

use super::{
    Hop, Step,
    flow::{Caller, Flow, Network, Origin},
    log::Log,
    walk::{Arrival, Sender},
};
use crate::{
    facts::{
        ResourceId,
        network::Position,
        service::{Face, Firewall, LinkState, Perimeter, PrivateEndpoint, PublicAccess},
    },
    text::{Arg, arg, text},
};

const PRIVATE_LINK: &str = "private-link/private-endpoint-overview";
const PERIMETER: &str = "private-link/network-security-perimeter-concepts";
const MONITOR: &str = "azure-monitor/logs/private-link-security";

impl<'a> Network<'a> {
    /// Private endpoints that can serve `face`.
    pub(super) fn endpoints_for(
        &self,
        face: &Face,
    ) -> impl Iterator<Item = (ResourceId, &'a PrivateEndpoint)> + use<'_, 'a> {
        let link = face.link.as_ref().and_then(|it| Some((it.owner?, it.group)));
        let ids = link.and_then(|(owner, _)| self.index.endpoints_of.get(&owner));
        let group = link.map(|(_, group)| group).unwrap_or_default();
        ids.into_iter()
            .flatten()
            .filter_map(|id| Some((*id, self.facts().private_endpoints.get(id)?)))
            .filter(move |(_, it)| it.group.eq_ignore_ascii_case(group))
    }

    /// What happens at a private endpoint: is it approved, and is it one for this face?
    /// Whether a service firewall has still to be asked is the answer.
    pub(super) fn at_endpoint(
        &self,
        log: &mut Log<'_>,
        id: ResourceId,
        address: Option<Ipv4Addr>,
        face: Option<(ResourceId, &Face)>,
    ) -> bool {
        let facts = self.facts();
        let Some(endpoint) = facts.private_endpoints.get(&id) else { return false };
        log.touch(id);
        let words = || {
            [
                arg(facts.name(id)),
                arg(endpoint.state.name()),
                arg(facts.name(endpoint.target)),
                arg(&endpoint.group),
            ]
        };
        if endpoint.state != LinkState::Approved {
            log.push(
                Step::deny(
                    Hop::PrivateEndpoint,
                    text(
                        "the connection of {0} is {1}; only an approved one carries traffic to {2} ({3})",
                        "{0} の接続は {1} です。{2} ({3}) への通信には承認 (Approved) が必要です",
                    )
                    .with(words()),
                )
                .at(id)
                .source(PRIVATE_LINK),
            );
            return false;
        }
        let Some((service, face)) = face else {
            log.push(self.endpoint_passes(id, words()));
            return false;
        };
        let link = face.link.as_ref();
        let same_group = link.is_some_and(|it| it.group.eq_ignore_ascii_case(&endpoint.group));
        let shared = link.is_some_and(|it| it.owner.is_none());
        let same_target = link.is_some_and(|it| it.owner == Some(endpoint.target));
        if same_group && shared && facts.monitor_scopes.contains_key(&endpoint.target) {
            return self.in_scope(log, id, endpoint, service, face);
        }
        if !(same_group && same_target) {
            log.push(
                Step::deny(
                    Hop::PrivateEndpoint,
                    text(
                        "the address belongs to {0}, which serves {2} ({3}) and not {4}",
                        "このアドレスは {0} のもので、{2} ({3}) 用です。{4} には使えません",
                    )
                    .with([
                        arg(facts.name(id)),
                        arg(endpoint.state.name()),
                        arg(facts.name(endpoint.target)),
                        arg(&endpoint.group),
                        arg(&face.name),
                    ]),
                )
                .at(id)
                .source(PRIVATE_LINK),
            );
            return false;
        }
        // An endpoint with several addresses has one per group of names.
        let wanted = link.map_or("", |it| it.member.as_str());
        let addresses = self.index.endpoint_addresses.get(&id);
        let holds = addresses.and_then(|all| {
            all.iter().find(|(_, it)| Some(*it) == address).map(|(member, _)| member.as_str())
        });
        let known = addresses.is_some_and(|all| all.iter().any(|(it, _)| it == wanted));
        if let (true, Some(holds)) = (known, holds) {
            let several = addresses.is_some_and(|all| {
                all.iter().filter(|(_, it)| Some(*it) == address).any(|(it, _)| it == wanted)
            });
            if holds != wanted && !several {
                log.push(
                    Step::deny(
                        Hop::PrivateEndpoint,
                        text(
                            "the record leads to the address of {0} for {1}, but {2} is answered at the one for {3}",
                            "レコードは {0} の {1} 用アドレスを指していますが、{2} に応答するのは {3} 用のアドレスです",
                        )
                        .with([
                            arg(facts.name(id)),
                            arg(holds),
                            arg(&face.name),
                            arg(wanted),
                        ]),
                    )
                    .at(id)
                    .source(PRIVATE_LINK),
                );
                return false;
            }
        }
        log.push(self.endpoint_passes(id, words()));
        false
    }

    #[expect(clippy::unused_self, reason = "stands with its siblings")]
    fn endpoint_passes(&self, id: ResourceId, words: [Arg; 4]) -> Step {
        Step::pass(
            Hop::PrivateEndpoint,
            text(
                "private endpoint {0} ({1}) leads to {2} ({3}); its firewall does not apply",
                "プライベート エンドポイント {0} ({1}) は {2} ({3}) に接続します。サービスのファイアウォールは適用されません",
            )
            .with(words),
        )
        .at(id)
        .source(PRIVATE_LINK)
    }

    /// Shared monitoring names lead to the scope's endpoint for every resource, member or not.
    fn in_scope(
        &self,
        log: &mut Log<'_>,
        id: ResourceId,
        endpoint: &PrivateEndpoint,
        service: ResourceId,
        face: &Face,
    ) -> bool {
        let facts = self.facts();
        let Some(scope) = facts.monitor_scopes.get(&endpoint.target) else { return false };
        let words = || [arg(facts.name(service)), arg(facts.name(endpoint.target))];
        if scope.members.contains(&service) {
            log.push(
                Step::pass(
                    Hop::PrivateEndpoint,
                    text(
                        "{0} is in the private link scope {1}, so the private address serves it",
                        "{0} はプライベート リンク スコープ {1} に含まれるため、プライベート アドレスで到達できます",
                    )
                    .with(words()),
                )
                .at(id)
                .source(MONITOR),
            );
            return false;
        }
        let private_only = if face.id == "query" {
            scope.query_private_only
        } else {
            scope.ingestion_private_only
        };
        if private_only {
            log.push(
                Step::deny(
                    Hop::DestinationFirewall,
                    text(
                        "{0} is not in the private link scope {1}, whose access mode is PrivateOnly; every network with its DNS is cut off from it",
                        "{0} はプライベート リンク スコープ {1} に含まれず、アクセス モードが PrivateOnly のため、その DNS を使うネットワークからは到達できません",
                    )
                    .with(words()),
                )
                .at(endpoint.target)
                .source(MONITOR),
            );
            return false;
        }
        log.push(
            Step::pass(
                Hop::PrivateEndpoint,
                text(
                    "{0} is not in the private link scope {1}; its access mode Open lets the call through as a public one",
                    "{0} はプライベート リンク スコープ {1} に含まれませんが、アクセス モードが Open のためパブリックとして扱われます",
                )
                .with(words()),
            )
            .at(id)
            .source(MONITOR),
        );
        true
    }

    /// Asks the firewall of `service` about an arrival that is not private.
    pub(super) fn at_firewall(
        &self,
        log: &mut Log<'_>,
        service: ResourceId,
        face: &Face,
        arrival: &Arrival,
        flow: &Flow,
    ) {
        let facts = self.facts();
        let owner = face.firewall_of.unwrap_or(service);
        let Some(found) = facts.services.get(&owner) else {
            log.push(
                Step::unknown(
                    Hop::DestinationFirewall,
                    text(
                        "the firewall of {0} is not known",
                        "{0} のファイアウォールがわかりません",
                    )
                    .with([arg(facts.name(owner))]),
                )
                .at(owner),
            );
            return;
        };
        let rules = &found.firewall;
        log.touch(owner);
        if face.unguarded {
            return;
        }
        let step = self.judge(log, owner, &found.tenant, &found.region, rules, face, arrival, flow);
        let source = if step.source.is_empty() { rules.source } else { step.source };
        log.push(step.at(owner).source(source));
    }

    #[expect(clippy::too_many_arguments, reason = "what the firewall looks at")]
    fn judge(
        &self,
        log: &mut Log<'_>,
        owner: ResourceId,
        tenant: &str,
        region: &str,
        rules: &Firewall,
        face: &Face,
        arrival: &Arrival,
        flow: &Flow,
    ) -> Step {
        let facts = self.facts();
        let hop = Hop::DestinationFirewall;
        let name = || arg(facts.name(owner));
        let caller = flow.caller.as_ref();
        match caller {
            Some(Caller::Trusted { service, resource }) => {
                if let Some(step) = trusted(self, owner, tenant, rules, service, *resource) {
                    return step;
                }
            }
            Some(Caller::RegistryTask { system_identity }) => {
                let open = rules.public == PublicAccess::Enabled && rules.default_allow;
                if !open {
                    return if *system_identity && rules.bypass && rules.tasks_trusted {
                        Step::pass(
                            hop,
                            text(
                                "{0} lets its tasks with a system-assigned identity bypass the network rules",
                                "{0} はシステム割り当て ID のタスクにネットワーク規則のバイパスを許可しています",
                            )
                            .with([name()]),
                        )
                    } else {
                        Step::deny(
                            hop,
                            text(
                                "{0} is closed to the public, and its own tasks come from public addresses (networkRuleBypassAllowedForTasks is off or the task has no system-assigned identity)",
                                "{0} はパブリック アクセスを制限しており、タスクもパブリック アドレスから接続するため拒否されます (networkRuleBypassAllowedForTasks が無効か、タスクにシステム割り当て ID がありません)",
                            )
                            .with([name()]),
                        )
                    };
                }
            }
            None => {}
        }
        match face.public.unwrap_or(rules.public) {
            PublicAccess::Perimeter => {
                let Some(perimeter) = &rules.perimeter else {
                    return Step::unknown(
                        hop,
                        text(
                            "{0} is secured by a network security perimeter, which the design does not describe",
                            "{0} はネットワーク セキュリティ境界で保護されていますが、その内容がデザインにありません",
                        )
                        .with([name()]),
                    );
                };
                return self.at_perimeter(owner, perimeter, arrival, caller);
            }
            PublicAccess::Disabled => {
                return Step::deny(
                    hop,
                    text(
                        "{0} has public network access disabled; only private endpoints and trusted services get in",
                        "{0} のパブリック ネットワーク アクセスは無効です。プライベート エンドポイントと信頼されたサービスだけが接続できます",
                    )
                    .with([name()]),
                );
            }
            PublicAccess::Enabled => {}
        }
        if rules.clauses.closed_when_linked && self.endpoints_for(face).next().is_some() {
            return Step::deny(
                hop,
                text(
                    "{0} belongs to a resource with a private endpoint and is served through that only",
                    "{0} はプライベート エンドポイントを持つリソースに属しており、その経由でのみ利用できます",
                )
                .with([name()]),
            );
        }
        if let Some(why) = &rules.uncertain {
            return Step::unknown(hop, why.clone());
        }
        if rules.default_allow {
            return Step::pass(
                hop,
                text(
                    "{0} accepts every network",
                    "{0} はすべてのネットワークからの接続を受け入れます",
                )
                .with([name()]),
            );
        }
        match arrival {
            Arrival::Subnet { subnet, address } => {
                let address = address.map_or_else(|| "?".to_owned(), |it| it.to_string());
                let words = [name(), arg(facts.name(*subnet)), arg(address)];
                if rules.subnet_rules.contains(subnet)
                    && rules.clauses.subnet_rules_for_machines
                    && let Some(host) = self.run_by_service(flow, *subnet)
                {
                    return Step::deny(
                        hop,
                        text(
                            "{0} lists subnet {1}, but only virtual machines and AKS nodes may use its service endpoint, and {2} is neither; remove the subnet rules of {0} and give it a private endpoint",
                            "{0} の規則にサブネット {1} がありますが、このサービス エンドポイントを使えるのは仮想マシンと AKS ノードだけです。{2} はどちらでもないため、{0} のサブネットの規則を削除し、プライベート エンドポイントを作成してください",
                        )
                        .with([name(), arg(facts.name(*subnet)), arg(facts.name(host))]),
                    )
                    .source("container-registry/container-registry-vnet");
                }
                if rules.subnet_rules.contains(subnet) {
                    Step::pass(
                        hop,
                        text(
                            "{0} lists subnet {1}, which has the service endpoint",
                            "{0} の規則に、サービス エンドポイントを持つサブネット {1} が含まれています",
                        )
                        .with(words),
                    )
                } else {
                    Step::deny(
                        hop,
                        text(
                            "{0} denies by default and does not list subnet {1}; because of the service endpoint it sees {2}, which no IP rule can match",
                            "{0} は既定で拒否し、サブネット {1} は規則にありません。サービス エンドポイントにより送信元は {2} となり、IP 規則では許可できません",
                        )
                        .with(words),
                    )
                }
            }
            Arrival::Public(sender) => {
                // A service that the exception is for has no other way in that could be counted on.
                let listed = matches!(caller, Some(Caller::Trusted { service, .. })
                    if rules.trusted.iter().any(|it| it.eq_ignore_ascii_case(service)));
                let sender = Sender { picked: sender.picked || listed, ..sender.clone() };
                self.by_address(log, owner, region, rules, &sender, flow.browser)
            }
            Arrival::Host(_) | Arrival::Endpoint(..) | Arrival::Served | Arrival::Lost => {
                Step::unknown(
                    hop,
                    text(
                        "how the call arrives at {0} is not known",
                        "{0} への到達経路がわかりません",
                    )
                    .with([name()]),
                )
            }
        }
    }

    /// The sender, where it stands in this subnet and a service of the provider runs it.
    fn run_by_service(&self, flow: &Flow, subnet: ResourceId) -> Option<ResourceId> {
        let Origin::Host(id) = flow.from else { return None };
        let host = self.facts().hosts.get(&id).filter(|it| it.of_service)?;
        let there = matches!(host.position, Position::Subnet { subnet: it, .. } if it == subnet);
        there.then_some(id)
    }

    /// Inside a perimeter its inbound access rules decide alone: the service's own rules and its exception
    /// for trusted services are void.
    fn at_perimeter(
        &self,
        owner: ResourceId,
        perimeter: &Perimeter,
        arrival: &Arrival,
        caller: Option<&Caller>,
    ) -> Step {
        let hop = Hop::DestinationFirewall;
        let name = || arg(self.facts().name(owner));
        if let Some(Caller::Trusted { resource: Some(id), .. }) = caller
            && perimeter.callers.contains(id)
        {
            return Step::pass(
                hop,
                text(
                    "an access rule of the perimeter of {0} names the subscription of {1}",
                    "{0} の境界のアクセス規則に {1} のサブスクリプションが含まれています",
                )
                .with([name(), arg(self.facts().name(*id))]),
            )
            .source(PERIMETER);
        }
        let sender = match arrival {
            Arrival::Public(sender) => sender.address,
            _ => None,
        };
        match sender {
            Some(address) if perimeter.prefixes.iter().any(|it| it.covers(address)) => Step::pass(
                hop,
                text(
                    "an access rule of the perimeter of {0} lists {1}",
                    "{0} の境界のアクセス規則に {1} が含まれています",
                )
                .with([name(), arg(address)]),
            ),
            Some(address) if perimeter.prefixes.iter().any(|it| it.overlaps(address)) => {
                Step::unknown(
                    hop,
                    text(
                        "the perimeter of {0} lists only a part of {1}, from which the call comes",
                        "{0} の境界のアクセス規則は、呼び出し元の {1} の一部だけを許可しています",
                    )
                    .with([name(), arg(address)]),
                )
            }
            None if !perimeter.prefixes.is_empty()
                && matches!(arrival, Arrival::Public(_))
                && !matches!(caller, Some(Caller::Trusted { .. })) =>
            {
                Step::unknown(
                    hop,
                    text(
                        "the perimeter of {0} lists addresses, and the one the call comes from is not in the design",
                        "{0} の境界は IP アドレスで許可していますが、呼び出し元のアドレスがデザインにありません",
                    )
                    .with([name()]),
                )
            }
            _ => Step::deny(
                hop,
                text(
                    "{0} is secured by a network security perimeter, and none of its access rules admits the caller; trusted services need one as well",
                    "{0} はネットワーク セキュリティ境界で保護されており、呼び出し元を許可するアクセス規則がありません。信頼されたサービスにも規則が必要です",
                )
                .with([name()]),
            ),
        }
        .source(PERIMETER)
    }

    fn by_address(
        &self,
        log: &mut Log<'_>,
        owner: ResourceId,
        region: &str,
        rules: &Firewall,
        sender: &Sender,
        browser: bool,
    ) -> Step {
        let facts = self.facts();
        let hop = Hop::DestinationFirewall;
        let name = || arg(facts.name(owner));
        let lists_subnet = sender.via.filter(|it| rules.subnet_rules.contains(it));
        if let Some(subnet) = lists_subnet {
            log.note(
                text(
                    "{0} lists subnet {1}, but the subnet has no service endpoint for it; both halves are needed",
                    "{0} の規則にサブネット {1} がありますが、サブネット側のサービス エンドポイントがありません。両方が必要です",
                )
                .with([name(), arg(facts.name(subnet))]),
            );
        }
        let denied = || {
            Step::deny(
                hop,
                text(
                    "{0} denies by default, and no rule lists the caller",
                    "{0} は既定で拒否し、呼び出し元を許可する規則がありません",
                )
                .with([name()]),
            )
        };
        let same_region =
            sender.region.as_deref().is_some_and(|it| !region.is_empty() && it == region);
        if rules.clauses.ip_rules_skip_same_region && same_region && !rules.ip_rules.is_empty() {
            return Step::deny(
                hop,
                text(
                    "{0} denies by default; the caller is in the same region, where IP rules have no effect",
                    "{0} は既定で拒否します。呼び出し元が同じリージョンにあるため、IP 規則は効きません",
                )
                .with([name()]),
            );
        }
        if rules.ip_rules.is_empty() {
            return denied();
        }
        match sender.address {
            Some(address) => {
                if let Some(rule) = rules.ip_rules.iter().find(|it| it.covers(address)) {
                    if browser && rules.clauses.ip_rules_not_for_browsers {
                        return Step::deny(
                            hop,
                            text(
                                "{0}: IP rule {1} lists {2}, but Studio does not support IP rules of storage; use a private endpoint, or the SDK",
                                "{0}: IP 規則 {1} に {2} が含まれますが、スタジオではストレージの IP 規則がサポートされていません。プライベート エンドポイントか SDK を使ってください",
                            )
                            .with([name(), arg(rule), arg(address)]),
                        )
                        .source("machine-learning/how-to-enable-studio-virtual-network");
                    }
                    return Step::pass(
                        hop,
                        text("{0}: IP rule {1} lists {2}", "{0}: IP 規則 {1} に {2} が含まれます")
                            .with([name(), arg(rule), arg(address)]),
                    );
                }
                if rules.ip_rules.iter().any(|it| it.overlaps(address)) {
                    return Step::unknown(
                        hop,
                        text(
                            "{0} lists only a part of {1}, from which the call comes",
                            "{0} の IP 規則は、呼び出し元の {1} の一部だけを許可しています",
                        )
                        .with([name(), arg(address)]),
                    );
                }
                Step::deny(
                    hop,
                    text(
                        "{0} denies by default, and no IP rule lists {1}",
                        "{0} は既定で拒否し、{1} を含む IP 規則がありません",
                    )
                    .with([name(), arg(address)]),
                )
            }
            None if sender.picked => Step::deny(
                hop,
                text(
                    "{0} lists addresses; the caller has one that Azure picks and can change, so no rule can be counted on to hold it",
                    "{0} は IP アドレスで許可しています。呼び出し元のアドレスは Azure が割り当て、変わることがあるため、規則に含まれているとは見なせません",
                )
                .with([name()]),
            )
            .assumed(),
            None => Step::unknown(
                hop,
                text(
                    "{0} lists addresses, and the one the call comes from is not in the design",
                    "{0} は IP アドレスで許可していますが、呼び出し元のアドレスがデザインにありません",
                )
                .with([name()]),
            ),
        }
    }
}

/// Trusted services and resource instances come in before every other rule; `None` leaves it to those.
fn trusted(
    network: &Network<'_>,
    owner: ResourceId,
    tenant: &str,
    rules: &Firewall,
    service: &str,
    resource: Option<ResourceId>,
) -> Option<Step> {
    let facts = network.facts();
    let hop = Hop::DestinationFirewall;
    if rules.clauses.perimeter_voids_trusted && rules.public == PublicAccess::Perimeter {
        return None;
    }
    let listed = resource.filter(|id| {
        rules
            .instance_rules
            .iter()
            .any(|it| it.resource == *id && (it.tenant.is_empty() || it.tenant == tenant))
    });
    // The resource must be of the account's tenant, whatever tenant the rule names. One that the facts
    // do not have may be of any.
    let theirs = |id: ResourceId| facts.services.get(&id).map(|it| it.tenant.as_str());
    let stranger = |id: &ResourceId| {
        theirs(*id).is_some_and(|it| ![tenant, ""].contains(&it) && !tenant.is_empty())
    };
    if let Some(id) = listed.filter(|id| !stranger(id)) {
        let words = [arg(facts.name(owner)), arg(facts.name(id))];
        return Some(if theirs(id) == Some(tenant) {
            Step::pass(
                hop,
                text(
                    "{0} has a resource instance rule for {1}",
                    "{0} には {1} のリソース インスタンス規則があります",
                )
                .with(words),
            )
        } else {
            Step::unknown(
                hop,
                text(
                    "{0} has a resource instance rule for {1}, which works within one tenant; the tenants of both are not known",
                    "{0} には {1} のリソース インスタンス規則がありますが、同じテナント内でのみ有効です。双方のテナントがわかっていません",
                )
                .with(words),
            )
        });
    }
    let listed = rules.trusted.iter().any(|it| it.eq_ignore_ascii_case(service));
    let voided = rules.clauses.subnet_rules_void_trusted && !rules.subnet_rules.is_empty();
    (rules.bypass && listed && !voided).then(|| {
        Step::pass(
            hop,
            text(
                "{0} lets trusted services in, and {1} is one; that holds with public access disabled as well",
                "{0} は信頼されたサービスを許可しており、{1} はその 1 つです。パブリック アクセスが無効でも有効です",
            )
            .with([arg(facts.name(owner)), arg(service)]),
        )
    })
}
