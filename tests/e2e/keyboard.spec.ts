// Ten tasks without a pointer: place, connect, contain, edit, undo, link, export, find, delete, fix.
import { canvasNode as node, expect, screenshot, test } from "./page";
import type { Locator, Page } from "@playwright/test";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

// Presses a key until the element has the keyboard, as a person does who watches the focus ring.
async function go(page: Page, target: Locator, key = "Tab", most = 80) {
  for (let n = 0; n < most; n++) {
    if ((await target.count()) > 0 && (await target.first().evaluate((it) => it === document.activeElement))) return;
    await page.keyboard.press(key);
  }
  await expect(target.first()).toBeFocused();
}

async function open(page: Page) {
  await page.goto("./");
  await go(page, page.getByRole("button", { name: "Open VNet workspace", exact: true }));
  await page.keyboard.press("Enter");
  await expect(node(page, "amlvnetworkspace")).toBeVisible();
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");

async function find(page: Page, what: string) {
  await page.keyboard.press("Control+k");
  await expect(page.locator("#find-search")).toBeFocused();
  await page.keyboard.type(what);
  await page.keyboard.press("Enter");
}

// A resource by its name: selected, and its box has the keyboard.
async function select(page: Page, name: string) {
  await find(page, name);
  await expect.poll(() => focused(page)).toMatch(new RegExp(`^${name}, `));
}

async function place(page: Page, kind: string, container: string) {
  await select(page, container);
  await page.keyboard.press("/");
  await page.keyboard.type(kind);
  await page.keyboard.press("Enter");
}

test("place", async ({ page }) => {
  await open(page);
  const before = await page.locator(".node[data-kind=virtual-machine]").count();
  await place(page, "Virtual machine", "amlvsubnet");
  await expect(page.locator(".node[data-kind=virtual-machine]")).toHaveCount(before + 1);
});

test("connect", async ({ page }) => {
  await open(page);
  await place(page, "Private endpoint", "amlvsubnet");
  const made = page.locator(".node[data-kind=private-endpoint][aria-selected=true]");
  await expect(made).toHaveCount(1);
  const lines = await page.locator(".edge").count();
  await select(page, (await made.getAttribute("aria-label"))!.split(",")[0]);
  await page.keyboard.press("c");
  const wanted = page.locator(".node[aria-label^='amlvnetstorage, ']");
  for (const key of ["Tab", "Shift+Tab"]) {
    for (let n = 0; n < 40 && !(await focused(page)).startsWith("amlvnetstorage, "); n++) await page.keyboard.press(key);
  }
  await expect(wanted).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator(".edge")).toHaveCount(lines + 1);
});

test("contain", async ({ page }) => {
  await open(page);
  await find(page, "Add Resource group");
  const group = page.locator(".container-node[data-kind=resource-group][aria-selected=true], .node[data-kind=resource-group][aria-selected=true]");
  await expect(group).toHaveCount(1);
  const name = (await group.getAttribute("aria-label"))!.split(",")[0];
  await select(page, "amlvnetkeyvault");
  await page.keyboard.press("Enter");
  const parent = page.locator("#inspector-parent");
  await go(page, parent);
  await page.keyboard.type(name);
  await expect(parent.locator("option:checked")).toHaveText(name);
  await expect(page.locator(".node[aria-label^='amlvnetkeyvault, ']")).toHaveAttribute("aria-label", new RegExp(name));
});

test("edit and undo", async ({ page }) => {
  await open(page);
  await select(page, "amlvnetconreg");
  await page.keyboard.press("Enter");
  const access = page.getByLabel("Public network access", { exact: true });
  await expect(access).toHaveValue("Enabled");
  await go(page, access);
  await page.keyboard.type("Dis");
  await expect(access).toHaveValue("Disabled");
  // Back to the drawing, where Ctrl+Z belongs to the design.
  await select(page, "amlvnetconreg");
  await page.keyboard.press("Control+z");
  await expect(access).toHaveValue("Enabled");
});

test("link", async ({ page, context }) => {
  await open(page);
  await find(page, "Share link");
  const link = page.getByLabel("Link to this design");
  await go(page, link);
  const address = await link.inputValue();
  await go(page, page.getByRole("button", { name: "Copy link" }));
  await page.keyboard.press("Enter");
  await expect(page.getByText("Copied.")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const other = await context.newPage();
  await other.goto(address);
  await expect(node(other, "amlvnetworkspace")).toBeVisible();
});

test("export", async ({ page }) => {
  await open(page);
  await page.keyboard.press("Control+Shift+e");
  await go(page, page.getByRole("button", { name: "Download", exact: true }));
  const download = page.waitForEvent("download");
  await page.keyboard.press("Enter");
  expect((await download).suggestedFilename()).toMatch(/\.json$/);
});

test("find and delete", async ({ page }) => {
  await open(page);
  await select(page, "jumpbox");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("jumpbox");
  await page.keyboard.press("Delete");
  await expect(node(page, "jumpbox")).toHaveCount(0);
});

test("fix", async ({ page }) => {
  await open(page);
  await page.keyboard.press("F6");
  await go(page, page.locator("[role=tab][id^=side-tab-][aria-selected=true]"), "F6", 4);
  await go(page, page.locator("#side-tab-operations"), "ArrowRight", 5);
  const denied = page.locator(".verdict-row[data-outcome=denied]");
  const before = await denied.count();
  const summary = denied.locator("summary.verdict-row-summary");
  const fix = page.locator("button.fix").first();
  for (let n = 0; n < before && (await fix.count()) === 0; n++) {
    await go(page, summary.nth(n));
    await page.keyboard.press("Enter");
    await page.waitForTimeout(300);
  }
  await go(page, fix);
  await page.keyboard.press("Enter");
  await expect(async () => expect(await denied.count()).toBeLessThan(before)).toPass();
  await screenshot(page, "keyboard-fixed");
});
