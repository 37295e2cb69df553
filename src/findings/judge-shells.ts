import type { Indicators } from './indicators.ts';
import type { EntryView } from './judge-entry.ts';
import type { ObservedLine } from './observation.ts';
import type { ObservedAccount } from './observed-account.ts';
import { placeSignals } from './place-signals.ts';
import type { Signal } from './weigh.ts';

/** A line of /etc/shells. A blank at its end makes another program of one that looks the same. */
export function listedShellSignals(seen: ObservedLine, view: EntryView): Signal[] {
  const { shell = '', isThere } = seen.details;
  const signals: Signal[] = placeSignals(shell, true, view.setting.indicators);
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

/** The shell of an account, by its name and where it comes from. */
export function accountShellSignals(seen: ObservedAccount, indicators: Indicators): Signal[] {
  const { shell, shellFile } = seen;
  const signals: Signal[] = placeSignals(shell, true, indicators);
  const add = (topic: string, code: string, weight: number, text: string): void => {
    signals.push({ topic, code, weight, text });
  };
  if (/\s/.test(shell)) add('shell', 'shell-with-space', 45, `Its shell “${shell}” has a space in its name`);
  if (shellFile === 'blank')
    add('shell-file', 'shell-is-there', 50, 'And there is a program of that very name');
  if (shellFile === 'unowned' && !/^\/(usr\/local|opt|home|nix)\//.test(shell))
    add('shell-file', 'shell-unowned', 25, `No package owns its shell ${shell}`);
  return signals;
}
