#!/usr/bin/env node
/**
 * Stands between an agent and the MCP server it was given: starts the server, passes every line on, and writes it to a
 * transcript. Plain JavaScript, so that it starts at once. Usage: record-server.mjs <transcript> <command> [argument …]
 */
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [transcript, command, ...args] = process.argv.slice(2);
const server = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });

function pass(from, input, output) {
  createInterface({ input, crlfDelay: Infinity })
    .on("line", (line) => {
      appendFileSync(transcript, `${JSON.stringify({ at: Date.now(), from, line })}\n`);
      output.write(`${line}\n`);
    })
    .on("close", () => output.end());
}

pass("client", process.stdin, server.stdin);
pass("server", server.stdout, process.stdout);
server.on("exit", (code) => process.exit(code ?? 1));
