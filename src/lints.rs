//! Conditions of a design that people should know of, one file each.
//!
//! What one resource gets wrong by itself is its kind's own check. A lint looks at several, or asks the
//! solver; it decides nothing about packets or rights by itself. The order of the list is the order of
//! importance, and of the problems panel within a severity.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    design::edit::Edit,
    facts::{Facts, service::PrivateEndpoint},
    kinds::{ResourceId, Resources},
    solve::flow::Network,
    text::{Message, Text, text},
};

// What the algebra of filters says, for the three lints about rules.
mod rules;

// How names behind private endpoints are answered, for the three lints about zones.
mod naming;

use naming::Naming;
use rules::Noted;

mod address_overlap;
mod anonymous_access;
mod associated_resources_apart;
mod batch_storage_missing;
mod compute_in_another_region;
mod conflicting_rules;
mod container_instance_private;
mod default_outbound_lost;
mod firewall_rules_unused;
mod forwarder_for_private_zone;
mod gateway_subnet_small;
mod image_build_compute_with_gpus;
mod kubernetes_storage_closed;
mod management_port_open;
mod monitor_scope_private_only;
mod monitor_scopes_two;
mod next_hop_missing;
mod outbound_rule_unused;
mod peering_one_sided;
mod private_dns_record_missing;
mod private_dns_zone_missing;
mod private_dns_zone_not_linked;
mod private_endpoint_not_approved;
mod public_access_open;
mod redundant_rule;
mod registry_endpoint_apart;
mod required_inbound;
mod required_outbound;
mod role_assigned_twice;
mod rule_for_another_tenant;
mod service_endpoint_missing;
mod shadowed_rule;
mod shared_dns_record;
mod storage_endpoint_missing;
mod workspace_endpoint_alone;
mod workspace_endpoints_apart;
mod zone_hides_public_names;

/// In the order of importance.
pub const ALL: &[&Lint] = &[
    &address_overlap::LINT,
    &service_endpoint_missing::LINT,
    &private_dns_record_missing::LINT,
    &required_outbound::LINT,
    &required_inbound::LINT,
    &container_instance_private::LINT,
    &public_access_open::LINT,
    &management_port_open::LINT,
    &anonymous_access::LINT,
    &private_endpoint_not_approved::LINT,
    &private_dns_zone_missing::LINT,
    &private_dns_zone_not_linked::LINT,
    &zone_hides_public_names::LINT,
    &shared_dns_record::LINT,
    &forwarder_for_private_zone::LINT,
    &workspace_endpoints_apart::LINT,
    &workspace_endpoint_alone::LINT,
    &associated_resources_apart::LINT,
    &storage_endpoint_missing::LINT,
    &batch_storage_missing::LINT,
    &monitor_scope_private_only::LINT,
    &monitor_scopes_two::LINT,
    &firewall_rules_unused::LINT,
    &peering_one_sided::LINT,
    &next_hop_missing::LINT,
    &default_outbound_lost::LINT,
    &compute_in_another_region::LINT,
    &rule_for_another_tenant::LINT,
    &image_build_compute_with_gpus::LINT,
    &kubernetes_storage_closed::LINT,
    &shadowed_rule::LINT,
    &gateway_subnet_small::LINT,
    &outbound_rule_unused::LINT,
    &role_assigned_twice::LINT,
    &registry_endpoint_apart::LINT,
    &conflicting_rules::LINT,
    &redundant_rule::LINT,
];

/// One condition.
pub struct Lint {
    /// Stable: `address_overlap`.
    pub id: &'static str,
    pub severity: Severity,
    /// What it is about, in a few words.
    pub title: Text,
    pub find: fn(&Context<'_>) -> Vec<Finding>,
    /// Page of Azure's docs, below learn.microsoft.com/azure/.
    pub source: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Azure refuses it, or it cannot work.
    Error,
    /// It can be deployed, but hardly does what was meant.
    Warning,
    /// Good to know.
    Info,
}

impl Severity {
    pub const ALL: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

    pub const fn slug(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }

    pub const fn label(self) -> Text {
        match self {
            Severity::Error => text("Error", "エラー"),
            Severity::Warning => text("Warning", "警告"),
            Severity::Info => text("Note", "情報"),
        }
    }
}

/// One place where the condition holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The resource to blame first, then those that have to do with it.
    pub at: Vec<ResourceId>,
    /// The setting of the first resource.
    pub field: Option<String>,
    /// What is wrong, why it matters, what to do.
    pub text: Message,
    /// The change that takes the condition away, with its title.
    pub fix: Option<(Message, Edit)>,
}

impl Finding {
    fn new(at: impl Into<Vec<ResourceId>>, text: impl Into<Message>) -> Finding {
        Finding { at: at.into(), field: None, text: text.into(), fix: None }
    }

    fn field(mut self, field: impl Into<String>) -> Finding {
        self.field = Some(field.into());
        self
    }

    fn fix(mut self, title: impl Into<Message>, edit: Edit) -> Finding {
        self.fix = Some((title.into(), edit));
        self
    }
}

/// What lints look at: the design, what it makes true, and the network solver over that.
pub struct Context<'a> {
    pub resources: &'a Resources,
    pub facts: &'a Facts,
    pub network: &'a Network<'a>,
    /// Three lints share the work.
    rules: OnceCell<Vec<Noted>>,
    names: OnceCell<Vec<Naming>>,
    /// Private endpoints by what they lead to.
    endpoints: OnceCell<BTreeMap<ResourceId, Vec<ResourceId>>>,
}

impl<'a> Context<'a> {
    pub fn new(resources: &'a Resources, network: &'a Network<'a>) -> Context<'a> {
        Context {
            resources,
            facts: network.facts(),
            network,
            rules: OnceCell::new(),
            names: OnceCell::new(),
            endpoints: OnceCell::new(),
        }
    }

    fn rules(&self) -> &[Noted] {
        self.rules.get_or_init(|| rules::noted(self))
    }

    fn names(&self) -> &[Naming] {
        self.names.get_or_init(|| naming::missing(self))
    }

    fn endpoints_of(
        &self,
        target: ResourceId,
    ) -> impl Iterator<Item = (ResourceId, &'a PrivateEndpoint)> {
        let all = self.endpoints.get_or_init(|| {
            let mut all = BTreeMap::<_, Vec<_>>::new();
            for (id, it) in &self.facts.private_endpoints {
                all.entry(it.target).or_default().push(*id);
            }
            all
        });
        let of_target = all.get(&target).map_or(&[][..], Vec::as_slice);
        of_target.iter().filter_map(|id| Some((*id, self.facts.private_endpoints.get(id)?)))
    }

    /// Networks that hold a private endpoint to it.
    fn networks_of(&self, target: ResourceId) -> BTreeSet<ResourceId> {
        let subnets = self.endpoints_of(target).map(|(_, it)| it.subnet);
        subnets.filter_map(|it| self.facts.subnets.get(&it)).map(|it| it.network).collect()
    }

    fn name(&self, id: ResourceId) -> &'a str {
        self.facts.name(id)
    }
}

/// What a lint finds in a small design: the name of the first resource and its field. Each finding reads
/// well in both languages, and each fix takes its finding away.
#[cfg(test)]
fn found(lint: &Lint, sketch: &crate::kinds::testing::Sketch) -> Vec<String> {
    use crate::{
        design::{Design, edit},
        text::Lang,
    };

    let find = |all: &Resources| {
        let facts = all.facts();
        let network = Network::new(&facts);
        (lint.find)(&Context::new(all, &network))
    };
    let all = find(sketch.all());
    for it in &all {
        for lang in [Lang::En, Lang::Ja] {
            assert!(!it.text.render(lang).contains(['{', '}']), "{}", it.text.render(lang));
        }
        if let Some((title, edit)) = &it.fix {
            assert!(!title.render(Lang::Ja).contains('{'));
            let design = Design { resources: sketch.all().clone(), ..Design::default() };
            let after = edit::apply(&design, edit).unwrap();
            let left = find(&after.resources);
            assert!(left.len() < all.len() && !left.contains(it), "{}", title.render(Lang::En));
        }
    }
    let line = |it: &Finding| {
        let name = sketch.all().get(it.at[0]).map_or("", |it| &it.name);
        match &it.field {
            Some(field) => {
                let key = field.split('[').next().unwrap();
                let fields = sketch.all().get(it.at[0]).unwrap().kind.info().fields;
                assert!(fields.iter().any(|it| it.key == key), "no field {field}");
                format!("{name} {field}")
            }
            None => name.to_owned(),
        }
    };
    all.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_each_names_its_page() {
        let ids: BTreeSet<&str> = ALL.iter().map(|it| it.id).collect();
        assert_eq!(ids.len(), ALL.len());
        for it in ALL {
            assert!(it.source.contains('/'), "{}", it.id);
            assert!(it.id.bytes().all(|it| it.is_ascii_lowercase() || it == b'_'), "{}", it.id);
        }
    }

    #[test]
    fn errors_come_before_warnings_and_notes() {
        assert!(ALL.is_sorted_by_key(|it| it.severity));
    }
}
