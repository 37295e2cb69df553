import { redact } from '../text/redact.ts';
import { type AllowEntry, type Declaration, entryText } from './allow.ts';
import type { Finding } from './finding.ts';

/**
 * What an allow list makes of a finding. What is declared is benign and says so; it stays in the list. It is not
 * believed against strong contrary evidence, nor if the thing has changed since: then the finding says both, and stays
 * at least suspicious.
 */
export function withAllowList(finding: Finding, allow: readonly Declaration[]): Finding {
  if (finding.reasons.some(({ code }) => code.startsWith(CODE))) return finding;
  const fits = allow.map((one) => ({ one, fit: fitOf(finding, one.entry) }));
  const match = fits.find(({ fit }) => fit === 'same')?.one;
  const changed = fits.find(({ fit }) => fit === 'changed')?.one;
  if (match === undefined) return changed === undefined ? finding : changedSince(finding, changed);
  const contrary = finding.reasons.find(({ code, weight }) => isContrary(code, weight));
  const said = `${entryText(match.entry)}, declared ours by ${match.by}: ${match.reason}`;
  if (contrary !== undefined) {
    const text = `allow list: ${said}. That is not believed, because: ${contrary.text}`;
    return {
      ...finding,
      verdict: 'suspicious',
      score: Math.max(45, Math.min(finding.score, 69)),
      reasons: [{ code: `${CODE}-contradicted`, text, weight: 0 }, ...finding.reasons],
    };
  }
  const reason = { code: CODE, text: `allow list: ${said}`, weight: -100 };
  return { ...finding, verdict: 'benign', score: 0, reasons: [reason, ...finding.reasons] };
}

const CODE = 'allow-list';

/** Evidence of what a thing does or is, against which nobody's word counts. What it is only connected with is not. */
const CONTRARY: ReadonlySet<string> = new Set([
  'stratum-url',
  'stratum-message',
  'pool-name',
  'wallet',
  'miner-config',
  'known-bad-hash',
  'known-bad-host',
  'known-bad-key',
  'known-bad-library',
  'hidden-process',
  'changed-program',
  'changed-tool',
  'rule-match',
]);

/** A rule or a trace that is weak by itself does not contradict. */
function isContrary(code: string, weight: number): boolean {
  return CONTRARY.has(code) && weight >= 45;
}

function changedSince(finding: Finding, { entry, by, reason }: Declaration): Finding {
  const text = `allow list: ${entryText(entry)} was declared ours by ${by} (${reason}), and its content is another now`;
  const isBad = finding.verdict === 'malicious';
  return {
    ...finding,
    verdict: isBad ? 'malicious' : 'suspicious',
    score: Math.max(finding.score, 50),
    reasons: [{ code: `${CODE}-changed`, text, weight: 50 }, ...finding.reasons],
  };
}

type Fit = 'same' | 'changed' | null;

function fitOf(finding: Finding, entry: AllowEntry): Fit {
  const { subject } = finding;
  switch (entry.kind) {
    case 'file': {
      const file =
        subject.kind === 'process' ? subject.program : 'file' in subject ? subject.file : undefined;
      if (file?.path !== entry.path) return null;
      if (file.sha256 === entry.sha256) return 'same';
      // A crontab changes with every entry that is added to it: its other lines are judged by themselves.
      return subject.kind === 'file-line' ? null : 'changed';
    }
    case 'line':
      return subject.kind === 'file-line' &&
        subject.file.path === entry.path &&
        (subject.line.text === entry.line || redact(subject.line.text) === entry.line)
        ? 'same'
        : null;
    case 'package':
      return finding.package === entry.package && subject.kind !== 'package' ? 'same' : null;
    case 'key':
      return subject.kind === 'file-line' && subject.details.fingerprint === entry.fingerprint
        ? 'same'
        : null;
    case 'unit':
      if (subject.kind !== 'unit' || subject.unit !== entry.unit) return null;
      return entry.sha256 === undefined || entry.sha256 === subject.file.sha256 ? 'same' : 'changed';
    case 'address':
      return subject.kind === 'connection' && subject.remoteAddress === entry.address ? 'same' : null;
    case 'account':
      return subject.kind === 'account' && subject.account === entry.account ? 'same' : null;
    case 'image':
      if (subject.kind !== 'container' || subject.container.image !== entry.image) return null;
      return entry.sha256 === undefined || entry.sha256 === subject.container.imageSha256
        ? 'same'
        : 'changed';
  }
}

/** The declaration by which a finding is taken for the responder's own; undefined if there is none. */
export function declarationOf(finding: Finding, allow: readonly Declaration[]): Declaration | undefined {
  return allow.find(({ entry }) => fitOf(finding, entry) === 'same');
}

/** What a finding would be declared by; or, in words, why it cannot be. */
export function entryFor({ subject }: Finding): AllowEntry | { readonly whyNot: string } {
  switch (subject.kind) {
    case 'process':
      if (subject.program)
        return { kind: 'file', path: subject.program.path, sha256: subject.program.sha256 };
      return {
        whyNot: 'its program is not a file any more, or could not be read: nothing tells it from another',
      };
    case 'file':
      return { kind: 'file', path: subject.file.path, sha256: subject.file.sha256 };
    case 'file-line':
      return subject.role === 'authorized-key' && subject.details.fingerprint !== undefined
        ? { kind: 'key', fingerprint: subject.details.fingerprint }
        : { kind: 'line', path: subject.file.path, line: subject.line.text };
    case 'unit':
      return { kind: 'unit', unit: subject.unit, sha256: subject.file.sha256 };
    case 'connection':
      return { kind: 'address', address: subject.remoteAddress };
    case 'account':
      return { kind: 'account', account: subject.account };
    case 'container': {
      const { image, imageSha256 } = subject.container;
      if (image === '') return { whyNot: 'its runtime does not say from which image it was made' };
      return { kind: 'image', image, ...(imageSha256 === undefined ? {} : { sha256: imageSha256 }) };
    }
    default:
      return { whyNot: 'it is nothing that could be somebody’s own' };
  }
}

/** Declared to be the responder's own, and nothing speaks against that: shown as what it is, wherever the harmless is not. */
export function isAllowed({ reasons }: Finding): boolean {
  return reasons[0]?.code === CODE;
}
