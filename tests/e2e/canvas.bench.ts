// How the drawing keeps up: designs of an even shape and generated ones at 1600×900, opened by their link, moved by real
// wheel, pointer and keys. `cargo xtask bench` writes the links of the generated. The drawing is what the first frame with boxes shows; the verdicts may follow.
import { evenLink } from "./evenly";
import { expect, test } from "./page";
import { existsSync, readFileSync } from "node:fs";
import type { Browser, Page } from "@playwright/test";

test.use({ viewport: { width: 1600, height: 900 }, trace: "off" });

const SIZES = [1_000, 10_000];
const OPENINGS = 5;
const UNDOS = 9;
const EVENTS = 90;
const REST = 45_000;

interface Watched { drawn: number; frames: number[]; keys: number[]; shown: number[] }

// Runs in the page before all else: the first frame that shows boxes, and frames as they come.
function watchFrames() {
  const page = window as never as Watched;
  page.drawn = 0;
  page.frames = [];
  const frame = (now: number) => {
    page.frames.push(now);
    if (page.drawn === 0 && document.querySelector(".node, .container-node")) {
      // This frame is painted when the next one begins.
      requestAnimationFrame(() => { page.drawn ||= performance.now(); });
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

// Runs in the page once the app listens, for its listeners to come between these two: what a key costs with all that it
// woke, style and layout, and when the frame that shows it begins. No message is timed: Chromium keeps messages
// and timers back after a key until it has painted, idle or not.
function watchKeys() {
  const page = window as never as Watched;
  page.keys = [];
  page.shown = [];
  let began = 0;
  addEventListener("keydown", () => { began = performance.now(); }, true);
  addEventListener("keydown", () => {
    const from = began;
    document.body.getBoundingClientRect();
    page.keys.push(performance.now() - from);
    requestAnimationFrame(() => page.shown.push(performance.now() - from));
  });
}

const at = (sorted: number[], share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

function told(name: string, times: number[], note = "") {
  const all = [...times].sort((a, b) => a - b);
  console.log(`  ${name}: median ${at(all, 0.5).toFixed(1)} ms, p95 ${at(all, 0.95).toFixed(1)} ms, most ${all[all.length - 1].toFixed(1)} ms (${all.length})${note}`);
}

const marks = (page: Page) => page.evaluate(() => {
  const { drawn } = window as never as Watched;
  const report = performance.getEntriesByName("report", "measure").at(-1);
  return { drawn, judged: report ? report.startTime + report.duration : 0, report: report?.duration ?? 0 };
});

// Frame times while `act` goes on.
async function frames(page: Page, act: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => { (window as never as Watched).frames.length = 0; });
  await act();
  const all = await page.evaluate(() => (window as never as Watched).frames);
  return all.slice(1).map((it, n) => it - all[n]);
}

// What the tab's process holds for itself, in MiB; Linux alone tells.
async function memory(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const sizes = processInfo.filter((it) => it.type === "renderer").map((it) => {
    const file = `/proc/${it.id}/smaps_rollup`;
    const pss = existsSync(file) ? /^Pss:\s+(\d+) kB/m.exec(readFileSync(file, "utf8")) : null;
    return Number(pss?.[1] ?? 0) / 1024;
  });
  return Math.max(0, ...sizes);
}

const zoom = (page: Page) => page.locator(".zoom-control-value").innerText();

async function wheel(page: Page, dx: (n: number) => number, dy: (n: number) => number) {
  for (let n = 0; n < EVENTS; n++) await page.mouse.wheel(dx(n), dy(n));
}

async function panAndZoom(page: Page, where: string) {
  await page.mouse.move(700, 480);
  told(`pan, ${where}`, await frames(page, () => wheel(page, (n) => (n % 30 < 15 ? 40 : -40), (n) => (n % 60 < 30 ? 30 : -30))));
  await page.keyboard.down("Control");
  told(`zoom, ${where}`, await frames(page, () => wheel(page, () => 0, (n) => (n % 30 < 15 ? -24 : 24))));
  await page.keyboard.up("Control");
}

// Each with its link and a box in the middle of much.
const DESIGNS = SIZES.flatMap((size) => [
  { name: `${size} nodes, evenly`, link: () => evenLink(size), box: "ci-3-2-6" },
  { name: `${size} resources, generated`, link: () => readFileSync(`target/bench/${size}.link`, "utf8").trim(), box: "cpu-t003" },
]);

for (const { name, link, box: wanted } of DESIGNS) {
  test(name, async ({ page, browser, baseURL }) => {
    test.setTimeout(600_000);
    const whole = link();
    const address = `./${whole.slice(whole.indexOf("#"))}`;
    console.log(name);

    const drawn: number[] = [];
    const judged: number[] = [];
    for (let n = 0; n < OPENINGS; n++) {
      const visitor = await browser.newPage({ baseURL, viewport: { width: 1600, height: 900 } });
      await visitor.addInitScript(watchFrames);
      await visitor.goto(address);
      await expect.poll(async () => {
        const it = await marks(visitor);
        return it.drawn > 0 && it.judged > 0;
      }, { timeout: 120_000 }).toBe(true);
      const it = await marks(visitor);
      drawn.push(it.drawn);
      judged.push(it.judged);
      await visitor.close();
    }
    told("navigation to the drawing", drawn);
    told("navigation to the verdicts", judged);

    await page.addInitScript(watchFrames);
    await page.goto(address);
    await expect.poll(async () => (await marks(page)).judged, { timeout: 120_000 }).toBeGreaterThan(0);
    await page.waitForTimeout(1000);
    await page.evaluate(watchKeys);
    console.log(`  one report: ${(await marks(page)).report.toFixed(0)} ms; memory of the tab: ${(await memory(browser)).toFixed(0)} MiB; fitted at ${await zoom(page)}`);
    // The service worker that keeps the files lives in the same process and ends after 30 idle seconds.
    await page.waitForTimeout(REST);
    console.log(`  memory of the tab at rest: ${(await memory(browser)).toFixed(0)} MiB`);
    await panAndZoom(page, "all in view");

    // Near: the first cluster, found as a person finds it.
    await page.keyboard.press("Control+k");
    await page.keyboard.type(wanted);
    await page.keyboard.press("Enter");
    await page.locator(".zoom-control-value").click();
    const box = page.locator(`.node[aria-label^='${wanted},']`);
    await expect(box).toBeVisible();
    await panAndZoom(page, "near");

    await page.keyboard.press("Control+k");
    await page.keyboard.type(wanted);
    await page.keyboard.press("Enter");
    await page.locator(".zoom-control-value").click();
    await expect(box).toBeVisible();
    const place = (await box.locator(".node-box").boundingBox())!;
    const [x, y] = [place.x + place.width / 2, place.y + place.height / 2];
    for (let n = 0; n < UNDOS; n++) {
      await page.mouse.move(x, y);
      await page.mouse.down();
      const dragged = await frames(page, async () => {
        for (let k = 1; k <= EVENTS; k++) await page.mouse.move(x + (k % 30) * 6, y + (k % 20) * 4);
      });
      if (n === 0) told("drag one box", dragged);
      await page.mouse.up();
      await page.keyboard.press("Control+z");
      if (n === 0) await page.waitForTimeout(500);
    }
    const { keys, shown } = await page.evaluate(() => {
      const { keys, shown } = window as never as Watched;
      return { keys, shown };
    });
    // Each undo is two keys down, Control and Z.
    const undos = (all: number[]) => all.slice(-2 * UNDOS).filter((_, n) => n % 2 === 1);
    told("undo of the move", undos(keys));
    told("undo of the move, until the next frame begins", undos(shown));
    console.log(`  memory of the tab at the end: ${(await memory(browser)).toFixed(0)} MiB`);
  });
}
