import type { JournalRecord } from '../engine/event.ts';

/**
 * The files that a journal vouches for: sha256 by name below the incident folder. One that was written again (a
 * retry, a resumed command) is vouched for by the last record that names it.
 */
export function expectedFiles(records: readonly JournalRecord[]): ReadonlyMap<string, string> {
  const expected = new Map<string, string>();
  for (const { event } of records) {
    if (event.kind === 'incident-opened') expected.set('playbook.yaml', event.playbookSha256);
    if (event.kind === 'knowledge-given')
      for (const { sha256 } of event.rules) expected.set(`rules/${sha256}.yar`, sha256);
    if (event.kind === 'operation-finished' && event.output) {
      const { name, sha256, timesSha256 } = event.output;
      expected.set(`output/${name}`, sha256);
      if (timesSha256 !== undefined) expected.set(`output/${name.replace(/\.log$/, '.times')}`, timesSha256);
    }
    if (event.kind === 'shell-closed' && event.recording)
      expected.set(`output/${event.recording.name}`, event.recording.sha256);
    const evidence =
      event.kind === 'operation-started'
        ? event.evidence
        : event.kind === 'operation-finished'
          ? event.outcome.evidence
          : [];
    for (const file of evidence) expected.set(`evidence/${file.name}`, file.sha256);
  }
  return expected;
}

/** A name that stays below its folder. A journal may come from anybody. */
export function isInside(name: string): boolean {
  return name
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'));
}
