// Keeps the app for use without a network: all files of one version, or none. `cargo xtask dist` fills in the
// version and the files with their checksums.
//
// A page gets every file from the cache it came from itself. A new version is fetched whole beside the old one,
// and takes over when the person says so, or when no page of the old one is open any more.
const VERSION = "version";
const FILES = { /* files */ };

const scope = registration.scope;
// Other folders of the same host may hold another Drawbridge.
const OURS = `drawbridge ${scope} `;
const CACHE = OURS + VERSION;

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(clear()));
addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting();
});
addEventListener("fetch", (event) => {
  const name = kept(event.request);
  if (name !== undefined) event.respondWith(answer(name, event.request));
});

async function fill() {
  const cache = await caches.open(CACHE);
  try {
    // A file that is not the one of this version, as in the middle of an upload, ends the installation.
    const wanted = Object.entries(FILES).map(
      ([name, integrity]) => new Request(new URL(name, scope), { cache: "no-cache", integrity }),
    );
    await cache.addAll(wanted);
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function clear() {
  for (const name of await caches.keys()) {
    if (name.startsWith(OURS) && name !== CACHE) await caches.delete(name);
  }
}

// The name under which a request is answered from the cache, if it is.
function kept({ method, mode, url }) {
  if (method !== "GET" || !url.startsWith(scope)) return undefined;
  const name = url.slice(scope.length).replace(/[?#].*$/s, "");
  if (mode === "navigate") return name === "" || name === "index.html" ? "./" : undefined;
  return Object.hasOwn(FILES, name) ? name : undefined;
}

async function answer(name, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(new URL(name, scope))) ?? fetch(request);
}
