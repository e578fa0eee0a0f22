// Starts the app. A file of its own, because the page's Content-Security-Policy forbids inline scripts.
import { recover } from "./recovery.js";

// The page requires Trusted Types. The only HTML that is parsed at run time are the templates of the
// app's views, written when it was compiled: elements with plain attributes, and nothing that runs.
const FORBIDDEN = "script|style|iframe|frame|object|embed|base|meta|link|form";
const TEMPLATE = new RegExp(
  `^(?:[^<>]|<!>|<!--[^<>]*-->|</?(?!(?:${FORBIDDEN})\\b)[a-z][a-z0-9-]*(?:\\s+(?!on|style|srcdoc)[a-z][\\w:-]*(?:="[^"<>]*")?)*\\s*/?>)*$`,
  "i",
);
globalThis.trustedTypes?.createPolicy("default", {
  createHTML: (html) => (TEMPLATE.test(html) && !/javascript:/i.test(html) ? html : null),
});

let stopped = false;
function stop() {
  if (!stopped) recover();
  stopped = true;
}

addEventListener("drawbridge:stopped", stop);
if (location.hash === "#saved") {
  stop();
} else {
  try {
    const { js, wasm } = document.querySelector("script[data-wasm]").dataset;
    const { default: init } = await import(new URL(js, document.baseURI));
    await init({ module_or_path: new URL(wasm, document.baseURI) });
  } catch (error) {
    console.error(error);
    stop();
  }
}
