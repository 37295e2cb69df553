import { basename, readCommand } from './command-reading.ts';
import { finish, type IdMaker } from './draft.ts';
import { examinedSignals } from './examined-signals.ts';
import type { Finding } from './finding.ts';
import { type EntryView, entrySignals } from './judge-entry.ts';
import { isVouchedFor } from './known-bad.ts';
import type { ObservedCronScript } from './observation.ts';
import { nameSignals } from './place-signals.ts';
import { scriptSignals } from './script-signals.ts';
import { scriptCommands } from './start-script.ts';
import { type Signal, STRONG } from './weigh.ts';

const CRON_PLACE = { home: '/root', workingFolder: '/' };

/** A script of cron.daily and the like. null: a package's own, unchanged, with nothing against it. */
export function judgeCronScript(seen: ObservedCronScript, view: EntryView, id: IdMaker): Finding | null {
  const { path } = seen.file;
  const file = view.files.get(path);
  const signals: Signal[] = [
    ...nameSignals(basename(path), view.setting.indicators),
    ...(file === undefined ? [] : scriptSignals(file, view.setting.indicators)),
    ...examinedSignals(file?.examined, view.setting.indicators),
  ];
  const lines = new Set<number>();
  for (const { text, line } of scriptCommands(seen.text)) {
    const strong = entrySignals(readCommand(text, CRON_PLACE), view).filter(({ weight }) => weight >= STRONG);
    if (strong.length > 0) lines.add(line);
    signals.push(...strong);
  }
  const targets = readCommand(seen.text, CRON_PLACE).targets;
  const bad = targets.find(
    (target) =>
      target.use === 'run' && view.known.files.has(view.files.get(target.path)?.realPath ?? target.path),
  );
  if (bad)
    signals.push({
      topic: 'association',
      code: 'starts-malicious-file',
      text: `It starts ${bad.path}, which is malicious`,
      weight: 90,
    });
  if (isVouchedFor(file)) {
    signals.push({
      topic: 'package',
      code: 'owned',
      text: `It is from the package ${seen.package}`,
      weight: -60,
    });
  } else if (seen.package === null) {
    signals.push({ topic: 'package', code: 'unowned', text: 'No package owns it', weight: 10 });
  } else if (file?.integrity === 'changed') {
    signals.push({
      topic: 'package',
      code: 'changed',
      text: `It is not as the package ${seen.package} installed it`,
      weight: 30,
    });
  }
  if (seen.isInert)
    signals.push({ topic: 'inert', code: 'inert', text: 'run-parts passes over it', weight: -5 });
  if (!signals.some((signal) => signal.weight >= 10)) return null;
  return finish({
    id: id('file', path),
    subject: { kind: 'file', role: 'cron-file', file: seen.file },
    title: path,
    signals,
    places: lines.size === 0 ? [{ path }] : [...lines].map((line) => ({ path, line })),
    attack: ['T1053.003'],
    times: { mtimeNs: seen.file.mtimeNs, ctimeNs: seen.ctimeNs },
    owner: seen.owner,
    ...(seen.package === undefined ? {} : { package: seen.package }),
  });
}
