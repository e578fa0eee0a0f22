//! Identity cases: who holds which role, a question in words, and what Azure's docs say comes of it.
//!
//! `checks` are put to the access engine. `expected.decision` is put to the check of the operation, over
//! a design that is drawn from the case; a question of the family `rbac` goes to the rights and to the
//! doors beside roles of a drawn design too. `expected.auto_granted_by_platform` must be among what the app derives.

use std::{collections::BTreeMap, sync::Arc};

use drawbridge::{
    azure::roles,
    checks::{self, Door},
    facts::grant::{Origin, Plane},
    kinds::{Kind, ResourceId},
    report::{self, Need, Operation},
    solve::{
        Outcome as Answer,
        access::{Access, Question, condition::Attributes},
    },
    text::Lang,
};
use serde_json::{Value, json};

use crate::{Outcome, identity_case, reader::text_of};

mod acting;
mod design;
mod words;

use acting::Task;
use design::Drawn;
use words::Words;

/// Runs one case. `strict`: a word that the reader does not know fails it; else it is only told.
pub(crate) fn run(case: &Value, strict: bool) -> Outcome {
    let mut wrong: Vec<String> = identity_case::judge(case).err().into_iter().collect();
    wrong.extend(decision(case, strict).err());
    let unread = unread(case);
    if strict {
        wrong.extend(unread.iter().map(|it| format!("adapter does not know {it}")));
    } else if !unread.is_empty() {
        println!("unread: {}", unread.join("; "));
    }
    if wrong.is_empty() { Outcome::Passed } else { Outcome::Failed(wrong.join("; ")) }
}

/// What the case says that the reader does not know.
fn unread(case: &Value) -> Vec<String> {
    let drawn = Asked::of(case)
        .map(|it| design::draw(case, &it.question, &it.operation, it.actor.as_deref(), None));
    // What could not be drawn is judged without it, and told.
    drawn.map(|it| [it.unread, it.problems].concat()).unwrap_or_default()
}

/// Words that turn what stands beside them into something else.
const TURNS: &[&str] = &[
    "no",
    "not",
    "without",
    "never",
    "none",
    "off",
    "disabled",
    "expired",
    "rotated",
    "regenerated",
    "revoked",
    "invalid",
    "wrong",
    "deleted",
    "removed",
    "missing",
    "lacks",
    "another",
    "other",
    "different",
    "differs",
    "tenant",
    "tenants",
    "foreign",
    "outside",
    "blocked",
    "denied",
    "refused",
    "stopped",
    "except",
    "old",
    "only",
    "rule",
    "rules",
    "guest",
    "pending",
    "rejected",
    "unapproved",
    "cannot",
    "mask",
    "tenant_id",
    "compliant",
    "management.azure.com",
    "limit",
    "quota",
    "full",
    "lock",
    "locked",
    "lost",
    "broken",
    "unless",
    "until",
    "instead",
];

/// What the reader passed over and may have turned the answer: nothing is allowed by leaving that out.
fn in_doubt(case: &Value) -> Option<String> {
    let asked = Asked::of(case).ok()?;
    let drawn = design::draw(case, &asked.question, &asked.operation, asked.actor.as_deref(), None);
    let config = case.pointer("/design/config");
    let turns = |it: &String| {
        let member = it.strip_prefix("config.").and_then(|key| config?.get(key)).and_then(text_of);
        Words::of(member.as_ref().unwrap_or(it)).any(|it| TURNS.contains(&it.as_str()))
    };
    drawn.problems.into_iter().chain(drawn.unread.into_iter().filter(turns)).next()
}

/// An answer in the words of a case, and the line that explains it.
struct Verdict {
    decision: &'static str,
    story: String,
}

impl Verdict {
    /// An operation that hangs on a condition is one of which not enough is known.
    fn is(&self, expected: &str) -> bool {
        let conditional = self.decision == "unknown" && self.story.contains("condition");
        self.decision == expected || (conditional && expected == "conditional")
    }
}

fn decision(case: &Value, strict: bool) -> Result<(), String> {
    let Some(expected) = case.pointer("/expected/decision").and_then(text_of) else {
        return Ok(());
    };
    let asked = Asked::of(case)?;
    platform(case, &asked)?;
    let parts = case.pointer("/expected/parts").and_then(Value::as_array);
    let Some(parts) = parts.filter(|it| !it.is_empty()) else {
        let got = match asked.whole() {
            // A place that is not drawn is told; the rights that are asked about can still be judged.
            Err(why) if !strict => {
                println!("not judged as an operation: {why}");
                asked.rbac(&asked.question)?
            }
            other => other?,
        };
        let doubt = if got.decision == "allow" && !strict { in_doubt(case) } else { None };
        let got = match doubt {
            Some(why) => Verdict { decision: "unknown", story: format!("not read: {why}") },
            None => got,
        };
        if got.is(&expected) {
            return Ok(());
        }
        return Err(format!("decision {}, not {expected}: {}", got.decision, got.story));
    };
    let names: Vec<String> =
        parts.iter().filter_map(|it| it.get("part").and_then(text_of)).collect();
    let doubt = if strict { None } else { in_doubt(case) };
    for (part, got) in parts.iter().zip(asked.parts(&names)?) {
        let got = match &doubt {
            Some(why) if got.decision == "allow" => {
                Verdict { decision: "unknown", story: format!("not read: {why}") }
            }
            _ => got,
        };
        let expected = part.get("decision").and_then(text_of).unwrap_or_default();
        if !got.is(&expected) {
            let part = part.get("part").and_then(text_of).unwrap_or_default();
            return Err(format!("{part}: {}, not {expected}: {}", got.decision, got.story));
        }
    }
    Ok(())
}

/// What the case says the platform grants by itself is among what the app derives.
fn platform(case: &Value, asked: &Asked<'_>) -> Result<(), String> {
    let expected = case.pointer("/expected/auto_granted_by_platform").and_then(Value::as_array);
    let Some(expected) = expected.filter(|it| !it.is_empty()) else { return Ok(()) };
    let drawn = asked.draw(&asked.operation, asked.actor.as_deref())?;
    let facts = report::facts(&drawn.design.resources);
    let grants = &facts.grants;
    for grant in expected {
        let text = |key: &str| grant.get(key).and_then(text_of).unwrap_or_default();
        let (principal, role, scope) = (text("principal"), text("role"), text("scope"));
        let id = drawn.whose(&principal).ok_or_else(|| format!("{principal} is not drawn"))?;
        let found = grants.assignments.iter().any(|it| {
            it.origin == Origin::Platform
                && it.principal.0 == id.0
                && grants.roles[it.role.0 as usize].name.eq_ignore_ascii_case(&role)
                && grants.scopes.text(it.scope).eq_ignore_ascii_case(&scope)
        });
        if !found {
            return Err(format!("the platform does not grant {role} to {principal} on {scope}"));
        }
    }
    Ok(())
}

impl Drawn {
    /// The resource that a principal of the case is, or whose identity it is.
    fn whose(&self, principal: &str) -> Option<ResourceId> {
        let local = principal.split_once(':').map_or(principal, |it| it.1).to_ascii_lowercase();
        let own = local.trim_end_matches("-sai").trim_end_matches("-mi");
        self.principals
            .get(principal)
            .or_else(|| self.named.get(&local))
            .or_else(|| self.named.get(own))
            .copied()
    }
}

/// A case, and what is asked in it.
struct Asked<'a> {
    case: &'a Value,
    operation: String,
    question: String,
    /// The person or application that the question is about.
    actor: Option<String>,
    checks: Vec<&'a Value>,
    /// The repository that is pulled from, one at a time.
    repository: Option<String>,
    /// The question has parts, and each is asked by itself.
    in_parts: bool,
}

impl<'a> Asked<'a> {
    fn of(case: &'a Value) -> Result<Asked<'a>, String> {
        let text = |key: &str| case.get(key).and_then(text_of).unwrap_or_default();
        let question = text("question");
        let checks: Vec<&Value> =
            case.get("checks").and_then(Value::as_array).into_iter().flatten().collect();
        // The session of `az login --identity` is the machine's, whoever sits there.
        let session = case
            .pointer("/design/config/tool")
            .and_then(text_of)
            .is_some_and(|it| it.to_ascii_lowercase().contains("--identity"));
        let actor = actor(case, &question, &checks).filter(|_| !session);
        let parts = case.pointer("/expected/parts").and_then(Value::as_array);
        let in_parts = parts.is_some_and(|it| !it.is_empty());
        let operation = text("operation");
        Ok(Asked { case, operation, question, actor, checks, repository: None, in_parts })
    }

    fn draw(&self, operation: &str, actor: Option<&str>) -> Result<Drawn, String> {
        let drawn =
            design::draw(self.case, &self.question, operation, actor, self.repository.as_deref());
        Ok(drawn)
    }

    /// What the app knows as a capability, not as an operation.
    fn capability(&self) -> Result<Option<Verdict>, String> {
        let known = ["kv.change_model", "kv.access_policy.self_grant"];
        let actor = self.actor.as_deref().filter(|_| known.contains(&self.operation.as_str()));
        let Some(actor) = actor else { return Ok(None) };
        let drawn = self.draw(&self.operation, Some(actor))?;
        let vault = self.target(&drawn, &[Kind::KeyVault], "kvext")?;
        let who = drawn.whose(actor).ok_or("nobody changes it")?;
        if self.operation == "kv.change_model" {
            return Ok(Some(of_needs(&acting::capable(&drawn, who, vault, "vault.model")?)));
        }
        // With roles there are no policies to add oneself to.
        let by_policy = acting::capable(&drawn, who, vault, "vault.policies");
        let by_policy = by_policy.map(|it| of_needs(&it)).ok().filter(|it| it.decision == "allow");
        let as_it_is = || of_needs(&report::through(&drawn.design, who, vault, Door::Secret));
        Ok(Some(by_policy.unwrap_or_else(as_it_is)))
    }

    /// Whether Azure takes a custom role or its assignment, and whether somebody may make it.
    fn of_custom_role(&self, text: &str) -> Result<Option<Verdict>, String> {
        let lower = text.to_ascii_lowercase();
        let has = |all: &[&str]| all.iter().any(|it| lower.contains(it));
        let drawn = self.draw(&self.operation, self.actor.as_deref())?;
        let named = drawn.roles.iter().find(|it| lower.contains(&it.0.to_ascii_lowercase()));
        let only = || drawn.roles.iter().next().filter(|_| drawn.roles.len() == 1);
        let Some((name, role)) = named.or_else(only) else { return Ok(None) };
        let defines = has(&["definition", "create", "define", "accepted", "valid", "save"]);
        let words: Vec<String> = Words::of(&lower).collect();
        let verbs = ["assign", "assigns", "assigning", "assignment", "give", "grant"];
        let assigns =
            words.iter().any(|it| verbs.contains(&it.as_str())) || lower.contains("be assigned");
        if !(defines || assigns) {
            return Ok(None);
        }
        let refused = |design: &drawbridge::design::Design, id: ResourceId| {
            let it = design.resources.subject(id)?;
            let problems = [it.unreadable(), it.problems()].concat();
            let what = problems.first().map(|it| it.text.render(Lang::En))?;
            Some(Verdict { decision: "deny", story: format!("Azure refuses it: {what}") })
        };
        // What is wrong with where it may be assigned tells nothing of what it holds.
        let by_itself = refused(&drawn.design, *role);
        if by_itself.is_some() {
            return Ok(by_itself);
        }
        if !assigns {
            return Ok(None);
        }
        let on_roles = |it: &&Value| {
            let action = it.get("action").and_then(text_of).unwrap_or_default();
            action.to_ascii_lowercase().ends_with("/roleassignments/write")
        };
        let check = self.checks.iter().copied().find(|it| on_roles(it));
        let scope = check.and_then(|it| it.get("scope")).and_then(text_of);
        let Some(scope) = scope else { return Ok(None) };
        let mut case = self.case.clone();
        let given = json!({ "principal": "user:assignee", "role": name, "scope": scope });
        if let Some(design) = case.pointer_mut("/design").and_then(Value::as_object_mut) {
            let all = design.entry("role_assignments").or_insert_with(|| json!([]));
            if let Some(all) = all.as_array_mut() {
                all.push(given);
            }
        }
        let again = design::draw(&case, &self.question, &self.operation, None, None);
        let assignee = again.principals.get("user:assignee").copied();
        let made = again.design.resources.of(Kind::RoleAssignment).find(|it| {
            let to = it.resource.settings.get("principalId").and_then(Value::as_u64);
            assignee.is_some() && to == assignee.map(|it| u64::from(it.0))
        });
        Ok(made.and_then(|it| refused(&again.design, it.id)))
    }

    /// The answer to the whole question.
    fn whole(&self) -> Result<Verdict, String> {
        let actor = self.actor.as_deref();
        if let Some(verdict) = self.capability()? {
            return Ok(verdict);
        }
        if self.operation.starts_with("rbac.") {
            return self.rbac(&self.question);
        }
        if let Some(verdict) = self.person_pulls(actor)? {
            return Ok(verdict);
        }
        let by_default = self.by_default_credential();
        if self.signs_in() && by_default != Some("ws.assign_role") {
            return self.signed_in(by_default.unwrap_or(&self.operation));
        }
        if let Some(other) = by_default {
            return self.operation(other, actor, None);
        }
        let another = speaks_of_another(&self.question)
            || self.names_workspace(&self.question) == Some(false);
        if self.operation == "ws.data_isolation" && another && !self.tells_apart() {
            return self.container_of_another();
        }
        let asked = self.question.to_ascii_lowercase();
        let later = ["after", "still", "then"].iter().any(|it| asked.contains(it));
        if self.operation == "acr.disable_admin"
            && let Some(other) = afterwards(&asked).filter(|_| later)
        {
            return self.with_admin_off(other);
        }
        let repositories = self.repositories();
        if self.operation.starts_with("image.pull") && !repositories.is_empty() {
            return self.every_repository(&repositories);
        }
        self.operation(&self.operation, actor, None)
    }

    /// `DefaultAzureCredential` takes the identity of the machine that it runs on before the session of
    /// whoever is logged on to it; who signs in to assign a role does more than sign in.
    fn by_default_credential(&self) -> Option<&'static str> {
        let config = self.case.pointer("/design/config").and_then(Value::as_object)?;
        let text: Vec<String> = config
            .iter()
            .map(|(key, it)| format!("{key} {}", text_of(it).unwrap_or_default()))
            .collect();
        let text = text.join(" ").to_ascii_lowercase();
        let asked = format!("{text} {}", self.question.to_ascii_lowercase());
        if self.operation.starts_with("auth.")
            && ["role assignment create", "assignee"].iter().any(|it| asked.contains(it))
        {
            return Some("ws.assign_role");
        }
        if self.operation != "auth.interactive" || !text.contains("defaultazurecredential") {
            return None;
        }
        let words: Vec<String> = Words::of(&text).collect();
        let on = |kind| {
            let named = |it: &String| {
                let own = it.rsplit(':').next().unwrap_or(it);
                words::kind_of_name(own).is_some_and(|it| it.0 == kind)
            };
            words.iter().any(named)
                && ["mi:", "sai", "system-assigned", "uai", "user-assigned", "managed identity"]
                    .iter()
                    .any(|it| text.contains(it))
        };
        if on(Kind::VirtualMachine) {
            return Some("auth.msi_vm");
        }
        on(Kind::ComputeInstance).then_some("auth.msi_compute")
    }

    /// "reader to cluster": the assignment among those that the checks describe which has these words.
    fn assignment(&self, part: &str) -> Option<String> {
        const OF: &str = "@Request[Microsoft.Authorization/roleAssignments:";
        let words: Vec<String> = Words::of(part).collect();
        let described = self.checks.iter().filter_map(|check| {
            let of = |name: &str| {
                let values = check.get("attributes")?.get(format!("{OF}{name}]"))?;
                crate::reader::texts_of(values).into_iter().next()
            };
            let role = roles::find(&of("RoleDefinitionId")?)?.name;
            let to = match of("PrincipalType").as_deref() {
                Some("User") => "a user",
                Some("Group") => "a group",
                _ => "a cluster identity",
            };
            Some(format!("{role} to {to}"))
        });
        let fits = |it: &String| {
            let theirs: Vec<String> = Words::of(it).collect();
            words.iter().filter(|it| theirs.contains(it)).count()
        };
        let mut best: Option<(String, usize)> = None;
        for it in described {
            let fit = fits(&it);
            if fit > best.as_ref().map_or(0, |it| it.1) {
                best = Some((it, fit));
            }
        }
        best.map(|it| it.0)
    }

    /// A part that names no role speaks of the one in the question, and of whom it is for.
    fn with_role(&self, part: &str) -> String {
        let named = |text: &str| {
            let text = text.to_ascii_lowercase();
            let all = roles::ROLES.iter();
            all.filter(|it| text.contains(&it.name.to_ascii_lowercase()))
                .max_by_key(|it| it.name.len())
                .map(|it| it.name)
        };
        let role = named(&self.question).filter(|_| named(part).is_none());
        let question = self.question.to_ascii_lowercase();
        let whom = ["to a user", "to user", "to a group", "to group"]
            .into_iter()
            .find(|it| question.contains(it) && !part.contains(" to "));
        let Some(role) = role else { return part.to_owned() };
        format!("{part}: {role} {}", whom.unwrap_or_default())
    }

    fn again(&self) -> Asked<'a> {
        Asked {
            case: self.case,
            operation: self.operation.clone(),
            question: self.question.clone(),
            actor: self.actor.clone(),
            checks: self.checks.clone(),
            repository: self.repository.clone(),
            in_parts: self.in_parts,
        }
    }

    /// The operation of the case, where a part says no more than that.
    fn itself(&self, part: &str) -> Option<&'static str> {
        if self.operation == "ws.data_isolation" && self.names_workspace(part) == Some(true) {
            return checks::find(&self.operation).map(|it| it.id);
        }
        let names: &[&str] = match self.operation.as_str() {
            "uai.create" => &["create", "create it", "create the identity"],
            "ws.data_isolation" => &[
                "own",
                "own container",
                "its own container",
                "own containers",
                "its own containers",
            ],
            "oe.invoke" | "aks.v1.score" => &["score", "invoke"],
            "kv.reuse_soft_deleted_name" => &["purge"],
            "acr.disable_admin" => &["turn off", "turn it off", "switch off", "disable", "update"],
            _ => &[],
        };
        let part = part.to_ascii_lowercase();
        let connects = ["connect", "sign in", "sign-in", "log in", "workspace", "read", "token"];
        let signs_in = self.signs_in() && connects.iter().any(|it| part.contains(it));
        (signs_in || names.contains(&part.as_str()))
            .then(|| checks::find(&self.operation).map(|it| it.id))?
    }

    /// The repositories that the checks tell apart.
    fn repositories(&self) -> Vec<String> {
        const NAME: &str = "@Request[Microsoft.ContainerRegistry/registries/repositories:name]";
        let mut all: Vec<String> = Vec::new();
        for check in &self.checks {
            let values = check.get("attributes").and_then(|it| it.get(NAME));
            all.extend(values.map(crate::reader::texts_of).unwrap_or_default());
        }
        if all.is_empty() {
            return self.told_repositories(&self.question);
        }
        // Some are there for contrast.
        let question = self.question.to_ascii_lowercase();
        let asked: Vec<String> =
            all.iter().filter(|it| question.contains(&it.to_ascii_lowercase())).cloned().collect();
        if asked.is_empty() { all } else { asked }
    }

    /// "train/base", "acrpriv.azurecr.io/train/base:1": repositories in words, where roles tell them apart.
    fn told_repositories(&self, text: &str) -> Vec<String> {
        let assignments = self.case.pointer("/design/role_assignments").and_then(Value::as_array);
        let tells_apart = assignments.into_iter().flatten().any(|it| {
            it.get("condition").and_then(text_of).is_some_and(|it| it.contains("repositories:name"))
        });
        if !tells_apart {
            return Vec::new();
        }
        let words = text.split(|it: char| it.is_whitespace() || "\"',;?()".contains(it));
        let paths = words.map(|it| it.trim_end_matches(['.', ':', '/', '*'])).filter(|it| {
            it.contains('/')
                && !it.starts_with('/')
                && !it.contains("//")
                && !it.contains("Microsoft.")
        });
        paths
            .filter_map(|it| {
                let (first, rest) = it.split_once('/')?;
                let host = first.split('.').next().unwrap_or(first);
                let kind = words::kind_of_name(&host.to_ascii_lowercase()).map(|it| it.0);
                let path = if kind == Some(Kind::ContainerRegistry) { rest } else { it };
                Some(path.split(':').next().unwrap_or(path).to_owned())
            })
            .collect()
    }

    /// Works only when it works for each of them.
    fn every_repository(&self, all: &[String]) -> Result<Verdict, String> {
        let mut first = None;
        for name in all {
            let asked = Asked { repository: Some(name.clone()), ..self.again() };
            let verdict = asked.operation(&asked.operation, asked.actor.as_deref(), None)?;
            if verdict.decision != "allow" {
                return Ok(verdict);
            }
            first = first.or(Some(verdict));
        }
        first.ok_or_else(|| "no repository".to_owned())
    }

    fn parts(&self, names: &[String]) -> Result<Vec<Verdict>, String> {
        let mut used = Vec::new();
        let mut all = Vec::new();
        let clauses = lettered(&self.question);
        for (n, name) in names.iter().enumerate() {
            let clause = clauses.get(n).filter(|_| clauses.len() == names.len());
            all.push(self.part(name, clause.map_or("", String::as_str), &mut used)?);
        }
        Ok(all)
    }

    /// The answer to one part: for another person, another operation, one thing among several, or for
    /// the right that its words name. `clause`: what the question says of it, "" where that is not told apart.
    fn part(&self, part: &str, clause: &str, used: &mut Vec<usize>) -> Result<Verdict, String> {
        let rbac = self.operation.starts_with("rbac.");
        let said = format!("{part} {clause}").trim().to_owned();
        if rbac {
            // Whoever comes with a token of their own is no admin user.
            let own = !says_admin(part)
                && (door(part) == Some(Door::Token)
                    || ["own ", "identity", "acrpull", "acrpush", "role", "themsel", "herself"]
                        .iter()
                        .any(|it| part.to_ascii_lowercase().contains(it)));
            // To list a password is less than to come in with it.
            let lower = part.to_ascii_lowercase();
            let comes_in = ["log", "push", "pull", "sign"].iter().any(|it| lower.contains(it));
            let aside = own || mentions_listing(part) && !comes_in;
            if !aside && let Some(verdict) = self.as_admin_user(part)? {
                return Ok(verdict);
            }
            if let Some(verdict) = self.of_custom_role(&said)? {
                return Ok(verdict);
            }
            let lists = mentions_listing(part) || self.asks_for_listing();
            let at_registry = self.operation == "rbac.acr_admin";
            if let Some(door) = door(part).filter(|_| !lists && !at_registry) {
                return self.door(door);
            }
            return self.right(&said, used);
        }
        let someone = people(self.case, &self.checks)
            .into_iter()
            .find(|it| Words::of(part).any(|word| word == local(it)));
        let asked = Asked { actor: someone.or_else(|| self.actor.clone()), ..self.again() };
        if let Some(verdict) = asked.capability()? {
            return Ok(verdict);
        }
        let repositories = self.repositories();
        if self.operation.starts_with("image.pull")
            && let Some(name) = repositories.iter().find(|it| it.eq_ignore_ascii_case(part))
        {
            return self.every_repository(std::slice::from_ref(name));
        }
        let told = self.told_repositories(part);
        if self.operation.starts_with("image.pull") && !told.is_empty() {
            return self.every_repository(&told);
        }
        let another = speaks_of_another(part) || self.names_workspace(part) == Some(false);
        if self.operation == "ws.data_isolation" && another && !self.tells_apart() {
            return self.container_of_another();
        }
        if self.operation == "acr.disable_admin"
            && let Some(other) = afterwards(part)
        {
            return self.with_admin_off(other);
        }
        if self.signs_in()
            && let Some(task) = Task::all_in(part).first()
        {
            let operation = self.by_default_credential().unwrap_or(&self.operation);
            return self.task(operation, *task);
        }
        let people = people(self.case, &self.checks);
        let named = people.iter().find(|it| Words::of(part).any(|word| word == local(it)));
        if let Some(person) = named {
            if let Some(verdict) = self.person_pulls(Some(person.as_str()))? {
                return Ok(verdict);
            }
            return self.operation(&self.operation, Some(person.as_str()), None);
        }
        let actor = self.actor.as_deref();
        let other = other_operation(part).or_else(|| self.itself(part));
        // Who signs in as a managed identity sits at no client of the drawn design.
        if let Some(other) = other.filter(|it| actor.is_some() || *it == self.operation) {
            return self.operation(other, actor, None);
        }
        if self.operation == "ws.assign_role" {
            let words = if clause.is_empty() { part } else { clause };
            let question = self.assignment(part).unwrap_or_else(|| self.with_role(words));
            let asked = Asked { question, ..self.again() };
            return asked.operation(&self.operation, actor, None);
        }
        if let Some(verdict) = self.narrowed(part, actor)? {
            return Ok(verdict);
        }
        self.right(&said, used)
    }

    /// Whether a container that a text names, such as "1111aaaa-azureml", begins with the GUID of the workspace in
    /// question, where the case tells that.
    fn names_workspace(&self, text: &str) -> Option<bool> {
        let config = self.case.pointer("/design/config").and_then(Value::as_object)?;
        let own = config.iter().find_map(|(key, it)| words::own_guid(key, &text_of(it)?))?;
        let named: Vec<String> =
            Words::of(text).filter(|it| it.get(..8).is_some_and(words::is_guid_like)).collect();
        (!named.is_empty()).then(|| named.iter().all(|it| it.starts_with(&own)))
    }

    /// Whether the checks say which container is asked about.
    fn tells_apart(&self) -> bool {
        self.checks.iter().any(|it| it.get("attributes").is_some())
    }

    /// The workspace's identity at a container of the shared account that is not its own.
    fn container_of_another(&self) -> Result<Verdict, String> {
        const NAME: &str =
            "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name]";
        let drawn = self.draw(&self.operation, self.actor.as_deref())?;
        let who = drawn.named.get("ws1").copied().ok_or("no workspace")?;
        let facts = report::facts(&drawn.design.resources);
        let access = Access::new(&facts.grants);
        let other = "99999999-0000-4000-8000-000000000000-azureml-blobstore";
        let question = Question {
            principal: who.into(),
            plane: Plane::Data,
            action: "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
            scope: "/subscriptions/s1/resourceGroups/rg-ml/providers/Microsoft.Storage/storageAccounts/stdef",
            attributes: &Attributes::default().with(NAME, [other]),
            through_manager: false,
        };
        let answer = access.answer(&question);
        let story = answer.step(&access, &question).text.render(Lang::En);
        Ok(Verdict { decision: answer.ruling.slug(), story })
    }

    /// The answer to another operation once the admin user is off.
    fn with_admin_off(&self, operation: &str) -> Result<Verdict, String> {
        let mut case = self.case.clone();
        if let Some(config) = case.pointer_mut("/design/config").and_then(Value::as_object_mut) {
            config.retain(|key, _| !key.to_ascii_lowercase().contains("adminuser"));
            config.insert("acrws.adminUserEnabled".to_owned(), Value::Bool(false));
        }
        let mut asked = Asked::of(&case)?;
        operation.clone_into(&mut asked.operation);
        asked.operation(operation, self.actor.as_deref(), None)
    }

    /// Somebody pulls by hand: no job and no compute is in it.
    fn person_pulls(&self, actor: Option<&str>) -> Result<Option<Verdict>, String> {
        let Some(actor) = actor.filter(|_| self.operation.starts_with("image.pull")) else {
            return Ok(None);
        };
        if !Words::of(&self.question).any(|it| it == local(actor)) {
            return Ok(None);
        }
        let drawn = self.draw("rbac.pull", Some(actor))?;
        let registry = self.target(&drawn, &[Kind::ContainerRegistry], "acrws")?;
        let who = drawn.whose(actor).ok_or("nobody pulls")?;
        Ok(Some(of_needs(&report::through(&drawn.design, who, registry, Door::Pull))))
    }

    /// The resource of these kinds that the checks or the question name.
    fn target(&self, drawn: &Drawn, kinds: &[Kind], default: &str) -> Result<ResourceId, String> {
        let scopes = self.checks.iter().filter_map(|it| it.get("scope").and_then(text_of));
        let last = scopes.filter_map(|it| it.rsplit('/').next().map(str::to_ascii_lowercase));
        last.chain(Words::of(&self.question))
            .filter_map(|it| drawn.named.get(&it).copied())
            .find(|id| drawn.design.get(*id).is_some_and(|it| kinds.contains(&it.kind)))
            .or_else(|| drawn.named.get(default).copied())
            .ok_or_else(|| "the question names no resource".to_owned())
    }

    /// The check of an operation; of several places where it happens, the one in question.
    fn operation(
        &self,
        operation: &str,
        actor: Option<&str>,
        about: Option<&str>,
    ) -> Result<Verdict, String> {
        if checks::find(operation).is_none() {
            return Err(format!("no check for {operation}"));
        }
        let drawn = self.draw(operation, actor)?;
        let judged = report::assess(&drawn.design);
        let mut found: Vec<&Operation> =
            judged.operations.iter().filter(|it| it.check == operation).collect();
        if found.is_empty() {
            let kin = kin_of(operation);
            found = judged.operations.iter().filter(|it| kin.contains(&it.check)).collect();
        }
        let narrow = |found: &mut Vec<&Operation>, id: ResourceId| {
            if found.iter().any(|it| it.from == id || it.involves.contains(&id)) {
                found.retain(|it| it.from == id || it.involves.contains(&id));
            }
        };
        // "Can app1 score ep1?"
        for id in Words::of(&self.question).filter_map(|it| drawn.named.get(&it).copied()) {
            narrow(&mut found, id);
        }
        if let Some(id) = about.and_then(|it| drawn.named.get(it).copied()) {
            narrow(&mut found, id);
        } else if let Some(id) = drawn.focus {
            narrow(&mut found, id);
        }
        if let Some(id) = actor.and_then(|it| drawn.whose(it)) {
            narrow(&mut found, id);
        }
        let worst = found.iter().max_by_key(|it| it.outcome);
        match worst {
            None => Err(format!("the drawn design has no place for {operation}")),
            Some(it) if self.reads_as_somebody_else(operation, it) => Ok(Verdict {
                decision: "deny",
                story: format!("nobody asks for the user's identity; {}", of_operation(it).story),
            }),
            Some(it) if matches!(it.outcome, Answer::Allowed | Answer::Partial) => {
                if let Some(part) = self.asks_for_part(it) {
                    return Ok(of_needs(std::slice::from_ref(part)));
                }
                Ok(of_operation(it))
            }
            Some(it) => Ok(of_operation(it)),
        }
    }

    /// "Can the steps read as ana?" where their compute is who reads.
    fn reads_as_somebody_else(&self, operation: &str, it: &Operation) -> bool {
        let question = self.question.to_ascii_lowercase();
        let asked =
            self.actor.as_deref().map(|it| format!(" as {}", local(it).to_ascii_lowercase()));
        operation == "job.data.user_identity"
            && it.check == "job.data.compute_mi"
            && (question.contains(" as the user") || asked.is_some_and(|it| question.contains(&it)))
    }

    /// The failing part of an operation that the question is about by name: "and is it approved?"
    fn asks_for_part<'b>(&self, operation: &'b Operation) -> Option<&'b Need> {
        if self.in_parts {
            return None;
        }
        let question = self.question.to_ascii_lowercase();
        operation.needs.iter().find(|it| {
            let what = it.what.render(Lang::En);
            let verb = what.split(' ').next().unwrap_or_default();
            let last = question.rsplit(". ").next().unwrap_or(&question);
            let images = ["push", "pull", "build"];
            let named = images
                .iter()
                .any(|verb| what.contains(verb) && Words::of(last).any(|it| it.starts_with(verb)));
            matches!(it.outcome, Answer::Denied)
                && (named || verb.len() > 5 && question.contains(&verb[..verb.len() - 1]))
        })
    }

    /// A part that names one of several resources: the places of the operation that involve it, or what
    /// the operation needs of it.
    fn narrowed(&self, part: &str, actor: Option<&str>) -> Result<Option<Verdict>, String> {
        let drawn = self.draw(&self.operation, actor)?;
        let judged = report::assess(&drawn.design);
        let found: Vec<&Operation> =
            judged.operations.iter().filter(|it| it.check == self.operation).collect();
        for word in Words::of(part) {
            let Some(id) = drawn.named.get(&word).copied() else { continue };
            let here: Vec<&&Operation> =
                found.iter().filter(|it| it.from == id || it.involves.contains(&id)).collect();
            if !here.is_empty() && here.len() < found.len() {
                return Ok(here.iter().max_by_key(|it| it.outcome).map(|it| of_needs(&it.needs)));
            }
            let name = drawn.design.get(id).map(|it| it.name.clone()).unwrap_or_default();
            let needs: Vec<Need> = found
                .iter()
                .flat_map(|it| it.needs.iter().cloned())
                .filter(|it| {
                    it.what.args.iter().any(
                        |it| matches!(it, drawbridge::text::Arg::Value(it) if it.as_str() == name),
                    )
                })
                .collect();
            if !needs.is_empty() && needs.len() < found.iter().map(|it| it.needs.len()).sum() {
                return Ok(Some(of_needs(&needs)));
            }
        }
        Ok(None)
    }

    // ---- questions about rights alone ----

    fn rbac(&self, question: &str) -> Result<Verdict, String> {
        let config = self.case.pointer("/design/config").and_then(Value::as_object);
        if config.is_some_and(|it| !it.is_empty()) {
            self.draw(&self.operation, self.actor.as_deref())?;
        }
        if self.operation == "rbac.portal" {
            return self.door(Door::Portal);
        }
        if let Some(verdict) = self.of_custom_role(question)? {
            return Ok(verdict);
        }
        if let Some(verdict) = self.as_admin_user(question)? {
            return Ok(verdict);
        }
        if let Some(door) = door(question)
            && !mentions_listing(question)
            && (["rbac.keys", "rbac.sas"].contains(&self.operation.as_str()) || self.has_lists())
        {
            return self.door(door);
        }
        // Lists are looked at by whoever comes with a token.
        if self.has_lists() && !mentions_listing(question) {
            return self.door(Door::Token);
        }
        self.right(question, &mut Vec::new())
    }

    /// Whether the question is about getting keys, not about what they open.
    fn asks_for_listing(&self) -> bool {
        let question = self.question.to_ascii_lowercase();
        mentions_listing(&question)
            && !["read", "open", "use", "blob"].iter().any(|it| question.contains(it))
    }

    /// Whether the case speaks of access control lists.
    fn has_lists(&self) -> bool {
        let config = self.case.pointer("/design/config").and_then(Value::as_object);
        config.into_iter().flatten().any(|(key, _)| {
            let key = key.to_ascii_lowercase();
            key.split(['.', ' ', '_']).any(|it| it == "acl" || it == "acls")
        })
    }

    /// The credential of a registry's admin user: somebody lists it, and there is one only while that user is
    /// on. Where the case does not tell that, it is a question about the right alone.
    fn as_admin_user(&self, text: &str) -> Result<Option<Verdict>, String> {
        let text = text.to_ascii_lowercase();
        let about = self.operation == "rbac.acr_admin" || says_admin(&text);
        let changes = ["turn ", "enable the", "disable", "switch "];
        if !about || changes.iter().any(|it| text.contains(it)) {
            return Ok(None);
        }
        const ON: &str = "adminUserEnabled";
        let mut drawn = self.draw(&self.operation, self.actor.as_deref())?;
        let registry = self.target(&drawn, &[Kind::ContainerRegistry], "acrws")?;
        let question = self.question.to_ascii_lowercase();
        let told =
            |all: &[&str]| all.iter().any(|it| question.contains(&format!("admin user {it}")));
        let says =
            |it: &Drawn| it.design.get(registry).is_some_and(|it| it.settings.contains_key(ON));
        if !says(&drawn)
            && let Some(it) = drawn.design.resources.0.get_mut(&registry)
        {
            let settings = &mut Arc::make_mut(it).settings;
            if told(&["is off", "off", "is disabled", "disabled", "is not enabled"]) {
                settings.insert(ON.to_owned(), json!(false));
            } else if told(&["is on", "on,", "on.", "is enabled", "enabled"]) {
                settings.insert(ON.to_owned(), json!(true));
            }
        }
        let said = says(&drawn);
        let first = self.checks.first().and_then(|it| it.get("principal")).and_then(text_of);
        let who = self.actor.clone().or(first);
        let Some(who) = who.and_then(|it| drawn.whose(&it)).filter(|_| said) else {
            return Ok(None);
        };
        Ok(Some(of_needs(&acting::capable(&drawn, who, registry, "registry.admin")?)))
    }

    fn door(&self, door: Door) -> Result<Verdict, String> {
        let actor = self.actor.as_deref();
        let drawn = self.draw(&self.operation, actor)?;
        let listed = drawn
            .design
            .resources
            .of(Kind::BlobContainer)
            .find(|it| it.resource.settings.contains_key("accessControl"));
        let target = match listed {
            Some(it) => it.id,
            None => self.target(&drawn, &[Kind::BlobContainer, Kind::StorageAccount], "stext")?,
        };
        let first = self.checks.first().and_then(|it| it.get("principal")).and_then(text_of);
        let who = actor.map(str::to_owned).or(first);
        let who = who.and_then(|it| drawn.whose(&it)).ok_or("nobody asks")?;
        let path = drawn.path.as_deref().unwrap_or_default();
        Ok(of_needs(&report::through_at(&drawn.design, who, target, path, door)))
    }

    /// The right that some words fit best of those that the case asks about, in the drawn design: what
    /// people assigned, what the platform grants, locks and deny assignments.
    fn right(&self, words: &str, used: &mut Vec<usize>) -> Result<Verdict, String> {
        // A role that is named is no action that is asked about, and what is asked stands last.
        let words = self.without_roles(words);
        let last = words.rsplit(". ").next().unwrap_or(&words);
        let (words, last) = (meant(&words), meant(last));
        let mut best: Vec<usize> = Vec::new();
        let mut most = None;
        for (n, check) in self.checks.iter().enumerate() {
            let mut score = 4 * score(check, &words) + score(check, &last);
            let principal = check.get("principal").and_then(text_of).unwrap_or_default();
            if self.actor.as_deref() == Some(principal.as_str()) {
                score += 12;
            }
            if used.contains(&n) {
                score -= 16;
            }
            if most.is_none_or(|it| score > it) {
                best.clear();
            }
            if most.is_none_or(|it| score >= it) {
                best.push(n);
                most = Some(score);
            }
        }
        // Of several that fit alike, nothing is allowed before all are.
        let mut worst: Option<(usize, Verdict)> = None;
        for n in best {
            let verdict = self.checked(self.checks[n])?;
            let rank = |it: &Verdict| {
                ["allow", "conditional", "unknown", "deny"]
                    .iter()
                    .position(|word| *word == it.decision)
            };
            if worst.as_ref().is_none_or(|it| rank(&verdict) > rank(&it.1)) {
                worst = Some((n, verdict));
            }
        }
        let (n, verdict) = worst.ok_or("the case has no checks to ask")?;
        used.push(n);
        Ok(verdict)
    }

    /// A text without the names of roles in it.
    fn without_roles(&self, text: &str) -> String {
        let custom = self.case.pointer("/design/custom_roles").and_then(Value::as_object);
        let custom = custom.into_iter().flatten().map(|it| it.0.as_str());
        let mut names: Vec<String> = roles::ROLES
            .iter()
            .map(|it| it.name)
            .chain(custom)
            .map(str::to_ascii_lowercase)
            .collect();
        // "Compute Operator" for AzureML Compute Operator.
        let short: Vec<String> = names
            .iter()
            .filter_map(|it| it.strip_prefix("azureml ").or_else(|| it.strip_prefix("azure ")))
            .filter(|it| it.contains(' '))
            .map(str::to_owned)
            .collect();
        names.extend(short);
        names.sort_by_key(|it| std::cmp::Reverse(it.len()));
        let mut text = text.to_ascii_lowercase();
        for name in names.iter().filter(|it| it.len() > 6) {
            text = text.replace(name.as_str(), " ");
        }
        text
    }

    /// The answer to one of the rights that the case asks about.
    fn checked(&self, check: &Value) -> Result<Verdict, String> {
        let drawn = self.draw(&self.operation, self.actor.as_deref())?;
        let text = |key: &str| check.get(key).and_then(text_of).unwrap_or_default();
        let (action, scope, principal) = (text("action"), text("scope"), text("principal"));
        let who = drawn.whose(&principal).ok_or_else(|| format!("{principal} is not drawn"))?;
        // A vault looks at roles or at access policies.
        let at = scope.rsplit('/').next().map(str::to_ascii_lowercase);
        if action.ends_with("/secrets/getSecret/action")
            && let Some(at) = at.and_then(|it| drawn.named.get(&it).copied())
        {
            // In a vault of access policies, whoever may write the vault helps oneself.
            let question = self.question.to_ascii_lowercase();
            let alone = ["end up", "without help", "himself", "herself", "themselves"];
            if alone.iter().any(|it| question.contains(it))
                && let Ok(needs) = acting::capable(&drawn, who, at, "vault.policies")
                && of_needs(&needs).decision == "allow"
            {
                return Ok(of_needs(&needs));
            }
            return Ok(of_needs(&report::through(&drawn.design, who, at, Door::Secret)));
        }
        let facts = report::facts(&drawn.design.resources);
        let access = Access::new(&facts.grants);
        let mut attributes = Attributes::default();
        for (name, values) in
            check.get("attributes").and_then(Value::as_object).into_iter().flatten()
        {
            attributes = attributes.with(name, crate::reader::texts_of(values));
        }
        attributes.sub_operation = check.get("sub_operation").and_then(text_of);
        let question = Question {
            principal: who.into(),
            plane: if text("plane") == "data" { Plane::Data } else { Plane::Control },
            action: &action,
            scope: &scope,
            attributes: &attributes,
            through_manager: !["/pull/", "/push/", "/score/"].iter().any(|it| action.contains(it)),
        };
        let answer = access.answer(&question);
        let story = answer.step(&access, &question).text.render(Lang::En);
        Ok(Verdict { decision: answer.ruling.slug(), story })
    }
}

/// Operations that are one to people. A case names what was meant, the app what happens: a job that asks
/// for the user's identity reads by a stored credential where there is one.
fn kin_of(operation: &str) -> &'static [&'static str] {
    const ALL: &[&[&str]] = &[
        &[
            "job.data.credential",
            "job.data.compute_mi",
            "job.data.user_identity",
            "job.data.automl_identity",
        ],
        &[
            "image.pull.training.workspace_acr",
            "image.pull.training.private_acr_as_is",
            "image.pull.kubernetes_training",
            "image.pull.serverless",
            "image.pull.abac_registry",
        ],
        &["image.build.workspace_acr", "image.build.on_compute"],
        &["compute.create", "compute.create.with_uai", "compute.create.in_vnet"],
        &["oe.deploy.pull_image", "oe.deploy.private_registry_image"],
        &["ws.create.system_identity", "ws.create.uai"],
    ];
    ALL.iter().copied().find(|it| it.contains(&operation)).unwrap_or_default()
}

fn word(outcome: Answer) -> &'static str {
    match outcome {
        Answer::Allowed => "allow",
        Answer::Denied => "deny",
        Answer::Partial => "mixed",
        Answer::Unknown => "unknown",
    }
}

/// An operation in the words of a case. What is only a part leaves the operation itself working.
fn of_operation(it: &Operation) -> Verdict {
    let decision = match it.outcome {
        Answer::Partial => "allow",
        other => word(other),
    };
    Verdict { decision, ..of_needs(&it.needs) }
}

/// The worst need, in the words of a case.
fn of_needs(needs: &[Need]) -> Verdict {
    let worst = needs.iter().max_by_key(|it| it.outcome);
    let decision = word(worst.map_or(Answer::Unknown, |it| it.outcome));
    let story = worst.map_or(String::new(), |it| {
        let steps: Vec<String> = it.trace.steps.iter().map(|it| it.text.render(Lang::En)).collect();
        format!("{}: {}", it.what.render(Lang::En), steps.join(" / "))
    });
    Verdict { decision, story }
}

fn local(principal: &str) -> &str {
    principal.split_once(':').map_or(principal, |it| it.1)
}

/// People and applications of a case, those of its checks first.
fn people(case: &Value, checks: &[&Value]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut add = |it: Option<String>| {
        if let Some(it) = it
            && (it.starts_with("user:") || it.starts_with("sp:"))
            && !all.contains(&it)
        {
            all.push(it);
        }
    };
    for check in checks {
        add(check.get("principal").and_then(text_of));
    }
    let assignments = case.pointer("/design/role_assignments").and_then(Value::as_array);
    for grant in assignments.into_iter().flatten() {
        add(grant.get("principal").and_then(text_of));
    }
    let config = case.pointer("/design/config").and_then(Value::as_object);
    let invokes = case.get("operation").and_then(Value::as_str) == Some("oe.invoke");
    let holders: Vec<&String> = config
        .into_iter()
        .flatten()
        .filter(|_| invokes)
        .filter(|it| {
            text_of(it.1).is_some_and(|it| words::holds_key(&it.to_ascii_lowercase()).is_some())
        })
        .map(|it| it.0)
        .collect();
    for key in &holders {
        add(Some((*key).clone()));
    }
    let groups = case.pointer("/design/groups").and_then(Value::as_object);
    for members in groups.into_iter().flat_map(|it| it.values()) {
        for member in members.as_array().into_iter().flatten() {
            add(text_of(member));
        }
    }
    // "app2": "has the key".
    for key in holders {
        let plain = !key.contains([':', ' ', '.']) && words::kind_of_name(key).is_none();
        if plain && key != "endpoint" && !all.iter().any(|it| local(it).eq_ignore_ascii_case(key)) {
            all.push(format!("sp:{key}"));
        }
    }
    all
}

/// Who the question is about: named after its verb, else named in it, else the one that is asked about.
fn actor(case: &Value, question: &str, checks: &[&Value]) -> Option<String> {
    let mut people = people(case, checks);
    // The application that a cluster signs in as calls nothing.
    let own = |it: &str| {
        let kind = words::kind_of_name(local(it).trim_end_matches("-sp")).map(|it| it.0);
        it.starts_with("sp:") && kind == Some(Kind::AttachedKubernetes)
    };
    if people.iter().any(|it| !own(it)) {
        people.retain(|it| !own(it));
    }
    // Only an application signs in as one, and only a person in a browser.
    let config = case.pointer("/design/config").map(Value::to_string).unwrap_or_default();
    let kind = match case.get("operation").and_then(text_of).unwrap_or_default().as_str() {
        "auth.service_principal" => "sp:",
        "auth.azure_cli" if config.contains("--service-principal") => "sp:",
        "auth.interactive" | "auth.conditional_access" => "user:",
        _ => "",
    };
    if people.iter().any(|it| it.starts_with(kind)) {
        people.retain(|it| it.starts_with(kind));
    }
    let words: Vec<String> = Words::of(question).collect();
    let verbs = ["may", "can", "does", "do", "will", "is", "are"];
    let from = words.iter().rposition(|it| verbs.contains(&it.as_str())).unwrap_or(0);
    let named = |words: &[String]| -> Option<String> {
        words.iter().find_map(|word| {
            let word = word.trim_end_matches("'s");
            people.iter().find(|it| local(it).eq_ignore_ascii_case(word)).cloned()
        })
    };
    // Whose credential a datastore stores acts by itself.
    let datastore = case.pointer("/design/config/datastore").and_then(text_of).unwrap_or_default();
    let stored = |it: &&String| {
        Words::of(&datastore).any(|word| word == **it || it.starts_with("sp:") && word == local(it))
    };
    named(&words[from..])
        .or_else(|| named(&words))
        .or_else(|| people.iter().find(|it| !stored(it)).cloned())
        .or_else(|| people.first().cloned())
}

/// The operation that a part names, where it is another one than the case's.
fn other_operation(part: &str) -> Option<&'static str> {
    let part = part.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|it| part.contains(it));
    let puts = has(&["put ", "puts ", "attach", "assign", "use it", "give it"]);
    Some(if puts && has(&["cluster", "compute", "instance"]) && !has(&["role"]) {
        "compute.create.with_uai"
    } else if has(&["submit"]) {
        "job.submit.v2"
    } else if has(&["create cluster", "create compute", "create the cluster", "create a cluster"]) {
        "compute.create"
    } else if has(&["deploy", "create endpoint", "create an endpoint"]) {
        "oe.create"
    } else {
        return None;
    })
}

fn speaks_of_another(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["another workspace", "other workspace", "another project", "ws2", "other container"]
        .iter()
        .any(|it| text.contains(it))
        || text == "other"
}

/// What a part says of the time after the admin user is turned off.
fn afterwards(part: &str) -> Option<&'static str> {
    let part = part.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|it| part.contains(it));
    if has(&["aci", "container instance"]) {
        return Some("aci.v1.deploy");
    }
    has(&["pull", "image"]).then_some("image.pull.training.workspace_acr")
}

/// A way in that a text names.
fn door(text: &str) -> Option<Door> {
    let text = text.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|it| text.contains(it));
    Some(if has(&["portal"]) {
        Door::Portal
    } else if has(&["user delegation sas", "user-delegation sas"]) {
        Door::DelegationSas
    } else if has(&[
        "account key",
        "storage key",
        "the key",
        "shared key",
        "account sas",
        "service sas",
    ]) {
        Door::Key
    } else if has(&["token", "entra"]) {
        Door::Token
    } else {
        return None;
    })
}

fn says_admin(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let admin = ["admin user", "admin credential", "admin password", "admin account"];
    admin.iter().any(|it| text.contains(it))
}

/// "(a) …, (b) …": what a question says of each of its parts.
fn lettered(question: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut rest = question;
    for letter in 'a'..='h' {
        let Some((before, after)) = rest.split_once(&format!("({letter})")) else { break };
        if letter != 'a' {
            all.push(before);
        }
        rest = after;
    }
    if rest.len() < question.len() {
        all.push(rest);
    }
    // "Can lead give AcrPull on acrws (a) to cluster1, (b) to ana?": what stands before is said of each.
    let before = question.split("(a)").next().unwrap_or_default();
    let before = before.rsplit(['.', '?', '!']).next().unwrap_or_default().trim();
    let ends = [',', ';', '.', '?', ' '];
    let clean = |it: &str| {
        let it = it.trim_matches(ends);
        let it = ["and", "or"].iter().fold(it, |it, word| it.strip_suffix(word).unwrap_or(it));
        format!("{} {before}", it.trim_matches(ends)).trim().to_owned()
    };
    all.into_iter().map(clean).collect()
}

fn mentions_listing(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["list", "regenerate", "delegation key"].iter().any(|it| text.contains(it))
}

/// Words of a text in the terms of actions.
fn meant(text: &str) -> Vec<String> {
    let mut all = vec![text.to_ascii_lowercase()];
    for word in Words::of(text) {
        let forms = [&word, word.trim_end_matches('s'), word.trim_end_matches('d')];
        let forms =
            forms.into_iter().chain(word.strip_suffix("ed")).chain(word.strip_suffix("ing"));
        let more: Vec<&str> = forms.flat_map(in_actions).copied().collect();
        all.extend(more.into_iter().map(str::to_owned));
        all.extend(word.split(['-', '_', '.']).map(stem));
        all.push(word);
    }
    all
}

/// What actions call what a verb or a noun says.
fn in_actions(word: &str) -> &'static [&'static str] {
    match word {
        "change" | "create" | "update" | "overwrite" | "upload" | "made" | "make" | "modify"
        | "edit" | "set" | "register" | "rename" => &["write"],
        "remove" | "drop" => &["delete"],
        "submit" => &["jobs", "write"],
        "connect" | "get" | "see" | "view" | "open" | "download" => &["read", "workspaces"],
        "attach" | "put" => &["assign"],
        "give" | "assign" | "grant" => &["role", "assignments", "write"],
        "keys" => &["key"],
        "approve" => &["approval"],
        "group" => &["groups"],
        "cluster" | "instance" => &["computes"],
        "invoke" => &["score"],
        // Of a registry, the names of its repositories.
        "list" => &["catalog"],
        _ => &[],
    }
}

fn stem(word: &str) -> String {
    let word = word.to_ascii_lowercase();
    word.strip_suffix('s').filter(|it| it.len() > 2).map_or(word.clone(), str::to_owned)
}

/// How well some words fit a check: its principal, its action and what it is on.
fn score(check: &Value, words: &[String]) -> isize {
    let text = |key: &str| check.get(key).and_then(text_of).unwrap_or_default();
    let (principal, action, scope) = (text("principal"), text("action"), text("scope"));
    let has = |it: &str| words.iter().any(|word| *word == it || *word == stem(it));
    let mut score = 0;
    if has(&local(&principal).to_ascii_lowercase()) {
        score += 3;
    }
    let scope: Vec<&str> = scope.rsplit('/').collect();
    if scope.first().is_some_and(|it| has(&it.to_ascii_lowercase())) {
        score += 3;
    }
    let attributes: BTreeMap<String, Value> = check
        .get("attributes")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    for value in attributes.values().flat_map(crate::reader::texts_of) {
        if has(&value.to_ascii_lowercase()) {
            // "a.csv" is the end of "raw/a.csv", too.
            score += 3 + isize::from(value.contains('/'));
        }
    }
    // What a resource is set to, and what it holds.
    let of_plane: &[&str] = match text("plane").as_str() {
        "data" => &["blobs", "data", "content", "value", "values"],
        _ => &["settings", "resource", "properties", "configuration"],
    };
    score += isize::from(of_plane.iter().any(|it| words.iter().any(|word| word == it)));
    // `Blob.List` is a right to read, and none to read a blob.
    let sub_operation = text("sub_operation");
    for word in camel_words(&action).into_iter().chain(camel_words(&sub_operation)) {
        if has(&word) {
            score += 1;
        }
    }
    score
}

/// `storageAccounts/listKeys/action` as storage, accounts, list, keys, action.
fn camel_words(action: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for part in action.split(['/', '.']) {
        let mut word = String::new();
        for letter in part.chars() {
            if letter.is_ascii_uppercase() && !word.is_empty() {
                all.push(std::mem::take(&mut word).to_ascii_lowercase());
            }
            word.push(letter);
        }
        all.push(word.to_ascii_lowercase());
    }
    all.sort();
    all.dedup();
    all
}
