// Seals dist/: names what may be cached for ever by its content, writes checksums into the page, the list of
// files for the service worker, and the settings of common static hosts. Run by `cargo xtask dist` with the
// folder and the page's Content-Security-Policy.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";

const [folder, policy] = process.argv.slice(2);
const read = (name) => readFileSync(join(folder, name));
const write = (name, text) => writeFileSync(join(folder, name), text);
const digest = (bytes, sort, form) => createHash(sort).update(bytes).digest(form);
const integrity = (bytes) => `sha384-${digest(bytes, "sha384", "base64")}`;

// What an earlier run of this wrote is written anew.
let page = read("index.html").toString().replace(/ (?:integrity|data-wasm-integrity|data-worker)="[^"]*"/g, "");
for (const name of ["worker.js", "_headers", "staticwebapp.config.json", ".htaccess", "nginx.conf"]) {
  rmSync(join(folder, name), { force: true });
}

// The hash in trunk's names, without leading zeros, is of what the files were before they were shrunk.
const OLD_HASH = /-[0-9a-f]{12,16}(?=_bg$|$)/;
const HASH = /-[0-9a-f]{16}\.(?:js|wasm|css)$/;
for (const name of readdirSync(folder)) {
  const end = extname(name);
  if (![".js", ".wasm", ".css"].includes(end)) continue;
  const sealed = `${name.slice(0, -end.length).replace(OLD_HASH, "")}-${digest(read(name), "sha256", "hex").slice(0, 16)}${end}`;
  const parts = page.split(`"./${name}"`);
  if (parts.length === 1) throw new Error(`${name} is not used by the page`);
  page = parts.join(`"./${sealed}"`);
  renameSync(join(folder, name), join(folder, sealed));
}

// A checksum at each script and style sheet, and that of the wasm for the script that loads it.
page = page.replace(/<(?:link|script)\b[^>]*>/g, (tag) => {
  // Browsers check no preloads of this sort; the script checks what it fetches.
  const name = /\b(?:href|src)="\.\/([^"]+\.(?:js|css))"/.exec(tag)?.[1];
  if (!name) return tag;
  let more = ` integrity="${integrity(read(name))}"`;
  const wasm = /\bdata-wasm="\.\/([^"]+)"/.exec(tag)?.[1];
  if (wasm) more += ` data-wasm-integrity="${integrity(read(wasm))}" data-worker="./worker.js"`;
  return tag.replace(/\s*\/?>$/, `${more}>`);
});
write("index.html", page);

// What the service worker keeps: all of it, under the address that hosts answer without a redirect.
const files = {};
for (const name of readdirSync(folder).sort()) files[name === "index.html" ? "./" : name] = integrity(read(name));
const version = digest(JSON.stringify(files), "sha256", "hex").slice(0, 16);
const worker = readFileSync(new URL("../../../public/worker.js", import.meta.url)).toString();
const filled = worker.replace('"version"', JSON.stringify(version)).replace("{ /* files */ }", JSON.stringify(files, null, 2));
if (!filled.includes(version) || !filled.includes("sha384-")) throw new Error("public/worker.js has no place for the files");
write("worker.js", filled);

// What a page cannot say of itself, and all the rest once more, for hosts that let headers be set.
const headers = {
  "Content-Security-Policy": `${policy}; frame-ancestors 'none'`,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};
const ALWAYS = "no-cache";
const FOR_EVER = "public, max-age=31536000, immutable";
const each = (line) => Object.entries(headers).map(([name, value]) => line(name, value)).join("\n");
const sealedNames = Object.keys(files).filter((it) => HASH.test(it));

// Netlify, Cloudflare Pages.
write("_headers", [
  "/*",
  each((name, value) => `  ${name}: ${value}`),
  ...sealedNames.flatMap((name) => [`/${name}`, `  Cache-Control: ${FOR_EVER}`]),
  "",
].join("\n"));

// Azure Static Web Apps.
write("staticwebapp.config.json", `${JSON.stringify({
  globalHeaders: { ...headers, "Cache-Control": ALWAYS },
  routes: sealedNames.map((name) => ({ route: `/${name}`, headers: { "Cache-Control": FOR_EVER } })),
  mimeTypes: { ".wasm": "application/wasm", ".webmanifest": "application/manifest+json" },
}, null, 2)}\n`);

// Apache, where AllowOverride and mod_headers are on.
write(".htaccess", `AddType application/wasm .wasm
AddType application/manifest+json .webmanifest
<IfModule mod_headers.c>
${each((name, value) => `  Header always set ${name} "${value}"`)}
  Header set Cache-Control "${ALWAYS}"
  <FilesMatch "-[0-9a-f]{16}\\.(js|wasm|css)$">
    Header set Cache-Control "${FOR_EVER}"
  </FilesMatch>
</IfModule>
`);

// nginx: to be included in the location of the folder.
write("nginx.conf", `${each((name, value) => `add_header ${name} "${value}" always;`)}
add_header Cache-Control "${ALWAYS}";
types {
  text/html html;
  text/css css;
  text/javascript js;
  application/json json;
  application/manifest+json webmanifest;
  application/wasm wasm;
  image/png png;
  image/svg+xml svg;
}
`);
