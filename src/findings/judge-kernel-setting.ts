import { readCommand } from './command-reading.ts';
import { type EntryView, entrySignals } from './judge-entry.ts';
import { isInBurst } from './known-bad.ts';
import type { ObservedLine } from './observation.ts';
import type { Signal } from './weigh.ts';

/** Miners take huge pages for RandomX and turn the watchdog off for a counter more; databases take huge pages too. */
export function kernelSettingSignals(seen: ObservedLine, view: EntryView): Signal[] {
  const { name = '', value = '', user } = seen.details;
  const signals: Signal[] = [];
  if (name === 'vm.nr_hugepages' && Number.parseInt(value, 10) > 0) {
    const text =
      user === undefined
        ? 'Huge pages are set aside, and there is no database or virtual machine here that would use them'
        : `Huge pages are set aside, as for a database (${user} is there)`;
    signals.push({ topic: 'huge-pages', code: 'huge-pages', text, weight: user === undefined ? 40 : 5 });
  }
  if (/^kernel\.(nmi_)?watchdog$/.test(name) && value === '0') {
    const text = 'The watchdog is turned off, which miners do for a little more speed';
    signals.push({ topic: 'watchdog', code: 'watchdog-off', text, weight: 25 });
  }
  if (seen.command !== null)
    signals.push(...entrySignals(readCommand(seen.command, { home: null, workingFolder: '/' }), view));
  if (signals.some(({ weight }) => weight >= 20) && isInBurst(seen.ctimeNs, view.known.bursts)) {
    const text = 'Its file was changed within ten minutes of a malicious entry';
    signals.push({ topic: 'burst', code: 'same-time', text, weight: 40 });
  }
  return signals;
}
