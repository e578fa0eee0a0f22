//! What whoever has signed in does next: connecting is one right, each task another, and whose it is depends
//! on where the program runs.

use drawbridge::{
    checks::capabilities,
    kinds::{Kind, ResourceId},
    questions::{Filter, Rights},
    report::{self, Need},
};
use serde_json::Value;

use super::{
    Asked, Verdict,
    design::{Drawn, identity_key},
    of_needs,
    words::Words,
};

/// A task beside signing in.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Task {
    Submit,
    CreateCompute,
    Deploy,
}

impl Task {
    /// Tasks that a text names.
    pub(super) fn all_in(text: &str) -> Vec<Task> {
        let words: Vec<String> = Words::of(text).collect();
        // Only what is still to be done: a job that was submitted may well be the one that signs in.
        let verb = |all: &[&str]| words.iter().position(|it| all.contains(&it.as_str()));
        let about = |at: Option<usize>, nouns: &[&str]| {
            let after = at.and_then(|at| words.get(at..)).unwrap_or_default();
            after.iter().any(|it| nouns.iter().any(|noun| it.starts_with(noun)))
        };
        let mut all = Vec::new();
        let starts = about(verb(&["start", "run", "launch"]), &["job", "run-", "pipeline"]);
        if verb(&["submit", "submits", "submitting", "submission"]).is_some() || starts {
            all.push(Task::Submit);
        }
        let creates = verb(&["create", "make", "add", "provision"]);
        if about(creates, &["cluster", "comput", "instance", "cpu", "gpu"]) {
            all.push(Task::CreateCompute);
        }
        if verb(&["deploy"]).is_some() || about(creates, &["endpoint"]) {
            all.push(Task::Deploy);
        }
        all
    }

    fn capability(self) -> &'static str {
        match self {
            Task::Submit => "jobs.submit",
            Task::CreateCompute => "computes.create",
            Task::Deploy => "endpoints.deploy",
        }
    }

    fn check(self, text: &str) -> &'static str {
        match self {
            Task::Submit if Words::of(text).any(|it| it == "v1") => "job.submit.v1",
            Task::Submit => "job.submit.v2",
            Task::CreateCompute => "compute.create",
            Task::Deploy => "oe.create",
        }
    }
}

/// What `who` needs to be capable of something, judged.
pub(super) fn capable(
    drawn: &Drawn,
    who: ResourceId,
    target: ResourceId,
    capability: &str,
) -> Result<Vec<Need>, String> {
    let capability = capabilities::find(capability).ok_or("no such capability")?;
    let facts = report::facts(&drawn.design.resources);
    let rights = Rights::new(&drawn.design.resources, &facts);
    let filter =
        Filter { identity: Some(who), resource: Some(target), capability: Some(capability) };
    let found = rights.find(&filter);
    let right = found.first().ok_or("whoever asks holds no rights at all")?;
    Ok(rights.needs(right))
}

impl Asked<'_> {
    /// Whether the case is about signing in, after which other things are done.
    pub(super) fn signs_in(&self) -> bool {
        self.operation.starts_with("auth.") && self.operation != "auth.conditional_access"
    }

    /// Signing in, and every task that the question names.
    pub(super) fn signed_in(&self, operation: &str) -> Result<Verdict, String> {
        let mut verdict = self.operation(operation, self.actor.as_deref(), None)?;
        for task in Task::all_in(&self.question) {
            if verdict.decision == "allow" {
                verdict = self.task(operation, task)?;
            }
        }
        Ok(verdict)
    }

    /// One task, as whoever the program runs as.
    pub(super) fn task(&self, operation: &str, task: Task) -> Result<Verdict, String> {
        let config = self.case.pointer("/design/config").cloned().unwrap_or_default();
        let text = format!("{config} {}", self.question).to_ascii_lowercase();
        let tool = config.get("tool").and_then(Value::as_str).unwrap_or_default();
        let check = task.check(&format!("{tool} {}", self.question).to_ascii_lowercase());
        let machine = match operation {
            "auth.msi_vm" => Some(Kind::VirtualMachine),
            "auth.azure_cli" if text.contains("--identity") => Some(Kind::VirtualMachine),
            "auth.msi_compute" => None,
            _ => return self.operation(check, self.actor.as_deref(), None),
        };
        let drawn = self.draw(operation, self.actor.as_deref())?;
        let host = self.host(&drawn, machine).ok_or("nothing says where the program runs")?;
        let who = acts_on(&drawn, host).ok_or("nothing says as whom the program runs")?;
        let workspace = drawn.named.get("ws1").copied().ok_or("no workspace")?;
        let verdict = of_needs(&capable(&drawn, who, workspace, task.capability())?);
        if verdict.decision != "allow" || task != Task::Submit || machine.is_none() {
            return Ok(verdict);
        }
        // What else stands in the way of submitting: the mode of the workspace, its storage.
        let judged = report::assess(&drawn.design);
        let here = judged.operations.iter().filter(|it| it.check == check && it.from == host);
        let worst = here.max_by_key(|it| it.outcome);
        Ok(worst.map_or(verdict, super::of_operation))
    }

    /// The machine or compute that the program runs on: named in the question, in `config`, else the one of
    /// the drawn job, else the only one.
    fn host(&self, drawn: &Drawn, machine: Option<Kind>) -> Option<ResourceId> {
        let fits = |id: &ResourceId| {
            let kind = drawn.design.get(*id).map(|it| it.kind);
            match machine {
                Some(_) => kind == machine,
                None => matches!(
                    kind,
                    Some(Kind::ComputeCluster | Kind::ComputeInstance | Kind::AttachedKubernetes)
                ),
            }
        };
        let config = self.case.pointer("/design/config").cloned().unwrap_or_default();
        let text = format!("{} {config}", self.question);
        let named = Words::of(&text)
            .filter_map(|it| drawn.named.get(it.rsplit(':').next().unwrap_or(&it)).copied())
            .find(fits);
        let of_job = || {
            let job = drawn.focus.and_then(|it| drawn.design.get(it))?;
            reference(job.settings.get("computeId")?)
        };
        let only = || drawn.design.resources.0.keys().copied().find(fits);
        named.or_else(|| of_job().filter(fits)).or_else(only)
    }
}

fn reference(value: &Value) -> Option<ResourceId> {
    value.as_u64().and_then(|it| u32::try_from(it).ok()).map(ResourceId)
}

/// The identity that programs on a machine or compute get: its own, the first assigned one, and on an
/// instance without any the person it belongs to.
fn acts_on(drawn: &Drawn, host: ResourceId) -> Option<ResourceId> {
    let resource = drawn.design.get(host)?;
    let key = identity_key(Some(resource.kind))?;
    let kind = resource.settings.get(key).and_then(Value::as_str).unwrap_or("None");
    if kind.contains("SystemAssigned") {
        return Some(host);
    }
    if kind.contains("UserAssigned") {
        let list = resource.settings.get(&key.replace("type", "userAssignedIdentities"))?;
        return reference(list.as_array()?.first()?);
    }
    let owner = ["personalComputeInstanceSettings.assignedUser", "createdBy"];
    owner.iter().find_map(|it| reference(resource.settings.get(*it)?))
}
