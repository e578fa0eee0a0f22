//! `cargo xtask`: installs what a bare machine lacks, then serves, tests, packs or measures the app.
//!
//! Each step tells its name and its time. A tool that is there in the right version is not
//! installed again, and where this program cannot install something, it names the command that can.

mod bench;
mod conformance;
mod dist;
mod fuzz;
mod generate;
mod hostile;
mod parse;
mod process;
mod serve;
mod setup;
mod soak;
mod test;

use std::process::ExitCode;

use process::{Clock, Result};

const USAGE: &str = "\
usage: cargo xtask <command>

  serve [--port N]                   build for development, serve on http://127.0.0.1:8080/, rebuild on change
  test [native|az|wasm|e2e]          every test, or one sort of them
  dist                               the static folder dist/, ready for any web host
  bench                              native benchmarks, then timings in the browser
  fuzz [--minutes N] [--seed N]      arbitrary designs and links: nothing may panic or hang
  conformance network|identity FILE… judge case files with the product's own solvers
  generate N [--link|--out FILE]     a realistic design of N resources as JSON, or its link
  hostile FILE                       every string of a file through every exporter, in every text field
  soak                               300 times: kill the browser in the middle of work, and look for what was saved
  setup                              install everything that the commands above need";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match args.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("", [].as_slice()),
    };
    let clock = Clock::start();
    let outcome: Result<ExitCode> = match command {
        "serve" => serve::run(rest).map(|()| ExitCode::SUCCESS),
        "test" => test::run(rest),
        "dist" => dist::run(rest).map(|()| ExitCode::SUCCESS),
        "bench" => bench::run(rest).map(|()| ExitCode::SUCCESS),
        "fuzz" => fuzz::run(rest).map(|()| ExitCode::SUCCESS),
        "conformance" => conformance::run(rest),
        "generate" => generate::run(rest),
        "hostile" => hostile::run(rest),
        "soak" => soak::run(rest).map(|()| ExitCode::SUCCESS),
        "setup" => setup::everything().map(|()| ExitCode::SUCCESS),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        "" => Err(USAGE.to_owned()),
        other => Err(format!("unknown command `{other}`\n{USAGE}")),
    };
    match outcome {
        Ok(code) => {
            // `test`, `conformance` and `hostile` close with their own last line.
            if matches!(command, "dist" | "bench" | "setup") {
                println!("==> {command} done ... {clock}");
            }
            code
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
