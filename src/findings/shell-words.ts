import { ansiQuoted, shortened } from './shell-quoting.ts';

/**
 * A shell command line taken apart far enough to be judged. Not a shell: what it cannot follow (functions,
 * arithmetic, here-documents) it passes over, and it never fails. Linear in the length of the text.
 */
export interface ShellSegment {
  readonly words: readonly string[];
  /** Paths that its output goes to. */
  readonly writesTo: readonly string[];
  /** The operator after it: `|`, `&&`, `||`, `;`, `&`, or '' at the end. */
  readonly next: string;
  /** Texts of $(…), `…` and <(…) inside its words. */
  readonly substitutions: readonly string[];
  /** What it is given as standard input by `<<< text`; '' if nothing. */
  readonly input: string;
}

export function splitShell(whole: string): ShellSegment[] {
  const text = shortened(whole);
  const segments: ShellSegment[] = [];
  let words: string[] = [];
  let writesTo: string[] = [];
  let substitutions: string[] = [];
  let input = '';
  let word = '';
  let hasWord = false;
  let isRedirect = false;
  let isInput = false;
  let at = 0;

  const endWord = (): void => {
    if (hasWord && isInput) input = word;
    else if (hasWord && isRedirect) writesTo.push(word);
    else if (hasWord) words.push(word);
    if (hasWord) {
      isRedirect = false;
      isInput = false;
    }
    word = '';
    hasWord = false;
  };
  const endSegment = (next: string): void => {
    endWord();
    isRedirect = false;
    isInput = false;
    if (words.length + writesTo.length + substitutions.length > 0) {
      segments.push({ words, writesTo, next, substitutions, input });
    }
    input = '';
    words = [];
    writesTo = [];
    substitutions = [];
  };
  const take = (open: number, close: string): void => {
    const end = close === '`' ? indexOr(text, '`', open) : matchingParenthesis(text, open);
    substitutions.push(text.slice(open, end));
    word += '\u0000';
    hasWord = true;
    at = end + 1;
  };

  while (at < text.length) {
    const c = text[at] ?? '';
    const two = text.slice(at, at + 2);
    if (two === "$'") {
      const [plain, end] = ansiQuoted(text, at + 2);
      word += plain;
      hasWord = true;
      at = end;
    } else if (c === "'") {
      const end = indexOr(text, "'", at + 1);
      word += text.slice(at + 1, end);
      hasWord = true;
      at = end + 1;
    } else if (c === '"') {
      at += 1;
      hasWord = true;
      while (at < text.length && text[at] !== '"') {
        if (text[at] === '\\') {
          word += text[at + 1] ?? '';
          at += 2;
        } else if (text.startsWith('$(', at)) take(at + 2, ')');
        else if (text[at] === '`') take(at + 1, '`');
        else {
          word += text[at];
          at += 1;
        }
      }
      at += 1;
    } else if (c === '\\') {
      if (text[at + 1] !== '\n') {
        word += text[at + 1] ?? '';
        hasWord = true;
      }
      at += 2;
    } else if (two === '$(' || two === '<(' || two === '>(') take(at + 2, ')');
    else if (c === '`') take(at + 1, '`');
    else if (c === '#' && !hasWord) at = indexOr(text, '\n', at);
    else if (two === '&&' || two === '||') {
      endSegment(two);
      at += 2;
    } else if (two === '&>') {
      endWord();
      isRedirect = true;
      at += text[at + 2] === '>' ? 3 : 2;
    } else if (c === '>' || c === '<') {
      if (/^\d$/.test(word)) {
        word = '';
        hasWord = false;
      }
      endWord();
      isInput = text.startsWith('<<<', at);
      at += isInput ? 2 : 1;
      if (text[at] === c) at += 1;
      if (text[at] === '&') {
        at += 1;
        while (/[\d-]/.test(text[at] ?? '')) at += 1;
      } else isRedirect = c === '>';
    } else if (c === ';' || c === '\n' || c === '|' || c === '&') {
      endSegment(c === '\n' ? ';' : c);
      at += 1;
    } else if (
      c === '(' ||
      c === ')' ||
      ((c === '{' || c === '}') && !hasWord && /[\s;]|^$/.test(text[at + 1] ?? ''))
    ) {
      // A group's end keeps the pipe or the `&` that follows it: `(fetch) | sh`.
      endSegment(c === ')' || c === '}' ? groupEnd(text, at + 1) : ';');
      at += 1;
    } else if (/\s/.test(c)) {
      endWord();
      at += 1;
    } else {
      word += c;
      hasWord = true;
      at += 1;
    }
  }
  endSegment('');
  return segments;
}

function groupEnd(text: string, from: number): string {
  let at = from;
  while (/[ \t]/.test(text[at] ?? '')) at += 1;
  if (text.startsWith('||', at) || text.startsWith('&&', at)) return text.slice(at, at + 2);
  return text[at] === '|' || text[at] === '&' ? (text[at] ?? ';') : ';';
}

function indexOr(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at < 0 ? text.length : at;
}

function matchingParenthesis(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    else if (text[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}
