//! What was looked at and does not count is told with its reason, in both languages and in every print.

use drawbridge::{
    checks::Door,
    kinds::Kind,
    report::{self, Need},
    solve::Outcome,
    text::Lang,
};
use serde_json::json;

use crate::setup_operations::World;

fn told(need: &Need, lang: Lang) -> Vec<String> {
    need.trace.steps.iter().map(|it| it.text.render(lang)).collect()
}

#[test]
fn assignments_that_do_not_count_are_listed_with_the_reason() {
    let mut it = World::new();
    let other = it.add(Kind::StorageAccount, "other", it.group, json!({}));
    // The role has the action elsewhere; covers the account without it; has it on the other plane.
    it.grant("Storage Blob Data Reader", other);
    it.grant("AcrPull", it.group);
    it.grant("Contributor", it.storage);
    let needs = report::through(&it.design, it.user, it.storage, Door::Token);
    let need = needs.first().unwrap();
    assert_eq!(need.outcome, Outcome::Denied);
    let english = told(need, Lang::En);
    for expected in [
        "looked at Storage Blob Data Reader on other: the role has the action, but its scope does not cover the resource",
        "looked at AcrPull on rg-ml: the role does not have the action",
    ] {
        assert!(english.contains(&expected.to_owned()), "{expected}\n{english:#?}");
    }
    let plane = "looked at Contributor on stdef: ";
    assert!(english.iter().any(|it| it.starts_with(plane)), "{english:#?}");
    let japanese = told(need, Lang::Ja);
    assert_eq!(japanese.len(), english.len());
    assert!(
        japanese.iter().any(|it| it.contains("スコープがリソースを含みません")),
        "{japanese:#?}"
    );
    // What decided comes last.
    assert_eq!(need.trace.deciding(), Some(english.len() - 1));
}

#[test]
fn of_many_only_the_closest_are_told() {
    let mut it = World::new();
    for n in 0..30 {
        let account = it.add(Kind::StorageAccount, &format!("far{n}"), it.group, json!({}));
        it.grant("Reader", account);
    }
    let near = it.add(Kind::StorageAccount, "near", it.group, json!({}));
    it.grant("Storage Blob Data Owner", near);
    let needs = report::through(&it.design, it.user, it.storage, Door::Token);
    let english = told(needs.first().unwrap(), Lang::En);
    assert!(english.len() < 10, "{english:#?}");
    assert!(english[1].contains("Storage Blob Data Owner on near"), "{english:#?}");
    assert!(
        english.contains(&"looked at 26 more, none of which counts".to_owned()),
        "{english:#?}"
    );
}

#[test]
fn text_and_json_tell_them() {
    let mut it = World::new();
    let group = it.add(Kind::ResourceGroup, "rg-far", it.subscription, json!({}));
    it.add(Kind::InternetClient, "laptop", None, json!({"user": it.user.0}));
    it.grant("AzureML Data Scientist", group);
    let judged = report::assess(&it.design);
    for (lang, words) in [
        (Lang::En, "looked at AzureML Data Scientist on rg-far"),
        (Lang::Ja, "AzureML Data Scientist を確認"),
    ] {
        let text = report::text_page(&it.design, &judged, lang);
        assert!(text.contains(words), "{text}");
        let json = report::json_value(&it.design, &judged, lang).to_string();
        assert!(json.contains(words), "{words}");
    }
}

// container-registry-rbac-abac-repository-permissions: in that mode AcrPull, Owner and Reader open no
// image, and without it the roles over repositories do not.
#[test]
fn a_role_of_the_other_mode_of_a_registry_is_told_as_such() {
    let looked_at = |mode: &str, role: &str| {
        let mut it = World::new();
        it.set(it.registry, "roleAssignmentMode", json!(mode));
        it.grant(role, it.registry);
        let needs = report::through(&it.design, it.user, it.registry, Door::Pull);
        let need = needs.into_iter().next().unwrap();
        assert_eq!(need.outcome, Outcome::Denied, "{role} in {mode}");
        (told(&need, Lang::En).join("\n"), told(&need, Lang::Ja).join("\n"))
    };
    for (mode, role) in [
        ("AbacRepositoryPermissions", "AcrPull"),
        ("AbacRepositoryPermissions", "Owner"),
        ("AbacRepositoryPermissions", "Reader"),
        ("LegacyRegistryPermissions", "Container Registry Repository Reader"),
    ] {
        let (english, japanese) = looked_at(mode, role);
        assert!(english.contains("the role is for registries in the other mode"), "{english}");
        assert!(japanese.contains("別のモード"), "{japanese}");
    }
    let (english, _) = looked_at("AbacRepositoryPermissions", "AzureML Data Scientist");
    assert!(!english.contains("other mode"), "{english}");
}

// key-vault/general/rbac-guide: a vault looks at access policies or at roles, never at both.
#[test]
fn a_vault_looks_at_one_of_its_two_models() {
    let opens = |by_roles: bool, role: bool, policy: bool| {
        let mut it = World::new();
        it.set(it.vault, "enableRbacAuthorization", json!(by_roles));
        let row = json!({"objectId": it.user.0, "permissions.secrets": ["get"]});
        it.set(it.vault, "accessPolicies", if policy { json!([row]) } else { json!([]) });
        if role {
            it.grant("Key Vault Secrets User", it.vault);
        }
        report::through(&it.design, it.user, it.vault, Door::Secret)[0].outcome
    };
    assert_eq!(opens(true, true, false), Outcome::Allowed);
    assert_eq!(opens(true, false, true), Outcome::Denied);
    assert_eq!(opens(false, false, true), Outcome::Allowed);
    assert_eq!(opens(false, true, false), Outcome::Denied);
}
