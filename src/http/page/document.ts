/** The HTML around the content of every page of this server. */

export interface HtmlDocument {
  readonly title: string;
  /** HTML: the page's own elements of the head, such as its style. */
  readonly head: string;
  /** HTML. */
  readonly body: string;
}

export function htmlDocument({ title, head, body }: HtmlDocument): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
${head}
</head>
<body>
${body}
</body>
</html>
`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
