// The recovery page: after a bug has stopped the app, where it cannot start, and under `#saved`. It uses nothing
// of the app, reads the saved versions by itself (src/app/browser/storage.rs writes them), and hands out their
// bytes as they are, even those that the app would not open.

const TEXTS = {
  en: {
    stopped: "Drawbridge stopped because of a bug",
    help: "Your designs are saved as you work. Start again and open one from the list, or download it as a file first.",
    saved: "Saved versions",
    savedHelp: "Every version that this browser keeps, the latest first.",
    again: "Start again",
    back: "Back to Drawbridge",
    none: "No design is saved in this browser.",
    unreadable: "The saved designs cannot be read:",
    download: "Download",
  },
  ja: {
    stopped: "不具合のため Drawbridge が停止しました",
    help: "デザインは作業中に保存されています。再開して一覧から開くか、先にファイルとしてダウンロードしてください。",
    saved: "保存されたバージョン",
    savedHelp: "このブラウザーに保存されているすべてのバージョンです (新しい順)。",
    again: "再開する",
    back: "Drawbridge に戻る",
    none: "このブラウザーに保存されたデザインはありません。",
    unreadable: "保存されたデザインを読み込めません:",
    download: "ダウンロード",
  },
};

function language() {
  let chosen = null;
  try {
    chosen = JSON.parse(localStorage.getItem("drawbridge.choices"))?.lang;
  } catch {
    // Forbidden or damaged: the browser's own language will do.
  }
  return (chosen ?? navigator.language).toLowerCase().startsWith("ja") ? "ja" : "en";
}

// A request or transaction as a promise.
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function versions() {
  const open = indexedDB.open("drawbridge", 1);
  open.onupgradeneeded = () => open.result.createObjectStore("versions");
  const database = await done(open);
  const store = database.transaction("versions").objectStore("versions");
  const [keys, records] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
  database.close();
  const all = keys.map((key, n) => ({ time: Number(key[1]), name: String(records[n]?.name ?? ""), text: records[n]?.text }));
  return all.sort((a, b) => b.time - a.time);
}

function element(parent, tag, className, text) {
  const it = document.createElement(tag);
  it.className = className;
  it.textContent = text;
  parent.append(it);
  return it;
}

export async function recover() {
  const asked = location.hash === "#saved";
  const lang = language();
  const texts = TEXTS[lang];
  document.documentElement.lang = lang;
  const page = element(document.body, "main", "recovery", "");
  element(page, "h1", "recovery-title", asked ? texts.saved : texts.stopped);
  element(page, "p", "recovery-text", asked ? texts.savedHelp : texts.help).role = "alert";
  const again = element(page, "a", "button", asked ? texts.back : texts.again);
  again.href = location.pathname + location.search;
  try {
    const all = await versions();
    const list = element(page, "ul", "recovery-list", "");
    for (const { time, name, text } of all) {
      const row = element(list, "li", "recovery-row", "");
      element(row, "span", "recovery-name", name || "–");
      element(row, "span", "recovery-time", new Date(time).toLocaleString(lang));
      const bytes = text instanceof Uint8Array ? text : new TextEncoder().encode(JSON.stringify(text ?? null));
      const link = element(row, "a", "button", `${texts.download} (${Math.ceil(bytes.length / 1024)} kB)`);
      link.href = URL.createObjectURL(new Blob([bytes], { type: "application/json" }));
      link.download = `${name.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60) || "design"}.json`;
    }
    if (all.length === 0) element(page, "p", "recovery-text", texts.none);
  } catch (error) {
    element(page, "p", "recovery-text", `${texts.unreadable} ${error}`);
  }
}
