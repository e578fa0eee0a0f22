// Designs of an even shape for the timings: ten nodes to a subnet, five subnets to a network, 1.2 lines a node.
import { crc32, deflateRawSync } from "node:zlib";

type Row = [kind: string, name: string, parent: number, at: number[] | null, settings: object | 0];

// Inside each network, and beside it: a storage account, a workspace and a user.
const [SUBNETS, NODES, BESIDE] = [5, 10, 3];
const ACROSS = 12;

// About so many nodes, with the containers around them.
function resources(nodes: number): Row[] {
  const rows: Row[] = [];
  const add = (...row: Row) => rows.push(row);
  const networks = Math.round(nodes / (SUBNETS * NODES + BESIDE));
  const wide = Math.min(networks, ACROSS) * 3016 + 48;
  const subscription = add("subscription", "Contoso", 0, [0, 0, wide, Math.ceil(networks / ACROSS) * 600 + 96], 0);
  const accounts: number[] = [];
  for (let n = 0; n < networks; n++) {
    const at = [24 + (n % ACROSS) * 3016, 48 + Math.floor(n / ACROSS) * 600, 2992, 584];
    const group = add("resource-group", `rg-${n}`, subscription, at, { location: "japaneast" });
    const prefix = `10.${n >> 5}.${(n & 31) * 8}`;
    const network = add("virtual-network", `vnet-${n}`, group, [24, 48, 2680, 512], { "addressSpace.addressPrefixes": [`${prefix}.0/21`] });
    const storage = add("storage-account", `st${n}`, group, [2740, 48, 216, 56], { publicNetworkAccess: "Disabled" });
    const workspace = add("workspace", `mlw-${n}`, group, [2740, 120, 216, 56], { storageAccount: storage });
    const user = add("user", `User ${n}`, 0, [(n % 100) * 240, -96 - Math.floor(n / 100) * 72, 216, 56], 0);
    accounts.push(storage);
    for (let s = 0; s < SUBNETS; s++) {
      const third = (n & 31) * 8 + s;
      const subnet = add("subnet", `snet-${n}-${s}`, network, [24 + s * 528, 48, 504, 440], { addressPrefix: `10.${n >> 5}.${third}.0/24` });
      const node = (k: number, kind: string, name: string, settings: object) =>
        add(kind, `${name}-${n}-${s}-${k}`, subnet, [24 + (k % 2) * 240, 48 + (k >> 1) * 72, 216, 56], settings);
      for (let k = 0; k < 5; k++) {
        // One of five leads to the account of the network before.
        const target = k === 4 ? accounts[Math.max(0, n - 1)] : storage;
        node(k, "private-endpoint", "pe", { privateLinkServiceId: target, groupId: ["blob", "file", "queue", "table", "dfs"][k] });
      }
      for (let k = 5; k < 8; k++) {
        const assigned = k === 5 ? { "personalComputeInstanceSettings.assignedUser": user } : {};
        node(k, "compute-instance", "ci", { workspace, enableNodePublicIp: false, ...assigned });
      }
      for (let k = 8; k < NODES; k++) node(k, "virtual-machine", "vm", { user });
      if (s < 4) add("role-assignment", "Reader", 0, null, { principalId: user, scope: [storage, workspace][s % 2], roleDefinitionId: ["Reader", "Contributor"][s >> 1] });
    }
    for (const role of ["Storage Blob Data Reader", "Storage Blob Data Contributor", "AzureML Data Scientist"]) {
      add("role-assignment", role, 0, null, { principalId: user, scope: role.startsWith("AzureML") ? workspace : storage, roleDefinitionId: role });
    }
  }
  return rows;
}

// The fragment that opens it: version 1 of the link, which has no dictionary.
export function evenLink(nodes: number): string {
  const packed = deflateRawSync(JSON.stringify([`Even, ${nodes} nodes`, "", resources(nodes), {}]));
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(packed));
  const payload = Buffer.concat([check, packed]).toString("base64url");
  return `#d1.${payload.length}.${payload}`;
}
