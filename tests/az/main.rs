//! The exported scripts, run by the real Azure CLI against a stand-in for Azure that is on this machine.
//!
//! `cargo xtask test az` installs the client and starts this with the Python that has it. Each design is
//! exported here and handed to `run.py`, which deploys it twice, tears it down, and compares what was
//! created with the template of the same design. Prints a line per design and what is wrong with it, then
//! `N passed, N failed`.
//!
//! `cargo test --test az -- PYTHON [DESIGN…]`

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, and says where"
)]

use std::{
    collections::VecDeque,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use drawbridge::{
    azure::roles,
    design::Design,
    export, gallery, generate,
    kinds::{Kind, ResourceId},
    text::Lang,
};

#[path = "../it/exports/sample.rs"]
mod sample;

/// How many designs are tried at a time.
const AT_ONCE: usize = 2;

struct Topology {
    name: &'static str,
    design: Design,
    /// For `run.py`.
    options: &'static [&'static str],
}

fn topologies() -> Vec<Topology> {
    let gallery = |slug: &'static str| {
        let it = gallery::ALL.iter().find(|it| it.slug == slug);
        let design =
            it.unwrap_or_else(|| panic!("no design {slug} in the gallery")).design(Lang::En);
        Topology { name: slug, design, options: &[] }
    };
    // The longest first, so that none of them is alone at the end.
    vec![
        Topology { name: "every-kind", design: every_kind(), options: &[] },
        gallery("vnet-workspace-repaired"),
        Topology { name: "generated", design: generate::design(60), options: &[] },
        gallery("managed-identity-repaired"),
        gallery("endpoint-identity-repaired"),
        Topology { options: &["--plain"], ..gallery("authentication") },
        Topology { options: &["--interrupted"], ..gallery("unmanaged-storage-repaired") },
    ]
}

/// What the client can deploy of a design with every kind, with names and texts that need care.
fn every_kind() -> Design {
    let mut design = sample::every_kind();
    let rename = |design: &mut Design, old: &str, new: &str| {
        let id = design.named(old).unwrap_or_else(|| panic!("no {old}"));
        if let Some(it) = design.resources.0.get_mut(&id) {
            new.clone_into(&mut Arc::make_mut(it).name);
        }
    };
    rename(&mut design, "rg-ml", "rg-(ml)_1.x");
    let tagged: Vec<ResourceId> = design
        .resources
        .0
        .iter()
        .filter(|(_, it)| matches!(it.kind, Kind::StorageAccount | Kind::VirtualNetwork))
        .map(|(id, _)| *id)
        .collect();
    for id in tagged {
        if let Some(it) = design.resources.0.get_mut(&id) {
            let value = "a \"b\" 'c' \\ $(d) `e` @f {g} \u{65e5}\u{672c}".to_owned();
            Arc::make_mut(it).tags.insert("owner of it".to_owned(), value);
        }
    }
    design
}

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let Some((python, wanted)) = args.split_first().filter(|(it, _)| !it.starts_with('-')) else {
        eprintln!(
            "usage: cargo test --test az -- PYTHON [DESIGN...], with azure-cli in that Python"
        );
        return ExitCode::FAILURE;
    };
    let mut queue: VecDeque<Topology> = topologies().into();
    queue.retain(|it| wanted.is_empty() || wanted.iter().any(|name| name == it.name));
    let queue = Mutex::new(queue);
    let tally = Mutex::new((0, 0));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    // A statement of its own: the lock is free again while the design is tried.
                    let next = queue.lock().unwrap().pop_front();
                    let Some(it) = next else { break };
                    let (ok, told) = run(Path::new(python), &it);
                    let mut tally = tally.lock().unwrap();
                    print!("{told}");
                    if ok {
                        tally.0 += 1;
                    } else {
                        tally.1 += 1;
                    }
                }
            });
        }
    });
    let (passed, failed) = tally.into_inner().unwrap();
    println!("{passed} passed, {failed} failed");
    if passed > 0 && failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Exports a design and runs it; whether all was well, and what there is to say.
fn run(python: &Path, topology: &Topology) -> (bool, String) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("az").join(topology.name);
    let _ = fs::remove_dir_all(&folder);
    for format in ["cli", "arm"] {
        let exporter = export::ALL.iter().find(|it| it.id == format).unwrap();
        let files = exporter
            .export(&topology.design)
            .unwrap_or_else(|it| panic!("{}: {}", topology.name, it.0[0].render(Lang::En)));
        fs::create_dir_all(folder.join(format)).unwrap();
        for it in files {
            fs::write(folder.join(format).join(it.name), it.text).unwrap();
        }
    }
    let ids: Vec<&str> = roles::ROLES.iter().map(|it| it.id).collect();
    fs::write(folder.join("roles.json"), serde_json::to_string(&ids).unwrap()).unwrap();
    let script: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/az/run.py");
    let output = Command::new(python)
        .arg("-B")
        .arg(script)
        .arg(&folder)
        .args(topology.options)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .unwrap_or_else(|why| panic!("{}: {why}", python.display()));
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}
