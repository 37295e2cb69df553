import type { Finding } from '../../../src/findings/finding.ts';
import { removalText } from '../../../src/findings/removal.ts';

/** Numbers until ATT&CK v18 → those since v19, by name in https://attack.mitre.org/tactics/TA0112/. */
const SINCE_19: Readonly<Record<string, string>> = {
  T1562: 'T1685',
  'T1562.001': 'T1685',
  'T1562.003': 'T1690',
  'T1562.004': 'T1686',
  'T1562.012': 'T1685.004',
  'T1070.002': 'T1685.006',
};

/** What is told of every finding and is missing here; nothing if it is whole. */
export function missingIn(finding: Finding): string[] {
  const { subject, title, reasons, places, attack, times, owner } = finding;
  const isOfFile = subject.kind === 'file' || subject.kind === 'file-line' || subject.kind === 'unit';
  // Two views that disagree, and what is not there, are nobody's and of no time.
  const isOfNothing =
    subject.kind === 'disagreement' || subject.kind === 'package' || subject.kind === 'setting';
  const old = attack.filter((id) => SINCE_19[id] !== undefined);
  return [
    ...(title === '' ? ['title'] : []),
    ...(reasons.length === 0 ? ['reasons'] : []),
    ...reasons.filter(({ text }) => !/^.{10,}$/s.test(text)).map(({ code }) => `words for ${code}`),
    ...(places.length === 0 ? ['place'] : []),
    ...(subject.kind === 'file-line' && places.every(({ line }) => line === undefined) ? ['line'] : []),
    ...(attack.length === 0 ? ['ATT&CK'] : []),
    ...old.filter((id) => !attack.includes(SINCE_19[id] ?? '')).map((id) => `the number since v19 of ${id}`),
    ...(removalText(subject) === '' ? ['what would remove it'] : []),
    ...(isOfFile && times === null ? ['times'] : []),
    ...(!isOfNothing && times === null && finding.beganAtMs === undefined && subject.kind !== 'connection'
      ? ['times']
      : []),
    ...(!isOfNothing && owner === null ? ['owner'] : []),
    ...(isOfFile && finding.package === undefined ? ['package'] : []),
  ].map((what) => `${title}: ${what}`);
}
