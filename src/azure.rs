//! Tables from the Azure docs: what Azure fixes and a design cannot change.
//!
//! Data only, no judgment: each table cites its page, each row is one line of it. The layers above
//! translate these rows into neutral facts; the solver never reads them.

// Resource type to API version, for every export.
pub mod api_versions;

// NSG rules and routes that exist without being written.
pub mod default_rules;

// Faces of services: host names, private DNS zones, ports.
pub mod private_link_zones;

// Regions and their names.
pub mod regions;

// Traffic that Azure Machine Learning and its neighbors need.
pub mod required_outbound;

// Built-in roles.
pub mod roles;

// Service tags and what is inside what.
pub mod service_tags;

// Error texts that users meet.
pub mod symptoms;

/// Puts values of a design into a pattern: `fill("{vault}.vault.azure.net", &[("vault", "kv1")])`.
/// A name without a value stays in its braces, so that it is seen what is missing.
pub fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let value = after.split_once('}').and_then(|(name, tail)| {
            values.iter().find(|(key, _)| *key == name).map(|(_, value)| (value, tail))
        });
        if let Some((value, tail)) = value {
            out.push_str(value);
            rest = tail;
        } else {
            out.push('{');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_value_stays() {
        let values = [("acr", "a"), ("region", "japaneast")];
        assert_eq!(fill("{acr}.{region}.data.x", &values), "a.japaneast.data.x");
        assert_eq!(fill("{acr}.{zone}.x", &values), "a.{zone}.x");
        assert_eq!(fill("{acr", &values), "{acr");
    }

    #[test]
    fn a_value_is_never_read_as_a_name() {
        assert_eq!(fill("{a}{b}", &[("a", "{b}"), ("b", "x")]), "{b}x");
    }
}
