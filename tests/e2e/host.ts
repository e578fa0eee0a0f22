// Hosts of a test's own: folders that can be changed, and that can be stopped.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// Each has a port, and so storage and service workers, of its own.
let port = Number(process.env.DIST_PORT ?? "4173") + 1;

export interface Host {
  url: string;
  stop(): Promise<void>;
}

export async function host(folder: string, ...more: string[]): Promise<Host> {
  const url = `http://127.0.0.1:${port}/some/where/`;
  const server = spawn("node", ["tests/e2e/server.mjs", String(port++), folder, ...more], { stdio: "inherit" });
  for (let tries = 0; tries < 100; tries++) {
    if (await fetch(url).then((it) => it.ok, () => false)) break;
    await new Promise((go) => setTimeout(go, 50));
  }
  const stop = () => new Promise<void>((done) => {
    server.once("exit", () => done());
    server.kill();
  });
  return { url, stop };
}

export function copy(from: string, to: string) {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  cpSync(from, to, { recursive: true });
}

// The app as another version: every file that has its content in its name is another one, and so are their names.
export function nextVersion(folder: string) {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const bytes = readFileSync(file);
    if (/^start-|^recovery-|\.css$|^drawbridge-app-.*\.js$/.test(name)) writeFileSync(file, bytes + "\n/* the next one */\n");
    // A section of wasm that no reader knows: number 0, 5 bytes, its name, which is "next".
    if (name.endsWith(".wasm")) writeFileSync(file, Buffer.concat([bytes, Buffer.from("\x00\x05\x04next", "latin1")]));
  }
  const page = join(folder, "index.html");
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(readFileSync(page, "utf8"))![1];
  const sealed = spawnSync("node", ["xtask/src/dist/seal.mjs", folder, policy], { encoding: "utf8" });
  if (sealed.status !== 0) throw new Error(sealed.stderr);
}
