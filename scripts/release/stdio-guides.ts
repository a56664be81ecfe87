/**
 * How to add this server to each client over stdio; src/http/page/clients.ts is the same for HTTP. Links are
 * https ones that lead to the client's own scheme: pages that show Markdown drop every other kind.
 */
import type { ClientGuide } from "../../src/http/page/clients.ts";

const NAME = "portkey";
const PACKAGE = "portkey-admin-mcp";
const KEY = "PORTKEY_API_KEY";
const PLACEHOLDER = "<your Portkey API key>";
const TERMINAL = "Terminal";

const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** A client's entry for the server, as most of them write it. */
const entry = (key: string) => ({ command: "npx", args: ["-y", PACKAGE], env: { [KEY]: key } });
const mcpServers = json({ mcpServers: { [NAME]: entry(PLACEHOLDER) } });

/** VS Code asks for the key and keeps it out of the file. */
const input = { type: "promptString", id: "portkey_api_key", description: "Portkey API key", password: true };
const vsCode = { type: "stdio", ...entry(`\${input:${input.id}}`) };

const cursorConfig = Buffer.from(JSON.stringify(entry(PLACEHOLDER))).toString("base64");
const query = (parts: Readonly<Record<string, string>>): string =>
  Object.entries(parts)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");

export const STDIO_GUIDES: readonly ClientGuide[] = [
  {
    id: "claude-code",
    name: "Claude Code",
    snippets: [{ where: TERMINAL, text: `claude mcp add ${NAME} -e ${KEY}="$${KEY}" -- npx -y ${PACKAGE}` }],
  },
  {
    id: "claude-desktop",
    name: "Claude Desktop",
    snippets: [{ where: "claude_desktop_config.json", text: mcpServers }],
    note:
      "Or open the .mcpb bundle of a release (npm run release:mcpb makes one): it asks for the key and keeps it in " +
      "the system's key store.",
  },
  {
    id: "cursor",
    name: "Cursor",
    link: {
      label: "Add to Cursor",
      href: `https://cursor.com/en/install-mcp?${query({ name: NAME, config: cursorConfig })}`,
    },
    snippets: [{ where: "~/.cursor/mcp.json", text: mcpServers }],
    note: 'Cursor takes about 40 tools: add "--profile", "core" or "--discover" to args.',
  },
  {
    id: "vs-code",
    name: "VS Code",
    link: {
      label: "Add to VS Code",
      href: `https://insiders.vscode.dev/redirect/mcp/install?${query({
        name: NAME,
        inputs: JSON.stringify([input]),
        config: JSON.stringify(vsCode),
      })}`,
    },
    snippets: [{ where: ".vscode/mcp.json", text: json({ inputs: [input], servers: { [NAME]: vsCode } }) }],
    note: 'VS Code takes at most 128 tools for a request: add "--profile", "core" or "--discover" to args.',
  },
  {
    id: "windsurf",
    name: "Windsurf",
    snippets: [{ where: "~/.codeium/windsurf/mcp_config.json", text: mcpServers }],
  },
  {
    id: "codex",
    name: "Codex",
    snippets: [{ where: TERMINAL, text: `codex mcp add ${NAME} --env ${KEY}="$${KEY}" -- npx -y ${PACKAGE}` }],
    note:
      "Codex shows its model the first and last 6,000 characters of a long answer; tool_output_token_limit in " +
      "~/.codex/config.toml raises that.",
  },
  {
    id: "gemini-cli",
    name: "Gemini CLI",
    snippets: [{ where: TERMINAL, text: `gemini mcp add -e ${KEY}="$${KEY}" ${NAME} npx -y ${PACKAGE}` }],
    note: "Gemini CLI starts servers only in folders it was told to trust.",
  },
  {
    id: "other",
    name: "Any other client",
    snippets: [{ where: "A client that starts servers by a command", text: mcpServers }],
  },
];
