//! The native program: the same core as the app, on the command line.
//!
//! Exit codes: 0 everything works, 1 something does not (or may not), 2 the input cannot be used.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand, ValueEnum};
use drawbridge::{
    design::{Design, compare::full_name, file, link},
    export::{self, Basis, Exporter},
    gallery, generate,
    kinds::ResourceId,
    questions::{self, Question},
    report,
    text::Lang,
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Tells which operations of an Azure Machine Learning environment will work, offline.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    /// Language of the output.
    #[arg(long, global = true, value_enum, default_value_t = Language::En)]
    lang: Language,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Judges every operation of a design.
    Check {
        /// Design file, as saved by the app.
        design: PathBuf,
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Writes a design as files that deploy it.
    ///
    /// One format that refuses the design: exit code 2. With `all`, those that take it are written, the
    /// others say on standard error why not, and the exit code is 0.
    Export {
        /// Design file, as saved by the app.
        design: PathBuf,
        /// `arm`, `bicep`, `cli`, `ml` …, or `all`: each in a folder of its own.
        #[arg(long)]
        format: String,
        /// Folder for the files; it is created.
        #[arg(long)]
        out: PathBuf,
    },
    /// Lists what to look at before a design is deployed: wide grants, principals from elsewhere, openings.
    Review {
        /// Design file, as saved by the app.
        design: PathBuf,
    },
    /// Tells what one design has otherwise than another, and which verdicts and permissions change with it.
    /// Exit code 0: nothing differs, 1: something does.
    Compare {
        /// Design file of the earlier state.
        before: PathBuf,
        /// Design file of the later state.
        after: PathBuf,
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Tells who can do what with which resource, and through which assignment.
    Access {
        /// Design file, as saved by the app.
        design: PathBuf,
        #[command(flatten)]
        question: Asked,
    },
    /// Tells who reaches whom over the network, on which ports, and what decides it.
    ///
    /// Without `--from` and `--to`: the whole matrix. Exit code 0 whatever the answers.
    Reach {
        /// Design file, as saved by the app.
        design: PathBuf,
        /// Where the ways start: a name, a path (`rg/vnet/vm`) or a number in the file. Of a subnet or a
        /// group: everything in it.
        #[arg(long, value_name = "NAME")]
        from: Option<String>,
        /// Where they end.
        #[arg(long, value_name = "NAME")]
        to: Option<String>,
        #[arg(long, value_enum, default_value_t = TableFormat::Text)]
        format: TableFormat,
    },
    /// Prints a design of the gallery, or the list of them.
    Gallery {
        /// Slug of the design.
        name: Option<String>,
    },
    /// Prints a realistic design of a size, the same one each time.
    Generate {
        /// How many resources.
        resources: usize,
        /// Prints its link instead, for an app on this machine.
        #[arg(long)]
        link: bool,
        /// File to write it to.
        #[arg(long, conflicts_with = "link")]
        out: Option<PathBuf>,
    },
}

/// One question about rights; without any, every right that somebody has.
#[derive(clap::Args)]
#[group(multiple = false)]
struct Asked {
    /// What this identity can do: its number in the file, or its name.
    #[arg(long, value_name = "ID")]
    who: Option<String>,
    /// Who can do what with this resource.
    #[arg(long, value_name = "ID")]
    on: Option<String>,
    /// What falls with this identity, step by step.
    #[arg(long, value_name = "ID")]
    takeover: Option<String>,
    /// Assignments that the operations do not need, or not as wide.
    #[arg(long)]
    wide: bool,
}

/// Most resources of a generated design: ten times what the app is measured with.
const MOST_GENERATED: usize = 100_000;

#[derive(Clone, Copy, ValueEnum)]
enum Language {
    En,
    Ja,
}

impl From<Language> for Lang {
    fn from(it: Language) -> Lang {
        match it {
            Language::En => Lang::En,
            Language::Ja => Lang::Ja,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum TableFormat {
    Text,
    Json,
    Csv,
}

/// Why the program stops before an answer: exit code 2.
struct Unusable(String);

fn main() -> ExitCode {
    let cli = Cli::parse();
    let lang = cli.lang.into();
    let done = match cli.command {
        Command::Check { design, format } => check(&design, format, lang),
        Command::Export { design, format, out } => write_export(&design, &format, &out, lang),
        Command::Review { design } => review(&design, lang),
        Command::Compare { before, after, format } => compare(&before, &after, format, lang),
        Command::Access { design, question } => access(&design, &question, lang),
        Command::Reach { design, from, to, format } => {
            reach(&design, from.as_deref(), to.as_deref(), format, lang)
        }
        Command::Gallery { name } => print_gallery(name.as_deref(), lang),
        Command::Generate { resources, link, out } => generated(resources, link, out.as_deref()),
    };
    done.unwrap_or_else(|Unusable(why)| {
        eprintln!("drawbridge: {why}");
        ExitCode::from(2)
    })
}

fn read(path: &Path, lang: Lang) -> Result<Design, Unusable> {
    let bytes = fs::read(path).map_err(|why| Unusable(format!("{}: {why}", path.display())))?;
    let loaded = file::load(&bytes)
        .map_err(|why| Unusable(format!("{}: {}", path.display(), why.0.render(lang))))?;
    for warning in &loaded.warnings {
        eprintln!("drawbridge: {}: {}", path.display(), warning.render(lang));
    }
    Ok(loaded.design)
}

fn check(path: &Path, format: Format, lang: Lang) -> Result<ExitCode, Unusable> {
    let design = read(path, lang)?;
    let report = report::assess(&design);
    print(&match format {
        Format::Text => report::text_page(&design, &report, lang),
        Format::Json => format!("{:#}\n", report::json_value(&design, &report, lang)),
    });
    Ok(if report.all_allowed() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn write_export(path: &Path, format: &str, out: &Path, lang: Lang) -> Result<ExitCode, Unusable> {
    let design = read(path, lang)?;
    let asked = |it: &&Exporter| [it.id, "all"].contains(&format);
    let exporters: Vec<&Exporter> = export::ALL.iter().filter(asked).collect();
    if exporters.is_empty() {
        let known: Vec<&str> = export::ALL.iter().map(|it| it.id).collect();
        return Err(Unusable(format!("no format {format}; there are: all, {}", known.join(", "))));
    }
    eprint!("{}", questions::review_page(&design, lang));
    let failed = |why: std::io::Error| Unusable(format!("{}: {why}", out.display()));
    let basis = Basis::of(&design);
    // Most formats refuse for the same reasons.
    let mut refusals: Vec<(String, Vec<&str>)> = Vec::new();
    for exporter in exporters {
        let files = match (exporter.run)(&basis) {
            Ok(files) => files,
            Err(refused) => {
                for why in refused.0.iter().map(|it| it.render(lang)) {
                    match refusals.iter_mut().find(|it| it.0 == why) {
                        Some((_, formats)) if formats.contains(&exporter.id) => {}
                        Some((_, formats)) => formats.push(exporter.id),
                        None => refusals.push((why, vec![exporter.id])),
                    }
                }
                continue;
            }
        };
        let folder = if format == "all" { out.join(exporter.id) } else { out.to_owned() };
        for file in files {
            let target = folder.join(&file.name);
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder).map_err(failed)?;
            }
            fs::write(&target, file.text).map_err(failed)?;
            print(&format!("{}\n", target.display()));
        }
    }
    if format != "all" && !refusals.is_empty() {
        let why: Vec<String> = refusals.into_iter().map(|it| it.0).collect();
        return Err(Unusable(why.join("\n")));
    }
    for (why, formats) in refusals {
        eprintln!("drawbridge: not exported as {}: {why}", formats.join(", "));
    }
    Ok(ExitCode::SUCCESS)
}

fn review(path: &Path, lang: Lang) -> Result<ExitCode, Unusable> {
    print(&questions::review_page(&read(path, lang)?, lang));
    Ok(ExitCode::SUCCESS)
}

fn compare(before: &Path, after: &Path, format: Format, lang: Lang) -> Result<ExitCode, Unusable> {
    let (before, after) = (read(before, lang)?, read(after, lang)?);
    let found = questions::compare::compare(&before, &after);
    print(&match format {
        Format::Text => questions::compare::compare_page(&before, &after, &found, lang),
        Format::Json => {
            let value = questions::compare::compare_value(&before, &after, &found, lang);
            format!("{value:#}\n")
        }
    });
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn access(path: &Path, asked: &Asked, lang: Lang) -> Result<ExitCode, Unusable> {
    let design = read(path, lang)?;
    let find = |it: &str| find(&design, it, path);
    let question = match asked {
        Asked { who: Some(it), .. } => Question::Who(find(it)?),
        Asked { on: Some(it), .. } => Question::On(find(it)?),
        Asked { takeover: Some(it), .. } => Question::Takeover(find(it)?),
        Asked { wide: true, .. } => Question::Wide,
        _ => Question::Everything,
    };
    print(&questions::access_page(&design, question, lang));
    Ok(ExitCode::SUCCESS)
}

/// The resource that a person means: its name, its path from the top (`rg/vnet/snet`), or its number in the
/// file.
fn find(design: &Design, asked: &str, path: &Path) -> Result<ResourceId, Unusable> {
    let whole = |id: ResourceId| full_name(design, id).unwrap_or_default();
    let fits = |id: ResourceId, name: &str| {
        name == asked || id.0.to_string() == asked || whole(id) == asked
    };
    let all = design.resources.0.iter().filter(|(id, it)| fits(**id, &it.name));
    let all: Vec<ResourceId> = all.map(|(id, _)| *id).collect();
    match all[..] {
        [only] => Ok(only),
        [] => Err(Unusable(format!("no resource {asked} in {}", path.display()))),
        _ => {
            let all: Vec<String> =
                all.iter().map(|id| format!("{} (number {})", whole(*id), id.0)).collect();
            Err(Unusable(format!(
                "{asked} is the name of {} resources in {}; give the path or the number of one: {}",
                all.len(),
                path.display(),
                all.join(", "),
            )))
        }
    }
}

fn reach(
    path: &Path,
    from: Option<&str>,
    to: Option<&str>,
    format: TableFormat,
    lang: Lang,
) -> Result<ExitCode, Unusable> {
    let design = read(path, lang)?;
    let asked = |it: Option<&str>| it.map(|it| find(&design, it, path)).transpose();
    let (start, end) = (asked(from)?, asked(to)?);
    let facts = design.resources.facts();
    let places = |it: ResourceId| questions::reach::within(&design.resources, &facts, it);
    if let (Some(name), Some(id)) = (from, start)
        && places(id).0.is_empty()
    {
        return Err(Unusable(format!("{name} opens no connections, and nothing in it does")));
    }
    if let (Some(name), Some(id)) = (to, end)
        && places(id).1.is_empty()
    {
        return Err(Unusable(format!("{name} takes no connections, and nothing in it does")));
    }
    print(&match format {
        TableFormat::Text => questions::reach::reach_page(&design, start, end, lang),
        TableFormat::Json => {
            format!("{:#}\n", questions::reach::reach_value(&design, start, end, lang))
        }
        TableFormat::Csv => questions::reach::reach_table(&design, start, end, lang),
    });
    Ok(ExitCode::SUCCESS)
}

fn print_gallery(name: Option<&str>, lang: Lang) -> Result<ExitCode, Unusable> {
    let Some(name) = name else {
        for it in gallery::ALL {
            print(&format!("{}\t{}\n", it.slug, it.title.get(lang)));
        }
        return Ok(ExitCode::SUCCESS);
    };
    let Some(entry) = gallery::find(name) else {
        return Err(Unusable(format!("no design {name} in the gallery")));
    };
    print(&file::save(&entry.design(lang)));
    Ok(ExitCode::SUCCESS)
}

fn generated(count: usize, link: bool, out: Option<&Path>) -> Result<ExitCode, Unusable> {
    if count > MOST_GENERATED {
        return Err(Unusable(format!("at most {MOST_GENERATED} resources are generated")));
    }
    let design = generate::design(count);
    match out {
        // Where `cargo xtask serve` puts the app.
        None if link => print(&format!("http://127.0.0.1:8080/{}\n", link::encode(&design))),
        None => print(&file::save(&design)),
        Some(out) => fs::write(out, file::save(&design))
            .map_err(|why| Unusable(format!("{}: {why}", out.display())))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A closed pipe (`drawbridge check … | head`) is not an error.
fn print(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}
