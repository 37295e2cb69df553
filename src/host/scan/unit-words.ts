/**
 * A command of a unit as a shell would be given it. The quoting of systemd is its own (systemd.service(5), "Command
 * lines"; src/basic/escape.c): C-style escapes anywhere, so that a path can be written with none of its letters, `$$`
 * and `%%` for one of each. What has none of these is left as it is written.
 */
export function unitCommand(value: string): string {
  return /[\\]|\$\$|%%/.test(value) ? unitWords(value).map(quoted).join(' ') : value;
}

function quoted(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function unitWords(value: string): string[] {
  const words: string[] = [];
  let word = '';
  let hasWord = false;
  let quote = '';
  for (let at = 0; at < value.length; ) {
    const c = value[at] ?? '';
    const [text, length] = c === '\\' ? escapeAt(value.slice(at + 1, at + 10)) : [doubled(value, at) ?? c, 0];
    if (c === '\\') {
      word += text;
      hasWord = true;
      at += 1 + length;
      continue;
    }
    at += doubled(value, at) === null ? 1 : 2;
    if (c === quote) quote = '';
    else if (quote === '' && (c === '"' || c === "'")) {
      quote = c;
      hasWord = true;
    } else if (quote === '' && /\s/.test(c)) {
      if (hasWord) words.push(word);
      word = '';
      hasWord = false;
    } else {
      word += text;
      hasWord = true;
    }
  }
  return hasWord ? [...words, word] : words;
}

function doubled(value: string, at: number): string | null {
  const two = value.slice(at, at + 2);
  return two === '$$' || two === '%%' ? (two[0] ?? '') : null;
}

const LETTERS: Readonly<Record<string, string>> = {
  ...{ a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', s: ' ' },
};

/** What follows a backslash: the character meant, and how long it is written. */
function escapeAt(rest: string): [text: string, length: number] {
  const number = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))/.exec(rest);
  if (number !== null) {
    const [whole, two, four, eight, octal] = number;
    const code =
      octal === undefined ? Number.parseInt(two ?? four ?? eight ?? '', 16) : Number.parseInt(octal, 8);
    return [code <= 0x10ffff ? String.fromCodePoint(code) : '', whole.length];
  }
  const letter = rest[0] ?? '';
  return [LETTERS[letter] ?? letter, letter.length];
}
