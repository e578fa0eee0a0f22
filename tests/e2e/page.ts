// The `test` that every story starts from: a page on which nothing may go wrong unnoticed.
import { expect, test as base, type BrowserContext, type Locator, type Page } from "@playwright/test";

export { expect };

// Collects what must not happen in any page of a browser: an error (a panic, a missing file), a broken rule of the
// Content-Security-Policy, a request to any other machine.
export async function watch(context: BrowserContext, complaints: string[]) {
  context.on("weberror", (error) => complaints.push(String(error.error())));
  context.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  context.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  // Those of the service worker included.
  context.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (!["data:", "blob:", "about:"].includes(protocol) && hostname !== "127.0.0.1") {
      complaints.push(`foreign request: ${request.url()}`);
    }
  });
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
}

// Fails a test in which one of these happened.
export const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ context }, use) => {
      const complaints: string[] = [];
      await watch(context, complaints);
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
