import type { Finding } from '../findings/finding.ts';
import type { Transcript } from './transcript.ts';

/** What another host can be searched for. */
export type IndicatorKind = 'ipv4' | 'ipv6' | 'domain' | 'sha256' | 'path' | 'ssh-key';

export interface Indicator {
  readonly kind: IndicatorKind;
  readonly value: string;
  /** Of the finding that it is from, the worst one if there are several. */
  readonly finding: Finding;
}

/**
 * Addresses, hashes, paths and key fingerprints of what was judged malicious or suspicious, each once, by kind
 * and value. What belongs to the system itself is left out: a program that a package owns may be misused, but
 * its path and its hash are on every other host as well; of a line added to a file, the file's are not telling.
 */
export function indicatorsOf({ found, evidence, steps }: Transcript): Indicator[] {
  const byKey = new Map<string, Indicator>();
  // Worst first, so that the first one stays.
  for (const { finding } of found) {
    for (const [kind, value] of namedBy(finding)) add(byKey, { kind, value, finding });
  }
  const findings = new Map(found.map(({ finding }) => [finding.id, finding]));
  const operations = new Map(steps.flatMap((step) => step.operations.map((one) => [one.id, one])));
  for (const { name, sha256, operationId } of evidence) {
    if (!/(^|\/)exe$/.test(name)) continue;
    for (const id of operations.get(operationId)?.because ?? []) {
      const finding = findings.get(id);
      if (finding?.subject.kind === 'process' && !isOfSystem(finding, finding.subject.process.exePath ?? ''))
        add(byKey, { kind: 'sha256', value: sha256, finding });
    }
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, indicator]) => indicator);
}

function add(byKey: Map<string, Indicator>, indicator: Indicator): void {
  if (!isWhole(indicator)) return;
  const key = `${indicator.kind} ${indicator.value}`;
  if (!byKey.has(key)) byKey.set(key, indicator);
}

function namedBy(finding: Finding): (readonly [IndicatorKind, string])[] {
  const { subject } = finding;
  switch (subject.kind) {
    case 'connection':
      return [[addressKind(subject.remoteAddress), subject.remoteAddress]];
    case 'process': {
      const path = (subject.process.exePath ?? '').replace(/ \(deleted\)$/, '');
      return isOfSystem(finding, path) ? [] : [['path', path]];
    }
    case 'file':
    case 'unit':
      if (isOfSystem(finding, '')) return [];
      return [
        ['path', subject.file.path],
        ...(subject.file.kind === 'file' ? [['sha256', subject.file.sha256] as const] : []),
      ];
    case 'file-line': {
      const fingerprint = subject.role === 'authorized-key' ? subject.details.fingerprint : undefined;
      return fingerprint === undefined ? [] : [['ssh-key', fingerprint]];
    }
    default:
      return [];
  }
}

/** Owned by a package, or, where that was not looked up, lying where packages put programs. */
export function isOfSystem(finding: Finding, path: string): boolean {
  if (finding.package === null) return false;
  return finding.package !== undefined || /^\/(?:usr\/)?(?:s?bin|lib(?:32|64|x32|exec)?)\//.test(path);
}

function addressKind(address: string): IndicatorKind {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) return 'ipv4';
  return address.includes(':') ? 'ipv6' : 'domain';
}

/** A host can put anything in the place of a value; only what is one is passed on. */
function isWhole({ kind, value }: Indicator): boolean {
  return SHAPES[kind].test(value);
}

const SHAPES: Readonly<Record<IndicatorKind, RegExp>> = {
  ipv4: /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/,
  ipv6: /^(?=[0-9a-f:.]{2,45}$)[0-9a-f]{0,4}(?::[0-9a-f.]{0,15}){2,7}$/i,
  domain: /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i,
  sha256: /^[0-9a-f]{64}$/,
  path: /^\/[^\0]{1,4095}$/,
  'ssh-key': /^SHA256:[A-Za-z0-9+/]{43}$/,
};
