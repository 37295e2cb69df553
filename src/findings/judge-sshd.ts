import { readCommand } from './command-reading.ts';
import { type EntryView, entrySignals } from './judge-entry.ts';
import { isInBurst, isVouchedFor } from './known-bad.ts';
import type { ObservedLine } from './observation.ts';
import { placeSignals } from './place-signals.ts';
import type { Signal } from './weigh.ts';

/** A line of sshd_config(5) that says who may log in and how. Much of it is a matter of taste, and only shown as that. */
export function sshdLineSignals(seen: ObservedLine, view: EntryView): Signal[] {
  const { keyword = '', value = '', isEffective, contradicts } = seen.details;
  if (isEffective === 'no') return [];
  const signals: Signal[] = [];
  const add = (topic: string, code: string, weight: number, text: string): void => {
    signals.push({ topic, code, weight, text });
  };
  const isYes = /^yes$/i.test(value);
  if (keyword === 'permitemptypasswords' && isYes)
    add('open', 'empty-passwords', 60, 'Accounts without a password can be logged in to');
  if (keyword === 'passwordauthentication' && isYes) {
    add('open', 'password-login', 20, 'Passwords can be guessed from outside; keys cannot');
    if (contradicts !== undefined)
      add('contradiction', 'overrides', 30, `It is read before ${contradicts}, so that one does not hold`);
  }
  if (keyword === 'permitrootlogin' && isYes)
    add('open', 'root-login', 20, 'root may log in with a password');
  if (keyword === 'permitrootlogin' && isYes && contradicts !== undefined)
    add('contradiction', 'overrides', 30, `It is read before ${contradicts}, so that one does not hold`);
  if (keyword === 'strictmodes' && /^no$/i.test(value))
    add('open', 'loose-modes', 30, 'Keys are accepted from files that others may change');
  if (keyword === 'permituserenvironment' && isYes)
    add('open', 'user-environment', 30, 'Who logs in may have libraries loaded into what sshd starts');
  if (keyword === 'loglevel' && /^quiet$/i.test(value))
    add('log', 'not-logged', 45, 'Log-ins are no longer written down');
  if (keyword === 'trustedusercakeys' && !/^none$/i.test(value))
    add('ca', 'trusted-ca', 20, `Whoever holds the key to ${value} can log in as anybody`);
  if (keyword === 'authorizedkeysfile') signals.push(...keysFileSignals(value, view));
  if (seen.command !== null) signals.push(...commandSignals(seen.command, keyword, view));
  if (signals.some(({ weight }) => weight >= 30) && isInBurst(seen.ctimeNs, view.known.bursts))
    add('burst', 'same-time', 30, 'Its file was changed within ten minutes of a malicious entry');
  return signals;
}

/** In homes, or a folder of root's own for each account, is where keys are kept. */
function keysFileSignals(value: string, view: EntryView): Signal[] {
  const signals: Signal[] = [];
  for (const pattern of value.split(/\s+/).filter((word) => word.startsWith('/'))) {
    signals.push(
      ...placeSignals(pattern, true, view.setting.indicators).map((signal) => ({
        ...signal,
        weight: Math.max(signal.weight, 60),
      })),
    );
    if (!/%[huU]/.test(pattern)) {
      const text = `The keys in ${pattern} let somebody log in with every account`;
      signals.push({ topic: 'keys', code: 'keys-for-all', text, weight: 45 });
    } else if (!/^(\/etc\/ssh\/|%h|\/var\/lib\/)/.test(pattern)) {
      const text = `Keys are taken from ${pattern}, where few would look`;
      signals.push({ topic: 'keys', code: 'odd-keys-file', text, weight: 25 });
    }
  }
  return signals;
}

function commandSignals(command: string, keyword: string, view: EntryView): Signal[] {
  const reading = readCommand(command, { home: null, workingFolder: '/' });
  const signals = entrySignals(reading, view);
  const programs = reading.targets.filter(({ use }) => use === 'run');
  const isVouched = programs.length > 0 && programs.every(({ path }) => isVouchedFor(view.files.get(path)));
  if (keyword === 'authorizedkeyscommand' && !isVouched) {
    const text = `Keys are what ${command} says they are`;
    signals.push({ topic: 'keys', code: 'keys-command', text, weight: 30 });
  }
  return signals;
}
