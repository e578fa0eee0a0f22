//! Jobs of the design as files for `az ml job create`: they do what the design says of them and no more, which is
//! to run somewhere as somebody and to read and write data.
//!
//! Azure docs: "CLI (v2) command job YAML schema" (machine-learning/reference-yaml-job-command),
//! "CLI (v2) automated ML ... job YAML schema" (machine-learning/reference-automl-...),
//! "Access data in a job" (machine-learning/how-to-read-write-data-v2).

use super::{Action, Form, Map, Node, Only, Step, Writer, shapes::Shape, tags};
use crate::export::script::Part;
use crate::kinds::{
    Kind, Subject,
    arm::ArmValue,
    environment_image::environment_id,
    job::{Job, JobIdentity, JobType},
    setting::Ref,
};

/// For jobs without an environment: one of Microsoft's.
const ENVIRONMENT: &str = "azureml://registries/azureml/environments/sklearn-1.5/labels/latest";

pub(super) fn steps(writer: &mut Writer<'_>) -> Vec<Step> {
    let plan = writer.plan;
    if plan.all.of(Kind::ContainerInstanceDeployment).next().is_some() {
        writer.left_out.insert("Container Instances deployments: SDK v1 only, Model.deploy() with AciWebservice.deploy_configuration()");
    }
    let jobs: Vec<Subject<'_>> = plan.all.of(Kind::Job).collect();
    jobs.into_iter().enumerate().filter_map(|(n, it)| step(writer, n + 1, it)).collect()
}

fn step(writer: &mut Writer<'_>, number: usize, subject: Subject<'_>) -> Option<Step> {
    let it = Job::from_settings(&subject.resource.settings, &mut Vec::new());
    let workspace = subject.parent()?;
    let item = writer.plan.item_of(workspace.id)?;
    let place = writer.plan.place(item.scope);
    let super::Place::Group(group) = place else { return None };
    let (shape, mut node) = match it.job_type {
        JobType::Command => (&COMMAND, command(writer, subject, &it)),
        JobType::AutoMl => (&AUTO_ML, auto_ml(writer, subject, &it)),
        JobType::DatasetProfile => {
            writer.left_out.insert("Dataset profiles: Studio and SDK v1 only");
            return None;
        }
        JobType::Pipeline | JobType::Sweep | JobType::ParallelRunStep => {
            writer
                .left_out
                .insert("Pipelines, sweeps and parallel steps: their steps are not in the design");
            return None;
        }
    };
    if let Some(compute) = subject.follow(it.compute) {
        let name = compute.name();
        node.push_only(Only::Yaml, "compute", Node::text(format!("azureml:{name}")));
        node.push_only(Only::Python, "compute", Node::text(name));
    }
    if let Some(identity) = identity(writer, &it) {
        node.push("identity", Node::Map(identity));
    }
    // Names of jobs are unique for ever, so that the one drawn is only shown.
    node.push("display_name", Node::text(subject.name()));
    if !subject.resource.tags.is_empty() {
        let all: Vec<(String, String)> =
            subject.resource.tags.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        node.push("tags", Node::Map(tags(&all)));
    }
    Some(Step {
        what: format!("Job {}", subject.name()),
        // Names of jobs are free text, which no file can have for its name.
        name: writer.file_name(&format!("job-{number}"), "yml"),
        node,
        action: Action::Ml(shape),
        id: None,
        subscription: writer.subscription(&place),
        group: writer.plan.name_of(group),
        workspace: workspace.name().to_owned(),
        beside: Vec::new(),
        job: true,
        notes: shape.v1.to_vec(),
    })
}

/// Where data is, as a job names it.
fn path(writer: &mut Writer<'_>, subject: Subject<'_>, data: Ref) -> Option<String> {
    let data = subject.follow(Some(data))?;
    match data.kind() {
        Kind::Datastore => Some(format!("azureml://datastores/{}/paths/", data.name())),
        Kind::BlobContainer => {
            let account = data.within(Kind::StorageAccount)?;
            Some(format!("https://{}.blob.core.windows.net/{}/", account.name(), data.name()))
        }
        _ => {
            writer.left_out.insert("Inputs and outputs on file shares by address: jobs reach them through datastores only");
            None
        }
    }
}

/// Lists what it may read, and leaves a file where it may write.
fn command(writer: &mut Writer<'_>, subject: Subject<'_>, it: &Job) -> Map {
    let mut node = Map::new("command");
    node.push_only(Only::Yaml, "type", Node::text("command"));
    let reads: Vec<String> = it.reads.iter().filter_map(|it| path(writer, subject, *it)).collect();
    let writes: Vec<String> =
        it.writes.iter().filter_map(|it| path(writer, subject, *it)).collect();
    let mut words: Vec<String> = Vec::new();
    words.extend((1..=reads.len()).map(|n| format!("ls -l ${{{{inputs.input_{n}}}}}")));
    words.extend(
        (1..=writes.len())
            .map(|n| format!("date > ${{{{outputs.output_{n}}}}}/written-by-job.txt")),
    );
    if words.is_empty() {
        words.push("date".to_owned());
    }
    node.push("command", Node::text(words.join(" && ")));
    let environment = subject.follow(it.environment).map_or_else(
        || ENVIRONMENT.to_owned(),
        |it| match environment_id(it) {
            ArmValue::Text(it) => it,
            _ => {
                let version: Option<String> = it.setting("version");
                format!("azureml:{}:{}", it.name(), version.unwrap_or_default())
            }
        },
    );
    node.push("environment", Node::text(environment));
    for (key, class, all, mode) in
        [("inputs", "Input", reads, "ro_mount"), ("outputs", "Output", writes, "rw_mount")]
    {
        if all.is_empty() {
            continue;
        }
        let mut ports = Map::new("");
        for (n, path) in all.into_iter().enumerate() {
            let mut port = Map::new(class);
            port.push("type", Node::text("uri_folder"));
            port.push("path", Node::text(path));
            port.push("mode", Node::text(mode));
            let name = format!("{}_{}", key.trim_end_matches('s'), n + 1);
            ports.push_data(vec![Part::Text(name)], Node::Map(port));
        }
        node.push(key, Node::Map(ports));
    }
    node
}

/// What is to be learned from the data is not in the design.
fn auto_ml(writer: &mut Writer<'_>, subject: Subject<'_>, it: &Job) -> Map {
    let mut node = Map::new("automl.classification");
    node.push_only(Only::Yaml, "type", Node::text("automl"));
    node.push_only(Only::Yaml, "task", Node::text("classification"));
    let mut data = Map::new("Input");
    data.push("type", Node::text("mltable"));
    let path = it.reads.iter().find_map(|it| path(writer, subject, *it));
    let label = format!("path of the training table of job {}", subject.id.0);
    let rest = writer.asked(&label, Form::Text);
    let mut pieces: Vec<Part> = path.map(Part::Text).into_iter().collect();
    pieces.extend(rest);
    data.push("path", Node::Text(pieces));
    node.push("training_data", Node::Map(data));
    let label = format!("target column of job {}", subject.id.0);
    let column = writer.asked(&label, Form::Text);
    node.push("target_column_name", Node::Text(column));
    node.push("primary_metric", Node::text("accuracy"));
    node
}

fn identity(writer: &mut Writer<'_>, it: &Job) -> Option<Map> {
    let (kind, class) = match it.identity {
        JobIdentity::NotSet => return None,
        JobIdentity::UserIdentity => ("user_identity", "UserIdentityConfiguration"),
        JobIdentity::Managed => ("managed_identity", "ManagedIdentityConfiguration"),
        JobIdentity::AmlToken => ("aml_token", "AmlTokenConfiguration"),
    };
    let mut node = Map::new(class);
    node.push_only(Only::Yaml, "type", Node::text(kind));
    if let Some(id) = it.managed_identity {
        let id = writer.pieces(&ArmValue::ClientIdOf(id.0));
        node.push("client_id", Node::Text(id));
    }
    Some(node)
}

static COMMAND: Shape =
    Shape::job("commandJob", "command", &["SDK v1: Experiment.submit(ScriptRunConfig(...))"]);

static AUTO_ML: Shape = Shape::job(
    "",
    "automl.classification",
    &[
        "SDK v1: Experiment.submit(AutoMLConfig(...)), Dataset.Tabular.from_delimited_files(validate=False, infer_column_types=False)",
    ],
);
