// The browser is killed in the middle of work, again and again: what was said to be saved is there.
// `cargo xtask soak` does it more often.
import { chromium, expect, test } from "@playwright/test";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Neither can be taken of a browser that is gone.
test.use({ trace: "off", screenshot: "off" });

const TRIALS = Number(process.env.DRAWBRIDGE_KILLS ?? 60);

// A browser of its own process group, so that one signal ends all of its processes at once.
async function start(profile: string): Promise<{ browser: ChildProcess; port: string }> {
  const file = join(profile, "DevToolsActivePort");
  rmSync(file, { force: true });
  const flags = (process.env.CHROMIUM_FLAGS ?? "--headless").split(" ");
  const program = process.env.CHROMIUM ?? chromium.executablePath();
  const args = [...flags, "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"];
  // A browser that was killed may leave the next one of its profile unable to start. That one is of no interest.
  for (let attempt = 1; ; attempt++) {
    const browser = spawn(program, args, { detached: true, stdio: "ignore" });
    try {
      let port = "";
      await expect(() => {
        port = readFileSync(file, "utf8").split("\n")[0];
        expect(port).not.toBe("");
      }).toPass({ timeout: 20_000 });
      return { browser, port };
    } catch (error) {
      await kill({ browser });
      if (attempt === 3) throw error;
    }
  }
}

async function kill({ browser }: { browser: ChildProcess }) {
  if (browser.exitCode !== null || browser.signalCode !== null) return;
  const gone = new Promise((done) => browser.once("exit", done));
  process.kill(-browser.pid!, "SIGKILL");
  await gone;
}

test(`of ${TRIALS} killed browsers none has lost what was said to be saved`, async ({ baseURL }) => {
  test.setTimeout(TRIALS * 30_000);
  const profile = mkdtempSync(join(tmpdir(), "drawbridge-"));
  let tried = 0;
  let saved = 0;
  for (let trial = 0; trial <= TRIALS; trial++) {
    const started = await start(profile);
    try {
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${started.port}`);
      const page = browser.contexts()[0].pages()[0] ?? (await browser.contexts()[0].newPage());
      await page.goto(baseURL!);
      const title = page.locator(".design-name");
      if (trial === 0) {
        await page.getByRole("button", { name: "Open VNet workspace", exact: true }).click();
      } else {
        await expect(title.or(page.locator(".saved-design")).first()).toBeVisible({ timeout: 20_000 });
        // A start that was killed itself opens nothing unasked.
        if (await title.isHidden()) await page.locator(".saved-design > .button").first().click();
        const found = Number((await title.inputValue()).replace("edit ", ""));
        expect(found, `after kill ${trial}`).toBeGreaterThanOrEqual(saved);
        // The word of the last edit may have died with the browser.
        tried = Math.max(tried, found);
      }
      page.on("console", (message) => {
        const [, number] = /^saved edit (\d+)$/.exec(message.text()) ?? [];
        if (number) saved = Math.max(saved, Number(number));
      });
      page.on("console", (message) => {
        const [, number] = /^trying edit (\d+)$/.exec(message.text()) ?? [];
        if (number) tried = Math.max(tried, Number(number));
      });
      const before = saved;
      // An edit every 70 ms, and a word for each state that the page shows as saved.
      await page.evaluate((first) => {
        let next = first;
        const input = document.querySelector<HTMLInputElement>(".design-name")!;
        setInterval(() => {
          console.log(`trying edit ${next}`);
          input.value = `edit ${next++}`;
          input.dispatchEvent(new Event("change"));
        }, 70);
        new MutationObserver(() => {
          const yes = document.querySelector(".save-state")!.getAttribute("data-saved") === "yes";
          if (yes) console.log(`saved ${input.value}`);
        }).observe(document.querySelector(".save-state")!, { attributes: true });
      }, tried + 1);
      // At least one was saved; then at another moment of the cycle each time.
      await expect.poll(() => saved, { timeout: 20_000, intervals: [20] }).toBeGreaterThan(before);
      await page.waitForTimeout((trial * 37) % 211);
    } finally {
      await kill(started);
    }
  }
  rmSync(profile, { recursive: true, force: true });
});
