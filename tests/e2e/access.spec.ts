// Who can do what, what falls with an identity, and what to look at before an export.
import { canvasNode as node, expect, openVnetWorkspace, screenshot, test } from "./page";

test("the Access tab tells what an identity can do, what falls with it, and draws the way", async ({ page }) => {
  await openVnetWorkspace(page);
  await node(page, "data-scientist").click();
  await page.getByRole("tab", { name: "Access" }).click();

  const table = page.getByRole("table", { name: "Who can do what" });
  const row = table.getByRole("row").filter({ hasText: "Create computes" }).filter({ hasText: "amlvnetworkspace" });
  await expect(row).toContainText("Works");
  await row.getByRole("button", { name: "Create computes" }).click();
  await expect(row).toContainText("AzureML Compute Operator");

  // Whoever may list the secrets of a datastore has the key of its account (machine-learning/how-to-assign-roles).
  const chain = page.locator(".access-chain").filter({ hasText: "workspaceblobstore stores a credential" }).first();
  await chain.getByRole("button").click();
  await expect(chain.getByRole("button")).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator(".path-card")).toContainText("amlvnetstorage");
  await screenshot(page, "access");
  await page.keyboard.press("Escape");

  // Each side of the matrix by itself, and all together.
  await page.getByRole("combobox", { name: "Right", exact: true }).selectOption("Create computes");
  await expect(table.getByRole("row").filter({ hasNotText: "Create computes" })).toHaveCount(1);
  await page.getByRole("combobox", { name: "Resource", exact: true }).selectOption("amlvnetworkspace");
  await page.getByRole("combobox", { name: "Identity", exact: true }).selectOption("data-scientist");
  await expect(table.getByRole("row")).toHaveCount(2);
  await expect(row).toContainText("Works");

  await page.getByLabel("Filter rights").fill("cannot be found");
  await expect(table.getByRole("row")).toHaveCount(1);
});

test("the matrix of a design and its wide assignments, in Japanese", async ({ page }) => {
  await openVnetWorkspace(page);
  await page.getByRole("button", { name: "日本語" }).click();
  await page.getByRole("tab", { name: "アクセス" }).click();
  const table = page.getByRole("table", { name: "誰が何をできるか" });
  await page.getByLabel("権限を絞り込み").fill("deployer");
  await expect(table.getByRole("row").nth(1)).toContainText("deployer");
  await page.getByRole("button", { name: "広すぎる割り当てを探す" }).click();
  await expect(page.locator(".access")).toContainText(/置き換える|取り消す|より狭いロールは見つかりませんでした/);
  await screenshot(page, "access-ja");
});

test("the export lists grants and openings before its files", async ({ page }) => {
  await openVnetWorkspace(page);
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const review = page.locator("details.review");
  await expect(review).toContainText("deployer gets Contributor on amlvnetrg");
  await expect(review).toContainText("amlvnetconreg has an admin user");
  await screenshot(page, "export-review");
});
