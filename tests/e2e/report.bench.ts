// How long one full report takes in the shipped app, on generated designs: the first of a page, when nothing is compiled
// yet, and those that follow. A link opened again is a new design, so nothing of it was judged before. Then all exports.
import { expect, test } from "./page";
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";

test.use({ trace: "off" });

const SIZES = [100, 300, 1_000, 10_000];
const TIMES = 3;
// Chromium compiles again, and better, what runs often.
const WARM_UP = 20;

const fragment = (size: number) => {
  const link = readFileSync(`target/bench/${size}.link`, "utf8").trim();
  return link.slice(link.indexOf("#"));
};

const reports = (page: Page) => page.evaluate(() =>
  performance.getEntriesByName("report", "measure").map((it) => it.duration));

// Opens a link in a page that is there, and waits for its report.
async function reopen(page: Page, link: string): Promise<number> {
  await page.evaluate((link) => { performance.clearMeasures(); location.hash = link; }, link);
  await expect.poll(async () => (await reports(page)).length, { timeout: 120_000 }).toBe(1);
  return (await reports(page))[0];
}

function told(name: string, times: number[]) {
  const all = [...times].sort((a, b) => a - b);
  console.log(`  ${name}: median ${all[all.length >> 1].toFixed(1)} ms, ${all[0].toFixed(1)} to ${all[all.length - 1].toFixed(1)} ms (${all.length})`);
}

for (const size of SIZES) {
  test(`report of ${size} generated resources`, async ({ browser, baseURL }) => {
    test.setTimeout(600_000);
    console.log(`${size} resources`);
    const link = fragment(size);
    const other = fragment(size === 100 ? 300 : 100);
    const first: number[] = [];
    for (let n = 0; n < TIMES; n++) {
      const page = await browser.newPage({ baseURL });
      await page.goto(`./${link}`);
      await expect.poll(async () => (await reports(page)).length, { timeout: 120_000 }).toBe(1);
      first.push((await reports(page))[0]);
      if (n === TIMES - 1) {
        const later: number[] = [];
        for (let m = 0; m < WARM_UP + TIMES; m++) {
          await reopen(page, other);
          later.push(await reopen(page, link));
        }
        told("first of a page", first);
        told("later", later.slice(WARM_UP));
      }
      await page.close();
    }
  });
}

test("every export of 1,000 generated resources", async ({ page }) => {
  test.setTimeout(600_000);
  await page.goto(`./${fragment(1_000)}`);
  await expect.poll(async () => (await reports(page)).length, { timeout: 120_000 }).toBe(1);
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Export" });
  const times: number[] = [];
  for (let n = 0; n < WARM_UP / 4 + TIMES; n++) {
    await page.evaluate(() => performance.clearMeasures("export-everything"));
    await dialog.getByRole("button", { name: "Every format as zip" }).click();
    await expect.poll(() => page.evaluate(() => performance.getEntriesByName("export-everything", "measure").length)).toBe(1);
    times.push(await page.evaluate(() => performance.getEntriesByName("export-everything", "measure")[0].duration));
  }
  console.log(`all ${await dialog.getByRole("tab").count()} formats at once`);
  told("first", times.slice(0, 1));
  told("later", times.slice(-TIMES));
});
