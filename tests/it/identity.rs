//! The identity cases: what role assignments, groups, scopes and conditions give, and what they do not.
//!
//! A case is one design with questions about it (`checks`, answered by the access solver over what
//! people assigned and what the platform grants by itself) and an answer for a whole operation
//! (`expected.decision`). Answers come from the docs that each case names. `ours.json` adds to the
//! format: `condition` of an assignment, `deny_assignments`, `locks`, and in a check `attributes`,
//! `sub_operation`, and `through_manager` for requests that a lock can stop.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use drawbridge::{
    azure::roles,
    facts::grant::{
        Assignment, Denied, DenyAssignment, Grants, Lock, LockLevel, Origin, Permissions, Plane,
        PrincipalId, PrincipalType, RoleDefinition, RoleId,
    },
    solve::access::{Access, Question, condition::Attributes},
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    id: String,
    design: Design,
    expected: Expected,
    #[serde(default)]
    least_privilege_fix: Vec<Fix>,
    checks: Vec<Check>,
    source: Vec<String>,
}

#[derive(Deserialize)]
struct Design {
    role_assignments: Vec<Grant>,
    /// Group to members.
    #[serde(default)]
    groups: BTreeMap<String, Vec<String>>,
    /// Child to parent, for management groups.
    #[serde(default)]
    parents: BTreeMap<String, String>,
    #[serde(default)]
    custom_roles: BTreeMap<String, Block>,
    #[serde(default)]
    deny_assignments: Vec<Deny>,
    #[serde(default)]
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
    #[serde(default)]
    exclude_principals: Vec<String>,
    #[serde(default)]
    do_not_apply_to_child_scopes: bool,
}

#[derive(Deserialize)]
struct LockCase {
    scope: String,
    level: String,
}

#[derive(Deserialize)]
struct Expected {
    decision: String,
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
struct Builder {
    grants: Grants,
    ids: BTreeMap<String, PrincipalId>,
    custom: BTreeMap<String, Block>,
}

impl Builder {
    fn new(case: &Case) -> Builder {
        let mut it = Builder { custom: case.design.custom_roles.clone(), ..Builder::default() };
        for (child, parent) in &case.design.parents {
            let scopes = &mut it.grants.scopes;
            let (child, parent) = (scopes.intern(child), scopes.intern(parent));
            scopes.put_under(child, parent);
        }
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
            let scope = it.grants.scopes.intern(&lock.scope);
            let level = match lock.level.as_str() {
                "CanNotDelete" => LockLevel::CanNotDelete,
                "ReadOnly" => LockLevel::ReadOnly,
                other => panic!("{}: no lock level {other}", case.id),
            };
            it.grants.locks.push(Lock { name: lock.level.clone(), scope, level, at: None });
        }
        it
    }

    fn id(&mut self, name: &str) -> PrincipalId {
        let next = PrincipalId(u32::try_from(self.ids.len()).unwrap());
        let id = *self.ids.entry(name.to_owned()).or_insert(next);
        let kind = match name.split_once(':').map(|(kind, _)| kind) {
            Some("user") => PrincipalType::User,
            Some("group") => PrincipalType::Group,
            Some("sp") => PrincipalType::ServicePrincipal,
            Some("mi") => PrincipalType::ManagedIdentity,
            _ => panic!("{name} is no principal"),
        };
        self.grants.principal(id, kind, name);
        id
    }

    fn role(&mut self, name: &str) -> RoleId {
        let role = match (self.custom.get(name), roles::by_name(name)) {
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

    fn assign(&mut self, grant: &Grant, origin: Origin) {
        let principal = self.id(&grant.principal);
        let role = self.role(&grant.role);
        let scope = self.grants.scopes.intern(&grant.scope);
        let condition = grant.condition.clone();
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
        let principals: Vec<_> = deny.principals.iter().map(|it| self.id(it)).collect();
        let excluded = deny.exclude_principals.iter().map(|it| self.id(it)).collect();
        self.grants.deny_assignments.push(DenyAssignment {
            name: "deny assignment".into(),
            scope,
            permissions: deny.block.clone().into(),
            principals: if principals.is_empty() {
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

/// The ruling on one check, and the line that explains it.
fn ask(builder: &mut Builder, check: &Check) -> (&'static str, String) {
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
            other => panic!("no plane {other}"),
        },
        action: &check.action,
        scope: &check.scope,
        attributes: &attributes,
        through_manager: check.through_manager,
    };
    let answer = access.answer(&question);
    let story = answer.step(&access, &question).text.render(drawbridge::text::Lang::En);
    (answer.ruling.slug(), story)
}

/// What is wrong with a case; empty if it passes.
fn problems(case: &Case) -> String {
    let mut builder = Builder::new(case);
    let mut out = String::new();
    for check in &case.checks {
        let (ruling, story) = ask(&mut builder, check);
        if ruling != check.expect {
            writeln!(
                out,
                "  {} {}: {ruling}, not {}: {story}",
                check.principal, check.action, check.expect
            )
            .unwrap();
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
    if grants > 0 {
        for check in &case.checks {
            let (ruling, story) = ask(&mut builder, check);
            if ruling != "allow" {
                writeln!(
                    out,
                    "  repaired, {} {}: {ruling}: {story}",
                    check.principal, check.action
                )
                .unwrap();
            }
        }
    }
    out
}

fn read(path: &Path) -> Vec<Case> {
    let text = fs::read_to_string(path).unwrap_or_else(|it| panic!("{}: {it}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|it| panic!("{}: {it}", path.display()))
}

/// Prints a line per case. `CONFORMANCE` names other files, separated by `:`.
fn run(files: &[std::path::PathBuf]) -> (usize, usize) {
    let (mut passed, mut failed) = (0, 0);
    for path in files {
        for case in read(path) {
            let problems = problems(&case);
            if problems.is_empty() {
                passed += 1;
                println!("{}: passed", case.id);
            } else {
                failed += 1;
                println!("{}: FAILED\n{problems}", case.id);
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    (passed, failed)
}

fn cases(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/identity").join(name)
}

#[test]
fn the_shared_cases_pass() {
    assert_eq!(run(&[cases("shared.json")]), (25, 0));
}

#[test]
fn our_cases_pass() {
    let (passed, failed) = run(&[cases("ours.json")]);
    assert!(passed >= 60 && failed == 0, "{passed} passed, {failed} failed");
}

#[test]
fn every_case_of_ours_names_its_source_and_a_decision() {
    let all = read(&cases("ours.json"));
    let mut ids: Vec<&str> = all.iter().map(|it| it.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all.len(), "an id is used twice");
    for case in &all {
        assert!(!case.source.is_empty() && !case.checks.is_empty(), "{}", case.id);
        let decisions = ["allow", "deny", "mixed", "conditional", "unknown"];
        assert!(decisions.contains(&case.expected.decision.as_str()), "{}", case.id);
    }
}
