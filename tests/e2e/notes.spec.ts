// Notes: words on the drawing, placed, typed, moved and found like boxes, and of no account to anything else.
import { canvasNode as node, expect, openVnetWorkspace, screenshot, test } from "./page";
import type { Page } from "@playwright/test";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const notes = (page: Page) => page.locator(".note");
const field = (page: Page) => page.getByRole("textbox", { name: "Text of the note" });
const saying = (page: Page, words: string) => page.locator(`.note[aria-label^='${words}, Note, ']`);

async function write(page: Page, words: string) {
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(words);
  await page.keyboard.press("Escape");
  await expect(field(page)).toHaveCount(0);
}

// A note beside the jump box, by keyboard.
async function noted(page: Page, words: string) {
  await openVnetWorkspace(page);
  await node(page, "jumpbox").click();
  await page.keyboard.press("t");
  await write(page, words);
  await expect(saying(page, words)).toBeFocused();
}

test("T adds a note, and what is typed stands on it; undo takes it back", async ({ page }) => {
  await noted(page, "ask Contoso");
  await expect(notes(page).locator(".note-text")).toHaveText("ask Contoso");
  // Enter, F2 and a double click go back to the words.
  await page.keyboard.press("Enter");
  await expect(field(page)).toHaveValue("ask Contoso");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("before it is deployed");
  await page.keyboard.press("Control+Enter");
  await expect(notes(page).locator("tspan")).toHaveText(["ask Contoso", "before it is deployed"]);
  await page.keyboard.press("F2");
  await expect(field(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await screenshot(page, "note");
  await page.keyboard.press("Control+z");
  await expect(notes(page).locator(".note-text")).toHaveText("ask Contoso");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await expect(notes(page)).toHaveCount(0);
  await page.keyboard.press("Control+Shift+z");
  await expect(notes(page)).toHaveCount(1);
  await notes(page).dblclick();
  await field(page).fill("");
  // A note without words is none.
  await page.keyboard.press("Escape");
  await expect(notes(page)).toHaveCount(0);
});

test("a note is placed by the palette, the toolbar, the search, and the menu where it was opened", async ({ page }) => {
  await openVnetWorkspace(page);
  const add = async (press: () => Promise<void>, words: string) => {
    await press();
    await write(page, words);
    await expect(saying(page, words)).toBeVisible();
    await page.keyboard.press("Escape");
  };
  await add(() => page.getByRole("button", { name: "Add note (T)" }).click(), "of the toolbar");
  await add(() => page.locator(".palette-item[data-kind=note]").click(), "of the palette");
  await add(async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("add note");
    await page.keyboard.press("Enter");
  }, "of the search");
  const at = { x: 420, y: 80 };
  await add(async () => {
    await page.locator(".canvas-svg").click({ button: "right", position: at });
    await page.getByRole("menuitem", { name: "Add note here" }).click();
  }, "of the menu");
  const [box, canvas] = [await saying(page, "of the menu").boundingBox(), await page.locator(".canvas-svg").boundingBox()];
  expect(Math.abs(box!.x + box!.width / 2 - canvas!.x - at.x)).toBeLessThan(120);
  expect(Math.abs(box!.y + box!.height / 2 - canvas!.y - at.y)).toBeLessThan(120);
  const from = (await page.locator(".palette-item[data-kind=note]").boundingBox())!;
  await page.mouse.move(from.x + 20, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(canvas!.x + 500, canvas!.y + 60, { steps: 4 });
  await page.mouse.up();
  await write(page, "dragged");
  await expect(saying(page, "dragged")).toBeVisible();
  await expect(notes(page)).toHaveCount(5);
});

test("a note is moved, copied, locked, deleted, listed and found like a box", async ({ page }) => {
  await noted(page, "ask Contoso");
  const place = () => saying(page, "ask Contoso").first().getAttribute("transform");
  const before = await place();
  await page.keyboard.press("Shift+ArrowRight");
  await expect.poll(place).not.toBe(before);
  await page.keyboard.press("Control+d");
  await expect(saying(page, "ask Contoso")).toHaveCount(2);
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+v");
  await expect(saying(page, "ask Contoso")).toHaveCount(3);
  await page.keyboard.press("Control+Shift+l");
  await page.keyboard.press("Delete");
  await expect(page.locator(".toast")).toContainText("is locked in the drawing");
  await page.keyboard.press("Control+Shift+l");
  await page.keyboard.press("Delete");
  await expect(saying(page, "ask Contoso")).toHaveCount(2);
  await page.getByRole("tab", { name: "Outline" }).click();
  await page.locator("#outline-search").fill("contoso");
  await expect(page.locator(".outline-row")).toHaveCount(2);
  await page.locator(".outline-item").first().click();
  await expect(page.locator(".note[aria-selected=true]")).toHaveCount(1);
  // Its words are a setting too.
  await page.getByLabel("Text", { exact: true }).fill("Contoso agreed");
  await page.getByLabel("Text", { exact: true }).blur();
  await expect(saying(page, "Contoso agreed")).toHaveCount(1);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("agreed");
  await page.keyboard.press("Enter");
  await expect(saying(page, "Contoso agreed")).toBeFocused();
});

test("a note is wider by its corner, and higher with more words", async ({ page }) => {
  await noted(page, "ask Contoso");
  const size = async () => (await notes(page).locator(".note-box").boundingBox())!;
  const before = await size();
  const corner = (await page.locator(".resize-handle[data-corner=e]").boundingBox())!;
  await page.mouse.move(corner.x + 4, corner.y + 4);
  await page.mouse.down();
  await page.mouse.move(corner.x + 104, corner.y + 4, { steps: 4 });
  await page.mouse.up();
  const wider = await size();
  expect(wider.width).toBeGreaterThan(before.width + 40);
  await notes(page).focus();
  await page.keyboard.press("Enter");
  await field(page).fill("ask Contoso\n".repeat(12));
  await page.keyboard.press("Escape");
  await expect.poll(async () => (await size()).height).toBeGreaterThan(wider.height + 60);
});

test("hostile and endless words stay words, and nothing that was typed is lost", async ({ page }) => {
  const hostile = `</text><img src=x onerror=alert(1)><script>alert(2)</script>`;
  await openVnetWorkspace(page);
  await page.keyboard.press("t");
  await expect(field(page)).toBeFocused();
  await page.keyboard.insertText(hostile);
  await page.keyboard.press("Escape");
  await expect(notes(page)).toHaveAttribute("aria-label", new RegExp("^</text><img"));
  expect(await notes(page).locator("img, script").count()).toBe(0);
  await page.keyboard.press("Enter");
  await field(page).fill("x".repeat(1001));
  await expect(page.locator(".note-editor-count")).toHaveText("1001 of 1000 characters");
  await page.keyboard.press("Escape");
  await expect(page.locator(".toast")).toContainText("a note has at most 1000 characters, and this one has 1001");
  await expect(field(page)).toHaveValue("x".repeat(1001));
  await field(page).fill("short");
  await page.keyboard.press("Escape");
  await expect(saying(page, "short")).toBeFocused();
});

test("a note changes no verdict, and is in the link and in a comparison", async ({ page }) => {
  await openVnetWorkspace(page);
  const counts = async () => (await page.locator(".status-bar-item").allInnerTexts()).join();
  const [verdicts, status] = [await counts(), await page.locator(".status-bar-message").innerText()];
  await page.evaluate(() => performance.clearMeasures("report"));
  await page.keyboard.press("t");
  await write(page, "ask Contoso");
  await expect(saying(page, "ask Contoso")).toBeVisible();
  expect(await counts()).toBe(verdicts);
  expect(await page.locator(".status-bar-message").innerText()).toBe(status);
  // Nobody was asked either.
  expect(await page.evaluate(() => performance.getEntriesByName("report", "measure").length)).toBe(0);
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await page.getByRole("menuitem", { name: "Compare with" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Compare this design with").selectOption({ label: "VNet workspace" });
  await expect(dialog.locator(".compare-part").filter({ hasText: /Added|Removed/ })).toContainText("Note: ");
  await expect(dialog).toContainText("ask Contoso");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const link = await page.getByRole("dialog").locator("input, textarea").first().inputValue();
  await page.goto("about:blank");
  await page.goto(link);
  await expect(saying(page, "ask Contoso")).toBeVisible();
});

for (const [colorScheme, words] of [["light", "確認済み: Contoso のサブスクリプション所有者が承認するまで、公開アクセスを有効にしないこと。\n\n担当: ネットワーク チーム"], ["dark", "Agreed with Contoso: public access stays off until the owner of the subscription says so.\n\nAsk the network team."]]) {
  test.describe(() => {
    test.use({ colorScheme: colorScheme as "light" | "dark" });
    test(`in ${colorScheme} colors`, async ({ page }) => {
      await openVnetWorkspace(page);
      if (colorScheme === "light") await page.getByRole("button", { name: "日本語" }).click();
      await node(page, "jumpbox").click();
      await page.keyboard.press("t");
      const area = page.locator(".note-editor textarea");
      await expect(area).toBeFocused();
      await area.fill(words);
      await screenshot(page, `note-typed-${colorScheme}`);
      await page.keyboard.press("Escape");
      await expect(notes(page)).toHaveCount(1);
      await screenshot(page, `note-${colorScheme}`);
    });
  });
}
