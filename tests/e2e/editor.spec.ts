// What one does to a drawing: copy, arrange, fold, find, from the keyboard and with the pointer.
import { canvasNode as node, expect, openVnetWorkspace, screenshot, test } from "./page";
import type { Page } from "@playwright/test";

async function menu(page: Page, action: string) {
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await page.getByRole("menuitem", { name: new RegExp(`^${action}`) }).click();
}

const count = (page: Page) => page.locator(".node").count();

test("a box is copied, cut and pasted by keyboard, and each is one undo", async ({ page }) => {
  await openVnetWorkspace(page);
  const before = await count(page);
  await node(page, "jumpbox").click();
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+v");
  await expect(page.locator(".node")).toHaveCount(before + 1);
  await expect(page.locator(".node[aria-selected=true]")).toHaveCount(1);
  await page.keyboard.press("Control+z");
  await expect(page.locator(".node")).toHaveCount(before);

  await node(page, "jumpbox").click();
  await page.keyboard.press("Control+x");
  await expect(node(page, "jumpbox")).toHaveCount(0);
  await page.keyboard.press("Control+v");
  await expect(node(page, "jumpbox")).toHaveCount(1);
});

test("a copied box arrives in another tab", async ({ page, context }) => {
  await openVnetWorkspace(page);
  // The other tab opens what is saved in this browser, and a design of the gallery is so once it was changed.
  await page.getByLabel("Name of the design").first().fill("in both tabs");
  await page.getByLabel("Name of the design").first().press("Enter");
  await expect(page.locator(".save-state")).toHaveAttribute("data-saved", "yes");
  await node(page, "amlvnetstorage").click();
  await page.keyboard.press("Control+c");
  const other = await context.newPage();
  await other.goto("./");
  await expect(node(other, "amlvnetworkspace")).toBeVisible();
  const before = await count(other);
  await node(other, "amlvnetkeyvault").click();
  await other.keyboard.press("Control+v");
  await expect(other.locator(".node")).toHaveCount(before + 1);
});

test("text that holds no resources is refused in words", async ({ page }) => {
  await openVnetWorkspace(page);
  await page.getByRole("tab", { name: "Settings" }).click();
  await page.getByLabel("Name of the design").fill("<b>no design</b>");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+c");
  await node(page, "jumpbox").click();
  await page.keyboard.press("Control+v");
  await expect(page.locator(".toast")).toContainText("the clipboard holds no resources");
});

test("selected boxes are aligned, and one undo takes it back", async ({ page }) => {
  await openVnetWorkspace(page);
  const place = async (name: string) => (await node(page, name).boundingBox())!;
  const before = await place("deployer");
  await node(page, "deployer").click();
  await node(page, "laptop").click({ modifiers: ["Shift"] });
  await menu(page, "Align left");
  const aligned = await place("laptop");
  expect(aligned.x).not.toBeCloseTo(before.x, 0);
  expect((await place("deployer")).x).toBeCloseTo(aligned.x, 0);
  await page.keyboard.press("Control+z");
  expect((await place("deployer")).x).toBeCloseTo(before.x, 0);
});

test("a network folds into one box and opens again; what is inside can still be found", async ({ page }) => {
  await openVnetWorkspace(page);
  await node(page, "amlvnet").locator(".container-node-title").click();
  await page.keyboard.press("Control+.");
  await expect(node(page, "jumpbox")).toHaveCount(0);
  await screenshot(page, "folded");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("jumpbox");
  await screenshot(page, "find");
  await page.keyboard.press("Enter");
  await expect(node(page, "jumpbox")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("jumpbox");
});

test("settings that several kinds share are changed together, in one step", async ({ page }) => {
  await openVnetWorkspace(page);
  const [storage, vault] = [node(page, "amlvnetstorage"), node(page, "amlvnetkeyvault")];
  const region = page.getByLabel("Region", { exact: true });
  await storage.click();
  await page.getByRole("tab", { name: "Settings" }).click();
  const before = await region.inputValue();
  await vault.click({ modifiers: ["Shift"] });
  await expect(page.getByRole("heading", { name: "2 resources selected" })).toBeVisible();
  await screenshot(page, "several");
  await region.fill("brazilsouth");
  await region.press("Enter");
  for (const one of [storage, vault]) {
    await one.click();
    await expect(region).toHaveValue("brazilsouth");
  }
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+z");
  for (const one of [storage, vault]) {
    await one.click();
    await expect(region).toHaveValue(before);
  }
  // What differs is told, and not taken for a value.
  await region.fill("japanwest");
  await region.press("Enter");
  await storage.click({ modifiers: ["Shift"] });
  await expect(page.getByText(/^Different values: .*japanwest \(1\)/)).toBeVisible();
  await expect(region).toHaveValue("");
});

test("the menu of a box opens with the right button and by keyboard", async ({ page }) => {
  await openVnetWorkspace(page);
  const before = await count(page);
  await node(page, "jumpbox").click({ button: "right" });
  const menu = page.getByRole("menu", { name: "Selected resources" });
  await expect(menu.getByRole("menuitem").first()).toBeFocused();
  await expect(node(page, "jumpbox")).toHaveAttribute("aria-selected", "true");
  await screenshot(page, "context-menu");
  await page.keyboard.press("Escape");
  await expect(menu).toHaveCount(0);
  await node(page, "jumpbox").click({ button: "right" });
  await menu.getByRole("menuitem", { name: "Duplicate" }).click();
  await expect(page.locator(".node")).toHaveCount(before + 1);
});

test("the outline lists every resource and selects on the canvas", async ({ page }) => {
  await openVnetWorkspace(page);
  await page.getByRole("tab", { name: "Outline" }).click();
  await page.getByRole("button", { name: "amlvnetstorage", exact: true }).click();
  await expect(node(page, "amlvnetstorage")).toHaveAttribute("aria-selected", "true");
  await screenshot(page, "outline");
});

test("the overview map shows while something is out of view, and goes there", async ({ page }) => {
  await openVnetWorkspace(page);
  const map = page.getByRole("img", { name: "Overview map" });
  await expect(map).toHaveCount(0);
  for (let i = 0; i < 5; i++) await page.keyboard.press("Control+=");
  await expect(map).toBeVisible();
  await screenshot(page, "minimap");
  const frame = (await map.boundingBox())!;
  const before = await node(page, "jumpbox").boundingBox();
  await page.mouse.click(frame.x + 10, frame.y + frame.height / 2);
  expect(await node(page, "jumpbox").boundingBox()).not.toEqual(before);
});

test("tidying up places everything anew, and one undo takes it back", async ({ page }) => {
  await openVnetWorkspace(page);
  await menu(page, "Tidy up");
  await screenshot(page, "tidy");
  const boxes = await page.locator(".node-box").evaluateAll((all) => all.map((it) => it.getBoundingClientRect().toJSON()));
  for (const a of boxes)
    for (const b of boxes)
      if (a !== b) expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top).toBe(true);
});

test("an endpoint is connected to its target by keyboard", async ({ page }) => {
  await openVnetWorkspace(page);
  const lines = await page.locator(".edge").count();
  await node(page, "amlvsubnet").focus();
  await page.keyboard.press("/");
  await page.keyboard.type("Private endpoint");
  await page.keyboard.press("Enter");
  const made = page.locator(".node[data-kind=private-endpoint][aria-selected=true]");
  await expect(made).toHaveCount(1);
  await made.focus();
  await page.keyboard.press("c");
  const here = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
  for (const key of [...Array(30).fill("Tab"), ...Array(60).fill("Shift+Tab")]) {
    if ((await here()).startsWith("amlvnetstorage, ")) break;
    await page.keyboard.press(key);
  }
  await page.keyboard.press("Enter");
  await expect(page.locator(".edge")).toHaveCount(lines + 1);
});

test("a fix is one click and one undo takes it back", async ({ page }) => {
  await openVnetWorkspace(page);
  await page.getByRole("tab", { name: /Operations/ }).click();
  const denied = page.locator(".verdict-row[data-outcome=denied]");
  const before = await denied.count();
  const fix = page.locator("button.fix").first();
  for (let i = 0; i < before && (await fix.count()) === 0; i++) {
    await denied.nth(i).locator("summary").first().click();
  }
  await expect(fix).toBeVisible();
  await screenshot(page, "fixes");
  await fix.click();
  await expect(async () => expect(await denied.count()).toBeLessThan(before)).toPass();
  await page.getByRole("button", { name: /^Undo/ }).first().click();
  await expect(denied).toHaveCount(before);
});

test("a locked box is neither moved nor deleted until it is unlocked, and stays so in the file", async ({ page }) => {
  await openVnetWorkspace(page);
  const box = node(page, "jumpbox");
  await box.click();
  const place = await box.getAttribute("transform");
  await page.keyboard.press("Control+Shift+L");
  await expect(box.locator(".lock-mark")).toBeVisible();
  await expect(box).toHaveAttribute("aria-label", /, locked/);
  const told = page.locator(".toast").filter({ hasText: "jumpbox is locked in the drawing; unlock it first" });
  await box.focus();
  await page.keyboard.press("Delete");
  await expect(told).toBeVisible();
  await expect(box).toHaveCount(1);
  await page.keyboard.press("Shift+ArrowRight");
  await expect(box).toHaveAttribute("transform", place!);
  await expect(page.locator(".save-state")).toHaveAttribute("data-saved", "yes");
  await page.reload();
  await expect(box.locator(".lock-mark")).toBeVisible();
  await box.click();
  await menu(page, "Lock or unlock");
  await expect(box.locator(".lock-mark")).toHaveCount(0);
  await box.focus();
  await page.keyboard.press("Shift+ArrowRight");
  await expect(box).not.toHaveAttribute("transform", place!);
  await page.keyboard.press("Delete");
  await expect(box).toHaveCount(0);
});

test("what is locked is tidied up around, and told", async ({ page }) => {
  await openVnetWorkspace(page);
  const at = (name: string) => page.locator(`.node[aria-label^='${name}, ']`).getAttribute("transform");
  await node(page, "laptop").click();
  for (let n = 0; n < 6; n++) await page.keyboard.press("Shift+ArrowDown");
  const place = await at("laptop");
  await page.keyboard.press("Control+Shift+L");
  await node(page, "deployer").click();
  await page.keyboard.press("Shift+ArrowDown");
  const moved = await at("deployer");
  await menu(page, "Tidy up");
  await expect(page.locator(".toast")).toContainText("Tidied up around what is locked: laptop");
  expect(await at("laptop")).toBe(place);
  await expect.poll(() => at("deployer")).not.toBe(moved);
});

test("two fingers zoom the drawing around the point between them", async ({ browser }) => {
  const context = await browser.newContext({ hasTouch: true });
  const page = await context.newPage();
  await openVnetWorkspace(page);
  const box = node(page, "jumpbox");
  const before = (await box.boundingBox())!;
  const place = await box.getAttribute("transform");
  const middle = { x: before.x + before.width / 2, y: before.y + before.height / 2 };
  const client = await context.newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", apart: number) =>
    client.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: type === "touchEnd" ? [] : [-1, 1].map((side, id) => ({ x: middle.x + (side * apart) / 2, y: middle.y, id })),
    });
  await touch("touchStart", 80);
  for (const apart of [90, 110, 140, 160]) await touch("touchMove", apart);
  await touch("touchEnd", 0);
  await expect(async () => {
    const after = (await box.boundingBox())!;
    expect(after.width / before.width).toBeCloseTo(2, 1);
    expect(after.x + after.width / 2).toBeCloseTo(middle.x, -1);
  }).toPass();
  // The box under the fingers was not moved.
  await expect(box).toHaveAttribute("transform", place!);
  await context.close();
});

test("high contrast is chosen by hand, and stays chosen", async ({ page }) => {
  await openVnetWorkspace(page);
  const text = () => page.evaluate(() => getComputedStyle(document.body).color);
  const before = await text();
  for (const it of ["as the system says", "light", "dark"]) {
    await page.getByRole("button", { name: `Theme: ${it}` }).click();
  }
  await expect(page.getByRole("button", { name: "Theme: high contrast" })).toBeVisible();
  expect(await text()).toBe("rgb(0, 0, 0)");
  expect(before).not.toBe("rgb(0, 0, 0)");
  await screenshot(page, "high-contrast");
  await page.reload();
  await expect(page.getByRole("button", { name: "Theme: high contrast" })).toBeVisible();
  expect(await text()).toBe("rgb(0, 0, 0)");
  await page.getByRole("button", { name: "Theme: high contrast" }).click();
  expect(await text()).toBe(before);
});

test("more contrast is given where the system asks for it", async ({ page }) => {
  await page.emulateMedia({ contrast: "more" });
  await openVnetWorkspace(page);
  expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe("rgb(0, 0, 0)");
});

test("each setting leads to the page on which Azure explains it", async ({ page }) => {
  await openVnetWorkspace(page);
  await node(page, "amlvnetstorage").click();
  await page.getByRole("tab", { name: "Settings" }).click();
  const settings = page.locator(".inspector .field-source");
  expect(await settings.count()).toBeGreaterThan(5);
  const link = page.getByRole("link", { name: "Public network access in the Azure documentation" });
  await expect(link).toHaveAttribute("href", "https://learn.microsoft.com/en-us/azure/templates/microsoft.storage/storageaccounts#:~:text=publicNetworkAccess");
  await page.getByRole("button", { name: "日本語" }).click();
  await expect(settings.first()).toHaveAttribute("href", /^https:\/\/learn\.microsoft\.com\/ja-jp\/azure\/templates\//);
});

test("long lists of resources and of problems are shown a piece at a time", async ({ page }) => {
  // Storage accounts with names that Azure refuses: a problem each.
  const resources = Array.from({ length: 450 }, (_, n) => ({ id: n + 1, kind: "storage-account", name: `Not a name ${n}` }));
  await page.goto("./");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("Control+o");
  const file = JSON.stringify({ drawbridge: 1, name: "many", resources });
  await (await chooser).setFiles({ name: "many.json", mimeType: "application/json", buffer: Buffer.from(file) });
  await page.getByRole("tab", { name: "Outline" }).click();
  const rows = page.locator(".outline-row");
  await expect(rows).toHaveCount(200);
  await page.locator("#palette").getByRole("button", { name: "Show more (250)" }).click();
  await expect(rows).toHaveCount(400);
  await page.getByRole("tab", { name: /Problems/ }).click();
  const problems = page.locator(".problem[data-problem=error]");
  await expect(problems).toHaveCount(200);
  const more = page.locator(".problems").getByRole("button", { name: /^Show more/ }).first();
  await more.click();
  await expect(problems).toHaveCount(400);
});
