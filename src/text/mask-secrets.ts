/**
 * Takes the values of secret inputs out of what a command puts out, before it is kept or shown. A command that
 * prints its own secret (`set -x`, `env`, a tool's debug log) would otherwise write it into the incident folder.
 * What a command makes of a secret (a hash, a piece, another order) cannot be known and stays.
 */
export interface SecretMask {
  /** The bytes without secrets. What could be the beginning of one is held back until more is known. */
  push(bytes: Uint8Array): Uint8Array;
  /** What was held back. */
  end(): Uint8Array;
}

const MASKED = '[secret]';
/** Shorter ones stand in every text by chance. */
const SHORTEST = 4;

export function maskSecrets(secrets: Iterable<string>): SecretMask {
  const forms = formsOf(secrets, utf8);
  const pattern = patternOf(forms);
  let held = '';
  return {
    push(bytes) {
      if (pattern === null) return bytes.slice();
      // One character a byte, so that bytes that are no UTF-8 stay what they are.
      const text = `${held}${textOf(bytes)}`.replace(pattern, MASKED);
      const keep = beginningOfForm(text, forms);
      held = text.slice(text.length - keep);
      return bytesOf(text.slice(0, text.length - keep));
    },
    end() {
      const rest = held;
      held = '';
      return bytesOf(rest);
    },
  };
}

/** A message without the secrets: a check's last line, an error's text. */
export function maskText(text: string, secrets: Iterable<string>): string {
  // As text, not as bytes: host bytes that are no UTF-8 stand in it as lone surrogates (text/host-bytes.ts).
  const pattern = patternOf(formsOf(secrets, (form) => form));
  return pattern === null ? text : text.replace(pattern, MASKED);
}

/** As it is, each of its lines, and as tools write it: in base64, in a URL, in JSON. Longest first. */
function formsOf(secrets: Iterable<string>, write: (form: string) => string): readonly string[] {
  const forms = new Set<string>();
  for (const secret of secrets) {
    for (const value of [secret, ...secret.split('\n').filter((line) => line.length >= 8)]) {
      if (value.length < SHORTEST) continue;
      const bytes = utf8(value);
      const base64 = btoa(bytes).replace(/=+$/, '');
      // The last character of base64 depends on what follows the value.
      const forBase64 = bytes.length % 3 === 0 ? base64 : base64.slice(0, -1);
      for (const form of [value, forBase64, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]) {
        forms.add(write(form));
      }
    }
  }
  return [...forms].sort((a, b) => b.length - a.length);
}

function patternOf(forms: readonly string[]): RegExp | null {
  if (forms.length === 0) return null;
  return new RegExp(forms.map((form) => form.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|'), 'g');
}

/** How many characters at the end of the text are the beginning of a form. */
function beginningOfForm(text: string, forms: readonly string[]): number {
  const longest = forms[0]?.length ?? 0;
  for (let length = Math.min(longest - 1, text.length); length > 0; length -= 1) {
    const tail = text.slice(text.length - length);
    if (forms.some((form) => form.length > length && form.startsWith(tail))) return length;
  }
  return 0;
}

const PIECE = 8192;

/** One character a byte. */
function textOf(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return text;
}

function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

function utf8(text: string): string {
  return textOf(new TextEncoder().encode(text));
}
