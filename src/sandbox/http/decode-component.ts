/** A part of a URL or a form, percent-decoded; one that is not encoded correctly stays as it is. */
export function decodeComponent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
