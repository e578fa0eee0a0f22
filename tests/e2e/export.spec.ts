// What leaves the app: files in colours, a zip of them, and a picture.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, openVnetWorkspace, screenshot, test } from "./page";

async function downloaded(page: Page, press: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test("the files of Azure ML are shown in colours and leave as one zip", async ({ page }) => {
  await openVnetWorkspace(page);
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("tab", { name: "Azure ML (YAML, Python)" }).click();
  await page.getByRole("button", { name: "workspace-amlvnetworkspace.yml" }).click();
  const preview = page.locator(".code-preview");
  await expect(preview).toContainText('name: "amlvnetworkspace"');
  await expect(preview.locator('[data-token="key"]').first()).toBeVisible();
  await screenshot(page, "export-ml");

  const zip = page.getByRole("button", { name: "Download all as zip" });
  const first = await downloaded(page, () => zip.click());
  expect(first.name).toBe("VNet-workspace-ml.zip");
  expect(first.bytes.subarray(0, 4).toString("latin1")).toBe("PK\u0003\u0004");
  for (const name of ["deploy-ml.sh", "deploy_ml.py", "workspace-amlvnetworkspace.yml"]) {
    expect(first.bytes.includes(name)).toBe(true);
  }
  const second = await downloaded(page, () => zip.click());
  expect(second.bytes.equals(first.bytes)).toBe(true);
});

test("every format leaves in one zip, each in its folder", async ({ page }) => {
  await openVnetWorkspace(page);
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const all = await downloaded(page, () => page.getByRole("button", { name: "Every format as zip" }).click());
  expect(all.name).toBe("VNet-workspace.zip");
  for (const name of ["arm/azuredeploy.json", "bicep/", "terraform/", "cli/", "powershell/", "ml/deploy-ml.sh", "svg/", "report/report.ja.html"]) {
    expect(all.bytes.includes(name)).toBe(true);
  }
});

test("the drawing leaves as a PNG of twice its size", async ({ page }) => {
  await openVnetWorkspace(page);
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("tab", { name: "Picture" }).click();
  const svg = await downloaded(page, () => page.getByRole("button", { name: "Download", exact: true }).click());
  const [width, height] = /viewBox="\S+ \S+ (\S+) (\S+)"/.exec(svg.bytes.toString())!.slice(1).map(Number);

  const png = await downloaded(page, () => page.getByRole("button", { name: "Download as PNG" }).click());
  expect(png.name).toBe("drawbridge.png");
  expect(png.bytes.subarray(1, 4).toString()).toBe("PNG");
  expect(png.bytes.readUInt32BE(16)).toBe(Math.ceil(width * 2));
  expect(png.bytes.readUInt32BE(20)).toBe(Math.ceil(height * 2));
  // A picture in which nothing was drawn is packed into almost nothing.
  expect(png.bytes.length).toBeGreaterThan(20_000);
});
