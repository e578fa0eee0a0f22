// Timings of the shipped app; `cargo xtask bench` prints them. Each is the median of several loads.
import { test } from "@playwright/test";

const LOADS = 9;

test("from navigation to the first heading", async ({ page }) => {
  const times: number[] = [];
  for (let i = 0; i < LOADS; i++) {
    await page.goto("./");
    await page.getByRole("heading").first().waitFor();
    times.push(await page.evaluate(() => performance.now()));
  }
  times.sort((a, b) => a - b);
  const shown = (it: number) => `${it.toFixed(1)} ms`;
  console.log(`navigation to first heading: median ${shown(times[LOADS >> 1])}, ${shown(times[0])} to ${shown(times[LOADS - 1])}`);
});
