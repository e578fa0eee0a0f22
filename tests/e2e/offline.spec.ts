// The app is there without a network, and one version of it never mixes with another.
import { copy, host, nextVersion, type Host } from "./host";
import { canvasNode as node, expect, screenshot, test } from "./page";
import type { Page } from "@playwright/test";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = "target/e2e-host";
let running: Host | undefined;

test.beforeEach(async () => {
  copy("dist", FOLDER);
  running = await host(FOLDER);
});
test.afterEach(() => running?.stop());

// Visits the page and waits until it is kept.
async function visit(page: Page) {
  await page.goto(running!.url);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
}

// The files with their content in the name that the page was made of, and those that the folder holds.
const SEALED = /[^/]+-[0-9a-f]{16}\.(?:js|css|wasm)$/;
async function loaded(page: Page) {
  const urls = await page.evaluate(() => performance.getEntriesByType("resource").map((it) => it.name));
  return [...new Set(urls.flatMap((it) => SEALED.exec(it)?.[0] ?? []))].sort();
}
const held = (folder: string) => readdirSync(folder).filter((it) => SEALED.test(it)).sort();

const newVersion = (page: Page) => page.getByText("There is a new version of Drawbridge.");

test("on the second visit it starts without a network, under any path, and opens a design", async ({ page, context }) => {
  await visit(page);
  await running!.stop();
  running = undefined;
  await context.setOffline(true);
  await page.reload();
  await page.getByRole("button", { name: "Open VNet workspace", exact: true }).click();
  await expect(node(page, "amlvnetworkspace")).toBeVisible();
  await page.getByRole("tab", { name: /Operations/ }).click();
  await expect(page.locator(".verdict-row").first()).toBeVisible();
  expect(await loaded(page)).toEqual(held("dist"));
  await page.locator(".design-name").fill("made without a network");
  await page.locator(".design-name").press("Enter");
  await expect(page.locator(".save-state")).toHaveAttribute("data-saved", "yes");
  await page.reload();
  await expect(page.locator(".design-name")).toHaveValue("made without a network");
  // By its full address, and where the recovery page is asked for.
  await page.goto(`${page.url()}index.html`);
  await expect(page.locator(".design-name")).toHaveValue("made without a network");
  await page.goto(page.url().replace("index.html", "?#saved"));
  await expect(page.locator(".recovery-row").first()).toContainText("made without a network");
});

test("a new version waits for a reload and then is there whole; until then the old one is", async ({ page, context }) => {
  await visit(page);
  const before = held(FOLDER);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(newVersion(page)).toHaveCount(0);

  nextVersion(FOLDER);
  const after = held(FOLDER);
  expect(after.filter((it) => before.includes(it))).toEqual([]);
  await page.reload();
  await expect(newVersion(page)).toBeVisible({ timeout: 20_000 });
  expect(await loaded(page)).toEqual(before);
  await screenshot(page, "new-version");
  // None of the old files is on the host any more, and still the old version is whole.
  await context.setOffline(true);
  await page.reload();
  await expect(newVersion(page)).toBeVisible({ timeout: 20_000 });
  expect(await loaded(page)).toEqual(before);
  await context.setOffline(false);
  await page.getByRole("button", { name: "日本語" }).click();
  await expect(page.getByText("Drawbridge の新しいバージョンがあります。")).toBeVisible();
  await page.getByRole("button", { name: "English" }).click();

  // Work that is not saved yet is saved on the way.
  await page.getByRole("button", { name: "Open VNet workspace", exact: true }).click();
  await page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>(".design-name")!;
    input.value = "before the new version";
    input.dispatchEvent(new Event("change"));
    document.querySelector<HTMLButtonElement>(".banners .button")!.click();
  });
  await expect.poll(() => loaded(page).catch(() => []), { timeout: 20_000 }).toEqual(after);
  await expect(page.locator(".design-name")).toHaveValue("before the new version");
  await expect(newVersion(page)).toHaveCount(0);
  const caches = await page.evaluate(() => window.caches.keys());
  expect(caches).toHaveLength(1);
  await context.setOffline(true);
  await page.reload();
  await expect(page.locator(".design-name")).toHaveValue("before the new version");
  expect(await loaded(page)).toEqual(after);
});

test("a version that is only half on the host is not taken up", async ({ page, complaints }) => {
  await visit(page);
  const before = held(FOLDER);
  nextVersion(FOLDER);
  const css = join(FOLDER, held(FOLDER).find((it) => it.endsWith(".css"))!);
  const whole = readFileSync(css);
  writeFileSync(css, whole.subarray(0, whole.length >> 1));
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  // The attempt has come to its end.
  await expect
    .poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())!.installing === null))
    .toBe(true);
  expect(await loaded(page)).toEqual(before);
  await expect(newVersion(page)).toHaveCount(0);
  // The browser's own words about it.
  expect(complaints.splice(0).join(" ")).not.toContain("policy:");

  writeFileSync(css, whole);
  await page.reload();
  await expect(newVersion(page)).toBeVisible({ timeout: 20_000 });
  expect(await loaded(page)).toEqual(before);
});

test("two tabs: the one that did not ask for the new version is told and goes on", async ({ page, context }) => {
  await visit(page);
  await page.reload();
  const other = await context.newPage();
  await other.goto(running!.url);
  await expect(other.getByRole("heading", { level: 1 })).toBeVisible();
  nextVersion(FOLDER);
  await page.reload();
  await page.getByRole("button", { name: "Reload" }).click();
  await expect.poll(() => loaded(page).catch(() => []), { timeout: 20_000 }).toEqual(held(FOLDER));
  await expect(newVersion(other)).toBeVisible({ timeout: 20_000 });
  await other.getByRole("button", { name: "Open VNet workspace", exact: true }).click();
  await expect(node(other, "amlvnetworkspace")).toBeVisible();
  await other.getByRole("button", { name: "Reload" }).click();
  await expect.poll(() => loaded(other).catch(() => []), { timeout: 20_000 }).toEqual(held(FOLDER));
});

test("it can be installed, in both languages", async ({ page }) => {
  await visit(page);
  const session = await page.context().newCDPSession(page);
  for (const [button, lang, short] of [["English", "en", "Drawbridge"], ["日本語", "ja", "Drawbridge"]]) {
    await page.getByRole("button", { name: button }).click();
    await expect(async () => {
      const { data, errors } = await session.send("Page.getAppManifest");
      expect(errors).toEqual([]);
      const manifest = JSON.parse(data!);
      expect(manifest.lang).toBe(lang);
      expect(manifest.short_name).toBe(short);
    }).toPass();
    // A test's window is a private one, which none can be installed from.
    const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
    expect(installabilityErrors.map((it) => it.errorId).filter((it) => it !== "in-incognito")).toEqual([]);
  }
});
