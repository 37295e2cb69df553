import { basename } from './command-reading.ts';
import type { Indicators } from './indicators.ts';
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

/** What is found before the host's own tools, by the order of PATH: only a place that others write to, or that hides. */
export function searchPathSignals(command: string, home: string | null, indicators: Indicators): Signal[] {
  const value = /(?:^|[\s;])PATH=["']?([^"'\s;]{1,4096})/.exec(command)?.[1];
  if (value === undefined) return [];
  const folders = value.split(':');
  const last = folders.findIndex((folder) => /^(?:\$\{?PATH|\/usr\/|\/s?bin)/.test(folder));
  const odd = folders
    .slice(0, last === -1 ? undefined : last)
    .map((folder) => folder.replace(/^(?:~|\$\{?HOME\}?)(?=\/|$)/, home ?? '/root'))
    .find((folder) => folder === '' || folder === '.' || isOddFolder(folder, indicators));
  if (odd === undefined) return [];
  const text = `Programs are looked for in ${odd === '' || odd === '.' ? 'whatever folder one is in' : odd} before the host’s own folders`;
  return [{ topic: 'path', code: 'path-first', text, weight: 45 }];
}

function isOddFolder(folder: string, indicators: Indicators): boolean {
  return placeSignals(`${folder}/x`, true, indicators).some(({ weight }) => weight >= 40);
}
