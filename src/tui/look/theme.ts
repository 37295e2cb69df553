import { printable } from '../../text/printable.ts';
import { redact } from '../../text/redact.ts';
import { textWidth } from '../../text/width.ts';
import {
  type Background,
  type Colours,
  guessBackground,
  hasManyColours,
  MANY,
  MONO,
  SIXTEEN,
} from '../terminal/colours.ts';
import { fitRow, type Row } from './cells.ts';

export interface Theme {
  readonly isAscii: boolean;
  readonly styles: Colours;
  /** Links are written as such (OSC 8). */
  readonly hasLinks: boolean;
}

/** `auto`: by the terminal's background; `sixteen`: that too, in the colours that every terminal has. */
export type ThemeName = 'auto' | 'dark' | 'light' | 'sixteen' | 'mono';

export interface ThemeSettings {
  /** Left out: as the locale says. */
  readonly ascii?: boolean;
  readonly theme?: ThemeName;
  /** null or left out: where the terminal is known to have them. */
  readonly links?: boolean | null;
}

/**
 * NO_COLOR (no-color.org: set and not empty) and TERM=dumb leave plain text; a locale that is not UTF-8 leaves ASCII.
 * `background`: what the terminal said of it; null while it has not.
 */
export function themeFor(
  settings: ThemeSettings,
  environment: Readonly<Record<string, string | undefined>>,
  background: Background | null = null,
): Theme {
  const { theme = 'auto' } = settings;
  const isMono = (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb' || theme === 'mono';
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || 'C.UTF-8';
  const shade = theme === 'dark' || theme === 'light' ? theme : (background ?? guessBackground(environment));
  const palette = theme !== 'sixteen' && hasManyColours(environment) ? MANY : SIXTEEN;
  return {
    isAscii: settings.ascii ?? (!/utf-?8/i.test(locale) || environment.TERM === 'linux'),
    styles: isMono ? MONO : palette[shade],
    hasLinks: settings.links ?? hasLinks(environment),
  };
}

/** Terminals that are known to have OSC 8, by what they leave in the environment. Others may write it on the screen. */
function hasLinks(environment: Readonly<Record<string, string | undefined>>): boolean {
  const { TERM = '', TERM_PROGRAM = '', VTE_VERSION = '0', WT_SESSION, KITTY_WINDOW_ID } = environment;
  if (/^(?:linux|dumb|screen)/.test(TERM) && !/tmux/.test(TERM)) return false;
  return (
    /kitty|ghostty|foot|alacritty|wezterm/.test(TERM) ||
    /iTerm|WezTerm|vscode|ghostty/i.test(TERM_PROGRAM) ||
    Number(VTE_VERSION) >= 5000 ||
    WT_SESSION !== undefined ||
    KITTY_WINDOW_ID !== undefined
  );
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
  for (const { text, style, href } of fitRow(plain, columns)) {
    const codes = style === undefined ? '' : theme.styles[style];
    const styled = codes === '' ? text : `\u001b[${codes}m${text}\u001b[0m`;
    out +=
      href !== undefined && theme.hasLinks ? `\u001b]8;;${href}\u001b\\${styled}\u001b]8;;\u001b\\` : styled;
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
  '▁': '_',
  '▂': '.',
  '▃': '-',
  '▄': '-',
  '▅': '=',
  '▆': '=',
  '▇': '#',
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
