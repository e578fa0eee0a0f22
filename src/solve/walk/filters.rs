//! Rules on the way into and out of a place: those over its network, then those of security groups.
//!
//! Azure docs: "Security admin rules in Azure Virtual Network Manager"
//! (virtual-network-manager/concept-security-admins), "Network security groups"
//! (virtual-network/network-security-groups-overview).

use super::NSG;
use crate::{
    facts::{ResourceId, filter::Direction},
    solve::{
        Hop, Step,
        filter::{Guarded, Matched, Seen, Verdict, guarded, judge},
        flow::Network,
        log::Log,
    },
    text::{Arg, arg, text},
};

const ADMIN: &str = "virtual-network-manager/concept-security-admins";

/// Who has the last word after the rules over a network.
enum Word {
    Spoken,
    /// The security groups, unless a rule may have allowed the packet already.
    Filters(Option<Matched>),
}

fn hop(direction: Direction) -> Hop {
    match direction {
        Direction::Inbound => Hop::NsgInbound,
        Direction::Outbound => Hop::NsgOutbound,
    }
}

fn packet(seen: &Seen<'_>) -> Arg {
    arg(seen.protocol.at(seen.port))
}

impl Network<'_> {
    /// All that filters a packet at one place, in order.
    pub(super) fn filters(
        &self,
        log: &mut Log<'_>,
        filters: [Option<ResourceId>; 2],
        subnet: Option<ResourceId>,
        seen: &Seen<'_>,
        label: &Arg,
    ) {
        let guard = self.guards(subnet, seen.direction).first().map(|(id, _)| *id);
        let filters = || filters.into_iter().flatten();
        guard.into_iter().chain(filters()).for_each(|it| log.touch(it));
        let mut may_allow = None;
        if let Some(guard) = guard
            && !log.leave_open(seen.direction, seen.source.address)
        {
            match self.guard(log, guard, subnet, seen, label) {
                Word::Spoken => return,
                Word::Filters(it) => may_allow = it,
            }
        }
        for filter in filters() {
            self.filter(log, filter, subnet, seen, label, may_allow.as_ref());
        }
    }

    /// The rules over the network.
    fn guard(
        &self,
        log: &mut Log<'_>,
        guard: ResourceId,
        subnet: Option<ResourceId>,
        seen: &Seen<'_>,
        label: &Arg,
    ) -> Word {
        let hop = hop(seen.direction);
        let words = |it: &Matched| [arg(&it.name), arg(it.priority), packet(seen), label.clone()];
        let (step, word) = match guarded(self, subnet, seen) {
            Guarded::Last(Verdict::Allow(it)) => (
                Step::pass(
                    hop,
                    text(
                        "security admin rule {0} ({1}) always allows {2} to {3}; no network security group is asked",
                        "セキュリティ管理規則 {0} ({1}) が {3} への {2} を常に許可します。ネットワーク セキュリティ グループは評価されません",
                    )
                    .with(words(&it)),
                ),
                Word::Spoken,
            ),
            // What the groups would say is told as well, as if the rule were not there.
            Guarded::Last(Verdict::Deny(it)) => (
                Step::deny(
                    hop,
                    text(
                        "security admin rule {0} ({1}) denies {2} to {3}; no network security group can allow it",
                        "セキュリティ管理規則 {0} ({1}) が {3} への {2} を拒否します。ネットワーク セキュリティ グループでは許可できません",
                    )
                    .with(words(&it)),
                ),
                Word::Filters(None),
            ),
            Guarded::Last(Verdict::Depends(first, second)) => {
                let [name, priority, packet, label] = words(&first);
                (
                    Step::unknown(
                        hop,
                        text(
                            "it depends on whether security admin rule {0} ({1}) covers {2} to {3}; if not, rule {4} ({5}) decides otherwise",
                            "セキュリティ管理規則 {0} ({1}) が {3} への {2} に当てはまるかどうかで変わります。当てはまらなければ規則 {4} ({5}) が逆の判定をします",
                        )
                        .with([
                            name,
                            priority,
                            packet,
                            label,
                            arg(&second.name),
                            arg(second.priority),
                        ]),
                    ),
                    Word::Spoken,
                )
            }
            Guarded::Filters { may_deny: Some(it), may_allow, .. } => (
                Step::unknown(
                    hop,
                    text(
                        "it depends on whether security admin rule {0} ({1}) covers {2} to {3}, which it denies",
                        "セキュリティ管理規則 {0} ({1}) が {3} への {2} に当てはまるかどうかで変わります。当てはまれば拒否されます",
                    )
                    .with(words(&it)),
                ),
                Word::Filters(may_allow),
            ),
            Guarded::Filters { by: Some(it), may_allow, .. } => (
                Step::pass(
                    hop,
                    text(
                        "security admin rule {0} ({1}) allows {2} to {3}; network security groups decide after it",
                        "セキュリティ管理規則 {0} ({1}) が {3} への {2} を許可し、ネットワーク セキュリティ グループの評価に進みます",
                    )
                    .with(words(&it)),
                ),
                Word::Filters(may_allow),
            ),
            Guarded::Filters { by: None, may_allow, .. } => return Word::Filters(may_allow),
        };
        log.push(step.at(guard).source(ADMIN));
        word
    }

    /// One network security group. `guard` is a rule over the network that may have allowed the packet already.
    pub(super) fn filter(
        &self,
        log: &mut Log<'_>,
        filter: ResourceId,
        subnet: Option<ResourceId>,
        seen: &Seen<'_>,
        label: &Arg,
        guard: Option<&Matched>,
    ) {
        let facts = self.facts();
        log.touch(filter);
        if log.leave_open(seen.direction, seen.source.address) {
            return;
        }
        let hop = hop(seen.direction);
        let words = |it: &Matched| {
            [arg(facts.name(filter)), arg(&it.name), arg(it.priority), packet(seen), label.clone()]
        };
        let step = match judge(self, filter, subnet, seen, guard) {
            Verdict::Allow(it) => Step::pass(
                hop,
                text(
                    "{0}: rule {1} ({2}) allows {3} to {4}",
                    "{0}: 規則 {1} ({2}) が {4} への {3} を許可します",
                )
                .with(words(&it)),
            ),
            Verdict::Deny(it) => Step::deny(
                hop,
                text(
                    "{0}: rule {1} ({2}) denies {3} to {4}",
                    "{0}: 規則 {1} ({2}) が {4} への {3} を拒否します",
                )
                .with(words(&it)),
            ),
            Verdict::Depends(first, second) => Step::unknown(
                hop,
                text(
                    "{0}: it depends on whether rule {1} ({2}) covers {3} to {4}; if not, rule {5} ({6}) decides otherwise",
                    "{0}: 規則 {1} ({2}) が {4} への {3} に当てはまるかどうかで変わります。当てはまらなければ規則 {5} ({6}) が逆の判定をします",
                )
                .with([
                    arg(facts.name(filter)),
                    arg(&first.name),
                    arg(first.priority),
                    packet(seen),
                    label.clone(),
                    arg(&second.name),
                    arg(second.priority),
                ]),
            ),
        };
        log.push(step.at(filter).source(NSG));
    }
}
