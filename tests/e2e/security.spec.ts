// What the page may load and run, from the finished folder and with the headers for hosts.
import { copy, host } from "./host";
import { canvasNode as node, expect, openVnetWorkspace, test } from "./page";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";

const file = (name: string) => readFileSync(`dist/${name}`);
const PAGE = file("index.html").toString();
const POLICY = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(PAGE)![1];

const checksum = (name: string) => `sha384-${createHash("sha384").update(file(name)).digest("base64")}`;

test("the policy allows nothing inline and no markup, and stands in front of everything", async () => {
  expect(POLICY).not.toContain("unsafe-inline");
  expect(POLICY).not.toContain("'unsafe-eval'");
  for (const part of ["default-src 'none'", "require-trusted-types-for 'script'", "trusted-types default", "base-uri 'none'"]) {
    expect(POLICY.split("; ")).toContain(part);
  }
  expect(PAGE.indexOf("http-equiv")).toBeLessThan(PAGE.search(/<link|<script|<title/));
});

test("every script and style sheet and the app itself have their checksum, and all files are used", async () => {
  const tags = [...PAGE.matchAll(/<(?:link|script)\b[^>]*>/g)].map((it) => it[0]);
  const sealed = new Set<string>();
  for (const tag of tags) {
    const name = /\b(?:href|src)="\.\/([^"]+\.(?:js|css))"/.exec(tag)?.[1];
    if (!name) continue;
    expect(tag).toContain(`integrity="${checksum(name)}"`);
    sealed.add(name);
  }
  const wasm = /data-wasm="\.\/([^"]+)"/.exec(PAGE)![1];
  sealed.add(wasm);
  expect(PAGE).toContain(`data-wasm-integrity="${checksum(wasm)}"`);
  const all = readdirSync("dist").filter((it) => /\.(?:js|css|wasm)$/.test(it) && it !== "worker.js");
  expect([...sealed].sort()).toEqual(all.sort());
  for (const name of all) {
    expect(name).toContain(createHash("sha256").update(file(name)).digest("hex").slice(0, 16));
  }
});

test("text does not become markup or script, whatever asks for it", async ({ page, complaints }) => {
  await openVnetWorkspace(page);
  const tries = await page.evaluate(async () => {
    // What a debugger evaluates is free of the policy; what it leaves behind is not.
    await new Promise((go) => setTimeout(go, 1));
    const thrown = (what: () => void) => {
      try {
        what();
        return "let through";
      } catch (error) {
        return (error as Error).name;
      }
    };
    const box = document.createElement("div");
    const inline = document.createElement("script");
    inline.append("window.__drawbridge_pwned = 1");
    document.head.append(inline);
    return [
      thrown(() => (box.innerHTML = "<img src=x onerror=window.__drawbridge_pwned=1>")),
      thrown(() => (box.innerHTML = "<script>window.__drawbridge_pwned=1</script>")),
      thrown(() => (box.innerHTML = "<a href='javascript:window.__drawbridge_pwned=1'>x</a>")),
      thrown(() => box.insertAdjacentHTML("beforeend", "<iframe></iframe>")),
      thrown(() => document.write("<form>")),
      thrown(() => (document.createElement("script").text = "window.__drawbridge_pwned=1")),
      thrown(() => (document.createElement("script").src = "other.js")),
      thrown(() => void new Worker("other.js")),
      thrown(() => void eval("window.__drawbridge_pwned=1")),
      thrown(() => void new Function("window.__drawbridge_pwned=1")()),
      thrown(() => trustedTypes!.createPolicy("other", {})),
    ];
  });
  expect(tries.filter((it) => it === "let through")).toEqual([]);
  expect(await page.evaluate(() => "__drawbridge_pwned" in window)).toBe(false);
  expect(complaints.splice(0).length).toBeGreaterThan(0);
});

test.describe("files that were changed on the way", () => {
  // The service worker would answer in the host's stead.
  test.use({ serviceWorkers: "block" });

  for (const [what, pattern, more] of [
    ["the app", "**/drawbridge-app*.wasm", "\x00\x05\x04next"],
    ["its script", "**/drawbridge-app*.js", "\nwindow.__drawbridge_pwned = 1;"],
  ]) {
    test(`${what} is not run`, async ({ page, complaints }) => {
      await page.route(pattern, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: Buffer.concat([await response.body(), Buffer.from(more, "latin1")]) });
      });
      await page.goto("./");
      await expect(page.getByRole("heading", { name: "Drawbridge stopped because of a bug" })).toBeVisible({ timeout: 20_000 });
      expect(await page.evaluate(() => "__drawbridge_pwned" in window)).toBe(false);
      expect(complaints.splice(0).join(" ")).toContain("digest");
    });
  }

  test("the start script and the style are not used", async ({ page, complaints }) => {
    await page.route("**/start-*.js", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${await response.text()}\nwindow.__drawbridge_pwned = 1;` });
    });
    await page.goto("./");
    await expect.poll(() => complaints.join(" ")).toContain("digest");
    expect(await page.evaluate(() => "__drawbridge_pwned" in window)).toBe(false);
    complaints.splice(0);
  });
});

test("with the headers for hosts it works as well, and in no other page", async ({ page, baseURL, complaints }) => {
  copy("dist", "target/e2e-headers");
  const running = await host("target/e2e-headers", "headers");
  try {
    const response = await page.goto(running.url);
    expect(response!.headers()["content-security-policy"]).toBe(`${POLICY}; frame-ancestors 'none'`);
    const sealed = readdirSync("dist").find((it) => it.endsWith(".wasm"))!;
    const wasm = await page.request.get(running.url + sealed);
    expect(wasm.headers()["cache-control"]).toContain("immutable");
    await page.getByRole("button", { name: "Open VNet workspace", exact: true }).click();
    await expect(node(page, "amlvnetworkspace")).toBeVisible();
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await page.reload();
    await expect(node(page, "amlvnetworkspace")).toBeVisible();
    expect(complaints).toEqual([]);
    const body = `<iframe src="${running.url}"></iframe>`;
    await page.route("**/outer.html", (route) => route.fulfill({ contentType: "text/html", body }));
    await page.goto(new URL("outer.html", baseURL).href);
    await expect.poll(() => complaints.splice(0).join(" ")).toContain("frame-ancestors");
  } finally {
    await running.stop();
  }
});

test("the settings of all hosts say the same", async () => {
  const whole = `${POLICY}; frame-ancestors 'none'`;
  const azure = JSON.parse(file("staticwebapp.config.json").toString());
  expect(azure.globalHeaders["Content-Security-Policy"]).toBe(whole);
  for (const [name, value] of Object.entries<string>(azure.globalHeaders)) {
    expect(file("nginx.conf").toString()).toContain(`add_header ${name} "${value}"`);
    if (name === "Cache-Control") continue;
    expect(file("_headers").toString()).toContain(`  ${name}: ${value}\n`);
    expect(file(".htaccess").toString()).toContain(`Header always set ${name} "${value}"`);
  }
});
