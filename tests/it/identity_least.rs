//! The narrowest built-in role for a task is the one that the docs name for it.

use drawbridge::{
    azure::roles::{ROLES, Role},
    facts::grant::{Plane, RoleDefinition},
    solve::access::least::Catalog,
};

const SUB: &str = "/subscriptions/s1/resourceGroups/rg-ml/providers";

fn roles() -> Vec<RoleDefinition> {
    ROLES.iter().map(Role::definition).collect()
}

fn names(needed: &[(Plane, &str)], scope: &str) -> Vec<Vec<String>> {
    let roles = roles();
    let catalog = Catalog::new(&roles);
    let name = |it: &usize| roles[*it].name.clone();
    catalog
        .least(needed, scope)
        .into_iter()
        .map(|offer| offer.roles.iter().map(name).collect())
        .collect()
}

fn first(needed: &[(Plane, &str)], scope: &str) -> String {
    names(needed, scope).first().expect("some role grants it").join(" + ")
}

// Each answer is the one that a Microsoft page names for the task.
#[test]
fn the_role_that_the_docs_name_comes_first() {
    let storage = format!("{SUB}/Microsoft.Storage/storageAccounts/st");
    let container = format!("{storage}/blobServices/default/containers/c1");
    let vault = format!("{SUB}/Microsoft.KeyVault/vaults/kv");
    let acr = format!("{SUB}/Microsoft.ContainerRegistry/registries/acr");
    let uai = format!("{SUB}/Microsoft.ManagedIdentity/userAssignedIdentities/u");
    let ws = format!("{SUB}/Microsoft.MachineLearningServices/workspaces/w");
    let blob = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
    let read_blob = format!("{blob}/read");
    let write_blob = format!("{blob}/write");
    let ml = "Microsoft.MachineLearningServices/workspaces";
    for (needed, scope, expect) in [
        // container-registry-roles
        (
            vec![(Plane::Control, "Microsoft.ContainerRegistry/registries/pull/read")],
            &acr,
            "AcrPull",
        ),
        (
            vec![(Plane::Control, "Microsoft.ContainerRegistry/registries/push/write")],
            &acr,
            "AcrPush",
        ),
        // container-registry-rbac-abac-repository-permissions
        (
            vec![
                (Plane::Data, "Microsoft.ContainerRegistry/registries/repositories/content/read"),
                (Plane::Data, "Microsoft.ContainerRegistry/registries/repositories/metadata/read"),
            ],
            &acr,
            "Container Registry Repository Reader",
        ),
        // assign-azure-role-data-access
        (vec![(Plane::Data, &*read_blob)], &container, "Storage Blob Data Reader"),
        (
            vec![(Plane::Data, &*read_blob), (Plane::Data, &*write_blob)],
            &storage,
            "Storage Blob Data Contributor",
        ),
        // rbac-guide
        (
            vec![(Plane::Data, "Microsoft.KeyVault/vaults/secrets/getSecret/action")],
            &vault,
            "Key Vault Secrets User",
        ),
        // how-to-assign-roles
        (
            vec![(
                Plane::Control,
                "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
            )],
            &uai,
            "Managed Identity Operator",
        ),
        (
            vec![(Plane::Control, "Microsoft.MachineLearningServices/workspaces/computes/write")],
            &ws,
            "AzureML Compute Operator",
        ),
        // delegate-role-assignments-overview
        (
            vec![(Plane::Control, "Microsoft.Authorization/roleAssignments/write")],
            &storage,
            "Role Based Access Control Administrator",
        ),
    ] {
        assert_eq!(first(&needed, scope), expect, "{needed:?}");
    }
    let jobs = format!("{ml}/jobs/write");
    let build = format!("{ml}/environments/build/action");
    let submit = [(Plane::Control, &*jobs), (Plane::Control, &*build)];
    assert!(names(&submit, &ws).contains(&vec!["AzureML Data Scientist".to_owned()]));
}

// how-to-assign-roles tells users to combine the two.
#[test]
fn two_roles_where_no_narrow_one_is_enough() {
    let roles: Vec<_> = roles().into_iter().filter(|it| it.name.starts_with("AzureML")).collect();
    let catalog = Catalog::new(&roles);
    let ml = "Microsoft.MachineLearningServices/workspaces";
    let needed = [format!("{ml}/jobs/write"), format!("{ml}/computes/write")];
    let needed: Vec<_> = needed.iter().map(|it| (Plane::Control, &**it)).collect();
    let offers = catalog.least(&needed, &format!("{SUB}/{ml}/w"));
    let names: Vec<&str> = offers[0].roles.iter().map(|it| &*roles[*it].name).collect();
    assert_eq!(names, ["AzureML Data Scientist", "AzureML Compute Operator"]);
}

// Its own condition lets it assign eight vault roles only.
#[test]
fn a_role_with_a_condition_of_its_own_is_not_offered() {
    let vault = format!("{SUB}/Microsoft.KeyVault/vaults/kv");
    let needed = [(Plane::Control, "Microsoft.Authorization/roleAssignments/write")];
    let all = names(&needed, &vault);
    assert!(!all.iter().flatten().any(|it| it == "Key Vault Data Access Administrator"));
}

#[test]
fn nothing_else_comes_with_acr_pull() {
    let roles = roles();
    let catalog = Catalog::new(&roles);
    let needed = [(Plane::Control, "Microsoft.ContainerRegistry/registries/pull/read")];
    let scope = format!("{SUB}/Microsoft.ContainerRegistry/registries/acr");
    let offers = catalog.least(&needed, &scope);
    assert_eq!((offers[0].weight, offers[0].also.len()), (0, 0));
    assert!(offers.is_sorted_by_key(|it| it.weight));
}
