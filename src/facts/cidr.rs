//! IPv4 prefixes, as address spaces, subnets, routes and firewall rules are written.
//!
//! IPv6 is not modeled: a dual-stack prefix is refused by name instead of being read wrongly.

use std::{fmt, net::Ipv4Addr, str::FromStr};

use crate::text::{Shown, Word};

/// An IPv4 prefix in canonical form, such as `10.0.1.0/24`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr {
    first: u32,
    len: u8,
}

/// Why a text is not a [`Cidr`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CidrError {
    #[error("IPv6 prefixes are not supported yet")]
    Ipv6,
    #[error("not an IPv4 prefix such as 10.0.1.0/24")]
    Shape,
    #[error("the prefix length must be 0 to 32")]
    Length,
    #[error("bits are set after the prefix length; did you mean {0}?")]
    HostBits(Cidr),
}

impl Cidr {
    /// Every IPv4 address.
    pub const ALL: Cidr = Cidr { first: 0, len: 0 };

    /// The prefix of `len` bits that holds `addr`; `len` above 32 counts as 32.
    pub const fn holding(addr: Ipv4Addr, len: u8) -> Cidr {
        let len = if len > 32 { 32 } else { len };
        Cidr { first: addr.to_bits() & mask(len), len }
    }

    #[expect(clippy::len_without_is_empty, reason = "a prefix length; no prefix is empty")]
    pub fn len(self) -> u8 {
        self.len
    }

    pub fn is_host(self) -> bool {
        self.len == 32
    }

    pub fn first(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.first)
    }

    pub fn last(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.first | !mask(self.len))
    }

    /// Number of addresses: 2^(32 - len).
    pub fn size(self) -> u64 {
        1 << (32 - u32::from(self.len))
    }

    pub fn contains(self, addr: Ipv4Addr) -> bool {
        addr.to_bits() & mask(self.len) == self.first
    }

    /// Every address of `other` is in `self`.
    pub fn covers(self, other: Cidr) -> bool {
        self.len <= other.len && self.contains(other.first())
    }

    pub fn overlaps(self, other: Cidr) -> bool {
        self.covers(other) || other.covers(self)
    }

    /// The two prefixes that it is made of; a single address is made of none.
    pub fn halves(self) -> Option<[Cidr; 2]> {
        let len = self.len + 1;
        let half = |addr| Cidr::holding(addr, len);
        (!self.is_host()).then(|| [half(self.first()), half(self.last())])
    }

    /// 10/8, 172.16/12, 192.168/16 and 100.64/10: what never travels the public internet.
    pub fn is_private(self) -> bool {
        PRIVATE.iter().any(|it| it.covers(self))
    }
}

/// RFC 1918 and RFC 6598, the four ranges that Azure routes to `None` by default.
pub const PRIVATE: [Cidr; 4] = [
    Cidr { first: 0x0A00_0000, len: 8 },
    Cidr { first: 0xAC10_0000, len: 12 },
    Cidr { first: 0xC0A8_0000, len: 16 },
    Cidr { first: 0x6440_0000, len: 10 },
];

const fn mask(len: u8) -> u32 {
    if len == 0 { 0 } else { u32::MAX << (32 - len) }
}

impl FromStr for Cidr {
    type Err = CidrError;

    /// A bare address is its own /32, as Azure reads it in rules.
    fn from_str(s: &str) -> Result<Cidr, CidrError> {
        if s.contains(':') {
            return Err(CidrError::Ipv6);
        }
        let (addr, len) = s.split_once('/').unwrap_or((s, "32"));
        let addr: Ipv4Addr = addr.parse().map_err(|_| CidrError::Shape)?;
        if len.is_empty() || len.len() > 2 || !len.bytes().all(|it| it.is_ascii_digit()) {
            return Err(CidrError::Length);
        }
        let len: u8 = len.parse().map_err(|_| CidrError::Length)?;
        if len > 32 {
            return Err(CidrError::Length);
        }
        let it = Cidr::holding(addr, len);
        if it.first() == addr { Ok(it) } else { Err(CidrError::HostBits(it)) }
    }
}

impl Shown for Cidr {
    fn word(&self) -> Word {
        let [a, b, c, d] = self.first().octets().map(u64::from);
        Word::numbers([(a, "."), (b, "."), (c, "."), (d, "/"), (self.len.into(), "")])
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first(), self.len)
    }
}

impl fmt::Debug for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cidr(s: &str) -> Cidr {
        s.parse().unwrap()
    }

    #[test]
    fn edges_of_a_prefix() {
        let it = cidr("10.0.1.0/24");
        assert_eq!(it.first(), Ipv4Addr::new(10, 0, 1, 0));
        assert_eq!(it.last(), Ipv4Addr::new(10, 0, 1, 255));
        assert_eq!(it.size(), 256);
        assert!(it.contains(Ipv4Addr::new(10, 0, 1, 255)));
        assert!(!it.contains(Ipv4Addr::new(10, 0, 2, 0)));
        assert_eq!(Cidr::ALL.size(), 1 << 32);
        assert_eq!(Cidr::ALL.last(), Ipv4Addr::BROADCAST);
    }

    #[test]
    fn covering_and_overlap() {
        assert!(cidr("10.0.0.0/16").covers(cidr("10.0.255.0/24")));
        assert!(!cidr("10.0.255.0/24").covers(cidr("10.0.0.0/16")));
        assert!(cidr("10.0.255.0/24").overlaps(cidr("10.0.0.0/16")));
        assert!(!cidr("10.0.0.0/24").overlaps(cidr("10.0.1.0/24")));
    }

    #[test]
    fn halves_of_a_prefix() {
        assert_eq!(cidr("10.0.0.0/23").halves(), Some([cidr("10.0.0.0/24"), cidr("10.0.1.0/24")]));
        assert_eq!(Cidr::ALL.halves(), Some([cidr("0.0.0.0/1"), cidr("128.0.0.0/1")]));
        assert_eq!(cidr("10.0.0.4/32").halves(), None);
    }

    #[test]
    fn private_ranges_and_their_edges() {
        assert!(cidr("172.31.255.255").is_private());
        assert!(!cidr("172.32.0.0/16").is_private());
        assert!(cidr("100.64.0.0/10").is_private());
        assert!(!cidr("10.0.0.0/7").is_private());
    }

    #[test]
    fn what_is_refused_and_why() {
        for (s, why) in [
            ("10.0.0.0/33", CidrError::Length),
            ("10.0.0.0/", CidrError::Length),
            ("10.0.0.0/+8", CidrError::Length),
            ("10.0.0/8", CidrError::Shape),
            ("010.0.0.0/8", CidrError::Shape),
            ("", CidrError::Shape),
            ("fd00::/8", CidrError::Ipv6),
            ("10.0.0.1/8", CidrError::HostBits(cidr("10.0.0.0/8"))),
        ] {
            assert_eq!(s.parse::<Cidr>(), Err(why), "{s}");
        }
    }
}
