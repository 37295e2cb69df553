import type { ObservedLine } from './observation.ts';
import { placeSignals } from './place-signals.ts';
import type { Signal } from './weigh.ts';

/** A line of /etc/shells. A blank at its end makes another program of one that looks the same. */
export function listedShellSignals(seen: ObservedLine): Signal[] {
  const { shell = '', isThere } = seen.details;
  const signals: Signal[] = placeSignals(shell, true);
  if (/\s/.test(shell)) {
    signals.push({
      topic: 'shell',
      code: 'shell-with-blank',
      text: `“${shell}” has a blank in its name, which nobody sees`,
      weight: 50,
    });
    if (isThere === 'yes') {
      const text = 'And there is a program of that very name';
      signals.push({ topic: 'program', code: 'shell-is-there', text, weight: 50 });
    }
  }
  return signals;
}
