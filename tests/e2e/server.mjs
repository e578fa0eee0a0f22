// A plain web host for a folder under /some/where/: no rewriting, no fallback page, nothing outside the folder.
//   node server.mjs PORT [FOLDER [headers]]
// With `headers` it sends those that the folder's `_headers` asks for, as Netlify and Cloudflare Pages do.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const PREFIX = "/some/where/";
const [port, folder = fileURLToPath(new URL("../../dist/", import.meta.url)), headers] = process.argv.slice(2);
const FOLDER = resolve(folder);
const TYPES = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

// The headers for a file: of each pattern that fits, every line below it.
async function asked(name) {
  if (headers !== "headers") return {};
  const all = {};
  let fits = false;
  for (const line of (await readFile(join(FOLDER, "_headers"), "utf8")).split("\n")) {
    const [, key, value] = /^\s+([^:]+): (.*)$/.exec(line) ?? [];
    if (key && fits) all[key] = value;
    else if (!key) fits = line === "/*" || line === `/${name}`;
  }
  return all;
}

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const path = normalize(decodeURIComponent(pathname));
  try {
    if (!path.startsWith(PREFIX)) throw new Error("outside");
    const name = path.slice(PREFIX.length) || "index.html";
    const bytes = await readFile(join(FOLDER, name));
    const type = TYPES[extname(name)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, ...(await asked(name)) });
    response.end(bytes);
  } catch {
    response.writeHead(404, { "content-type": "text/plain" });
    response.end("not found");
  }
}).listen(Number(port), "127.0.0.1");
