/**
 * Whether a header can carry a text as it is (RFC 9110, 5.5): visible characters, spaces and tabs, none of them at an
 * end, where a receiver takes them away.
 */
export function isHeaderText(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text) && !/^[\t ]|[\t ]$/.test(text);
}
