/** A version as its maker counts: numbers, and what was given out before it if that is what it is. */
interface Version {
  readonly numbers: readonly number[];
  /** `canary.77`, `beta9`, as a word and a number; null for what was given out itself. */
  readonly before: { readonly word: string; readonly number: number } | null;
}

const FORM =
  /^v?(\d{1,9}(?:\.\d{1,9}){0,5})(?:[-.]?(alpha|beta|canary|cr|milestone|m|pre|preview|rc|snapshot)[-.]?(\d{1,9})?)?$/i;

/**
 * null where it has another form: what somebody built anew (`2.14.1.redhat-00001`, `5.17.2+dfsg`) may be mended without
 * another number, so nothing is said of it.
 */
function parseVersion(text: string): Version | null {
  const [, numbers, word, number] = FORM.exec(text.trim()) ?? [];
  if (numbers === undefined) return null;
  return {
    numbers: numbers.split('.').map(Number),
    before: word === undefined ? null : { word: word.toLowerCase(), number: Number(number ?? 0) },
  };
}

export function isVersion(text: string): boolean {
  return parseVersion(text) !== null;
}

/** Below 0 if `a` is the older; 0 also where one of them cannot be compared. Parts that are missing are 0 (`2.15` is `2.15.0`). */
export function compareVersions(a: string, b: string): number {
  const left = parseVersion(a);
  const right = parseVersion(b);
  if (left === null || right === null) return 0;
  for (let at = 0; at < Math.max(left.numbers.length, right.numbers.length); at += 1) {
    const difference = (left.numbers[at] ?? 0) - (right.numbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.before === null || right.before === null)
    return (left.before === null ? 1 : 0) - (right.before === null ? 1 : 0);
  if (left.before.word !== right.before.word) return left.before.word < right.before.word ? -1 : 1;
  return left.before.number - right.before.number;
}
