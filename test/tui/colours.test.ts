import { describe, expect, it } from 'vitest';
import { themeFor } from '../../src/tui/look/theme.ts';
import { backgroundOf, type Colours, guessBackground, MANY } from '../../src/tui/terminal/colours.ts';

type Rgb = readonly [number, number, number];

/** xterm's 256 colours: 16 to 231 are a cube with these steps (xterm's 256colres.pl). */
const STEPS = [0, 95, 135, 175, 215, 255];

function rgbOf(style: string): Rgb {
  const index = Number(/38;5;(\d+)/.exec(style)?.[1]) - 16;
  return [STEPS[Math.floor(index / 36)] ?? 0, STEPS[Math.floor(index / 6) % 6] ?? 0, STEPS[index % 6] ?? 0];
}

/** Linear light of sRGB (IEC 61966-2-1). */
function linear(part: number): number {
  const value = part / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Contrast ratio of WCAG 2. */
function contrast(one: Rgb, other: Rgb): number {
  const [bright = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (bright + 0.05) / (dark + 0.05);
}

/** As those without green cones see it, in linear light (Machado, Oliveira, Fernandes 2009, severity 1.0). */
function deuteranope(colour: Rgb): Rgb {
  const [red, green, blue] = colour.map(linear) as unknown as Rgb;
  return [
    0.367322 * red + 0.860646 * green - 0.227968 * blue,
    0.280085 * red + 0.672501 * green + 0.047413 * blue,
    -0.01182 * red + 0.04294 * green + 0.968881 * blue,
  ];
}

function distance(one: Rgb, other: Rgb): number {
  return Math.hypot(...one.map((part, index) => part - (other[index] ?? 0)));
}

const WORDS = ['good', 'warn', 'bad'] as const;

describe('the colours', () => {
  for (const [background, paper] of [
    ['dark', [0, 0, 0]],
    ['light', [255, 255, 255]],
  ] as const) {
    const colours: Colours = MANY[background];

    it(`can be read on a ${background} background`, () => {
      for (const word of WORDS) expect(contrast(rgbOf(colours[word]), paper)).toBeGreaterThan(4.5);
    });

    it(`tell good from bad on a ${background} one for who sees red and green alike`, () => {
      const [good, bad] = [deuteranope(rgbOf(colours.good)), deuteranope(rgbOf(colours.bad))];
      expect(distance(good, bad)).toBeGreaterThan(0.12);
    });
  }

  it('follow the background that the terminal tells', () => {
    expect(backgroundOf('rgb:ffff/ffff/dddd')).toBe('light');
    expect(backgroundOf('rgb:1e/1e/1e')).toBe('dark');
    expect(backgroundOf('rgba:0000/0000/0000/ffff')).toBe('dark');
    expect(backgroundOf('rgb:red')).toBeNull();
    expect(guessBackground({ COLORFGBG: '0;15' })).toBe('light');
    expect(guessBackground({ COLORFGBG: '15;default;0' })).toBe('dark');
    expect(guessBackground({})).toBe('dark');
  });

  it('are few where the terminal has few, and none where nobody wants them', () => {
    const many = { TERM: 'xterm-256color' };
    expect(themeFor({}, many).styles).toBe(MANY.dark);
    expect(themeFor({}, many, 'light').styles).toBe(MANY.light);
    expect(themeFor({ theme: 'dark' }, many, 'light').styles).toBe(MANY.dark);
    expect(themeFor({ theme: 'sixteen' }, many).styles.good).toBe('32');
    expect(themeFor({}, { TERM: 'xterm' }).styles.good).toBe('32');
    expect(themeFor({}, { ...many, NO_COLOR: '1' }).styles.good).toBe('');
  });

  it('leave links out where a terminal might write them on the screen', () => {
    expect(themeFor({}, { TERM: 'linux' }).hasLinks).toBe(false);
    expect(themeFor({}, { TERM: 'xterm-256color' }).hasLinks).toBe(false);
    expect(themeFor({}, { TERM: 'xterm-kitty' }).hasLinks).toBe(true);
    expect(themeFor({ links: false }, { TERM: 'xterm-kitty' }).hasLinks).toBe(false);
  });
});
