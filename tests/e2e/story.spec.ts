// The story of the README: the VNet workspace, opened, judged, repaired, shared and exported.
import { canvasNode as node, expect, openVnetWorkspace, screenshot, test, watch } from "./page";
import type { Locator, Page } from "@playwright/test";
import { readFileSync } from "node:fs";

async function operations(page: Page) {
  await page.getByRole("tab", { name: /Operations|操作/ }).click();
}

function operation(page: Page, title: string, from: string): Locator {
  // Not the text of the whole row: an open one tells of other operations too.
  const part = (name: string, hasText: string) => ({ has: page.locator(`.verdict-row-${name}`, { hasText }) });
  return page.locator(".verdict-row").filter(part("title", title)).filter(part("subject", `from ${from} `));
}

async function settings(page: Page, name: string) {
  await node(page, name).click();
  await page.getByRole("tab", { name: "Settings" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue(name);
}

test("from a laptop on the internet Studio fails with the texts of the article; from the network it works", async ({ page }) => {
  await openVnetWorkspace(page);
  await operations(page);

  const home = operation(page, "Open Studio home", "laptop");
  await expect(home).toHaveAttribute("data-outcome", "denied");
  await home.locator("summary").first().click();
  await expect(home.locator("blockquote.symptom")).toContainText("REQUEST_SEND_ERROR: Your request for data wasn’t sent.");
  await screenshot(page, "vnet-workspace");

  const notebooks = operation(page, "Use Notebooks in Studio", "laptop");
  await expect(notebooks).toHaveAttribute("data-outcome", "denied");
  await notebooks.locator("summary").first().click();
  await expect(notebooks.locator("blockquote.symptom").first()).toContainText("403: You are not authorized to access this resource.");
  await expect(notebooks).toContainText("Request authorization to storage account failed. Storage account might be behind a VNET.");

  const compute = operation(page, "Open the compute page in Studio", "laptop");
  await expect(compute).toHaveAttribute("data-outcome", "partial");
  await compute.locator("summary").first().click();
  await expect(compute.locator("blockquote.symptom")).toContainText("403: You are not authorized to access this resource.");

  for (const title of ["Open Studio home", "Use Notebooks in Studio", "Open the compute page in Studio"]) {
    await expect(operation(page, title, "jumpbox")).toHaveAttribute("data-outcome", "allowed");
  }
});

test("the registry goes behind the network and asks for Premium; undo takes it all back", async ({ page }) => {
  await openVnetWorkspace(page);
  await settings(page, "amlvnetconreg");
  await page.getByLabel("Public network access", { exact: true }).selectOption("Disabled");
  const problem = page.locator(".field-problem").filter({ hasText: "Premium" });
  await expect(problem.first()).toBeVisible();
  await page.getByLabel("SKU", { exact: true }).selectOption("Premium");
  await expect(problem).toHaveCount(0);
  await operations(page);
  await expect(
    page.locator(".verdict-row[data-outcome=denied]").filter({ hasText: "pulls its image from the workspace registry" }).first(),
  ).toBeVisible();
  await screenshot(page, "registry-closed");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await settings(page, "amlvnetconreg");
  await expect(page.getByLabel("SKU", { exact: true })).toHaveValue("Standard");
  await expect(page.getByLabel("Public network access", { exact: true })).toHaveValue("Enabled");
});

test("a link carries the design into another profile; a damaged one opens nothing", async ({ page, browser, baseURL, complaints }) => {
  await openVnetWorkspace(page);
  await settings(page, "amlvnetconreg");
  await page.getByLabel("SKU", { exact: true }).selectOption("Premium");
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const link = await page.getByLabel("Link to this design").inputValue();
  expect(link).toContain("/some/where/");
  await screenshot(page, "share");

  const other = await browser.newContext({ baseURL });
  await watch(other, complaints);
  const theirs = await other.newPage();
  await theirs.goto(link);
  await expect(node(theirs, "amlvnetworkspace")).toBeVisible();
  await settings(theirs, "amlvnetconreg");
  await expect(theirs.getByLabel("SKU", { exact: true })).toHaveValue("Premium");

  const stranger = await other.newPage();
  await stranger.goto(link.slice(0, -20));
  await expect(stranger.getByRole("alert")).toContainText("the link is incomplete");
  // What was open in that profile stays open.
  await expect(node(stranger, "amlvnetworkspace")).toBeVisible();
  await other.close();
});

test("work is there after a reload", async ({ page }) => {
  await openVnetWorkspace(page);
  await settings(page, "jumpbox");
  await page.getByLabel("Name", { exact: true }).fill("jumpbox-2");
  await page.keyboard.press("Tab");
  await expect(node(page, "jumpbox-2")).toBeVisible();
  await page.waitForTimeout(500);
  await page.reload();
  await expect(node(page, "jumpbox-2")).toBeVisible();
});

test("the template and the script are shown and downloaded", async ({ page }) => {
  await openVnetWorkspace(page);
  await page.getByRole("button", { name: "Export" }).click();
  const preview = page.locator(".code-preview");
  await expect(preview).toContainText("deploymentTemplate.json");
  await screenshot(page, "export-arm");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: /^Download/ }).first().click();
  const file = await (await download).path();
  expect(JSON.parse(readFileSync(file, "utf8")).resources.length).toBeGreaterThan(10);
  await page.getByRole("tab", { name: /CLI/ }).click();
  await expect(preview).toContainText("#!/usr/bin/env bash");
  await screenshot(page, "export-cli");
});

test("keys alone: place, move, undo and redo, delete", async ({ page }) => {
  await openVnetWorkspace(page);
  const before = await page.locator(".node").count();
  await node(page, "amlvsubnet").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("/");
  await page.keyboard.type("Virtual machine");
  await page.keyboard.press("Enter");
  await expect(page.locator(".node")).toHaveCount(before + 1);
  await node(page, "amlvsubnet").focus();
  await page.keyboard.press("Control+z");
  await expect(page.locator(".node")).toHaveCount(before);
  await page.keyboard.press("Control+y");
  await expect(page.locator(".node")).toHaveCount(before + 1);
});

test("Japanese and dark, switched in place", async ({ page }) => {
  await openVnetWorkspace(page);
  await page.getByRole("button", { name: "日本語" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "ja");
  await operations(page);
  await expect(page.locator(".verdict-row[data-outcome=denied]").first()).toContainText("失敗");
  await screenshot(page, "vnet-workspace-ja");
  await page.emulateMedia({ colorScheme: "dark" });
  await screenshot(page, "vnet-workspace-ja-dark");
});
