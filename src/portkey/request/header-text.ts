/**
 * Whether a header can carry a text unchanged (RFC 9110, 5.5): visible characters, spaces and tabs. Spaces and tabs at
 * either end are not allowed, since receivers remove them.
 */
export function isHeaderText(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text) && !/^[\t ]|[\t ]$/.test(text);
}
