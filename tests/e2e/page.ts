// The `test` that every story starts from: a page on which nothing may go wrong unnoticed.
import { expect, test as base, type Locator, type Page } from "@playwright/test";

export { expect };

// Fails a test in which the page reported an error: a panic, a broken Content-Security-Policy rule, a missing file.
export const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      page.on("response", (response) => {
        if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

// Leaves a picture in target/screenshots.
export async function screenshot(page: Page, name: string) {
  await page.screenshot({ path: `target/screenshots/${name}.png` });
}

export async function openVnetWorkspace(page: Page) {
  await page.goto("./");
  await page.getByRole("button", { name: "Open VNet workspace", exact: true }).click();
  await expect(canvasNode(page, "amlvnetworkspace")).toBeVisible();
}

// A box of the canvas by the name that is drawn in it.
export function canvasNode(page: Page, name: string): Locator {
  return page.locator(".node, .container-node").filter({ has: page.locator(`text="${name}"`) }).last();
}
