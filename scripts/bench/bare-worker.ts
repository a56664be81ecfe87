/**
 * A bare Fastify server, as the upper bound. `/list/legacy` and `/list/modern` send the bytes that they were given at
 * the start; `/call` asks the upstream and wraps its answer as a tool's result. Prints its port.
 */
import Fastify from "fastify";
import { readFile } from "node:fs/promises";

const [legacyFile, modernFile, upstream] = process.argv.slice(2) as [string, string, string];
const [legacy, modern] = await Promise.all([readFile(legacyFile), readFile(modernFile)]);

const app = Fastify({ logger: false });
app.post("/list/legacy", (_request, reply) => reply.type("application/json; charset=utf-8").send(legacy));
app.post("/list/modern", (_request, reply) => reply.type("application/json; charset=utf-8").send(modern));
app.post("/call", async (request, reply) => {
  const answer = await fetch(`${upstream}/configs`, { headers: { "x-portkey-api-key": "bench" } });
  const text = await answer.text();
  const { id } = request.body as { id: number };
  return reply
    .type("application/json; charset=utf-8")
    .send(JSON.stringify({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text }] } }));
});

const url = await app.listen({ host: "127.0.0.1", port: 0 });
process.stdout.write(`${new URL(url).port}\n`);
