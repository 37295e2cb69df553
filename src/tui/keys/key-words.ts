import type { Theme } from '../look/theme.ts';

/** `⏎` and its like in words where the terminal cannot show them. */
export function keyWords(text: string, theme: Theme): string {
  return theme.isAscii
    ? text.replaceAll('⏎', 'Enter').replaceAll('↑↓', 'Up/Down').replaceAll('←→', 'Left/Right')
    : text;
}
