// What helps to plan: two designs compared, addresses, a private endpoint with its zones, the link as a code, the tour.
import { canvasNode as node, expect, openVnetWorkspace, screenshot, test } from "./page";
import type { Page } from "@playwright/test";

async function run(page: Page, action: string) {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(action);
  await page.keyboard.press("Enter");
}

test("the design is compared with the repaired one; a row leads to its resource", async ({ page }) => {
  await openVnetWorkspace(page);
  await run(page, "Compare with");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Compare this design with").selectOption({ label: "VNet workspace, all private" });
  const part = (title: string) => dialog.locator(".compare-part").filter({ has: page.locator("summary", { hasText: title }) });
  await expect(part("Operations").locator("li").filter({ hasText: "Preview a dataset in Studio: from jumpbox" })).toContainText(/Fails.*Works/);
  await expect(part("Permissions")).toContainText("the admin user of amlvnetconreg is off");
  const registry = part("Changed").locator("li").filter({ hasText: "amlvnetrg/amlvnetconreg" });
  await expect(registry).toContainText("sku.name");
  await expect(registry.locator("del").first()).toHaveText("Standard");
  await expect(registry.locator("ins").first()).toHaveText("Premium");
  await screenshot(page, "compare");
  await registry.getByRole("button").click();
  await expect(dialog).toHaveCount(0);
  await expect(node(page, "amlvnetconreg")).toHaveAttribute("aria-selected", "true");
});

test("a design that was changed is compared with its saved version", async ({ page }) => {
  await openVnetWorkspace(page);
  // A design of the gallery is saved from its first change on.
  await page.getByLabel("Name of the design").first().fill("ours");
  await page.getByLabel("Name of the design").first().press("Enter");
  await expect(page.locator(".save-state")).toHaveAttribute("data-saved", "yes");
  await node(page, "jumpbox").click();
  await page.keyboard.press("Delete");
  await expect(page.locator(".save-state")).toHaveAttribute("data-saved", "yes");
  await run(page, "Compare with");
  const dialog = page.getByRole("dialog");
  const versions = dialog.locator("optgroup").filter({ has: page.locator("option[value^='version:']") }).locator("option");
  await expect(versions).not.toHaveCount(0);
  await dialog.getByLabel("Compare this design with").selectOption({ value: `version:${(await versions.count()) - 1}` } as never);
  await expect(dialog.locator(".compare-part").filter({ hasText: "Removed" })).toContainText("jumpbox");
});

test("a subnet gets the next free prefix, is warned of, and is cut in two", async ({ page }) => {
  await openVnetWorkspace(page);
  await node(page, "amlvsubnet").locator(".container-node-title").click();
  const subnets = page.locator("[data-kind=subnet][aria-selected]");
  const before = await subnets.count();
  await run(page, "Plan addresses");
  const dialog = page.getByRole("dialog");
  const prefix = dialog.getByLabel("Address prefix");
  const first = await prefix.inputValue();
  expect(first).toMatch(/\/24$/);
  await dialog.getByLabel("Name").fill("AzureBastionSubnet");
  await expect(prefix).toHaveValue(/\/26$/);
  await dialog.getByLabel("Name").fill("jobs");
  const taken = await dialog.locator("tbody th code").first().innerText();
  await prefix.fill(taken);
  await expect(dialog.locator(".note[data-problem=warning]")).toContainText("overlap");
  await screenshot(page, "addresses");
  await prefix.fill(first);
  await expect(dialog.locator(".note[data-problem=warning]")).toHaveCount(0);
  await prefix.press("Enter");
  await expect(dialog.locator("tbody tr").filter({ hasText: "jobs" })).toContainText(first);
  await dialog.getByRole("button", { name: "Split jobs in two" }).click();
  await expect(dialog.locator("tbody tr").filter({ hasText: "jobs" })).toHaveCount(2);
  await page.keyboard.press("Escape");
  await expect(subnets).toHaveCount(before + 2);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await expect(subnets).toHaveCount(before);
});

test("an endpoint comes with its zone, link and record, and one undo takes all back", async ({ page }) => {
  await openVnetWorkspace(page);
  const zones = page.locator(".node[data-kind=private-dns-zone]");
  const endpoints = page.locator(".node[data-kind=private-endpoint]");
  const before = [await zones.count(), await endpoints.count()];
  await node(page, "amlvnetstorage").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Add a private endpoint…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Target sub-resource").selectOption("file");
  await screenshot(page, "endpoint");
  await dialog.locator("button.fix").click();
  await expect(dialog).toHaveCount(0);
  await expect(endpoints).toHaveCount(before[1] + 1);
  await expect(zones).toHaveCount(before[0] + 1);
  await expect(page.locator(".node[aria-label^='privatelink.file.core.windows.net, ']")).toHaveCount(1);
  await page.keyboard.press("Control+z");
  await expect(zones).toHaveCount(before[0]);
  await expect(endpoints).toHaveCount(before[1]);
});

test("the link is shown as a code, and its short form opens too", async ({ page, context }) => {
  await openVnetWorkspace(page);
  await run(page, "Share link");
  const link = page.getByLabel("Link to this design");
  const long = await link.inputValue();
  await page.getByRole("button", { name: /^Short/ }).click();
  await expect.poll(async () => (await link.inputValue()).length).toBeLessThan(long.length);
  await page.getByRole("button", { name: "QR code" }).click();
  const code = page.getByRole("img", { name: "QR code of the link" });
  await expect(code).toBeVisible();
  await code.scrollIntoViewIfNeeded();
  await screenshot(page, "qr-code");
  const other = await context.newPage();
  await other.goto(await link.inputValue());
  await expect(node(other, "amlvnetworkspace")).toBeVisible();
});

test("the tour leads over the page by keyboard and can be left", async ({ page }) => {
  await page.goto("./");
  await page.getByRole("button", { name: /^Take the tour/ }).click();
  const card = page.getByRole("dialog");
  const count = Number((await card.locator(".tour-count").innerText()).split(" of ")[1]);
  expect(count).toBeGreaterThan(5);
  for (let n = 1; n <= count; n++) {
    await expect(card).toContainText(`${n} of ${count}`);
    await expect(card.locator("#tour-next")).toBeFocused();
    await screenshot(page, `tour-${n}`);
    const box = (await card.boundingBox())!;
    expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= 1440 && box.y + box.height <= 900).toBe(true);
    await page.keyboard.press("Enter");
  }
  await expect(card).toHaveCount(0);
  await run(page, "Guided tour");
  await expect(card).toContainText(`1 of ${count}`);
  await page.keyboard.press("ArrowRight");
  await expect(card).toContainText(`2 of ${count}`);
  await page.keyboard.press("Escape");
  await expect(card).toHaveCount(0);
});
