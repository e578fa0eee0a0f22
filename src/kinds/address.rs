//! Addresses, service tags and ports, as security rules, routes and firewall rules write them.
//!
//! Azure docs: "Network security groups" (virtual-network/network-security-groups-overview),
//! "Virtual network service tags" (virtual-network/service-tags-overview).

use std::{fmt, net::Ipv4Addr};

use serde_json::Value;

use super::setting::{Problem, Setting, Shape};
use crate::{
    facts::cidr::{Cidr, CidrError},
    text::{Message, arg, text},
};

/// Source or destination of a rule, or what a route is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AddressPrefix {
    /// `*`.
    Any,
    Prefix(Cidr),
    /// First and last address, as Azure Firewall takes them.
    Range(Ipv4Addr, Ipv4Addr),
    /// As written; [`crate::azure::service_tags`] knows the tags.
    Tag(String),
}

impl AddressPrefix {
    /// Reads what a rule holds. Whether a tag exists is not asked here: Azure keeps adding some.
    pub fn parse(written: &str) -> Result<AddressPrefix, Message> {
        let it = written.trim();
        if it == "*" {
            return Ok(AddressPrefix::Any);
        }
        if it.starts_with(|it: char| it.is_ascii_alphabetic()) && !it.contains(':') {
            let tag = |it: char| it.is_ascii_alphanumeric() || it == '.' || it == '_' || it == '-';
            return if it.chars().all(tag) {
                Ok(AddressPrefix::Tag(it.to_owned()))
            } else {
                Err(text(
                    "{0} is no service tag; a tag has letters, digits and dots only",
                    "{0} はサービス タグではありません。タグに使えるのは英数字とピリオドだけです",
                )
                .with([arg(it)]))
            };
        }
        let range = it.split_once('-').and_then(|(a, b)| {
            Some((a.trim().parse::<Ipv4Addr>().ok()?, b.trim().parse::<Ipv4Addr>().ok()?))
        });
        if let Some((first, last)) = range {
            return if first <= last {
                Ok(AddressPrefix::Range(first, last))
            } else {
                Err(text(
                    "{0} ends before it starts; put the smaller address first",
                    "{0} は終わりが始まりより前です。小さいアドレスを先に書いてください",
                )
                .with([arg(it)]))
            };
        }
        it.parse().map(AddressPrefix::Prefix).map_err(|why| match why {
            CidrError::Ipv6 => {
                text("IPv6 is not supported yet", "IPv6 にはまだ対応していません").into()
            }
            CidrError::HostBits(near) => text(
                "{0} has bits set after the prefix length; did you mean {1}?",
                "{0} はプレフィックス長より後のビットが立っています。{1} ではありませんか?",
            )
            .with([arg(it), arg(near)]),
            CidrError::Shape | CidrError::Length => text(
                "{0} is neither *, an IPv4 address or prefix, nor a service tag",
                "{0} は *、IPv4 アドレスやプレフィックス、サービス タグのいずれでもありません",
            )
            .with([arg(it)]),
        })
    }

    pub fn is_tag(&self) -> bool {
        matches!(self, AddressPrefix::Tag(_))
    }
}

crate::text::shown!(AddressPrefix);

impl fmt::Display for AddressPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AddressPrefix::Any => f.write_str("*"),
            AddressPrefix::Prefix(it) if it.is_host() => it.first().fmt(f),
            AddressPrefix::Prefix(it) => it.fmt(f),
            AddressPrefix::Range(first, last) => write!(f, "{first}-{last}"),
            AddressPrefix::Tag(it) => f.write_str(it),
        }
    }
}

impl Setting for AddressPrefix {
    const SHAPE: Shape = Shape::Parsed(|it| Self::read(it).map(drop));

    fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        AddressPrefix::parse(&String::read(value)?).map_err(one)
    }

    fn write(&self) -> Value {
        Value::String(self.to_string())
    }
}

/// Ports that a rule is for: one, a range, or all of them (`*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PortRange {
    first: u16,
    last: u16,
}

impl PortRange {
    pub const ALL: PortRange = PortRange { first: 0, last: u16::MAX };

    pub const fn one(port: u16) -> PortRange {
        PortRange { first: port, last: port }
    }

    pub fn new(first: u16, last: u16) -> Option<PortRange> {
        (first <= last).then_some(PortRange { first, last })
    }

    pub fn first(self) -> u16 {
        self.first
    }

    pub fn last(self) -> u16 {
        self.last
    }

    pub fn contains(self, port: u16) -> bool {
        (self.first..=self.last).contains(&port)
    }

    pub fn parse(written: &str) -> Result<PortRange, Message> {
        let it = written.trim();
        if it == "*" {
            return Ok(PortRange::ALL);
        }
        // `str::parse` would take "+1" as well.
        let port = |it: &str| -> Option<u16> {
            let it = it.trim();
            it.bytes().all(|it| it.is_ascii_digit()).then(|| it.parse().ok()).flatten()
        };
        let range = match it.split_once('-') {
            None => port(it).map(PortRange::one),
            Some((first, last)) => match (port(first), port(last)) {
                (Some(first), Some(last)) => PortRange::new(first, last),
                _ => None,
            },
        };
        range.ok_or_else(|| {
            text(
                "{0} is not *, a port such as 443 or a range such as 80-443",
                "{0} は *、443 のようなポート、80-443 のような範囲のいずれでもありません",
            )
            .with([arg(it)])
        })
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == PortRange::ALL {
            f.write_str("*")
        } else if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

impl Setting for PortRange {
    const SHAPE: Shape = Shape::Parsed(|it| Self::read(it).map(drop));

    fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        // Templates write a single port as a number now and then.
        let written = match value {
            Value::Number(it) => it.to_string(),
            _ => String::read(value)?,
        };
        PortRange::parse(&written).map_err(one)
    }

    fn write(&self) -> Value {
        Value::String(self.to_string())
    }
}

fn one(text: Message) -> Vec<Problem> {
    vec![Problem { field: String::new(), text }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_rule_may_name() {
        for (written, read) in [
            ("*", AddressPrefix::Any),
            ("10.0.0.4", AddressPrefix::Prefix("10.0.0.4/32".parse().unwrap())),
            ("10.0.0.0/8", AddressPrefix::Prefix("10.0.0.0/8".parse().unwrap())),
            ("Storage.JapanEast", AddressPrefix::Tag("Storage.JapanEast".to_owned())),
            (
                "10.0.0.4-10.0.0.9",
                AddressPrefix::Range(Ipv4Addr::new(10, 0, 0, 4), Ipv4Addr::new(10, 0, 0, 9)),
            ),
        ] {
            assert_eq!(AddressPrefix::parse(written), Ok(read.clone()), "{written}");
            assert_eq!(read.to_string(), written);
        }
    }

    #[test]
    fn a_mistyped_address_is_not_taken_for_a_tag() {
        for written in
            ["10.0.0", "10.0.0.4/8", "", "10.0.0.9-10.0.0.4", "fd00::/8", "a b", "2001:db8::1"]
        {
            assert!(AddressPrefix::parse(written).is_err(), "{written}");
        }
    }

    #[test]
    fn ports_and_ranges_with_their_edges() {
        assert_eq!(PortRange::parse("*"), Ok(PortRange::ALL));
        assert_eq!(PortRange::parse("443"), Ok(PortRange::one(443)));
        let range = PortRange::parse("8000-9000").unwrap();
        assert!(range.contains(8000) && range.contains(9000));
        assert!(!range.contains(7999) && !range.contains(9001));
        for written in ["", "65536", "90-80", "80,443", "-", "+80", "a"] {
            assert!(PortRange::parse(written).is_err(), "{written}");
        }
    }
}
