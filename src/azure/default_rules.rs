//! Security rules and routes that every subnet has without anybody writing them, and addresses that
//! they do not govern.
//!
//! Azure docs: "Azure network security groups overview" (virtual-network/network-security-groups-
//! overview), "Virtual network traffic routing" (virtual-network/virtual-networks-udr-overview),
//! "What is IP address 168.63.129.16?" (virtual-network/what-is-ip-address-168-63-129-16).

/// ARM: `direction`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    Inbound,
    Outbound,
}

/// A rule at the end of every network security group. It cannot be removed, only outranked.
#[derive(Debug)]
pub struct DefaultRule {
    pub name: &'static str,
    pub direction: Direction,
    pub priority: u16,
    /// Prefix or service tag (ARM: `sourceAddressPrefix`).
    pub source: &'static str,
    pub destination: &'static str,
    pub allow: bool,
}

const fn rule(
    name: &'static str,
    direction: Direction,
    priority: u16,
    source: &'static str,
    destination: &'static str,
    allow: bool,
) -> DefaultRule {
    DefaultRule { name, direction, priority, source, destination, allow }
}

/// Each matches every protocol and every port.
pub static DEFAULT_RULES: &[DefaultRule] = &[
    rule("AllowVNetInBound", Direction::Inbound, 65000, "VirtualNetwork", "VirtualNetwork", true),
    rule(
        "AllowAzureLoadBalancerInBound",
        Direction::Inbound,
        65001,
        "AzureLoadBalancer",
        "*",
        true,
    ),
    rule("DenyAllInbound", Direction::Inbound, 65500, "*", "*", false),
    rule("AllowVnetOutBound", Direction::Outbound, 65000, "VirtualNetwork", "VirtualNetwork", true),
    rule("AllowInternetOutBound", Direction::Outbound, 65001, "*", "Internet", true),
    rule("DenyAllOutBound", Direction::Outbound, 65500, "*", "*", false),
];

/// Priorities that people may use, unique per direction.
pub const CUSTOM_PRIORITIES: std::ops::RangeInclusive<u16> = 100..=4096;

/// Where a route leads (ARM: `nextHopType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SystemHop {
    Internet,
    /// Drops the packet.
    None,
}

/// Routes of every subnet beside those for the address space of its network. A user-defined route
/// for 0.0.0.0/0 removes the ones that lead to `None` from its subnets.
pub static SYSTEM_ROUTES: &[(&str, SystemHop)] = &[
    ("0.0.0.0/0", SystemHop::Internet),
    ("10.0.0.0/8", SystemHop::None),
    ("172.16.0.0/12", SystemHop::None),
    ("192.168.0.0/16", SystemHop::None),
    ("100.64.0.0/10", SystemHop::None),
];

/// Azure's resolver, and the source of load balancer probes. Answers only inside virtual networks.
pub const PLATFORM_DNS: &str = "168.63.129.16";

/// Instance metadata service, where managed identities fetch tokens.
pub const INSTANCE_METADATA: &str = "169.254.169.254";

/// A security rule reaches platform traffic only by naming one of these tags.
pub static PLATFORM_TAGS: &[&str] = &["AzurePlatformDNS", "AzurePlatformIMDS", "AzurePlatformLKM"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_rules_come_after_every_custom_one() {
        assert!(DEFAULT_RULES.iter().all(|it| it.priority > *CUSTOM_PRIORITIES.end()));
    }

    #[test]
    fn each_direction_ends_in_a_rule_that_denies_everything() {
        for direction in [Direction::Inbound, Direction::Outbound] {
            let last = DEFAULT_RULES
                .iter()
                .filter(|it| it.direction == direction)
                .max_by_key(|it| it.priority)
                .unwrap();
            assert_eq!((last.source, last.destination, last.allow), ("*", "*", false));
        }
    }
}
