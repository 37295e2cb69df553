import { printable } from '../text/printable.ts';
import { redact } from '../text/redact.ts';

/** A piece of HTML that is whole and safe. Made by {@link html} and {@link block} alone. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlValue = string | number | Html | readonly Html[];

/**
 * The only way for a text into an HTML transcript: the words of the template are HTML, each value in it is
 * text, whose secrets go first (they are recognised only in the text as it was), then what is hostile is made
 * visible, then what HTML would act on is escaped. Good for element content and double-quoted attributes that
 * are no addresses, styles or event handlers.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = parts[0] ?? '';
  for (const [index, value] of values.entries()) text += valueText(value) + (parts[index + 1] ?? '');
  return new Html(text);
}

/** Several lines, exactly. */
export function block(text: string): Html {
  // A newline right after the tag would be dropped (HTML Living Standard, 13.1.2.5), so there is one to drop.
  return new Html(`<pre>\n${escapeHtml(printable(redact(text), { keepNewlines: true }))}</pre>`);
}

export function code(text: string): Html {
  return html`<code>${text === '' ? '(empty)' : text}</code>`;
}

/**
 * What leads to a file beside the page. `href` is ours; a name from outside becomes part of it only if it is one plain
 * name, which cannot be a scheme, a host, or a way up.
 */
export function link(name: string, hrefOf: ((name: string) => string) | undefined, text: Html): Html {
  if (hrefOf === undefined || !/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name)) return text;
  return html`<a href="${hrefOf(name)}">${text}</a>`;
}

/** An ISO time as `2026-11-23 04:12:07 UTC`; `-` for none. */
export function time(at: string | null): Html {
  return at === null
    ? html`-`
    : html`<time datetime="${at}">${at.slice(0, 10)} ${at.slice(11, 19)} UTC</time>`;
}

/** A list; nothing for no items. */
export function list(items: readonly Html[]): Html {
  return items.length === 0 ? html`` : html`<ul>\n${items.map((item) => html`<li>${item}</li>\n`)}</ul>`;
}

/** What opens and closes without a script. */
export function fold(summary: Html, body: Html): Html {
  return html`<details><summary>${summary}</summary>\n${body}\n</details>`;
}

/** Pieces with something between them. */
export function joined(pieces: readonly Html[], between: string): Html {
  return new Html(pieces.map((piece) => piece.text).join(escapeHtml(between)));
}

function valueText(value: HtmlValue): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeHtml(printable(redact(value)));
  return value.map((piece) => piece.text).join('');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
