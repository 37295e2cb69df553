/** What is common to everything that starts something by itself: cron entries, units, shell start lines. */
import { isRemoteAddress } from './addresses.ts';
import { basename, type CommandReading, isInterpreter, type Target } from './command-reading.ts';
import { examinedSignals } from './examined-signals.ts';
import { commandSignals } from './judge-command.ts';
import { isVouchedFor, type KnownBad, realPathOf } from './known-bad.ts';
import { hostNamesIn, remoteAddressesIn } from './named-hosts.ts';
import type { ObservedFile, Setting } from './observation.ts';
import { placeSignals } from './place-signals.ts';
import { scriptSignals } from './script-signals.ts';
import type { Signal } from './weigh.ts';

export interface EntryView {
  readonly files: ReadonlyMap<string, ObservedFile>;
  readonly known: KnownBad;
  readonly setting: Setting;
}

export function entrySignals(reading: CommandReading, view: EntryView): Signal[] {
  const signals = commandSignals(reading, view.setting.indicators);
  for (const target of reading.targets)
    if (target.use !== 'named') signals.push(...targetSignals(target, view));
  for (const target of reading.targets)
    if (target.use === 'named') signals.push(...namedSignals(target, view));
  return signals;
}

function targetSignals(target: Target, view: EntryView): Signal[] {
  const { indicators } = view.setting;
  const file = view.files.get(target.path);
  if (isVouchedFor(file)) return [];
  if (target.use === 'written')
    return placeSignals(target.path, true, indicators).filter(
      (signal) => signal.weight >= 45 && signal.topic !== 'where',
    );
  if (isInterpreter(target.path) && placeSignals(target.path, true, indicators).length === 0) return [];
  const signals = placeSignals(target.path, true, indicators);
  const real = realPathOf(target.path, view.files);
  if (real !== target.path) signals.push(...placeSignals(real, true, indicators));
  if (view.known.files.has(real)) {
    signals.push({
      topic: 'association',
      code: 'starts-malicious-file',
      text: `It starts ${target.path}, which is malicious`,
      weight: 90,
    });
  }
  if (file?.kind === 'missing') {
    const isOdd = signals.some((signal) => signal.weight >= STRONG_PLACE);
    signals.push({
      topic: 'target',
      code: 'missing-target',
      text: `${target.path} is not there`,
      weight: isOdd ? 15 : 5,
    });
  }
  if (file?.package === null && file.kind === 'file') {
    signals.push({
      topic: 'package',
      code: 'unowned',
      text: `No package owns ${basename(target.path)}`,
      weight: 5,
    });
    signals.push(...scriptSignals(file, indicators));
  }
  signals.push(...examinedSignals(file?.examined, indicators, target.path));
  if (file?.integrity === 'changed') {
    signals.push({
      topic: 'package',
      code: 'changed-program',
      text: `${target.path} is not as the package ${file.package} installed it`,
      weight: 40,
    });
  }
  if (file && file.kind === 'file' && (file.mode & 0o002) !== 0) {
    signals.push({
      topic: 'writable',
      code: 'world-writable',
      text: `Anybody may change ${target.path}`,
      weight: 20,
    });
  }
  return signals;
}

const STRONG_PLACE = 40;

/** An argument only: it counts if it is itself known to be bad. */
function namedSignals(target: Target, view: EntryView): Signal[] {
  const real = realPathOf(target.path, view.files);
  if (!view.known.files.has(real) || isVouchedFor(view.files.get(target.path))) return [];
  return [
    {
      topic: 'association',
      code: 'names-malicious-file',
      text: `It names ${target.path}, which is malicious`,
      weight: 60,
    },
  ];
}

/** Remote addresses that an entry would talk to: literals, and names that /etc/hosts gives an address. */
export function addressesOf(text: string, setting: Setting): string[] {
  const byName = hostNamesIn(text).flatMap((name) => setting.hostsNames.get(name) ?? []);
  return [...new Set([...remoteAddressesIn(text), ...byName])].filter(
    (address) =>
      isRemoteAddress(address) &&
      address !== setting.responderAddress &&
      !setting.resolvers.includes(address),
  );
}
