/** The command `audit verify`: reads audit files, oldest first, and reports where their chain is broken. */
import { HTTP_SETTINGS } from "../../config/http-settings.ts";
import { refuse } from "../../config/load-config.ts";
import { readSettings, type Source } from "../../config/read-settings.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { verifyFiles, type Verdict } from "../../http/audit/verify-chain.ts";
import type { CommandLine } from "../command-line.ts";

/** Exit code 0: the chain is intact; 1: it is broken, or there is none. Throws CONFIG where no file is named. */
export async function runAudit(source: Source, { operands }: CommandLine): Promise<void> {
  const [action, ...files] = operands;
  if (action !== "verify" || files.length === 0)
    throw new PortkeyMcpError("CONFIG", "Use: portkey-admin-mcp audit verify <file>..., the oldest file first.");
  const mistakes: string[] = [];
  const { MCP_AUDIT_CHAIN_KEY } = HTTP_SETTINGS;
  const values = readSettings({ MCP_AUDIT_CHAIN_KEY }, source, mistakes);
  refuse(mistakes);
  const verdict = await verifyFiles(files, values.MCP_AUDIT_CHAIN_KEY).catch((error: unknown) => {
    throw new PortkeyMcpError("CONFIG", `The audit cannot be read: ${(error as Error).message}`, {}, { cause: error });
  });
  process.stdout.write(textOf(verdict).join("\n") + "\n");
  process.exitCode = verdict.broken === undefined && verdict.lines > 0 ? 0 : 1;
}

function textOf({ broken, notes, lines }: Verdict): string[] {
  if (broken !== undefined) {
    const { file, line, why } = broken;
    return [...notes, `BROKEN at ${file}, line ${line}: ${why}.`, `${lines} lines before it hold.`];
  }
  if (lines === 0) return ["No line carries a chain: MCP_AUDIT_CHAIN=true writes one."];
  return [...notes, `ok: ${lines} lines hold.`];
}
