/** docs/clients.md: how to connect each client, over stdio and over HTTP. */
import { clientGuides, type ClientGuide, type Snippet } from "../../src/http/page/clients.ts";
import { STDIO_GUIDES } from "./stdio-guides.ts";

const LANGUAGES: readonly (readonly [ending: RegExp, language: string])[] = [
  [/^Terminal$/, "sh"],
  [/\.toml$/, "toml"],
];

/** An address that readers replace by their own. */
const URL = "https://portkey-mcp.example.com/mcp";

export function clientsPage(): string {
  const http = clientGuides({ url: URL, headers: { Authorization: "Bearer <token>" }, login: false });
  return `# Connect a client

Written by \`npm run release:files\`. Do not edit.

What each client can do with this server was measured: [compatibility](compatibility.md).
Settings go beside \`PORTKEY_API_KEY\`, flags behind \`portkey-admin-mcp\`: [settings](settings.md).
To look around without a key, replace the \`env\` by the flag \`--sandbox\`.

If a client shows no tools, ask the server itself:

\`\`\`sh
npx -y portkey-admin-mcp doctor
\`\`\`

## Over stdio

The client starts the server on your machine.

${STDIO_GUIDES.map(section).join("\n\n")}

## Over HTTP

For a server that runs somewhere else ([deployment](deployment.md)).
Its own start page shows these with its address filled in. \`<token>\` is one of \`MCP_AUTH_TOKEN\`'s.
Where people log in (\`MCP_AUTH_MODE\` is jwt, clerk or oauth-proxy), leave the header out: the client opens a browser.

${http.map(section).join("\n\n")}
`;
}

function section({ name, link, snippets, note }: ClientGuide): string {
  const parts = [
    `### ${name}`,
    // Pages that show Markdown follow https only.
    ...(link?.href.startsWith("https:") ? [`[${link.label}](${link.href})`] : []),
    ...snippets.map(block),
    ...(note === undefined ? [] : [note]),
  ];
  return parts.join("\n\n");
}

function block({ where, text }: Snippet): string {
  const language = LANGUAGES.find(([ending]) => ending.test(where))?.[1] ?? "json";
  return `${placeOf(where)}:\n\n\`\`\`${language}\n${text}\n\`\`\``;
}

/** A file is named as code; a place in words is not. */
function placeOf(where: string): string {
  if (where === "Terminal") return "In a terminal";
  return where.startsWith("A client") ? where : `\`${where}\``;
}
