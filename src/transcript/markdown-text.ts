import { codeBlock, codeSpan, escapeMarkdown } from '../text/markdown.ts';
import { printable } from '../text/printable.ts';
import { redact } from '../text/redact.ts';

/**
 * The only ways for a text into a Markdown transcript. First the secrets go, as they are recognised only in
 * the text as it was; then what is hostile is made visible; then what Markdown would act on is escaped.
 */

/** Words, within a paragraph or list item. */
export function prose(text: string): string {
  return escapeMarkdown(printable(redact(text)));
}

/** A name, path, hash or command, exactly. */
export function code(text: string): string {
  return codeSpan(printable(redact(text)));
}

/** Several lines, exactly. */
export function block(text: string): string {
  return codeBlock(printable(redact(text), { keepNewlines: true }), 'text');
}

/** An ISO time as `2026-11-23 04:12:07 UTC`; `-` for none. */
export function time(at: string | null): string {
  return at === null ? '-' : `${escapeMarkdown(`${at.slice(0, 10)} ${at.slice(11, 19)}`)} UTC`;
}

/** A list; each item is Markdown already. */
export function items(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

/** Markdown put under a list item. */
export function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
