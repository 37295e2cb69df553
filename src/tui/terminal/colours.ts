import type { StyleName } from '../look/cells.ts';

/** SGR parameters of each style (ECMA-48 8.3.117), '' for none. */
export type Colours = Readonly<Record<StyleName, string>>;

/** Whether the terminal writes light on dark or dark on light. */
export type Background = 'dark' | 'light';

export const MONO: Colours = {
  dim: '',
  strong: '',
  title: '',
  good: '',
  warn: '',
  bad: '',
  accent: '',
  mark: '',
};

const ATTRIBUTES = { dim: '2', strong: '1', mark: '7' } as const;

/** The sixteen that every terminal has, as its owner set them. */
export const SIXTEEN: Readonly<Record<Background, Colours>> = {
  dark: { ...ATTRIBUTES, title: '1;36', good: '32', warn: '33', bad: '1;31', accent: '36' },
  light: { ...ATTRIBUTES, title: '1;34', good: '32', warn: '35', bad: '1;31', accent: '34' },
};

/**
 * Where good, doubtful and bad have to be told apart, from the 256 of xterm: bluish green, yellow and vermilion, which
 * those who see red and green alike tell apart too (after Okabe and Ito's palette, jfly.uni-koeln.de/color), in shades
 * that can be read on the background. What is written with each move of the cursor has the short names of the sixteen.
 */
export const MANY: Readonly<Record<Background, Colours>> = {
  dark: {
    ...ATTRIBUTES,
    title: '1;96',
    good: '38;5;79',
    warn: '38;5;221',
    bad: '1;38;5;209',
    accent: '96',
  },
  light: {
    ...ATTRIBUTES,
    title: '1;34',
    good: '38;5;29',
    warn: '38;5;94',
    bad: '1;38;5;130',
    accent: '34',
  },
};

/**
 * The terminal's own word on its background: `rgb:RRRR/GGGG/BBBB` with one to four hexadecimal digits a part, as
 * xterm answers OSC 11 (XParseColor). Null for anything else.
 */
export function backgroundOf(answer: string): Background | null {
  const parts = /^rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})/i.exec(answer);
  if (parts === null) return null;
  const [red = 0, green = 0, blue = 0] = parts
    .slice(1)
    .map((digits) => Number.parseInt(digits, 16) / (16 ** digits.length - 1));
  // Luma of ITU-R BT.709.
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5 ? 'light' : 'dark';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A guess from what terminals leave in the environment (rxvt's `15;0`: light on dark); dark where nothing is said. */
export function guessBackground({ COLORFGBG }: Environment): Background {
  const background = Number(/;(\d+)$/.exec(COLORFGBG ?? '')?.[1] ?? 0);
  return background === 7 || background > 8 ? 'light' : 'dark';
}

/** Whether it has xterm's 256 colours, by what it calls itself. */
export function hasManyColours({ TERM, COLORTERM }: Environment): boolean {
  return (COLORTERM ?? '') !== '' || /256color|kitty|alacritty|foot|ghostty|wezterm/.test(TERM ?? '');
}
