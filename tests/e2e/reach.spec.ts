// Who reaches whom over the network, on which ports, and what decides it.
import { canvasNode as node, expect, openVnetWorkspace, screenshot, test } from "./page";

test("the Reach tab tells what a machine reaches, on which ports and why, and leads there", async ({ page }) => {
  await openVnetWorkspace(page);
  const tab = page.getByRole("tab", { name: "Reach" });
  await tab.click();
  await expect(page.locator(".access")).toContainText("Select a machine");

  await node(page, "jumpbox").click();
  await tab.click();
  const reaches = page.getByRole("table", { name: "Reaches" });
  const storage = reaches.getByRole("row").filter({ hasText: "amlvnetstorage (file)" });
  await expect(storage).toContainText("TCP 443, 445");
  await expect(storage).toContainText("Works");
  await storage.getByRole("button", { name: "TCP 443, 445" }).click();
  await expect(storage).toContainText("amlvnetstorage lists subnet amlvsubnet");
  await screenshot(page, "reach");

  await page.getByLabel("Filter ways").fill("keyvault");
  await expect(reaches.getByRole("row")).toHaveCount(2);
  await reaches.getByRole("button", { name: "amlvnetkeyvault" }).click();
  await expect(page.getByRole("table", { name: "Reached by" }).getByRole("row").filter({ hasText: "jumpbox" })).toContainText("Works");
});

test("who reaches a service, in Japanese", async ({ page }) => {
  await openVnetWorkspace(page);
  await page.getByRole("button", { name: "日本語" }).click();
  await node(page, "amlvnetstorage").click();
  await page.getByRole("tab", { name: "到達" }).click();
  const table = page.getByRole("table", { name: "到達元" });
  await expect(table.getByRole("row").filter({ hasText: "laptop" }).first()).toContainText("失敗");
  await screenshot(page, "reach-ja");
});
