// A plain web host for dist/ under /some/where/: no rewriting, no fallback page, nothing outside the folder.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const PREFIX = "/some/where/";
const FOLDER = fileURLToPath(new URL("../../dist/", import.meta.url));
const TYPES = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  const path = normalize(decodeURIComponent(pathname));
  try {
    if (!path.startsWith(PREFIX)) throw new Error("outside");
    const name = path.slice(PREFIX.length) || "index.html";
    const bytes = await readFile(join(FOLDER, name));
    response.writeHead(200, { "content-type": TYPES[extname(name)] ?? "application/octet-stream" });
    response.end(bytes);
  } catch {
    response.writeHead(404, { "content-type": "text/plain" });
    response.end("not found");
  }
}).listen(Number(process.argv[2]), "127.0.0.1");
