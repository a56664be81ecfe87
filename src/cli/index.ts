#!/usr/bin/env node
/** The bin portkey-admin-mcp. It checks Node's version before it loads code that an old Node cannot parse. */
import "./require-node.ts";

const { main } = await import("./main.ts");
await main(process.argv.slice(2), process.env);
