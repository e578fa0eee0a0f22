// Playwright against the finished folder dist/, served under a sub-path as a real host might.
// `cargo xtask test e2e` builds the folder, finds the browser and passes both in.
import { defineConfig } from "@playwright/test";

// Requests of the service worker are told like those of pages.
process.env.PW_EXPERIMENTAL_SERVICE_WORKER_NETWORK_EVENTS = "1";

const port = process.env.DIST_PORT ?? "4173";
const url = `http://127.0.0.1:${port}/some/where/`;

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "target/playwright",
  reporter: "list",
  // Two cores, and timings that should mean something: one browser at a time.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  use: {
    baseURL: url,
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    colorScheme: "light",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: process.env.CHROMIUM_FLAGS?.split(" "),
    },
  },
  projects: [
    { name: "story", testMatch: "**/*.spec.ts" },
    { name: "timing", testMatch: "**/*.bench.ts" },
  ],
  webServer: { command: `node tests/e2e/server.mjs ${port}`, url, reuseExistingServer: false },
});
