import { expect, screenshot, test } from "./page";

test("the app starts from a plain web host, under a sub-path", async ({ page }) => {
  const hosts = new Set<string>();
  page.on("request", (request) => hosts.add(new URL(request.url()).host));
  await page.goto("./");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect([...hosts]).toEqual([new URL(page.url()).host]);
  await screenshot(page, "start");
});
