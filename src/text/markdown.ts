/**
 * Text as it reads, within a paragraph or list item of CommonMark or GitHub's Markdown: no emphasis, link,
 * image, HTML, heading, table, mathematics or mention comes of it. For one line; a newline becomes a space.
 * Call printable() first.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\r?\n|\r/g, ' ')
    .replace(/[\\`*_[\]<>|~$&@]/g, '\\$&')
    .replace(/^(\s*)([#+=-])/, '$1\\$2')
    .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
    .replace(/(https?|ftp|mailto|xmpp)(:)/gi, '$1\\$2')
    .replace(/\bwww\./gi, (match) => `${match.slice(0, -1)}\\.`)
    .replace(/^ | $/g, '&#32;');
}

/**
 * Text in backticks, shown exactly. For one line; a newline becomes a space. Safe for any content
 * (CommonMark 6.1: the delimiters are longer than any run inside). Call printable() first.
 */
export function codeSpan(text: string): string {
  const line = text.replace(/\r?\n|\r/g, ' ');
  if (line === '') return '(empty)';
  const fence = '`'.repeat(longestRun(line, '`') + 1);
  // One blank on both sides is taken away again, unless it is all blanks.
  const pad = /^`|`$|^ .*[^ ].* $/.test(line) ? ' ' : '';
  return fence + pad + line + pad + fence;
}

/** A fenced block, shown exactly; the fence is longer than any run inside (CommonMark 4.5). */
export function codeBlock(text: string, language = ''): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text, '`') + 1));
  const body = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return `${fence}${language}\n${body}${fence}`;
}

function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const one of text) {
    run = one === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
