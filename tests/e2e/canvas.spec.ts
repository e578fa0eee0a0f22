// The drawing from afar: bundles of lines, layers, and boxes too small to be read, which are painted and still there; and lines that pass by.
import { canvasNode as node, expect, openVnetWorkspace, screenshot, test } from "./page";
import type { Page } from "@playwright/test";

// Two groups side by side, each with accounts in rows, and endpoints in a subnet of the left one to accounts in the right one.
function design(accounts: number, endpoints: number): string {
  const at = (n: number) => [24 + (n % 12) * 240, 640 + Math.floor(n / 12) * 72, 216, 56];
  const resources: object[] = [
    { id: 1, kind: "resource-group", name: "left", at: [0, 0, 3000, 2600] },
    { id: 2, kind: "resource-group", name: "right", at: [4000, 0, 3000, 2600] },
    { id: 3, kind: "virtual-network", name: "vnet", parent: 1, at: [24, 48, 1500, 560], settings: { "addressSpace.addressPrefixes": ["10.0.0.0/16"] } },
    { id: 4, kind: "subnet", name: "snet", parent: 3, at: [24, 48, 1440, 480], settings: { addressPrefix: "10.0.0.0/24" } },
  ];
  for (let n = 0; n < accounts; n++) {
    resources.push({ id: 10 + n, kind: "storage-account", name: `st${n}`, parent: 1 + (n % 2), at: at(n >> 1) });
  }
  for (let n = 0; n < endpoints; n++) {
    resources.push({
      id: 2000 + n, kind: "private-endpoint", name: `pe-${n}`, parent: 4, at: [24 + (n % 5) * 240, 48 + Math.floor(n / 5) * 72, 216, 56],
      settings: { privateLinkServiceId: 11 + 2 * n, groupId: "blob" },
    });
  }
  return JSON.stringify({ drawbridge: 1, name: "two groups", description: "", resources });
}

const open = (page: Page, accounts: number, endpoints: number) => openText(page, design(accounts, endpoints));

async function openText(page: Page, text: string) {
  await page.goto("./");
  // Before its first heading stands, the page does not listen.
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("Control+o");
  await (await chooser).setFiles({ name: "design.json", mimeType: "application/json", buffer: Buffer.from(text) });
  await expect(page.locator(".container-node[data-kind=resource-group], .canvas-world[data-flat]").first()).toBeAttached();
}

const place = (page: Page, name: string) => page.locator(`.node[aria-label^='${name}, ']`).getAttribute("transform");

test("lines between two containers are one with a count; it opens and closes", async ({ page }) => {
  await open(page, 20, 6);
  const bundle = page.getByRole("button", { name: "6 connections between right and snet: Private link" });
  await expect(bundle).toHaveAttribute("aria-expanded", "false");
  await expect(bundle.locator(".bundle-count")).toHaveText("6");
  await expect(bundle.locator(".bundle-count")).toBeVisible();
  await expect(page.locator(".edge")).toHaveCount(0);
  await screenshot(page, "bundles");
  await bundle.locator(".bundle-badge").click();
  await expect(bundle).toHaveAttribute("aria-expanded", "true");
  await expect(page.locator(".edge")).toHaveCount(6);
  await page.keyboard.press("Escape");
  await expect(bundle).toHaveAttribute("aria-expanded", "false");
  await expect(page.locator(".edge")).toHaveCount(0);
  // The same by keyboard alone.
  await page.locator(".container-node").first().focus();
  await page.keyboard.press("b");
  await expect(bundle).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator(".edge")).toHaveCount(6);
  await page.keyboard.press("Escape");
  await expect(page.locator(".edge")).toHaveCount(0);
  // Near by, each line is drawn by itself.
  for (let n = 0; n < 12; n++) await page.keyboard.press("Control+=");
  await expect(page.locator(".bundle")).toHaveCount(0);
  await expect(page.locator(".edge")).toHaveCount(6);
});

test("a layer is left out and comes back", async ({ page }) => {
  await openVnetWorkspace(page);
  const toolbar = page.getByRole("toolbar", { name: "Connections shown" });
  const identity = toolbar.getByRole("button", { name: "Identity" });
  await expect(identity).toHaveAttribute("aria-pressed", "true");
  const [all, of] = [page.locator(".edge"), page.locator(".edge[data-relation=identity]")];
  const [before, own] = [await all.count(), await of.count()];
  expect(own).toBeGreaterThan(0);
  await identity.click();
  await expect(identity).toHaveAttribute("aria-pressed", "false");
  await expect(all).toHaveCount(before - own);
  await screenshot(page, "layers");
  await identity.click();
  await expect(all).toHaveCount(before);
});

test("boxes too small to be read are painted, hit, dragged and found", async ({ page }) => {
  await open(page, 600, 6);
  const far = page.locator(".canvas-world");
  await expect(far).toHaveAttribute("data-flat", "");
  await expect(page.locator(".node")).toHaveCount(0);
  // What has room for its name has an element with it.
  await expect(page.locator(".container-node[aria-label^='left, ']")).toBeVisible();
  await screenshot(page, "from-afar");

  // What is under the pointer is what is painted there: the first account of the left group.
  const frame = (await page.locator(".container-node[aria-label^='left, '] .container-node-box").boundingBox())!;
  const zoom = frame.width / 3000;
  const [x, y] = [frame.x + (24 + 108) * zoom, frame.y + (640 + 28) * zoom];
  const painted = await page.evaluate(([x, y]) => {
    const canvas = document.querySelector<HTMLCanvasElement>(".canvas-flat")!;
    const corner = canvas.getBoundingClientRect();
    return [...canvas.getContext("2d")!.getImageData(x - corner.x, y - corner.y, 1, 1).data];
  }, [x, y]);
  const between = await page.evaluate(([x, y]) => {
    const canvas = document.querySelector<HTMLCanvasElement>(".canvas-flat")!;
    const corner = canvas.getBoundingClientRect();
    return [...canvas.getContext("2d")!.getImageData(x - corner.x, y - corner.y, 1, 1).data];
  }, [x, y - 40 * zoom]);
  expect(painted).not.toEqual(between);
  await page.mouse.click(x, y);
  await expect(page.locator(".node[aria-selected=true]")).toHaveAttribute("aria-label", /^st0, /);
  const before = await place(page, "st0");
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 10, y - 10, { steps: 5 });
  await page.mouse.up();
  await expect.poll(() => place(page, "st0")).not.toBe(before);
  await page.keyboard.press("Control+z");
  await expect.poll(() => place(page, "st0")).toBe(before);

  // Found by name, it is near enough to be read and has the keyboard.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("st577");
  await page.keyboard.press("Enter");
  await expect(page.locator(".node[aria-label^='st577, ']")).toBeFocused();
  await expect(node(page, "st577")).toBeVisible();
  await expect(far).not.toHaveAttribute("data-flat", "");
});

test("a line of which neither end is in sight is still hit", async ({ page }) => {
  // Many accounts between a user and the account that the user has a role on, three thousand px apart.
  const resources: object[] = [
    { id: 1, kind: "resource-group", name: "left", at: [0, 0, 3000, 4000] },
    { id: 2, kind: "user", name: "someone", at: [-400, 20, 216, 56] },
    { id: 3, kind: "storage-account", name: "far", at: [3400, 20, 216, 56] },
    { id: 4, kind: "role-assignment", name: "Reader", settings: { principalId: 2, scope: 3, roleDefinitionId: "Reader" } },
  ];
  for (let n = 0; n < 480; n++) {
    resources.push({ id: 10 + n, kind: "storage-account", name: `st${n}`, parent: 1, at: [24 + (n % 12) * 240, 200 + Math.floor(n / 12) * 72, 216, 56] });
  }
  await openText(page, JSON.stringify({ drawbridge: 1, name: "a long line", description: "", resources }));
  await page.keyboard.press("Control+k");
  await page.keyboard.type("st6");
  await page.keyboard.press("Enter");
  await expect(node(page, "st6")).toBeVisible();
  await page.locator(".zoom-control-value").click();
  await page.keyboard.press("Escape");
  const line = page.locator(".passing[data-relation=identity] path").first();
  await expect(line).toHaveAttribute("d", /^M/);
  await expect(page.locator(".edge[id=r4]")).toHaveCount(0);
  const [y, x] = await line.evaluate((it) => {
    const [, y] = /^M\S+ (\S+)L/.exec(it.getAttribute("d")!)!;
    const matrix = (it as SVGPathElement).getScreenCTM()!;
    return [matrix.f + Number(y) * matrix.d, document.querySelector("#canvas")!.getBoundingClientRect().x + 500];
  });
  await page.mouse.click(x, y);
  await expect(page.locator(".edge[id=r4]")).toHaveAttribute("aria-selected", "true");
});

test("a line that is painted flat is shown below the pointer, and clicked", async ({ page }) => {
  // Two accounts far apart with a role between them, and so many others that all of it is painted.
  const resources: object[] = [
    { id: 1, kind: "resource-group", name: "left", at: [0, 600, 3000, 4000] },
    { id: 2, kind: "user", name: "someone", at: [0, 20, 216, 56] },
    { id: 3, kind: "storage-account", name: "far", at: [3400, 300, 216, 56] },
    { id: 4, kind: "role-assignment", name: "Reader", settings: { principalId: 2, scope: 3, roleDefinitionId: "Reader" } },
  ];
  for (let n = 0; n < 480; n++) {
    resources.push({ id: 10 + n, kind: "storage-account", name: `st${n}`, parent: 1, at: [24 + (n % 12) * 240, 60 + Math.floor(n / 12) * 72, 216, 56] });
  }
  await openText(page, JSON.stringify({ drawbridge: 1, name: "a painted line", description: "", resources }));
  await expect(page.locator(".canvas-world")).toHaveAttribute("data-flat", "");
  await expect(page.locator(".edge")).toHaveCount(0);
  // Where it is: the outline selects it, and what is selected is an element.
  await page.getByRole("tab", { name: "Outline" }).click();
  await page.locator("#outline-search").fill("Reader");
  await page.locator(".outline-item").first().click();
  const line = page.locator(".edge[id=r4]");
  await expect(line).toHaveAttribute("aria-selected", "true");
  const middle = await line.locator(".edge-hit").evaluate((it) => {
    const path = it as unknown as SVGPathElement;
    const { x, y } = path.getPointAtLength(path.getTotalLength() / 3);
    return [x, y];
  });
  // It stays an element as long as the keyboard would stop there; now that is somewhere else.
  await page.locator("#outline-search").fill("st479");
  await page.locator(".outline-item").first().click();
  await page.locator(".canvas-svg").press("Shift+Digit1");
  await expect(page.locator(".canvas-world")).toHaveAttribute("data-flat", "");
  await expect(line).toHaveCount(0);
  const [x, y] = await page.locator(".canvas-world").evaluate((it, [x, y]) => {
    const at = new DOMPoint(x, y).matrixTransform((it as SVGGraphicsElement).getScreenCTM()!);
    return [at.x, at.y];
  }, middle);

  await page.mouse.move(x, y + 30);
  await expect(page.locator(".flat-over")).toHaveCount(0);
  await page.mouse.move(x + 1, y + 3);
  await expect(page.locator(".flat-over[data-relation=identity]")).toHaveCount(1);
  await expect(page.locator(".canvas-svg")).toHaveAttribute("data-over", "");
  await screenshot(page, "flat-line");
  await page.mouse.click(x + 1, y + 3);
  await expect(line).toHaveAttribute("aria-selected", "true");
  await page.mouse.move(x, y + 40);
  await expect(page.locator(".flat-over")).toHaveCount(0);
});

test("a bundle that is painted opens by a click on its line", async ({ page }) => {
  // More pairs of groups, each with two lines between them, than there are bundles with an element.
  const resources: object[] = [];
  const [pairs, rows] = [132, 44];
  for (let n = 0; n < pairs; n++) {
    const [x, y] = [Math.floor(n / rows) * 4000, (n % rows) * 260];
    const [left, right] = [1 + 6 * n, 4 + 6 * n];
    resources.push(
      { id: left, kind: "resource-group", name: `left${n}`, at: [x, y, 520, 200] },
      { id: right, kind: "resource-group", name: `right${n}`, at: [x + 2400, y, 520, 200] },
    );
    for (let k = 1; k < 3; k++) {
      resources.push(
        { id: right + k, kind: "log-analytics-workspace", name: `log${n}-${k}`, parent: right, at: [24 + (k - 1) * 240, 96, 216, 56] },
        { id: left + k, kind: "application-insights", name: `ai${n}-${k}`, parent: left, at: [24 + (k - 1) * 240, 96, 216, 56], settings: { WorkspaceResourceId: right + k } },
      );
    }
  }
  await openText(page, JSON.stringify({ drawbridge: 1, name: "many bundles", description: "", resources }));
  await expect(page.locator(".canvas-world")).toHaveAttribute("data-flat", "");
  await expect(page.locator(".bundle")).toHaveCount(120);
  const named = (n: number) => page.getByRole("button", { name: new RegExp(`^2 connections between left${n} and right${n}:`) });
  let painted = pairs - 1;
  while (await named(painted).count()) painted -= 1;

  // Half way between its two groups.
  const at = [Math.floor(painted / rows) * 4000 + 1460, (painted % rows) * 260 + 100];
  const [x, y] = await page.locator(".canvas-world").evaluate((it, [x, y]) => {
    const point = new DOMPoint(x, y).matrixTransform((it as SVGGraphicsElement).getScreenCTM()!);
    return [point.x, point.y];
  }, at);
  await expect(page.locator(".edge")).toHaveCount(0);
  // Where exactly the line goes between the two borders is the drawing's own affair.
  let dy = 0;
  await expect(async () => {
    dy = dy > 12 ? -12 : dy + 2;
    await page.mouse.move(x, y + dy);
    await expect(page.locator(".flat-over")).toHaveCount(1, { timeout: 100 });
  }).toPass();
  await screenshot(page, "painted-bundles");
  await page.mouse.click(x, y + dy);
  await expect(page.locator(".edge")).toHaveCount(2);
  // Open, it is an element, with the keyboard in it.
  await expect(named(painted)).toHaveAttribute("aria-expanded", "true");
  await expect(named(painted)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.locator(".edge")).toHaveCount(0);
  await expect(page.locator(".bundle:focus")).toHaveCount(1);
});

test("what is fitted stays fitted in a window of another size, and what was moved stays where it is", async ({ page }) => {
  await openVnetWorkspace(page);
  const world = page.locator(".canvas-world");
  const view = () => world.getAttribute("transform");
  await page.locator(".canvas-svg").press("Shift+Digit1");
  const before = await view();
  await page.setViewportSize({ width: 1180, height: 640 });
  await expect.poll(view).not.toBe(before);
  const after = await view();
  await page.locator(".canvas-svg").press("Shift+Digit1");
  expect(await view()).toBe(after);

  await page.keyboard.press("Control+=");
  const near = await view();
  expect(near).not.toBe(after);
  const { width } = (await page.locator(".canvas-svg").boundingBox())!;
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect.poll(async () => (await page.locator(".canvas-svg").boundingBox())!.width).toBeGreaterThan(width + 100);
  expect(await view()).toBe(near);
});
