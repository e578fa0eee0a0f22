// Timings of the shipped app; `cargo xtask bench` prints them. Each is the median of several.
import { test } from "./page";
import type { Page } from "@playwright/test";

const TIMES = 9;

// The empty design has containers only; those are clicked at their heads.
const BOX = ".node, .container-node";

function median(times: number[]): string {
  times.sort((a, b) => a - b);
  const shown = (it: number) => `${it.toFixed(1)} ms`;
  return `median ${shown(times[times.length >> 1])}, ${shown(times[0])} to ${shown(times[times.length - 1])}`;
}

test("from navigation to the first heading", async ({ page }) => {
  const times: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    await page.goto("./");
    await page.getByRole("heading").first().waitFor();
    times.push(await page.evaluate(() => performance.now()));
  }
  console.log(`navigation to first heading: ${median(times)}`);
});

// The link in the clipboard's stead: what the share dialog shows.
async function link(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const link = await page.getByLabel("Link to this design").inputValue();
  await page.keyboard.press("Escape");
  return link;
}

test("gallery designs: length of the link, from navigation to the drawing, one report", async ({ page, browser, baseURL }) => {
  test.setTimeout(600_000);
  await page.goto("./");
  await page.locator(".gallery-card").first().waitFor();
  const names = await page.locator(".gallery-card").getByRole("button").evaluateAll((all) => all.map((it) => it.getAttribute("aria-label")!));
  for (const name of names) {
    // Somebody else each time: what is changed below is saved, and would be opened again.
    const page = await browser.newPage({ baseURL });
    await page.goto("./");
    await page.getByRole("button", { name, exact: true }).click();
    await page.locator(BOX).first().waitFor();
    const shared = await link(page);
    console.log(`${name.replace("Open ", "")}: link of ${shared.length - shared.indexOf("#")} characters after the address of the page`);

    const drawn: number[] = [];
    for (let i = 0; i < TIMES; i++) {
      const visitor = await browser.newPage({ baseURL });
      await visitor.goto(shared);
      await visitor.locator(BOX).first().waitFor();
      drawn.push(await visitor.evaluate(() => performance.now()));
      await visitor.close();
    }
    console.log(`  navigation to the drawing: ${median(drawn)}`);

    await page.locator(BOX).first().click({ position: { x: 24, y: 12 } });
    await page.getByRole("tab", { name: "Settings" }).click();
    await page.evaluate(() => performance.clearMeasures());
    for (let i = 0; i < TIMES; i++) {
      await page.getByLabel("Name", { exact: true }).fill(`renamed-${i}`);
      await page.keyboard.press("Tab");
    }
    const reports = await page.evaluate(() => performance.getEntriesByName("report", "measure").map((it) => it.duration));
    console.log(`  one report: ${median(reports)} (${reports.length} runs)`);
    await page.close();
  }
});
