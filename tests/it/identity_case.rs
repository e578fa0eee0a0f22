//! Reads a case in the format of the identity cases and judges its `checks`.
//!
//! The format: `design` is what people assigned (`role_assignments`, `groups`, `parents`,
//! `custom_roles`), `expected.auto_granted_by_platform` what Azure adds by itself, `checks` are questions
//! with their answers, and every `grant` of `least_privilege_fix` together turns them into "allow".
//! Ours adds `condition` of an assignment, `deny_assignments`, `locks`, and in a check `attributes`,
//! `sub_operation`, and `through_manager` for requests that a lock can stop.

use std::collections::BTreeMap;

use drawbridge::{
    azure::roles,
    facts::grant::{
        Assignment, Denied, DenyAssignment, Grants, Lock, LockLevel, Origin, Permissions, Plane,
        PrincipalId, PrincipalType, RoleDefinition, RoleId,
    },
    solve::access::{Access, Question, condition::Attributes},
    text::Lang,
};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Case {
    #[serde(default)]
    design: Design,
    #[serde(default)]
    expected: Expected,
    #[serde(default)]
    least_privilege_fix: Vec<Fix>,
    #[serde(default)]
    checks: Vec<Check>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Design {
    #[serde(alias = "roleAssignments")]
    role_assignments: Vec<Grant>,
    /// Group to members.
    groups: BTreeMap<String, Vec<String>>,
    /// Child to parent, for management groups.
    parents: BTreeMap<String, String>,
    #[serde(alias = "customRoles")]
    custom_roles: BTreeMap<String, Block>,
    #[serde(alias = "denyAssignments")]
    deny_assignments: Vec<Deny>,
    locks: Vec<LockCase>,
}

#[derive(Clone, Deserialize)]
struct Grant {
    principal: String,
    role: String,
    scope: String,
    condition: Option<String>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Block {
    actions: Vec<String>,
    not_actions: Vec<String>,
    data_actions: Vec<String>,
    not_data_actions: Vec<String>,
    /// Empty: everywhere.
    #[serde(alias = "assignable_scopes")]
    assignable_scopes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Deny {
    scope: String,
    #[serde(flatten)]
    block: Block,
    /// Empty: everyone.
    #[serde(default)]
    principals: Vec<String>,
    #[serde(default, alias = "exclude_principals")]
    exclude_principals: Vec<String>,
    #[serde(default, alias = "do_not_apply_to_child_scopes")]
    do_not_apply_to_child_scopes: bool,
}

#[derive(Deserialize)]
struct LockCase {
    scope: String,
    level: String,
}

#[derive(Default, Deserialize)]
struct Expected {
    #[serde(default)]
    auto_granted_by_platform: Vec<Grant>,
}

#[derive(Deserialize)]
struct Fix {
    grant: Option<Grant>,
    custom_role: Option<CustomRole>,
}

#[derive(Deserialize)]
struct CustomRole {
    name: String,
    #[serde(flatten)]
    block: Block,
}

#[derive(Deserialize)]
struct Check {
    principal: String,
    action: String,
    plane: String,
    scope: String,
    expect: String,
    #[serde(default)]
    attributes: BTreeMap<String, Vec<String>>,
    sub_operation: Option<String>,
    #[serde(default)]
    through_manager: bool,
}

impl From<Block> for Permissions {
    fn from(it: Block) -> Permissions {
        let list = |it: Vec<String>| it.into_iter().map(Into::into).collect();
        Permissions {
            actions: list(it.actions),
            not_actions: list(it.not_actions),
            data_actions: list(it.data_actions),
            not_data_actions: list(it.not_data_actions),
        }
    }
}

/// The design of a case as facts.
#[derive(Default)]
pub(crate) struct Builder {
    grants: Grants,
    ids: BTreeMap<String, PrincipalId>,
    custom: BTreeMap<String, Block>,
    /// Child to parent, in lower case.
    parents: BTreeMap<String, String>,
}

impl Builder {
    fn new(case: &Case) -> Result<Builder, String> {
        let mut it = Builder { custom: case.design.custom_roles.clone(), ..Builder::default() };
        for (child, parent) in &case.design.parents {
            let scopes = &mut it.grants.scopes;
            let (child, parent) = (scopes.intern(child), scopes.intern(parent));
            scopes.put_under(child, parent);
        }
        let lower = |(child, parent): (&String, &String)| {
            (child.to_ascii_lowercase(), parent.to_ascii_lowercase())
        };
        it.parents = case.design.parents.iter().map(lower).collect();
        for (group, members) in &case.design.groups {
            for member in members {
                let pair = (it.id(group), it.id(member));
                it.grants.members.push(pair);
            }
        }
        for grant in &case.design.role_assignments {
            it.assign(grant, Origin::Assigned);
        }
        for grant in &case.expected.auto_granted_by_platform {
            it.assign(grant, Origin::Platform);
        }
        for deny in &case.design.deny_assignments {
            it.deny(deny);
        }
        for lock in &case.design.locks {
            let level = lock.level.replace(['-', ' '], "").to_ascii_lowercase();
            let level = match level.as_str() {
                "cannotdelete" | "delete" => LockLevel::CanNotDelete,
                "readonly" => LockLevel::ReadOnly,
                _ => return Err(format!("no lock level {}", lock.level)),
            };
            it.lock(&lock.scope, level);
        }
        Ok(it)
    }

    fn lock(&mut self, scope: &str, level: LockLevel) {
        let scope = self.grants.scopes.intern(scope);
        self.grants.locks.push(Lock { name: format!("{level:?}"), scope, level, at: None });
    }

    fn id(&mut self, name: &str) -> PrincipalId {
        let next = PrincipalId(u32::try_from(self.ids.len()).unwrap());
        let id = *self.ids.entry(name.to_owned()).or_insert(next);
        let kind = match name.split_once(':').map(|(kind, _)| kind) {
            Some("user") => PrincipalType::User,
            Some("group") => PrincipalType::Group,
            Some("mi") => PrincipalType::ManagedIdentity,
            _ => PrincipalType::ServicePrincipal,
        };
        self.grants.principal(id, kind, name);
        id
    }

    fn role(&mut self, name: &str) -> RoleId {
        let role = match (self.custom.get(name), roles::find(name)) {
            (Some(block), _) => RoleDefinition {
                name: name.to_owned(),
                custom: true,
                permissions: Some(vec![block.clone().into()]),
                condition: None,
            },
            (None, Some(role)) => role.definition(),
            (None, None) => RoleDefinition {
                name: name.to_owned(),
                custom: true,
                permissions: None,
                condition: None,
            },
        };
        self.grants.role(role)
    }

    /// Whether Azure takes no such assignment of a custom role ("Azure custom roles",
    /// role-based-access-control/custom-roles).
    fn is_refused(&self, grant: &Grant) -> bool {
        let Some(role) = self.custom.get(&grant.role) else { return false };
        let lists = [&role.actions, &role.not_actions, &role.data_actions, &role.not_data_actions];
        let wild = lists.into_iter().flatten().any(|it| it.matches('*').count() > 1);
        let group = grant.scope.to_ascii_lowercase().contains("/managementgroups/");
        let homes = &role.assignable_scopes;
        let apart = !homes.is_empty() && !homes.iter().any(|it| self.within(&grant.scope, it));
        wild || group && !role.data_actions.is_empty() || apart
    }

    fn within(&self, scope: &str, outer: &str) -> bool {
        let outer = outer.trim_end_matches('/').to_ascii_lowercase();
        let mut scope = scope.to_ascii_lowercase();
        let inside = |it: &str, of: &str| it == of || it.starts_with(&format!("{of}/"));
        for _ in 0..=self.parents.len() {
            if inside(&scope, &outer) {
                return true;
            }
            let Some(above) = self.parents.iter().find(|it| inside(&scope, it.0)) else { break };
            scope.clone_from(above.1);
        }
        false
    }

    fn assign(&mut self, grant: &Grant, origin: Origin) {
        if self.is_refused(grant) {
            return;
        }
        let principal = self.id(&grant.principal);
        let role = self.role(&grant.role);
        let scope = self.grants.scopes.intern(&grant.scope);
        let condition = grant.condition.clone().map(|it| in_language(&it));
        self.grants.assignments.push(Assignment {
            principal,
            role,
            scope,
            condition,
            origin,
            at: None,
        });
    }

    fn deny(&mut self, deny: &Deny) {
        let scope = self.grants.scopes.intern(&deny.scope);
        // "all principals", or the GUID of zeros with the type `SystemDefined`.
        let everyone = |it: &String| !it.contains(':');
        let named = deny.principals.iter().filter(|it| !everyone(it));
        let principals: Vec<_> = named.map(|it| self.id(it)).collect();
        let excluded = deny.exclude_principals.iter().map(|it| self.id(it)).collect();
        self.grants.deny_assignments.push(DenyAssignment {
            name: "deny assignment".into(),
            scope,
            permissions: deny.block.clone().into(),
            principals: if principals.is_empty() || deny.principals.iter().any(everyone) {
                Denied::Everyone
            } else {
                Denied::These(principals)
            },
            excluded,
            this_scope_only: deny.do_not_apply_to_child_scopes,
            condition: None,
        });
    }
}

/// "containers prefixed with the workspace GUID 1111aaaa" as conditions are written.
fn in_language(condition: &str) -> String {
    let guid = condition
        .split(' ')
        .rfind(|it| it.len() >= 8 && it.chars().all(|it| it.is_ascii_hexdigit() || it == '-'));
    match guid.filter(|_| !condition.contains('@') && condition.contains("prefix")) {
        Some(guid) => format!(
            "(@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringStartsWith '{guid}')"
        ),
        None => condition.to_owned(),
    }
}

/// The ruling on one check, and the line that explains it.
fn ask(builder: &mut Builder, check: &Check) -> Result<(&'static str, String), String> {
    let principal = builder.id(&check.principal);
    let mut attributes = Attributes::default();
    for (name, values) in &check.attributes {
        attributes = attributes.with(name, values.clone());
    }
    attributes.sub_operation.clone_from(&check.sub_operation);
    let access = Access::new(&builder.grants);
    let question = Question {
        principal,
        plane: match check.plane.as_str() {
            "control" => Plane::Control,
            "data" => Plane::Data,
            other => return Err(format!("no plane {other}")),
        },
        action: &check.action,
        scope: &check.scope,
        attributes: &attributes,
        through_manager: check.through_manager,
    };
    let answer = access.answer(&question);
    let story = answer.step(&access, &question).text.render(Lang::En);
    Ok((answer.ruling.slug(), story))
}

/// Judges the checks of a case: nothing, or what is wrong.
pub(crate) fn judge(case: &Value) -> Result<(), String> {
    let case: Case = Deserialize::deserialize(case).map_err(|it| it.to_string())?;
    let mut builder = Builder::new(&case)?;
    let mut wrong = Vec::new();
    for check in &case.checks {
        let (ruling, story) = ask(&mut builder, check)?;
        if ruling != check.expect {
            let Check { principal, action, expect, .. } = check;
            wrong.push(format!("{principal} {action}: {ruling}, not {expect}: {story}"));
        }
    }
    // "Applying every grant (and custom role) turns the failing checks into allow."
    let mut grants = 0;
    for fix in &case.least_privilege_fix {
        if let Some(role) = &fix.custom_role {
            builder.custom.insert(role.name.clone(), role.block.clone());
        }
        if let Some(grant) = &fix.grant {
            builder.assign(grant, Origin::Assigned);
            grants += 1;
        }
    }
    for check in case.checks.iter().filter(|_| grants > 0) {
        let (ruling, story) = ask(&mut builder, check)?;
        if ruling != "allow" {
            let Check { principal, action, .. } = check;
            wrong.push(format!("repaired, {principal} {action}: {ruling}: {story}"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}
