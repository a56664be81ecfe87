#!/usr/bin/env node
/** The bin portkey-admin-mcp-http, and the container's command. */
import "./require-node.ts";

const { main } = await import("./main.ts");
await main(["http", ...process.argv.slice(2)], process.env);
