import { basename } from './command-reading.ts';
import { byWhom } from './indicators.ts';
import type { EntryView } from './judge-entry.ts';
import { isVouchedFor } from './known-bad.ts';
import type { ObservedLine } from './observation.ts';
import { PRELOAD_AGENTS } from './ordinary.ts';
import { placeSignals } from './place-signals.ts';
import type { Signal } from './weigh.ts';

/** `LD_PRELOAD=…` in /etc/environment or a start file: a library in every program of whoever logs in (ld.so(8)). */
export function environmentSignals(seen: ObservedLine, view: EntryView): Signal[] {
  const library = seen.details.library;
  if (library === undefined) return [];
  const file = view.files.get(library);
  const signals: Signal[] = [];
  const add = (topic: string, code: string, weight: number, text: string): void => {
    signals.push({ topic, code, weight, text });
  };
  if (isVouchedFor(file)) add('preload', 'preload-owned', 10, `It has ${library} loaded into every program`);
  else if (PRELOAD_AGENTS.test(library))
    add(
      'preload',
      'preload-agent',
      15,
      `It has ${library} loaded into every program, as monitoring agents do`,
    );
  else {
    add('preload', 'preload-environment', 45, `It has ${library} loaded into every program of who logs in`);
    signals.push(...placeSignals(library, true, view.setting.indicators));
  }
  const bad = view.setting.indicators.preloads.get(basename(library));
  if (bad !== undefined)
    add(
      'name',
      'known-bad-library',
      90,
      `“${basename(library)}” is a name that rootkits are known by${byWhom(bad)}`,
    );
  if (view.known.files.has(file?.realPath ?? library))
    add('association', 'malicious-library', 90, 'The library is malicious');
  return signals;
}
