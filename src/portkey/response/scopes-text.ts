/** A record's scopes in words: `a & b | c` becomes `a and b or c`. */
export function scopesText(scopes: string): string {
  return scopes.replaceAll(" & ", " and ").replaceAll(" | ", " or ");
}
