// axe-core finds nothing in any named state, light and dark.
import { canvasNode as node, expect, openVnetWorkspace, test } from "./page";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

const menu = async (page: Page, item: string) => {
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
};

// Each leads to a state from the VNet workspace of the gallery, but for those that begin elsewhere.
const STATES: Record<string, (page: Page) => Promise<void>> = {
  "first page": async (page) => {
    await page.goto("./");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  },
  "first page with saved designs": async (page) => {
    await openVnetWorkspace(page);
    await page.getByLabel("Name of the design").first().fill("saved");
    await page.getByLabel("Name of the design").first().press("Enter");
    await expect(page.locator(".save-state")).toHaveAttribute("data-saved", "yes");
    await page.getByRole("button", { name: "Drawbridge: gallery" }).click();
    await expect(page.getByRole("region", { name: "Saved in this browser" })).toBeVisible();
  },
  "design of the gallery": openVnetWorkspace,
  "operation chosen": async (page) => {
    await openVnetWorkspace(page);
    await page.getByRole("tab", { name: /Operations/ }).click();
    await page.locator(".verdict-row[data-outcome=denied] summary").first().click();
    await expect(page.locator(".path-card")).toBeVisible();
  },
  "settings of a resource": async (page) => {
    await openVnetWorkspace(page);
    await node(page, "amlvnetstorage").click();
    await page.getByRole("tab", { name: "Settings" }).click();
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("amlvnetstorage");
  },
  "settings of a design": async (page) => {
    await openVnetWorkspace(page);
    await page.getByRole("tab", { name: "Settings" }).click();
  },
  problems: async (page) => {
    await openVnetWorkspace(page);
    await page.getByRole("tab", { name: /Problems/ }).click();
  },
  access: async (page) => {
    await openVnetWorkspace(page);
    await node(page, "data-scientist").click();
    await page.getByRole("tab", { name: "Access" }).click();
    await expect(page.getByRole("table", { name: "Who can do what" })).toBeVisible();
  },
  reach: async (page) => {
    await openVnetWorkspace(page);
    await node(page, "amlvnetstorage").click();
    await page.getByRole("tab", { name: "Reach" }).click();
    await expect(page.getByRole("table", { name: "Reached by" })).toBeVisible();
  },
  outline: async (page) => {
    await openVnetWorkspace(page);
    await page.getByRole("tab", { name: "Outline" }).click();
  },
  export: async (page) => {
    await openVnetWorkspace(page);
    await page.getByRole("button", { name: "Export", exact: true }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
  },
  share: async (page) => {
    await openVnetWorkspace(page);
    await page.getByRole("button", { name: "Share", exact: true }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
  },
  "find or do": async (page) => {
    await openVnetWorkspace(page);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("storage");
    await expect(page.getByRole("dialog")).toBeVisible();
  },
  "keyboard shortcuts": async (page) => {
    await openVnetWorkspace(page);
    await page.getByRole("button", { name: /^Keyboard shortcuts/ }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
  },
  menu: async (page) => {
    await openVnetWorkspace(page);
    await page.getByRole("button", { name: "Menu", exact: true }).click();
  },
  "menu of a box": async (page) => {
    await openVnetWorkspace(page);
    await node(page, "jumpbox").click({ button: "right" });
    await expect(page.getByRole("menu", { name: "Selected resources" })).toBeVisible();
  },
  "note being typed": async (page) => {
    await openVnetWorkspace(page);
    await page.keyboard.press("t");
    await page.getByRole("textbox", { name: "Text of the note" }).fill("x".repeat(950));
    await expect(page.locator(".note-editor-count")).toHaveText("950 of 1000 characters");
  },
  "settings of a note": async (page) => {
    await openVnetWorkspace(page);
    await page.keyboard.press("t");
    await page.keyboard.press("Escape");
    await expect(page.getByLabel("Text", { exact: true })).toHaveValue("Note 1");
  },
  "several selected": async (page) => {
    await openVnetWorkspace(page);
    await node(page, "jumpbox").click();
    await node(page, "laptop").click({ modifiers: ["Shift"] });
  },
  "just done, with undo": async (page) => {
    await openVnetWorkspace(page);
    await menu(page, "Tidy up");
    await expect(page.locator(".toast")).toBeVisible();
  },
  "empty design": async (page) => {
    await page.goto("./");
    await page.getByRole("button", { name: "New design" }).click();
  },
  "refused link": async (page) => {
    await page.goto("./#d2.8.AAAA");
    await expect(page.getByRole("alert")).toBeVisible();
  },
  recovery: async (page) => {
    await openVnetWorkspace(page);
    await page.getByLabel("Name of the design").first().fill("saved");
    await page.getByLabel("Name of the design").first().press("Enter");
    await expect(page.locator(".save-state")).toHaveAttribute("data-saved", "yes");
    await page.goto("./?#saved");
    await expect(page.locator(".recovery-row")).toBeVisible();
  },
  Japanese: async (page) => {
    await openVnetWorkspace(page);
    await page.getByRole("button", { name: "日本語" }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", "ja");
  },
};

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, reducedMotion: "reduce" });

    for (const [name, reach] of Object.entries(STATES)) {
      test(`${name}, ${colorScheme}: nothing for axe to find`, async ({ page }) => {
        await reach(page);
        const { violations } = await new AxeBuilder({ page })
          .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
          .analyze();
        const told = violations.flatMap((it) => it.nodes.map((at) => `${it.id}: ${at.target} ${at.failureSummary}`));
        expect(told).toEqual([]);
      });
    }
  });
}
