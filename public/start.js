// Starts the app. A file of its own, because the page's Content-Security-Policy forbids inline scripts.

const { js, wasm, wasmIntegrity, recovery, worker } = document.querySelector("script[data-wasm]").dataset;
const at = (name) => new URL(name, document.baseURI).href;

// The page requires Trusted Types. The only HTML that is parsed at run time are the templates of the
// app's views, written when it was compiled: elements with plain attributes, and nothing that runs.
const FORBIDDEN = "script|style|iframe|frame|object|embed|base|meta|link|form";
const TEMPLATE = new RegExp(
  `^(?:[^<>]|<!>|<!--[^<>]*-->|</?(?!(?:${FORBIDDEN})\\b)[a-z][a-z0-9-]*(?:\\s+(?!on|style|srcdoc)[a-z][\\w:-]*(?:="[^"<>]*")?)*\\s*/?>)*$`,
  "i",
);
globalThis.trustedTypes?.createPolicy("default", {
  createHTML: (html) => (TEMPLATE.test(html) && !/javascript:/i.test(html) ? html : null),
  // The one script that is started by its address is the service worker.
  createScriptURL: (url) => (worker && url === at(worker) ? url : null),
});

let stopped = false;
async function stop() {
  if (stopped) return;
  stopped = true;
  try {
    const { recover } = await import(at(recovery));
    await recover();
  } catch (error) {
    console.error(error);
    document.body.append("Drawbridge could not be loaded. Reload the page. Drawbridge を読み込めませんでした。再読み込みしてください。");
  }
}

// Lets the service worker keep the app for the next visit, and tells the app when it has got a newer one.
async function keep() {
  const workers = navigator.serviceWorker;
  if (!worker || !workers) return;
  let asked = false;
  const tell = () => {
    document.documentElement.dataset.newVersion = "ready";
    dispatchEvent(new Event("drawbridge:new-version"));
  };
  const had = workers.controller !== null;
  workers.addEventListener("controllerchange", () => {
    if (asked) location.reload();
    // Another tab has gone on to the new version.
    else if (had) tell();
  });
  const registration = await workers.register(at(worker), { updateViaCache: "none" });
  const watch = (it) => {
    const look = () => {
      if (it.state === "installed" && workers.controller) tell();
    };
    it?.addEventListener("statechange", look);
    if (it) look();
  };
  watch(registration.waiting);
  watch(registration.installing);
  registration.addEventListener("updatefound", () => watch(registration.installing));
  addEventListener("drawbridge:renew", () => {
    asked = true;
    if (registration.waiting) registration.waiting.postMessage("take over");
    else location.reload();
  });
}

addEventListener("drawbridge:stopped", stop);
if (location.hash === "#saved") {
  stop();
} else {
  try {
    const { default: init } = await import(at(js));
    await init({ module_or_path: fetch(at(wasm), wasmIntegrity ? { integrity: wasmIntegrity } : {}) });
  } catch (error) {
    console.error(error);
    stop();
  }
}
// Without it the app works as well, as long as there is a network.
keep().catch((error) => console.warn(error));
