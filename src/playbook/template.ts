/** A text cut into what stands as it is and the `${{ … }}` in it. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  /** Offsets of the CEL text between the braces, without the spaces around it. */
  | { readonly kind: 'expression'; readonly text: string; readonly start: number; readonly end: number };

export type Template =
  | { readonly parts: readonly TemplatePart[] }
  /** `${{` without its end; where it begins. */
  | { readonly unclosedAt: number };

export const OPENING = '${{';

/** Braces of maps and `}}` within strings do not end an expression. */
export function splitTemplate(text: string): Template {
  const parts: TemplatePart[] = [];
  let at = 0;
  while (at < text.length) {
    const opening = text.indexOf(OPENING, at);
    if (opening < 0) break;
    const closing = closingBraces(text, opening + OPENING.length);
    if (closing === null) return { unclosedAt: opening };
    if (opening > at) parts.push({ kind: 'text', text: text.slice(at, opening) });
    const inner = text.slice(opening + OPENING.length, closing);
    const start = opening + OPENING.length + (inner.length - inner.trimStart().length);
    const trimmed = inner.trim();
    parts.push({ kind: 'expression', text: trimmed, start, end: start + trimmed.length });
    at = closing + 2;
  }
  if (at < text.length || parts.length === 0) parts.push({ kind: 'text', text: text.slice(at) });
  return { parts };
}

/** The expression if the text is one `${{ … }}` and nothing else but space around it; then its value keeps its type. */
export function soleExpression(parts: readonly TemplatePart[]): string | null {
  const real = parts.filter((part) => part.kind === 'expression' || part.text.trim() !== '');
  const [only] = real;
  return real.length === 1 && only?.kind === 'expression' ? only.text : null;
}

function closingBraces(text: string, from: number): number | null {
  let depth = 0;
  const token = /[rR][bB]?(?:"[^"\n]*"|'[^'\n]*')|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[{}]/g;
  token.lastIndex = from;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    if (found[0] === '{') depth += 1;
    else if (found[0] === '}') {
      if (depth === 0) {
        if (text[found.index + 1] === '}') return found.index;
        return null;
      }
      depth -= 1;
    }
  }
  return null;
}
