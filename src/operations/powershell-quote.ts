/** A value as PowerShell reads it literally: in single quotes, which are doubled inside (about_Quoting_Rules). For showing only. */
export function powershellQuote(text: string): string {
  // Typographic quotes end a text as well as the plain one does.
  return `'${text.replaceAll(/['\u2018\u2019\u201a\u201b]/g, (quote) => quote + quote)}'`;
}
