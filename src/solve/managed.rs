//! Managed networks: what computes inside reach, by isolation mode and outbound rules.
//!
//! Azure docs: "Workspace managed virtual network isolation" (machine-learning/how-to-managed-network).

use super::{
    Hop, Step,
    flow::{Answer, Network},
    log::Log,
    matching::{Party, Tri, in_ports, matches, name_matches},
    walk::{Arrival, Sender, Target},
};
use crate::{
    facts::{
        ResourceId,
        filter::{Place, Protocol, Tag},
        managed::{ManagedMode, ManagedNetwork, ManagedTarget},
        service::{Face, LinkState, PublicAccess},
    },
    text::{arg, text},
};

const SOURCE: &str = "machine-learning/how-to-managed-network";

impl<'a> Network<'a> {
    /// Follows a flow out of the managed network of `id`.
    pub(super) fn leave_managed(
        &self,
        log: &mut Log<'_>,
        id: ResourceId,
        target: &Target<'a>,
        face: Option<(ResourceId, &'a Face)>,
        protocol: Protocol,
        port: u16,
    ) -> (Option<Answer>, Arrival) {
        let facts = self.facts();
        let Some(managed) = facts.managed_networks.get(&id) else {
            log.push(
                Step::unknown(
                    Hop::ManagedNetwork,
                    text(
                        "{0} has no managed network in the design",
                        "{0} のマネージド ネットワークがデザインにありません",
                    )
                    .with([arg(facts.name(id))]),
                )
                .at(id),
            );
            return (None, Arrival::Lost);
        };
        log.touch(id);
        if !self.index.provisioned.contains(&id) {
            log.push(
                Step::deny(
                    Hop::ServiceMode,
                    text(
                        "the managed network of {0} is not provisioned yet; provision it, or create a compute in it first",
                        "{0} のマネージド ネットワークがまだプロビジョニングされていません。先にプロビジョニングするか、コンピューティングを作成してください",
                    )
                    .with([arg(facts.name(id))]),
                )
                .at(id)
                .source(SOURCE),
            );
        }
        if let Some((_, face)) = face
            && let Some(arrival) = self.managed_endpoint(log, id, managed, face)
        {
            return (Some(Answer::Private), arrival);
        }
        if !target.party.public {
            log.push(
                Step::deny(
                    Hop::ManagedNetwork,
                    text(
                        "a managed network reaches {0} only through a private endpoint; it has no other way into networks of yours",
                        "マネージド ネットワークから {0} へはプライベート エンドポイント経由でのみ到達できます。お客様のネットワークへの他の経路はありません",
                    )
                    .with([target.label.clone()]),
                )
                .at(id)
                .source(SOURCE),
            );
            return (None, Arrival::Lost);
        }
        let sender = Sender {
            address: None,
            region: Some(managed.region.clone()),
            via: Some(id),
            assumed: false,
            picked: true,
        };
        match managed.mode {
            ManagedMode::InternetOutbound => log.push(
                Step::pass(
                    Hop::ManagedNetwork,
                    text(
                        "the managed network of {0} allows internet outbound: {1} is reached in public",
                        "{0} のマネージド ネットワークはインターネットへの送信を許可しているため、{1} にパブリックで到達します",
                    )
                    .with([arg(facts.name(id)), target.label.clone()]),
                )
                .at(id)
                .source(SOURCE),
            ),
            ManagedMode::ApprovedOnly => {
                self.approved(log, id, managed, &target.party, target, protocol, port);
            }
        }
        (Some(Answer::Public), Arrival::Public(sender))
    }

    /// The managed private endpoint for a face, if there is one.
    fn managed_endpoint(
        &self,
        log: &mut Log<'_>,
        id: ResourceId,
        managed: &ManagedNetwork,
        face: &Face,
    ) -> Option<Arrival> {
        let facts = self.facts();
        let link = face.link.as_ref()?;
        let owner = link.owner?;
        log.touch(owner);
        let rule = managed.rules.iter().find_map(|rule| match &rule.to {
            ManagedTarget::PrivateEndpoint { target, group, state }
                if *target == owner && group.eq_ignore_ascii_case(link.group) =>
            {
                Some((rule, *state))
            }
            _ => None,
        });
        let words = |name: &str| [arg(name), arg(facts.name(owner)), arg(link.group)];
        if let Some((rule, state)) = rule {
            log.touch(rule.at);
            if state != LinkState::Approved {
                log.push(
                    Step::deny(
                        Hop::PrivateEndpoint,
                        text(
                            "the connection of outbound rule {0} to {1} ({2}) is not approved",
                            "アウトバウンド規則 {0} の {1} ({2}) への接続が承認されていません",
                        )
                        .with(words(&rule.name)),
                    )
                    .at(rule.at)
                    .source(SOURCE),
                );
                return Some(Arrival::Served);
            }
            log.push(
                Step::pass(
                    Hop::ManagedNetwork,
                    text(
                        "outbound rule {0} is a private endpoint to {1} ({2})",
                        "アウトバウンド規則 {0} は {1} ({2}) へのプライベート エンドポイントです",
                    )
                    .with(words(&rule.name)),
                )
                .at(rule.at)
                .source(SOURCE),
            );
            return Some(Arrival::Served);
        }
        let required = managed
            .required
            .iter()
            .any(|(it, group)| *it == owner && group.eq_ignore_ascii_case(link.group));
        let closed = facts
            .services
            .get(&owner)
            .is_some_and(|it| it.firewall.public != PublicAccess::Enabled);
        // With internet outbound, required endpoints are made only for what is closed to the public.
        if required && (managed.mode == ManagedMode::ApprovedOnly || closed) {
            log.push(
                Step::pass(
                    Hop::ManagedNetwork,
                    text(
                        "the managed network of {0} has a required private endpoint to {1} ({2})",
                        "{0} のマネージド ネットワークには {1} ({2}) への必須のプライベート エンドポイントがあります",
                    )
                    .with(words(facts.name(id))),
                )
                .at(id)
                .source(SOURCE),
            );
            return Some(Arrival::Served);
        }
        None
    }

    #[expect(clippy::too_many_arguments, reason = "the packet and the rules")]
    fn approved(
        &self,
        log: &mut Log<'_>,
        id: ResourceId,
        managed: &ManagedNetwork,
        party: &Party<'_>,
        target: &Target<'_>,
        protocol: Protocol,
        port: u16,
    ) {
        let facts = self.facts();
        let storage = party.tags.contains(&"Storage");
        let what = || arg(protocol.at(port));
        let mut near_miss = None;
        let mut maybe = None;
        for rule in &managed.rules {
            let (tri, at) = match &rule.to {
                ManagedTarget::Name(pattern) => {
                    let named = party.name.as_deref().is_some_and(|it| name_matches(pattern, it));
                    if named && storage {
                        near_miss.get_or_insert((
                            text(
                                "FQDN rule {0} names it, but storage needs a private endpoint rule in this mode",
                                "FQDN 規則 {0} に一致しますが、このモードではストレージにはプライベート エンドポイント規則が必要です",
                            ),
                            rule,
                        ));
                    } else if named && !(protocol == Protocol::Tcp && matches!(port, 80 | 443)) {
                        near_miss.get_or_insert((
                            text(
                                "FQDN rule {0} names it, but FQDN rules open ports 80 and 443 only",
                                "FQDN 規則 {0} に一致しますが、FQDN 規則で開くのはポート 80 と 443 だけです",
                            ),
                            rule,
                        ));
                    }
                    let open =
                        named && !storage && protocol == Protocol::Tcp && matches!(port, 80 | 443);
                    (Tri::of(open), rule.at)
                }
                ManagedTarget::Tag { tag, protocol: over, ports } => {
                    let open = over.covers(protocol) && in_ports(ports, port);
                    let held = matches(self, None, &Place::Tag(tag.clone()), party);
                    (Tri::of(open).min(held), rule.at)
                }
                ManagedTarget::PrivateEndpoint { .. } => (Tri::No, rule.at),
                ManagedTarget::Unsaid => (Tri::Maybe, rule.at),
            };
            match tri {
                Tri::Yes => {
                    log.push(
                        Step::pass(
                            Hop::ManagedNetwork,
                            text(
                                "outbound rule {0} allows {1} to {2}",
                                "アウトバウンド規則 {0} が {2} への {1} を許可します",
                            )
                            .with([
                                arg(&rule.name),
                                what(),
                                target.label.clone(),
                            ]),
                        )
                        .at(at)
                        .source(SOURCE),
                    );
                    return;
                }
                Tri::Maybe => {
                    maybe.get_or_insert(rule);
                }
                Tri::No => {}
            }
        }
        for tag in managed.opens {
            if matches(self, None, &Place::Tag(Tag::new(tag, None)), party) == Tri::Yes {
                log.push(
                    Step::pass(
                        Hop::ManagedNetwork,
                        text(
                            "the managed network opens {0} by itself",
                            "マネージド ネットワークは {0} を既定で開いています",
                        )
                        .with([arg(tag)]),
                    )
                    .at(id)
                    .source(SOURCE),
                );
                return;
            }
        }
        if let Some(rule) = maybe {
            log.push(
                Step::unknown(
                    Hop::ManagedNetwork,
                    text(
                        "it depends on whether outbound rule {0} covers {1}",
                        "アウトバウンド規則 {0} が {1} に当てはまるかどうかで変わります",
                    )
                    .with([arg(&rule.name), target.label.clone()]),
                )
                .at(rule.at)
                .source(SOURCE),
            );
            return;
        }
        if let Some((why, rule)) = near_miss {
            log.push(
                Step::deny(Hop::ManagedNetwork, why.with([arg(&rule.name)]))
                    .at(rule.at)
                    .source(SOURCE),
            );
            return;
        }
        log.push(
            Step::deny(
                Hop::ManagedNetwork,
                text(
                    "the managed network of {0} allows only approved outbound, and no rule names {1} ({2})",
                    "{0} のマネージド ネットワークは承認された送信だけを許可しており、{1} ({2}) の規則がありません",
                )
                .with([arg(facts.name(id)), target.label.clone(), what()]),
            )
            .at(id)
            .source(SOURCE),
        );
    }
}
