const MAX_LENGTH = 16_384;

/**
 * Of a longer text its beginning and its end, and of many blanks one: who pads a line to have its end overlooked gains
 * nothing. Linear.
 */
export function shortened(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  const squeezed = text.slice(0, LONGEST).replace(/[ \t]{2,}/g, ' ');
  if (squeezed.length <= MAX_LENGTH) return squeezed;
  const half = MAX_LENGTH / 2 - 1;
  return `${squeezed.slice(0, half)}\n${squeezed.slice(-half)}`;
}

const LONGEST = 4 * 1024 * 1024;

/** `$'…'` (bash(1), QUOTING): what it stands for, and where it ends. */
export function ansiQuoted(text: string, from: number): [plain: string, end: number] {
  let plain = '';
  for (let at = from; at < text.length; ) {
    if (text[at] === "'") return [plain, at + 1];
    const [, hex, octal, other] =
      /^\\(?:[xu]([0-9a-fA-F]{1,4})|([0-7]{1,3})|([\s\S]))/.exec(text.slice(at, at + 6)) ?? [];
    const code = Number.parseInt(hex ?? octal ?? '', hex === undefined ? 8 : 16);
    if (hex !== undefined || octal !== undefined) plain += String.fromCharCode(code);
    else plain += other === undefined ? text[at] : (ESCAPES[other] ?? other);
    at +=
      hex !== undefined
        ? hex.length + 2
        : octal !== undefined
          ? octal.length + 1
          : other === undefined
            ? 1
            : 2;
  }
  return [plain, text.length];
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
