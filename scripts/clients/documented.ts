/**
 * The commands of docs/clients.md that add this server to a client: each must leave it in the client's own settings.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { clientGuides } from "../../src/http/page/clients.ts";
import { STDIO_GUIDES } from "../release/stdio-guides.ts";
import type { Transport, ClientWorkspace } from "./client.ts";

const PROJECT = "project";

/**
 * Where each client keeps its servers, below its home. Gemini CLI keeps them with the project, which must not be the
 * home itself.
 */
const SETTINGS_FILES: Readonly<Record<string, string>> = {
  "claude-code": ".claude.json",
  codex: ".codex/config.toml",
  "gemini-cli": `${PROJECT}/.gemini/settings.json`,
};

const URL = "https://portkey-mcp.example.com/mcp";
const GUIDES = {
  stdio: STDIO_GUIDES,
  http: clientGuides({ url: URL, headers: { Authorization: "Bearer token" }, login: false }),
} as const;
const TRACES = { stdio: ["portkey-admin-mcp", "pk-documented"], http: [URL] } as const;

/** Throws where the guide's command fails or leaves nothing behind; false where there is no such command. */
export async function tryDocumentedCommand(
  guide: string,
  transport: Transport,
  workspace: ClientWorkspace,
): Promise<boolean> {
  const text = GUIDES[transport]
    .find(({ id }) => id === guide)
    ?.snippets.find(({ where }) => where === "Terminal")?.text;
  const file = SETTINGS_FILES[guide];
  if (text === undefined || file === undefined) return false;
  const home = `documented-${guide}-${transport}`;
  const path = join(workspace.folder, "home", home);
  const { code, stderr } = await workspace.run("sh", ["-c", text], {
    cwd: join(home, PROJECT),
    env: { HOME: path, PORTKEY_API_KEY: "pk-documented" },
  });
  if (code !== 0) throw new Error(`${text}: exit ${code}: ${stderr.slice(-300)}`);
  const settings = await readFile(join(path, file), "utf8");
  const missing = TRACES[transport].filter((trace) => !settings.includes(trace));
  if (missing.length > 0) throw new Error(`${text}: ${file} holds no ${missing.join(", ")}`);
  return true;
}
