import { basename } from './command-reading.ts';
import { examinedSignals } from './examined-signals.ts';
import { byWhom } from './indicators.ts';
import type { EntryView } from './judge-entry.ts';
import { isInBurst, isVouchedFor } from './known-bad.ts';
import type { ObservedLine } from './observation.ts';
import { PRELOAD_AGENTS } from './ordinary.ts';
import { placeSignals } from './place-signals.ts';
import type { Signal } from './weigh.ts';

/** A line of /etc/ld.so.preload: loaded into every dynamically linked program, so absent on a stock system. */
export function preloadEntrySignals(seen: ObservedLine, view: EntryView): Signal[] {
  const path = seen.details.library ?? '';
  const file = view.files.get(path);
  const signals: Signal[] = [
    { topic: 'preload', code: 'preload-entry', text: `${path} is loaded into every program`, weight: 60 },
    ...placeSignals(path, true, view.setting.indicators),
  ];
  const add = (topic: string, code: string, weight: number, text: string): void => {
    signals.push({ topic, code, weight, text });
  };
  const bad = view.setting.indicators.preloads.get(basename(path));
  if (bad !== undefined)
    add(
      'name',
      'known-bad-library',
      90,
      `“${basename(path)}” is a name that rootkits are known by${byWhom(bad)}`,
    );
  if (isVouchedFor(file)) add('package', 'owned', -50, `It is from the package ${file?.package}`);
  else if (PRELOAD_AGENTS.test(path))
    add('agent', 'known-agent', -40, 'It is named like a monitoring agent’s library or an allocator');
  else if (file?.kind === 'missing')
    add('target', 'missing-target', 15, 'The library is not there, or is hidden');
  else add('package', 'unowned', 30, 'No package owns the library');
  if (file?.content === 'elf' && file.head !== '')
    add('content', 'hides-things', 50, `The library holds ${file.head}`);
  signals.push(...examinedSignals(file?.examined, view.setting.indicators, 'The library'));
  if (seen.details.hides !== undefined)
    add(
      'hides',
      'hides-things',
      60,
      `It puts its own ${seen.details.hides} before those that list files and processes`,
    );
  if (view.known.files.has(file?.realPath ?? path))
    add('association', 'malicious-library', 90, 'The library is malicious');
  if (isInBurst(seen.ctimeNs, view.known.bursts))
    add('burst', 'same-time', 20, 'The file was changed within ten minutes of a malicious entry');
  return signals;
}
