import { z } from 'zod';
import type { FileLineSubject, Finding } from '../findings/finding.ts';
import { type Action, isMalicious, type PlannedOperation } from './action.ts';
import { scopesThatFound } from './found-by.ts';
import { containersByHand, disableUnits, isAtRest, killTogether, stopContainers } from './processes.ts';
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
  plan: ({ chosen, findings }) => ({
    operations: [
      // What came back since the kill goes first, or it would write its entries again behind us.
      ...killTogether(chosen),
      ...disableUnits(chosen.filter(isEnabledUnit)),
      ...stopContainers(chosen),
      // A flag that keeps a file from being changed goes before the change.
      ...setRight(chosen, new Set(wholeFiles(chosen).map(({ path }) => path))),
      ...editLines(chosen),
      ...quarantineFiles(chosen),
    ],
    checkedAfter:
      'each line is gone with the rest of its file unchanged; each file is in quarantine, whole; each setting is as it was set; then what found them looks again',
    ...(chosen.length === 0
      ? {}
      : // One look, by what found it.
        { watch: { forMs: 1, everyMs: 1000, scopes: scopesThatFound(chosen), mustBeGone: true } }),
    remarks: [
      ...(chosen.some(isPreload)
        ? ['Programs that already run keep the preloaded library until they are restarted.']
        : []),
      ...containersByHand(chosen),
      ...startedByChosen(chosen, findings),
    ],
  }),
};

function isPersistence({ subject, verdict }: Finding): boolean {
  switch (subject.kind) {
    case 'file-line':
      return subject.role !== 'authorized-key' && canBeEdited(subject);
    case 'unit':
    case 'file':
      return true;
    case 'process':
      return verdict === 'malicious';
    case 'setting':
      return subject.remedy !== undefined;
    case 'container':
      return verdict !== 'benign' && !isAtRest(subject);
    default:
      return false;
  }
}

/**
 * One line out of a sudo rule that goes over several would break sudo for everybody; one out of sshd's files can cut off
 * the responder.
 */
export function canBeEdited({ details }: FileLineSubject): boolean {
  return details.isInParts !== 'yes' && details.cutsOff === undefined;
}

/** Files that only what goes has led to, as far as anybody saw, and that stay because nobody ticked them. */
function startedByChosen(chosen: readonly Finding[], findings: readonly Finding[]): string[] {
  const taken = new Set(chosen.map(({ id }) => id));
  const left = findings.filter(
    ({ id, subject, verdict, related }) =>
      subject.kind === 'file' &&
      verdict !== 'benign' &&
      !taken.has(id) &&
      related.some((other) => taken.has(other)),
  );
  return left.length === 0
    ? []
    : [
        `Not chosen, but what goes leads to it: ${left.map(({ title }) => title).join(', ')}. Tick it as well if it is not yours.`,
      ];
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
    const lines = new Map(subjects.map((subject) => [subject.line.number, subject]));
    const sorted = [...lines.values()].sort((a, b) => a.line.number - b.line.number);
    const removeLines = sorted.filter(({ details }) => details.instead === undefined).map(({ line }) => line);
    const replaceLines = sorted.flatMap(({ line, details: { instead } }) =>
      instead === undefined ? [] : [{ line, text: instead }],
    );
    const changes = { removeLines, ...(replaceLines.length === 0 ? {} : { replaceLines }) };
    return [{ target: { kind: 'edit-file', file, ...changes, ...reloading(file.path) }, because }];
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
