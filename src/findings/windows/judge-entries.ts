import type { WindowsEntry } from '../../operations/operation.ts';
import { finish } from '../draft.ts';
import type { Finding, SettingPart } from '../finding.ts';
import type { Signal } from '../weigh.ts';
import type { WindowsView } from './judge-process.ts';
import type {
  RunEntry,
  StartupFile,
  WindowsObservation,
  WindowsService,
  WindowsTask,
  WmiSubscription,
} from './observed.ts';
import { programsIn, samePath } from './windows-paths.ts';
import { windowsEntrySignals } from './windows-signals.ts';

/** What an entry starts, for what else is judged by it. */
export interface JudgedEntry {
  readonly finding: Finding;
  readonly starts: readonly string[];
}

/** Everything that starts something by itself. What nothing speaks against is left out. */
export function judgeEntries(seen: WindowsObservation, view: WindowsView): JudgedEntry[] {
  const all = [
    ...seen.tasks.map((task) => judgeTask(task, view)),
    ...seen.runEntries.map((entry) => judgeRunEntry(entry, view)),
    ...seen.subscriptions.map((one) => judgeSubscription(one, view)),
    ...seen.services.map((service) => judgeService(service, seen, view)),
    ...seen.startupFiles.map((file) => judgeStartupFile(file, seen, view)),
  ];
  return all.flatMap((one) => (one?.finding.reasons.some(({ weight }) => weight >= 10) ? [one] : []));
}
/** Signals of a text that starts something, with those of what is known to be bad among what it starts. */
function startSignals(text: string, view: WindowsView): Signal[] {
  const bad = programsIn(text)
    .map((path) => view.badFiles.get(samePath(path)))
    .find((why) => why !== undefined);
  return [
    ...windowsEntrySignals(text, view.indicators),
    ...(bad === undefined
      ? []
      : [
          {
            topic: 'association',
            code: 'starts-malicious',
            weight: 90,
            text: `It starts the program of ${bad}`,
          },
        ]),
  ];
}

interface Entry {
  readonly part: SettingPart;
  readonly key: string;
  readonly title: string;
  readonly text: string;
  readonly advice: string;
  readonly entry: WindowsEntry | null;
  readonly signals: readonly Signal[];
  readonly attack: readonly string[];
  readonly owner: string | null;
  readonly place: string;
}

function judged(entry: Entry, view: WindowsView): JudgedEntry {
  const finding = finish({
    id: view.id('setting', entry.key),
    subject: {
      kind: 'setting',
      part: entry.part,
      name: entry.title,
      value: entry.text,
      advice: entry.advice,
      ...(entry.entry === null ? {} : { remedy: { kind: 'disable-entry', entry: entry.entry } }),
    },
    title: entry.title,
    signals: entry.signals,
    places: [{ path: entry.place }],
    attack: entry.attack,
    owner: entry.owner,
  });
  return { finding, starts: programsIn(entry.text) };
}

const TASKS =
  'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tree';

function judgeTask(seen: WindowsTask, view: WindowsView): JudgedEntry {
  const full = `${seen.path}${seen.name}`;
  const text = seen.actions
    .map((action) => `${quoted(action.execute)} ${action.arguments}`.trim())
    .join('\n');
  const isHidden = !seen.isListed || !seen.hasDescriptor;
  const signals: Signal[] = startSignals(text, view);
  if (isHidden)
    signals.push({
      topic: 'hidden',
      code: 'hidden-task',
      weight: seen.hasDescriptor ? 40 : 90,
      text: seen.hasDescriptor
        ? 'The registry has it, and the scheduler does not list it'
        : 'Its security descriptor was taken away, which hides it from every listing while it goes on being started',
    });
  return judged(
    {
      part: 'cron',
      key: `task ${full}`,
      title: `scheduled task ${full}`,
      text,
      advice: isHidden
        ? 'Its keys are kept and taken out of the registry, as SYSTEM; the scheduler has it in mind until Windows is started anew.'
        : 'Disable it, then look at what it starts.',
      entry: { type: isHidden ? 'hidden-task' : 'scheduled-task', path: seen.path, name: seen.name },
      signals: seen.state === 'Disabled' ? atRest(signals) : signals,
      attack: ['T1053.005', ...(isHidden ? ['T1564'] : [])],
      owner: seen.user === '' ? null : seen.user,
      place: `${TASKS}${full}`,
    },
    view,
  );
}

/** It starts nothing any more: worth to be seen, not to be acted on. */
function atRest(signals: readonly Signal[]): Signal[] {
  return signals.map((signal) => ({ ...signal, weight: Math.min(signal.weight, 10) }));
}

/** What Windows itself has there. */
const USUAL_LOGON: Readonly<Record<string, RegExp>> = {
  Shell: /^explorer\.exe$/i,
  Userinit: /^c:\\windows\\system32\\userinit\.exe,?$/i,
};

function judgeRunEntry(seen: RunEntry, view: WindowsView): JudgedEntry | null {
  const usual = seen.kind === 'winlogon' ? USUAL_LOGON[seen.name] : undefined;
  if (usual?.test(seen.data.trim())) return null;
  const signals = startSignals(seen.data, view);
  const odd = ODD_KIND[seen.kind];
  if (odd !== null) signals.push({ topic: 'kind', code: `unusual-${seen.kind}`, ...odd });
  const isLogon = seen.kind === 'winlogon';
  return judged(
    {
      part: 'session',
      key: `${seen.key} ${seen.name}`,
      title: `${seen.key} “${seen.name}”`,
      text: seen.data,
      advice: isLogon
        ? 'Set it to what Windows has there: without a right value nobody can log on.'
        : 'Remove the value, then look at what it starts.',
      // Taking these away, instead of setting them right, would keep everybody from logging on.
      entry: isLogon ? null : { type: 'registry-value', key: seen.key, name: seen.name, data: seen.data },
      signals,
      attack: ATTACK_OF_KIND[seen.kind],
      owner: null,
      place: seen.key,
    },
    view,
  );
}

const ODD_KIND = {
  run: null,
  winlogon: { weight: 60, text: 'It is not what Windows starts at a log-on' },
  appinit: { weight: 40, text: 'It is loaded into every program that has a window' },
  debugger: { weight: 25, text: 'It is started in place of the program that the key names' },
} as const;

const ATTACK_OF_KIND = {
  run: ['T1547.001'],
  winlogon: ['T1547.004'],
  appinit: ['T1546.010'],
  debugger: ['T1546.012'],
} as const;

function judgeSubscription(seen: WmiSubscription, view: WindowsView): JudgedEntry {
  const signals = startSignals(seen.command, view);
  if (/^(?:CommandLineEventConsumer|ActiveScriptEventConsumer)$/.test(seen.class))
    signals.push({
      topic: 'kind',
      code: 'wmi-starts',
      weight: 40,
      text: 'Whenever its event happens it starts a command: hardly anything but management software does that',
    });
  return judged(
    {
      part: 'boot',
      key: `wmi ${seen.filter} ${seen.consumer}`,
      title: `WMI subscription ${seen.consumer} (${seen.filter})`,
      text: seen.command,
      advice: 'Take its binding away; without it neither filter nor consumer does anything.',
      entry: { type: 'wmi-binding', filter: seen.filter, consumer: seen.consumer },
      signals,
      attack: ['T1546.003'],
      owner: null,
      place: 'root\\subscription',
    },
    view,
  );
}

function judgeService(seen: WindowsService, { files }: WindowsObservation, view: WindowsView): JudgedEntry {
  const text = [seen.pathName, seen.library].filter((one) => one !== '').join('\n');
  const signals = startSignals(text, view);
  const file = programsIn(text)
    .map((path) => files.get(samePath(path)))
    .find((one) => one !== undefined);
  const place = `HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\${seen.name}`;
  const attack = ['T1543.003'];
  // Names with blanks or signs that a plan would not take (see actions/processes.ts) are shown with what to do.
  if (file === undefined || !/^[A-Za-z0-9_.-]+$/.test(seen.name)) {
    const advice = `Look at its program, then Stop-Service and Set-Service -StartupType Disabled for “${seen.name}”.`;
    const shown = {
      part: 'units',
      key: `service ${seen.name}`,
      title: `service ${seen.name}`,
      text,
    } as const;
    return judged({ ...shown, advice, entry: null, signals, attack, owner: seen.account, place }, view);
  }
  const finding = finish({
    id: view.id('unit', `service ${seen.name}`),
    subject: {
      kind: 'unit',
      unit: seen.name,
      user: null,
      file,
      isEnabled: seen.startMode !== 'Disabled',
      commands: text.split('\n'),
    },
    title: `service ${seen.name}`,
    signals,
    places: [{ path: place }, { path: file.path }],
    attack,
    owner: seen.account,
  });
  return { finding, starts: programsIn(text) };
}

function judgeStartupFile(
  seen: StartupFile,
  { files }: WindowsObservation,
  view: WindowsView,
): JudgedEntry | null {
  const file = files.get(samePath(seen.path));
  if (file === undefined) return null;
  const isShortcut = seen.starts !== '';
  const text = isShortcut ? `${quoted(seen.starts)} ${seen.arguments}` : quoted(seen.path);
  const signals = startSignals(text, view);
  if (!isShortcut && /\.(?:bat|cmd|vbs|vbe|js|jse|wsf|ps1|exe|scr)$/i.test(seen.path))
    signals.push({
      topic: 'kind',
      code: 'program-in-startup',
      weight: 25,
      text: 'A program or script lies in the startup folder itself, where installers put shortcuts',
    });
  const finding = finish({
    id: view.id('file', file.path),
    subject: { kind: 'file', role: 'session-file', file },
    title: file.path,
    signals,
    places: [{ path: file.path }],
    attack: ['T1547.001'],
    times: { mtimeNs: file.mtimeNs, ctimeNs: file.mtimeNs },
    owner: null,
  });
  return { finding, starts: [seen.path, ...programsIn(text)] };
}

function quoted(path: string): string {
  return path.includes(' ') && !path.startsWith('"') ? `"${path}"` : path;
}
