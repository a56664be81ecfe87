/** `a & b | c` in words. */
export function scopesText(scopes: string): string {
  return scopes.replaceAll(" & ", " and ").replaceAll(" | ", " or ");
}
