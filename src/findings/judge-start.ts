import { basename, type CommandReading, readCommand } from './command-reading.ts';
import { type Draft, finish, type IdMaker } from './draft.ts';
import { examinedSignals } from './examined-signals.ts';
import type { Finding, Place, Subject } from './finding.ts';
import { type EntryView, entrySignals } from './judge-entry.ts';
import { contentSignals } from './judge-process.ts';
import { MECHANISMS } from './mechanisms.ts';
import type { ObservedStart } from './observed-start.ts';
import { nameSignals, placeSignals } from './place-signals.ts';
import { traitSignal } from './start-traits.ts';
import { type Signal, STRONG } from './weigh.ts';

export interface StartView extends EntryView {
  readonly id: IdMaker;
}

/** A file, or a line of one, that something else starts or reads. null: nothing about it is worth a word. */
export function judgeStart(seen: ObservedStart, view: StartView): Finding | null {
  const lines = new Set<number>();
  const signals = [...commandsSignals(seen, view, lines), ...ownSignals(seen, view, lines)];
  const least = seen.line !== null && seen.isScript ? STRONG : 10;
  if (!signals.some((signal) => signal.weight >= least)) return null;
  if (seen.isInert)
    signals.push({ topic: 'inert', code: 'inert', text: 'Nothing starts it as it is now', weight: -15 });
  return finish(draftOf(seen, signals, lines, view));
}

/** What its commands say. In a whole script only strong signs count: the weak ones are in every start script. */
function commandsSignals(seen: ObservedStart, view: StartView, lines: Set<number>): Signal[] {
  const strongest = new Map<string, Signal>();
  for (const { text, line } of seen.commands) {
    const reading = readCommand(text, { home: seen.home, workingFolder: null });
    for (const signal of [...entrySignals(reading, view), ...programSignals(reading, view)]) {
      if (seen.isScript && signal.weight < STRONG) continue;
      if (signal.weight >= STRONG || !seen.isScript) lines.add(line);
      const known = strongest.get(signal.topic);
      if (!known || signal.weight > known.weight) strongest.set(signal.topic, signal);
    }
  }
  return [...strongest.values()];
}

/** Only packages put programs into the folders of the system; what else is there wants a reason. */
function programSignals(reading: CommandReading, view: StartView): Signal[] {
  const file = reading.targets
    .filter(({ use }) => use === 'run')
    .map(({ path }) => view.files.get(path))
    .find((one) => one?.kind === 'file' && one.package === null && OF_PACKAGES.test(one.realPath ?? ''));
  if (file === undefined) return [];
  const isUdev = /\/udev\/[^/]+$/.test(file.realPath ?? '');
  const text = `${file.path} lies among the programs of packages, and no package owns it`;
  return [{ topic: 'program', code: 'unowned-program', text, weight: isUdev ? STRONG : 15 }];
}

const OF_PACKAGES = /^\/(usr\/)?(bin|sbin|lib|lib64|libexec)\//;

function ownSignals(seen: ObservedStart, view: StartView, lines: Set<number>): Signal[] {
  const { path } = seen.file;
  const { unowned } = MECHANISMS[seen.mechanism];
  const signals: Signal[] = seen.traits.map((trait) => {
    if (trait.line !== undefined) lines.add(trait.line);
    return traitSignal(trait);
  });
  if (seen.line === null) {
    // Of an own file its name counts; of one that is only linked to, where it really is too.
    signals.push(
      ...(seen.isLinked
        ? placeSignals(path, true, view.setting.indicators)
        : nameSignals(basename(path), view.setting.indicators)),
    );
    signals.push(...contentSignals(view.files.get(path)));
    signals.push(...examinedSignals(view.files.get(path)?.examined, view.setting.indicators));
    if (typeof seen.package === 'string') {
      signals.push({
        topic: 'package',
        code: 'changed-program',
        text: `It is not as the package ${seen.package} installed it`,
        weight: path.startsWith('/etc/') ? 5 : STRONG,
      });
    }
  }
  if (seen.package === null)
    signals.push({ topic: 'package', code: 'unowned', text: unowned.text, weight: unowned.weight });
  return signals;
}

function draftOf(
  seen: ObservedStart,
  signals: readonly Signal[],
  lines: ReadonlySet<number>,
  view: StartView,
): Draft {
  const { path } = seen.file;
  const { attack } = MECHANISMS[seen.mechanism];
  const numbers = seen.line === null ? [...lines].toSorted((a, b) => a - b) : [seen.line.number];
  const places: Place[] = numbers.length === 0 ? [{ path }] : numbers.map((line) => ({ path, line }));
  return {
    id: seen.line === null ? view.id('file', path) : view.id('file-line', startKey(seen)),
    subject: subjectOf(seen),
    title: seen.line === null ? path : `${path} line ${seen.line.number}`,
    signals,
    places,
    attack,
    times: { mtimeNs: seen.file.mtimeNs, ctimeNs: seen.ctimeNs },
    owner: seen.account ?? seen.owner,
    ...(seen.package === undefined ? {} : { package: seen.package }),
  };
}

function subjectOf(seen: ObservedStart): Subject {
  const { fileRole, lineRole } = MECHANISMS[seen.mechanism];
  if (seen.line === null) return { kind: 'file', role: fileRole, file: seen.file };
  const details = {
    mechanism: seen.mechanism,
    ...(seen.wholeFile === null ? {} : { wholeFile: String(seen.wholeFile) }),
  };
  return { kind: 'file-line', role: lineRole, file: seen.file, line: seen.line, details };
}

/** Without the number: a line keeps its id when another above it goes. */
function startKey(seen: ObservedStart): string {
  return `${seen.mechanism} ${seen.file.path}\n${seen.line?.text ?? ''}\n${seen.repeat}`;
}
