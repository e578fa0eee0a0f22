//! All pairs of a hub with 49 spokes: 500 subnets with 50 rules each, 2,000 network interfaces, 200
//! private endpoints, one port.

use drawbridge::{
    facts::filter::Protocol,
    solve::{
        flow::Network,
        reach::{Reach, openings::openings},
    },
};

mod common;
mod topology;

use common::{median, milliseconds, row};
use topology::{Size, hub_and_spokes};

fn main() {
    println!("\nreach: 50 networks, 500 subnets, 50 rules each, 2,000 hosts, 200 endpoints\n");
    let size = Size { networks: 50, subnets: 500, rules: 50, hosts: 2_000, endpoints: 200 };
    let facts = hub_and_spokes(&size);
    let indexed = median(|| Network::new(&facts));
    row("index of the network", &milliseconds(indexed), "");
    let network = Network::new(&facts);
    let sorted = median(|| Reach::new(&network, Protocol::Tcp, 443));
    row("classes", &milliseconds(sorted), "");
    let counted = median(|| Reach::new(&network, Protocol::Tcp, 443).count());
    let [allowed, unknown, denied] = Reach::new(&network, Protocol::Tcp, 443).count();
    let pairs = allowed + unknown + denied;
    row(
        &format!("answers of {pairs} pairs, {allowed} allowed"),
        &milliseconds(counted),
        "under 20 ms",
    );
    let explained = median(|| {
        let reach = Reach::new(&network, Protocol::Tcp, 443);
        let targets: Vec<_> = reach.destinations().collect();
        let mut hops = 0;
        for from in reach.sources() {
            for to in &targets {
                hops += usize::from(reach.explain(from, *to).is_some_and(|(_, it)| it.is_some()));
            }
        }
        hops
    });
    row("the same, with the deciding hop of each pair", &milliseconds(explained), "under 600 ms");

    let size = Size { networks: 6, subnets: 24, rules: 20, hosts: 100, endpoints: 20 };
    let facts = hub_and_spokes(&size);
    let network = Network::new(&facts);
    let host = facts.hosts.keys().take(1).copied().collect();
    let from = median(|| openings(&network, Some(&host), None).len());
    row("every port that one of 100 hosts reaches", &milliseconds(from), "");
    let to = median(|| openings(&network, None, Some(&host)).len());
    row("every port at which all reach one of 100 hosts", &milliseconds(to), "");
}
