/**
 * How to add this server to each client: commands and files as in the client's documentation. They hold no secrets:
 * clients read those from their own places, or a person replaces the words in angle brackets.
 */

/** What a client must send besides the request itself. */
export interface Access {
  /** The endpoint. */
  readonly url: string;
  /** Header names, with placeholders for their values. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the client logs in by OAuth, in a browser. */
  readonly login: boolean;
}

export interface Snippet {
  /** Where the text goes: a terminal, or a file's path. */
  readonly where: string;
  readonly text: string;
}

export interface ClientGuide {
  readonly id: string;
  readonly name: string;
  readonly snippets: readonly Snippet[];
  /** A link that opens the client and asks it to add the server. */
  readonly link?: { readonly label: string; readonly href: string };
  readonly note?: string;
}

const NAME = "portkey";
const TERMINAL = "Terminal";

const json = (value: unknown): string => JSON.stringify(value, null, 2);
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

type Guide = (access: Access, headers: { headers?: Access["headers"] }) => Omit<ClientGuide, "id" | "name">;

/** In double quotes, which all shells know, and in which they expand variables. */
const flags = ({ headers }: Access): string =>
  Object.entries(headers)
    .map(([name, value]) => ` --header "${name}: ${value}"`)
    .join("");

const GUIDES: readonly (readonly [id: string, name: string, guide: Guide])[] = [
  [
    "claude-code",
    "Claude Code",
    (access) => ({
      snippets: [{ where: TERMINAL, text: `claude mcp add --transport http ${NAME} ${access.url}${flags(access)}` }],
      ...(access.login && { note: "Then type /mcp in Claude Code and log in." }),
    }),
  ],
  [
    "cursor",
    "Cursor",
    ({ url }, headers) => ({
      link: {
        label: "Add to Cursor",
        href: `cursor://anysphere.cursor-deeplink/mcp/install?name=${NAME}&config=${encodeURIComponent(base64({ url, ...headers }))}`,
      },
      snippets: [{ where: "~/.cursor/mcp.json", text: json({ mcpServers: { [NAME]: { url, ...headers } } }) }],
    }),
  ],
  [
    "vs-code",
    "VS Code",
    ({ url }, headers) => ({
      link: {
        label: "Add to VS Code",
        href: `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: NAME, type: "http", url, ...headers }))}`,
      },
      snippets: [{ where: ".vscode/mcp.json", text: json({ servers: { [NAME]: { type: "http", url, ...headers } } }) }],
    }),
  ],
  [
    "windsurf",
    "Windsurf",
    ({ url }, headers) => ({
      snippets: [
        {
          where: "~/.codeium/windsurf/mcp_config.json",
          text: json({ mcpServers: { [NAME]: { serverUrl: url, ...headers } } }),
        },
      ],
    }),
  ],
  [
    "codex",
    "Codex",
    (access) => ({
      snippets: [{ where: "~/.codex/config.toml", text: codexToml(access) }],
      ...(access.login && { note: `Then run: codex mcp login ${NAME}` }),
    }),
  ],
  [
    "gemini-cli",
    "Gemini CLI",
    (access, headers) => ({
      snippets: [
        { where: TERMINAL, text: `gemini mcp add --transport http ${NAME} ${access.url}${flags(access)}` },
        {
          where: "~/.gemini/settings.json",
          text: json({ mcpServers: { [NAME]: { httpUrl: access.url, ...headers } } }),
        },
      ],
    }),
  ],
  [
    "other",
    "Any other client",
    ({ url, headers }) => ({
      snippets: [
        {
          where: "A client that starts servers by a command (through mcp-remote)",
          // Without a space, which mcp-remote accepts: some clients split arguments at spaces.
          text: json({
            mcpServers: {
              [NAME]: {
                command: "npx",
                args: [
                  "-y",
                  "mcp-remote",
                  url,
                  ...Object.entries(headers).flatMap(([name, value]) => ["--header", `${name}:${value}`]),
                ],
              },
            },
          }),
        },
      ],
      note: `Clients that speak Streamable HTTP need the address, and the token where this server asks for one: ${url}`,
    }),
  ],
];

export function clientGuides(access: Access): ClientGuide[] {
  const headers = Object.keys(access.headers).length === 0 ? {} : { headers: access.headers };
  return GUIDES.map(([id, name, guide]) => ({ id, name, ...guide(access, headers) }));
}

function codexToml({ url, headers }: Access): string {
  const lines = [`[mcp_servers.${NAME}]`, `url = ${JSON.stringify(url)}`];
  const pairs = Object.entries(headers).map(([name, value]) => `${JSON.stringify(name)} = ${JSON.stringify(value)}`);
  return [...lines, ...(pairs.length === 0 ? [] : [`http_headers = { ${pairs.join(", ")} }`])].join("\n");
}
