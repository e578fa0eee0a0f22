import { expect, screenshot, test } from "./page";

test("the app starts from a plain web host, under a sub-path", async ({ page }) => {
  const hosts = new Set<string>();
  page.on("request", (request) => hosts.add(new URL(request.url()).host));
  await page.goto("./");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect([...hosts]).toEqual([new URL(page.url()).host]);
  await screenshot(page, "start");
});

test("the page's policy forbids scripts that are not files of the app", async ({ page, complaints }) => {
  await page.goto("./");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "globalThis.ranInline = true";
    document.head.append(script);
    return "ranInline" in globalThis;
  });
  expect(ran).toBe(false);
  expect(complaints.splice(0).join()).toContain("Content Security Policy");
});
