import { printable } from '../text/printable.ts';
import { redact } from '../text/redact.ts';
import { textWidth } from '../text/width.ts';
import { fitRow, type Row, type StyleName } from './cells.ts';

export interface Theme {
  readonly isAscii: boolean;
  /** SGR parameters of each style (ECMA-48 8.3.117), '' for none. */
  readonly styles: Readonly<Record<StyleName, string>>;
}

export type ThemeName = 'dark' | 'light' | 'mono';

const DARK: Theme['styles'] = {
  dim: '2',
  strong: '1',
  title: '1;36',
  good: '32',
  warn: '33',
  bad: '1;31',
  accent: '36',
  mark: '7',
};
const LIGHT: Theme['styles'] = { ...DARK, title: '1;34', warn: '35', accent: '34' };
const MONO: Theme['styles'] = {
  dim: '',
  strong: '',
  title: '',
  good: '',
  warn: '',
  bad: '',
  accent: '',
  mark: '',
};

/** NO_COLOR (no-color.org: set and not empty) and TERM=dumb leave plain text; a locale that is not UTF-8 leaves ASCII. */
export function themeFor(
  settings: { readonly ascii?: boolean; readonly theme?: ThemeName },
  environment: Readonly<Record<string, string | undefined>>,
): Theme {
  const isMono =
    (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb' || settings.theme === 'mono';
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || 'C.UTF-8';
  const styles = settings.theme === 'light' ? LIGHT : DARK;
  return {
    isAscii: settings.ascii ?? (!/utf-?8/i.test(locale) || environment.TERM === 'linux'),
    styles: isMono ? MONO : styles,
  };
}

/**
 * Text that came from outside (the host, a playbook, another person) made fit for a cell: secrets taken out,
 * everything but plain characters made visible.
 */
export function foreign(text: string): string {
  const known = cleaned.get(text);
  if (known !== undefined) return known;
  const clean = printable(redact(text));
  if (cleaned.size >= MOST_CLEANED) cleaned.clear();
  if (text.length <= 4096) cleaned.set(text, clean);
  return clean;
}

const MOST_CLEANED = 4000;
const cleaned = new Map<string, string>();

/** A row as it is written: exactly so many columns, with its styles as SGR. */
export function paint(row: Row, columns: number, theme: Theme): string {
  const plain = theme.isAscii ? row.map((part) => ({ ...part, text: toAscii(part.text) })) : row;
  let out = '';
  for (const { text, style } of fitRow(plain, columns)) {
    const codes = style === undefined ? '' : theme.styles[style];
    out += codes === '' ? text : `\u001b[${codes}m${text}\u001b[0m`;
  }
  return theme.isAscii ? toAscii(out) : out;
}

/** Every character in as many columns as before, so that a layout made with the real ones stays. */
export function toAscii(text: string): string {
  if (ASCII.test(text)) return text;
  let out = '';
  // By what a reader takes for one character: the parts of one do not take a column each.
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(text)) {
    out += ASCII.test(segment) ? segment : (STAND_INS[segment] ?? '?'.repeat(textWidth(segment)));
  }
  return out;
}

let segmenter: Intl.Segmenter | null = null;

const ASCII = /^[\x00-\x7f]*$/;

const STAND_INS: Readonly<Record<string, string>> = {
  '·': '.',
  '▶': '>',
  '❯': '>',
  '…': '~',
  '✔': '+',
  '✘': 'x',
  '↷': '-',
  '✎': 'm',
  '↶': 'u',
  '┌': '+',
  '┐': '+',
  '└': '+',
  '┘': '+',
  '─': '-',
  '│': '|',
  '█': '#',
  '░': '.',
  '▏': '|',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '×': 'x',
};
