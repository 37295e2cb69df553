import type { Finding } from './finding.ts';
import type { Signal } from './weigh.ts';

/**
 * A file that an earlier look of this incident found to be malicious. What led to it then (a process that ran it, an
 * entry that named it) may have been ended or taken away since; the file with the same content is what it was.
 */
export interface FoundBefore {
  readonly path: string;
  readonly sha256: string;
  /** Why it was, in words of that look. */
  readonly because: string;
}

/** More than this of one incident are told by what they belong with. */
const MOST = 500;

/** Of findings of earlier looks, those that a later look has to know. */
export function filesFoundBefore(findings: readonly Finding[]): readonly FoundBefore[] {
  const found = new Map<string, FoundBefore>();
  for (const { verdict, subject, reasons } of findings) {
    if (verdict !== 'malicious' || subject.kind !== 'file') continue;
    const { path, sha256 } = subject.file;
    found.set(path, { path, sha256, because: reasons[0]?.text ?? 'it was malicious' });
  }
  return [...found.values()].slice(0, MOST);
}

/** The signal of a file that is byte for byte what it was; none if it is another one now. */
export function foundBeforeSignals(
  before: FoundBefore | undefined,
  sha256: string | undefined,
): readonly Signal[] {
  if (before === undefined || before.sha256 !== sha256) return [];
  const text = `An earlier look found it, and it has not changed since: ${before.because}`;
  return [{ topic: 'found-before', code: 'found-before', text, weight: 90 }];
}
