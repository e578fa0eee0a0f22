//! `cargo xtask serve`: the development build, rebuilt on change.

use crate::process::{self, Result, program};
use crate::setup;

fn serve(port: &str) -> Result<()> {
    let wasm = setup::wasm()?;
    println!("==> building; the app will be on http://127.0.0.1:{port}/ (Ctrl+C ends)");
    let mut trunk = program(&wasm.trunk);
    // Offline: trunk finds every tool it needs, and must not fetch others. A folder of its own keeps dist/ whole.
    trunk.args([
        "serve",
        "--offline",
        "--address",
        "127.0.0.1",
        "--port",
        port,
        "--dist",
        "target/serve",
    ]);
    process::run(wasm.prepare(&mut trunk)?)
}

pub(crate) fn run(args: &[String]) -> Result<()> {
    match args {
        [] => serve("8080"),
        [flag, port] if flag == "--port" && port.parse::<u16>().is_ok() => serve(port),
        _ => Err("usage: cargo xtask serve [--port N]".to_owned()),
    }
}
