//! What holds for every kind: names, labels, settings, places, icons.

use std::{collections::BTreeSet, path::Path};

use drawbridge::{
    kinds::{
        Form, Kind, Parent, Resource, ResourceId, Resources,
        arm::dependencies,
        common::{PRINCIPALS, SCOPES},
        may_stand,
        setting::{Field, Shape},
    },
    text::Text,
};
use serde_json::json;

/// Both languages say something and have the same places for values.
fn check_text(text: Text, where_: &str) {
    assert!(!text.en.trim().is_empty() && !text.ja.trim().is_empty(), "{where_}: empty text");
    assert_eq!(text.en.trim(), text.en, "{where_}");
    assert_eq!(text.ja.trim(), text.ja, "{where_}");
}

fn each_field(fields: &'static [Field], path: &str, visit: &mut dyn FnMut(&'static Field, &str)) {
    for field in fields {
        let path = format!("{path}.{}", field.key);
        visit(field, &path);
        let mut shape = &field.shape;
        while let Shape::List(inner) | Shape::Optional(inner) = shape {
            shape = inner;
        }
        if let Shape::Row(cells) = shape {
            each_field(cells, &path, visit);
        }
    }
}

fn every_field(visit: &mut dyn FnMut(&'static Field, &str)) {
    for kind in Kind::ALL {
        each_field(kind.info().fields, kind.info().slug, visit);
    }
}

#[test]
fn every_kind_has_a_slug_of_its_own_and_texts_in_both_languages() {
    let mut slugs = BTreeSet::new();
    for kind in Kind::ALL {
        let info = kind.info();
        assert!(slugs.insert(info.slug), "{} is taken", info.slug);
        assert_eq!(Kind::from_slug(info.slug), Some(*kind));
        assert!(info.slug.bytes().all(|it| it.is_ascii_lowercase() || it == b'-'), "{}", info.slug);
        check_text(info.label, info.slug);
        check_text(info.help, info.slug);
        let source = info.source;
        // A note is nothing that Azure would have a page about.
        let none = info.form == Form::Note && source.is_empty();
        assert!(
            none || source.contains('/') && !source.starts_with('/'),
            "{}: {source}",
            info.slug
        );
    }
}

#[test]
fn every_kind_has_an_icon() {
    let icons = Path::new(env!("CARGO_MANIFEST_DIR")).join("public/icons");
    let missing: Vec<&str> = Kind::ALL
        .iter()
        .map(|it| it.info().slug)
        .filter(|it| !icons.join(format!("{it}.svg")).is_file())
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn every_setting_has_a_key_of_its_own_and_texts_in_both_languages() {
    every_field(&mut |field, path| {
        check_text(field.label, path);
        check_text(field.help, path);
        if let Shape::Row(cells) = field.shape {
            let keys: BTreeSet<&str> = cells.iter().map(|it| it.key).collect();
            assert_eq!(keys.len(), cells.len(), "{path}");
        }
    });
    for kind in Kind::ALL {
        let keys: BTreeSet<&str> = kind.info().fields.iter().map(|it| it.key).collect();
        assert_eq!(keys.len(), kind.info().fields.len(), "{kind:?}");
    }
}

#[test]
fn references_and_only_they_say_what_they_may_refer_to() {
    fn refers(shape: &Shape) -> bool {
        match shape {
            Shape::Reference => true,
            Shape::Optional(inner) | Shape::List(inner) => refers(inner),
            _ => false,
        }
    }
    every_field(&mut |field, path| {
        assert_eq!(refers(&field.shape), !field.targets.is_empty(), "{path}");
        assert!(field.relation.is_none() || refers(&field.shape), "{path}");
        let targets: BTreeSet<&Kind> = field.targets.iter().collect();
        assert_eq!(targets.len(), field.targets.len(), "{path}");
    });
}

#[test]
fn every_default_is_a_value_that_its_setting_takes() {
    for &kind in Kind::ALL {
        let mut it = Resource::new(kind, "name1", None);
        for field in kind.info().fields {
            it.settings.insert(field.key.to_owned(), (field.default)());
        }
        let mut all = Resources::default();
        all.0.insert(ResourceId(1), it.into());
        let subject = all.subject(ResourceId(1)).unwrap();
        let own = (kind.info().check)(subject);
        let wrong: Vec<_> = subject
            .problems()
            .into_iter()
            .filter(|it| it.field != "parent" && it.field != "name" && !own.contains(it))
            .collect();
        assert_eq!(wrong, [], "{kind:?}");
    }
}

#[test]
fn what_a_kind_stands_in_is_a_container() {
    for kind in Kind::ALL {
        let info = kind.info();
        assert!(!info.parents.is_empty(), "{kind:?}");
        for parent in info.parents {
            let within = match parent {
                Parent::Canvas | Parent::Anywhere => None,
                Parent::In(it) => {
                    assert_eq!(it.info().form, Form::Container, "{kind:?} in {it:?}");
                    Some(*it)
                }
            };
            assert!(may_stand(*kind, within));
        }
    }
}

#[test]
fn both_ends_of_a_line_are_references_of_its_kind() {
    for kind in Kind::ALL {
        let Form::Edge { from, to } = kind.info().form else { continue };
        for end in [from, to] {
            let field = kind.info().fields.iter().find(|it| it.key == end);
            let field = field.unwrap_or_else(|| panic!("{kind:?} has no {end}"));
            assert!(!field.targets.is_empty() && field.relation.is_some(), "{kind:?}.{end}");
        }
    }
}

#[test]
fn whatever_can_have_an_identity_can_be_given_a_role() {
    for kind in Kind::ALL {
        if kind.info().fields.iter().any(|it| it.key == "identity.type") {
            assert!(PRINCIPALS.contains(kind), "{kind:?}");
        }
    }
}

#[test]
fn whatever_has_a_place_in_azure_can_be_a_scope() {
    let none = [
        // What is itself about rights.
        Kind::CustomRole,
        Kind::DenyAssignment,
        Kind::Lock,
        // May stand outside Azure.
        Kind::CustomDnsServer,
        Kind::OnPremisesNetwork,
        // A version of an environment has no rights of its own.
        Kind::EnvironmentImage,
    ];
    for kind in Kind::ALL {
        let info = kind.info();
        let edge = matches!(info.form, Form::Edge { .. });
        if info.arm_type.is_some() && !edge && !none.contains(kind) {
            assert!(SCOPES.contains(kind), "{kind:?}");
        }
    }
}

/// A chain of parents for `kind`, made from the first place each may stand in.
fn stand(kind: Kind, all: &mut Resources) -> ResourceId {
    let parent = match kind.info().parents.first() {
        Some(Parent::In(it)) => Some(stand(*it, all)),
        _ => None,
    };
    let id = ResourceId(u32::try_from(all.0.len()).unwrap() + 1);
    all.0.insert(id, Resource::new(kind, "name1", parent).into());
    id
}

#[test]
fn a_bare_resource_of_any_kind_is_checked_and_lowered_without_surprise() {
    for &kind in Kind::ALL {
        let mut all = Resources::default();
        stand(kind, &mut all);
        let mut lowered = Vec::new();
        for it in all.subjects() {
            it.problems();
            let own = (it.info().arm)(it);
            if let Some(first) = own.first() {
                assert_eq!(Some(first.arm_type), it.info().arm_type, "{kind:?}");
            }
            lowered.extend(own);
        }
        for it in &lowered {
            let known = it.api_version.or(drawbridge::azure::api_versions::of(it.arm_type));
            assert!(known.is_some(), "{}", it.arm_type);
            let segments = it.arm_type.split('/').count() - 1;
            assert_eq!(it.name.len(), segments, "{}", it.arm_type);
        }
        assert_eq!(dependencies(&lowered).len(), lowered.len());
    }
}

#[test]
fn a_setting_of_the_wrong_type_is_named_and_not_followed() {
    for &kind in Kind::ALL {
        for field in kind.info().fields {
            let mut all = Resources::default();
            let id = stand(kind, &mut all);
            let it = all.0.get_mut(&id).unwrap();
            std::sync::Arc::make_mut(it).settings.insert(field.key.to_owned(), json!({"x": [1]}));
            let subject = all.subject(id).unwrap();
            let problems = subject.problems();
            let named = problems.iter().any(|it| it.field.starts_with(field.key));
            assert!(named, "{kind:?}.{}: {problems:?}", field.key);
            (kind.info().arm)(subject);
        }
    }
}
