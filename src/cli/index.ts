#!/usr/bin/env node
/** The bin portkey-admin-mcp. */
import { main } from "./main.ts";

await main(process.argv.slice(2), process.env);
