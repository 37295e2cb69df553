/** How a cell looks: SGR parameters (ECMA-48 8.3.117) in one order, so that equal looks are equal strings; '' for none. */
export type Style = string;

interface Pen {
  readonly attributes: readonly string[];
  readonly foreground: string;
  readonly background: string;
}

/** What turns an attribute off; bold and dim share theirs. */
const OFF: Readonly<Record<string, readonly string[]>> = {
  '22': ['1', '2'],
  '23': ['3'],
  '24': ['4'],
  '25': ['5', '6'],
  '27': ['7'],
  '28': ['8'],
  '29': ['9'],
};

/** The style after an SGR sequence with these parameters; null where one is not known. */
export function applySgr(style: Style, parameters: string): Style | null {
  const key = `${style}|${parameters}`;
  const known = applied.get(key);
  if (known !== undefined) return known;
  const pen = withParameters(penOf(style), parameters.split(/[;:]/));
  const result = pen === null ? null : nameOf(pen);
  if (applied.size >= MOST_KNOWN) applied.clear();
  applied.set(key, result);
  return result;
}

/** The sequence that leads from one style to the other. */
export function changeStyle(from: Style, to: Style): string {
  if (from === to) return '';
  if (to === '') return '\u001b[m';
  if (from === '') return `\u001b[${to}m`;
  const before = penOf(from);
  const after = penOf(to);
  const isOnlyMore =
    before.attributes.every((each) => after.attributes.includes(each)) &&
    (before.foreground === '' || after.foreground !== '') &&
    (before.background === '' || after.background !== '');
  if (!isOnlyMore) return `\u001b[0;${to}m`;
  const more = {
    attributes: after.attributes.filter((each) => !before.attributes.includes(each)),
    foreground: after.foreground === before.foreground ? '' : after.foreground,
    background: after.background === before.background ? '' : after.background,
  };
  return `\u001b[${nameOf(more)}m`;
}

/** How a blank of this style looks: as a plain one, unless there is a line, an inversion or a background. */
export function lookOfBlank(style: Style): Style {
  if (style === '') return '';
  const { attributes, background } = penOf(style);
  return background !== '' || attributes.some((each) => SEEN_ON_BLANKS.includes(each)) ? style : '';
}

const SEEN_ON_BLANKS: readonly string[] = ['4', '7', '9'];
const MOST_KNOWN = 2000;
const applied = new Map<string, Style | null>();
const PLAIN: Pen = { attributes: [], foreground: '', background: '' };

function penOf(style: Style): Pen {
  return style === '' ? PLAIN : (withParameters(PLAIN, style.split(';')) ?? PLAIN);
}

function nameOf({ attributes, foreground, background }: Pen): Style {
  return [...attributes, foreground, background].filter((each) => each !== '').join(';');
}

function withParameters(start: Pen, parameters: readonly string[]): Pen | null {
  let pen = start;
  for (let at = 0; at < parameters.length; at++) {
    const code = parameters[at] === '' ? '0' : (parameters[at] ?? '0');
    const number = Number(code);
    if (number === 38 || number === 48) {
      const length = parameters[at + 1] === '5' ? 3 : parameters[at + 1] === '2' ? 5 : 0;
      const colour = parameters.slice(at, at + length);
      if (length === 0 || colour.length < length || colour.includes('')) return null;
      pen = { ...pen, [number === 38 ? 'foreground' : 'background']: colour.join(';') };
      at += length - 1;
      continue;
    }
    const next = withCode(pen, number, code);
    if (next === null) return null;
    pen = next;
  }
  return pen;
}

function withCode(pen: Pen, number: number, code: string): Pen | null {
  if (number === 0) return PLAIN;
  if (number >= 1 && number <= 9) {
    return { ...pen, attributes: [...new Set([...pen.attributes, code])].sort() };
  }
  const off = OFF[code];
  if (off !== undefined) return { ...pen, attributes: pen.attributes.filter((each) => !off.includes(each)) };
  if (number === 39) return { ...pen, foreground: '' };
  if (number === 49) return { ...pen, background: '' };
  if ((number >= 30 && number <= 37) || (number >= 90 && number <= 97)) return { ...pen, foreground: code };
  if ((number >= 40 && number <= 47) || (number >= 100 && number <= 107)) {
    return { ...pen, background: code };
  }
  return null;
}
