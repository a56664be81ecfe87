#!/usr/bin/env node
/** The bin portkey-admin-mcp-http, and the container's command. */
import { main } from "./main.ts";

await main(["http", ...process.argv.slice(2)], process.env);
