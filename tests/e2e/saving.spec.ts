// Work is never lost: reloads, tabs, full storage, damaged bytes, bugs.
import { canvasNode as node, expect, openVnetWorkspace, screenshot, test } from "./page";
import type { Page } from "@playwright/test";
import { readFileSync } from "node:fs";

const state = (page: Page) => page.locator(".save-state");

async function saved(page: Page) {
  await expect(state(page)).toHaveAttribute("data-saved", "yes");
}

const title = (page: Page) => page.getByLabel("Name of the design").first();

// An edit and its acknowledgement.
async function rename(page: Page, name: string) {
  await title(page).fill(name);
  await title(page).press("Enter");
  await saved(page);
}

interface Version {
  key: [number, number];
  name: string;
  text: string;
}

// What stands in the database, read without the app.
function versions(page: Page): Promise<Version[]> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open("drawbridge", 1));
    const store = database.transaction("versions").objectStore("versions");
    const [keys, records] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    database.close();
    return keys.map((key, n) => ({
      key: key as [number, number],
      name: records[n].name,
      text: new TextDecoder().decode(records[n].text),
    }));
  });
}

// Changes the newest version's bytes as a failing disk might.
function damageNewest(page: Page) {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open("drawbridge", 1));
    const store = database.transaction("versions", "readwrite").objectStore("versions");
    const key = (await done(store.getAllKeys())).at(-1)!;
    const record = await done(store.get(key));
    record.text[record.text.length >> 1] ^= 1;
    await done(store.put(record, key));
    database.close();
  });
}

test("an edit is saved within 300 ms, and says so", async ({ page }) => {
  await openVnetWorkspace(page);
  const took = await page.evaluate(async () => {
    const state = document.querySelector(".save-state")!;
    const input = document.querySelector<HTMLInputElement>(".design-name")!;
    input.value = "timed";
    input.dispatchEvent(new Event("change"));
    const began = performance.now();
    const until = async (value: string) => {
      while (state.getAttribute("data-saved") !== value) await new Promise((go) => setTimeout(go, 1));
    };
    await until("pending");
    await until("yes");
    return performance.now() - began;
  });
  expect(took).toBeLessThan(300);
  expect((await versions(page)).at(-1)!.name).toBe("timed");
});

test("eight versions are kept of a design, the newest of which opens", async ({ page }) => {
  await openVnetWorkspace(page);
  for (let n = 0; n < 12; n++) await rename(page, `step ${n}`);
  const all = await versions(page);
  expect(all.map((it) => it.name)).toEqual([4, 5, 6, 7, 8, 9, 10, 11].map((n) => `step ${n}`));
  expect(new Set(all.map((it) => it.key[0])).size).toBe(1);
  await page.reload();
  await expect(title(page)).toHaveValue("step 11");
});

test("what an earlier version of the app saved in localStorage is taken over once", async ({ page }) => {
  await page.goto("./");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.evaluate(() => {
    const design = (name: string) => JSON.stringify({ drawbridge: 1, name, resources: [] });
    localStorage.setItem("drawbridge.design", design("the open one"));
    localStorage.setItem("drawbridge.previous", design("the one before"));
  });
  await page.reload();
  await expect(title(page)).toHaveValue("the open one");
  expect((await versions(page)).map((it) => it.name)).toEqual(["the one before", "the open one"]);
  expect(await page.evaluate(() => localStorage.getItem("drawbridge.design"))).toBeNull();
  await page.reload();
  await expect(title(page)).toHaveValue("the open one");
  expect(await versions(page)).toHaveLength(2);
});

test("saved designs are listed, opened and removed; opening one changes no other", async ({ page }) => {
  await openVnetWorkspace(page);
  await rename(page, "first");
  await page.getByRole("button", { name: "Drawbridge: gallery" }).click();
  await page.getByRole("button", { name: "New design" }).click();
  await rename(page, "second");
  await page.getByRole("button", { name: "Drawbridge: gallery" }).click();
  const list = page.getByRole("region", { name: "Saved in this browser" });
  await expect(list.getByRole("listitem")).toHaveCount(2);
  await screenshot(page, "saved-designs");
  await list.getByRole("button", { name: "first", exact: true }).click();
  await expect(node(page, "amlvnetworkspace")).toBeVisible();
  await expect(title(page)).toHaveValue("first");
  await page.getByRole("button", { name: "Drawbridge: gallery" }).click();
  page.once("dialog", (dialog) => dialog.accept());
  await list.getByRole("button", { name: "Remove second" }).click();
  await expect(list.getByRole("listitem")).toHaveCount(1);
  expect(new Set((await versions(page)).map((it) => it.name))).not.toContain("second");
});

test("undo beyond the opening of a design goes on saving the one before", async ({ page }) => {
  await openVnetWorkspace(page);
  await rename(page, "first");
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await page.getByRole("menuitem", { name: "New design" }).click();
  await expect(title(page)).toHaveValue("New design");
  await saved(page);
  const [first, second] = [...new Set((await versions(page)).map((it) => it.key[0]))];
  await page.locator("#canvas").click();
  await page.keyboard.press("Control+z");
  await expect(title(page)).toHaveValue("first");
  await rename(page, "first again");
  const names = (design: number) => versions(page).then((all) => all.filter((it) => it.key[0] === design).at(-1)!.name);
  expect(await names(first)).toBe("first again");
  expect(await names(second)).toBe("New design");
});

test("a second tab follows the first; when both change, both are kept", async ({ page, context }) => {
  await openVnetWorkspace(page);
  await rename(page, "shared");
  const other = await context.newPage();
  await other.goto("./");
  await expect(title(other)).toHaveValue("shared");
  await rename(page, "newer");
  await expect(title(other)).toHaveValue("newer");
  await expect(other.locator(".toast")).toContainText("Changes from another tab");

  // Both within one pause: neither has heard of the other.
  const change = (page: Page, value: string) =>
    page.evaluate((value) => {
      const input = document.querySelector<HTMLInputElement>(".design-name")!;
      input.value = value;
      input.dispatchEvent(new Event("change"));
    }, value);
  await Promise.all([change(page, "mine"), change(other, "theirs")]);
  await expect(async () => {
    const names = new Set((await versions(page)).map((it) => it.name));
    expect(names.has("mine") || names.has("mine (copy)")).toBe(true);
    expect(names.has("theirs") || names.has("theirs (copy)")).toBe(true);
  }).toPass();
  await Promise.all([saved(page), saved(other)]);
});

test("full storage is told, the file can be saved, and saving goes on when there is room", async ({ page, baseURL }) => {
  // Before the first write: Chromium asks for the room that is left once in a while only.
  const { origin } = new URL(baseURL!);
  const session = await page.context().newCDPSession(page);
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
  await openVnetWorkspace(page);
  await title(page).fill("does not fit");
  await title(page).press("Enter");
  await expect(state(page)).toHaveAttribute("data-saved", "failed");
  await expect(state(page)).toContainText("Not saved: the browser's storage is full");
  await screenshot(page, "storage-full");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as file" }).click();
  const file = await (await download).path();
  expect(JSON.parse(readFileSync(file, "utf8")).name).toBe("does not fit");
  await session.send("Storage.overrideQuotaForOrigin", { origin });
  await rename(page, "fits again");
  await page.reload();
  await expect(title(page)).toHaveValue("fits again");
});

test("damaged bytes are noticed: the version before opens, and says so", async ({ page }) => {
  await openVnetWorkspace(page);
  await rename(page, "older");
  await rename(page, "newest");
  await damageNewest(page);
  await page.reload();
  await expect(title(page)).toHaveValue("older");
  await expect(page.getByRole("alert")).toContainText("What was saved last is damaged.");
  // Work goes on behind the damaged version.
  await rename(page, "repaired");
  await page.reload();
  await expect(title(page)).toHaveValue("repaired");
});

test("a design of which every version is damaged does not stand in the way of the start", async ({ page }) => {
  await openVnetWorkspace(page);
  await rename(page, "damaged");
  await damageNewest(page);
  await page.reload();
  await expect(page.getByRole("alert")).toContainText("all saved versions are damaged");
  await expect(page.getByRole("button", { name: "Open VNet workspace", exact: true })).toBeVisible();
});

test("after a bug the recovery page hands out what was saved, and the next start opens nothing unasked", async ({ page, complaints }) => {
  await openVnetWorkspace(page);
  await rename(page, "survivor");
  await page.evaluate(() => dispatchEvent(new Event("drawbridge:stopped")));
  await page.evaluate(() => sessionStorage.setItem("drawbridge.crashed", "1"));
  await expect(page.getByRole("heading", { name: "Drawbridge stopped because of a bug" })).toBeVisible();
  await screenshot(page, "recovery");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: /^Download/ }).first().click();
  const bytes = readFileSync(await (await download).path(), "utf8");
  expect(bytes).toBe((await versions(page)).at(-1)!.text);
  await page.getByRole("link", { name: "Start again" }).click();
  await expect(page.getByRole("alert")).toContainText("Drawbridge did not get to the end the last time");
  await page.getByRole("button", { name: "survivor", exact: true }).click();
  await expect(node(page, "amlvnetworkspace")).toBeVisible();
  expect(complaints).toEqual([]);
});

test.describe("without a service worker, which would have the app", () => {
  test.use({ serviceWorkers: "block" });

  test("an app that cannot start still hands out the saved versions", async ({ page, complaints }) => {
    await openVnetWorkspace(page);
    await rename(page, "survivor");
    await page.route("**/*.wasm", (route) => route.abort());
    await page.reload();
    await expect(page.getByRole("heading", { name: "Drawbridge stopped because of a bug" })).toBeVisible();
    await expect(page.locator(".recovery-row").first()).toContainText("survivor");
    complaints.splice(0);
  });
});

test("a design of the gallery that is only looked at is not saved, and is there after a reload", async ({ page }) => {
  await openVnetWorkspace(page);
  await expect(state(page)).toHaveAttribute("data-saved", "untouched");
  await page.reload();
  await expect(node(page, "amlvnetworkspace")).toBeVisible();
  await expect(state(page)).toContainText("From the gallery, unchanged");
  await page.getByRole("button", { name: "Drawbridge: gallery" }).click();
  await page.getByRole("button", { name: "Open Storage outside the workspace", exact: true }).click();
  await expect(state(page)).toHaveAttribute("data-saved", "untouched");
  // Back to the first of them, and to the second again: still nothing has changed.
  await page.keyboard.press("Control+z");
  await expect(node(page, "amlvnetworkspace")).toBeVisible();
  await page.keyboard.press("Control+Shift+z");
  await expect(state(page)).toHaveAttribute("data-saved", "untouched");
  expect(await versions(page)).toEqual([]);
  await rename(page, "changed");
  expect((await versions(page)).map((it) => it.name)).toEqual(["changed"]);
});

test("the browser is asked to keep what is saved, once, after the first save", async ({ page }) => {
  await page.addInitScript(() => {
    navigator.storage.persist = async () => {
      sessionStorage.setItem("asked", String(Number(sessionStorage.getItem("asked") ?? 0) + 1));
      return true;
    };
  });
  const asked = () => page.evaluate(() => sessionStorage.getItem("asked"));
  await openVnetWorkspace(page);
  await page.waitForTimeout(500);
  expect(await asked()).toBeNull();
  await rename(page, "first");
  await expect.poll(asked).toBe("1");
  await rename(page, "second");
  await page.reload();
  await rename(page, "third");
  expect(await asked()).toBe("1");
});

test("a start that never came to its end is not repeated", async ({ page }) => {
  await openVnetWorkspace(page);
  await rename(page, "hangs");
  // What a tab leaves behind that hung while it opened its design.
  await page.evaluate(() => localStorage.setItem("drawbridge.opening", String(Date.now() - 10_000)));
  await page.reload();
  await expect(page.getByRole("alert")).toContainText("Drawbridge did not get to the end the last time");
  await page.reload();
  await expect(title(page)).toHaveValue("hangs");
});
