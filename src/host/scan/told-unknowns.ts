import type { ScanUnknown } from '../../findings/scan.ts';

export const NO_PERMISSION = 'no permission to read it';

/**
 * What could not be looked at as it is told: each thing once, and of what may not be read the folder that is closed in
 * place of each name tried in it, most of which are not there.
 */
export function toldUnknowns(unknowns: readonly ScanUnknown[]): ScanUnknown[] {
  const plain = unknowns.map(withoutRepetition);
  const closed = new Set(plain.filter(({ reason }) => reason === NO_PERMISSION).map(({ what }) => what));
  const told = new Map<string, ScanUnknown>();
  for (const one of plain) {
    const what = one.reason === NO_PERMISSION ? outermost(one.what, closed) : one.what;
    told.set(JSON.stringify([one.scope, what, one.reason]), { ...one, what });
  }
  return [...told.values()];
}

/** An error says what it is about, which stands before it already. */
function withoutRepetition(one: ScanUnknown): ScanUnknown {
  const lead = `${one.what} could not be looked at: `;
  return one.reason.startsWith(lead)
    ? { ...one, reason: one.reason.slice(lead.length).replace(/\.$/, '') }
    : one;
}

function outermost(path: string, closed: ReadonlySet<string>): string {
  for (let end = path.indexOf('/', 1); end !== -1; end = path.indexOf('/', end + 1)) {
    const folder = path.slice(0, end);
    if (closed.has(folder)) return folder;
  }
  return path;
}
