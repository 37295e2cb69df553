import { z } from 'zod';
import type { FileLineSubject, Finding } from '../findings/finding.ts';
import { stoppable } from '../findings/removal.ts';
import { type Action, isMalicious, type PlannedOperation } from './action.ts';
import { disableUnits, killTogether } from './processes.ts';
import { RUNNING, WEAKENED } from './scopes.ts';
import { reloading, setRight } from './set-right.ts';

/** Take away everything that would start the miner again, and the files it is made of. */
export const purgePersistence: Action = {
  name: 'purge-persistence',
  summary: 'take away the entries that start the miner again, and quarantine its files',
  parameters: z.strictObject({}),
  scopes: [...RUNNING, ...WEAKENED],
  isRemedy: true,
  concerns: isPersistence,
  isChosenAtFirst: isMalicious,
  plan: ({ chosen }) => ({
    operations: [
      // What came back since the kill goes first, or it would write its entries again behind us.
      ...killTogether(chosen),
      ...disableUnits(chosen.filter(isEnabledUnit)),
      // A flag that keeps a file from being changed goes before the change.
      ...setRight(chosen, new Set(wholeFiles(chosen).map(({ path }) => path))),
      ...stopContainers(chosen),
      ...editLines(chosen),
      ...quarantineFiles(chosen),
    ],
    checkedAfter:
      'each line is gone with the rest of its file unchanged; each file is in quarantine, whole; each setting is as it was set',
    remarks: chosen.some(isPreload)
      ? ['Programs that already run keep the preloaded library until they are restarted.']
      : [],
  }),
};

function isPersistence({ subject, verdict }: Finding): boolean {
  switch (subject.kind) {
    case 'file-line':
      // One line out of a sudo rule that goes over several would break sudo for everybody.
      return subject.role !== 'authorized-key' && subject.details.isInParts !== 'yes';
    case 'unit':
    case 'file':
      return true;
    case 'container':
      return stoppable(subject) !== null;
    case 'process':
      return verdict === 'malicious';
    case 'setting':
      return subject.remedy !== undefined;
    default:
      return false;
  }
}

function isEnabledUnit({ subject }: Finding): boolean {
  return subject.kind === 'unit' && subject.isEnabled;
}

function isPreload({ subject }: Finding): boolean {
  return subject.kind === 'file-line' && subject.role === 'preload-entry';
}

/** One edit a file, with all of its chosen lines: a second edit would no longer find the file it was planned for. */
export function editLines(chosen: readonly Finding[]): readonly PlannedOperation[] {
  const whole = new Set(wholeFiles(chosen).map(({ path }) => path));
  const files = new Map<string, { subjects: FileLineSubject[]; because: string[] }>();
  for (const { subject, id } of chosen) {
    if (subject.kind !== 'file-line' || whole.has(subject.file.path)) continue;
    const entry = files.get(subject.file.path) ?? { subjects: [], because: [] };
    entry.subjects.push(subject);
    entry.because.push(id);
    files.set(subject.file.path, entry);
  }
  return [...files.values()].flatMap(({ subjects, because }): PlannedOperation[] => {
    const file = subjects[0]?.file;
    if (file === undefined) return [];
    const lines = new Map(subjects.map(({ line }) => [line.number, line]));
    const removeLines = [...lines.values()].sort((a, b) => a.number - b.number);
    return [{ target: { kind: 'edit-file', file, removeLines, ...reloading(file.path) }, because }];
  });
}

/** Entries before programs: a carrier that is gone cannot start what is still there. */
function quarantineFiles(chosen: readonly Finding[]): readonly PlannedOperation[] {
  return wholeFiles(chosen)
    .sort((a, b) => Number(a.isProgram) - Number(b.isProgram))
    .map(
      ({ file, because }): PlannedOperation => ({
        target: { kind: 'quarantine-file', file, ...reloading(file.path) },
        because,
      }),
    );
}

function wholeFiles(chosen: readonly Finding[]) {
  const files = new Map<
    string,
    { path: string; file: FileLineSubject['file']; because: string[]; isProgram: boolean }
  >();
  for (const { subject, id } of chosen) {
    if (subject.kind !== 'file' && subject.kind !== 'unit') continue;
    const { file } = subject;
    const known = files.get(file.path);
    if (known) known.because.push(id);
    else {
      const isProgram =
        subject.kind === 'file' &&
        !/^(cron-file|at-job|boot-file|session-file|tool-hook)$/.test(subject.role);
      files.set(file.path, { path: file.path, file, because: [id], isProgram });
    }
  }
  return [...files.values()];
}

/** What the runtime starts again by itself; a runtime that no operation knows is left to the responder. */
function stopContainers(chosen: readonly Finding[]): readonly PlannedOperation[] {
  return chosen.flatMap(({ subject, id }): PlannedOperation[] => {
    const container = subject.kind === 'container' ? stoppable(subject) : null;
    return container === null ? [] : [{ target: { kind: 'stop-container', container }, because: [id] }];
  });
}
