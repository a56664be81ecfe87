/**
 * Stands in for Portkey's API where its speed must not matter: every request gets the same list of 20 configs, as bytes
 * made once. Prints its port.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const data = Array.from({ length: 20 }, (_, index) => ({
  id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
  name: `Config ${index}`,
  slug: `pc-config-${index}`,
  workspace_id: "00000000-0000-4000-9000-000000000000",
  organisation_id: "00000000-0000-4000-a000-000000000000",
  is_default: 0,
  status: "active",
  owner_id: "00000000-0000-4000-b000-000000000000",
  created_at: "2026-01-01T00:00:00.000Z",
  last_updated_at: "2026-01-01T00:00:00.000Z",
}));
const body = Buffer.from(JSON.stringify({ success: true, object: "list", total: data.length, data }));
const headers = { "content-type": "application/json", "content-length": body.length };

const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, headers).end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
