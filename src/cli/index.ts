#!/usr/bin/env node
/** The bin portkey-admin-mcp. What an old Node cannot read is loaded after its version has been looked at. */
import "./require-node.ts";

const { main } = await import("./main.ts");
await main(process.argv.slice(2), process.env);
