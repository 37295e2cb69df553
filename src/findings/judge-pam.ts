import { readCommand } from './command-reading.ts';
import { type EntryView, entrySignals } from './judge-entry.ts';
import { isInBurst, isVouchedFor } from './known-bad.ts';
import type { ObservedLine } from './observation.ts';
import { placeSignals } from './place-signals.ts';
import type { Signal } from './weigh.ts';

const MODULE_FOLDERS = /^\/(usr\/)?(local\/)?lib(32|64)?\/([\w-]+\/)?security\//;

/** A rule of pam.d(5). One that is enough by itself and asks nothing lets everybody in. */
export function pamLineSignals(seen: ObservedLine, view: EntryView): Signal[] {
  const { type = '', control = '', module = '', options = '' } = seen.details;
  const signals: Signal[] = [];
  const add = (topic: string, code: string, weight: number, text: string): void => {
    signals.push({ topic, code, weight, text });
  };
  const isEnough = /^sufficient$/i.test(control) || /\[.*success=done/.test(control);
  if (type === 'auth' && isEnough && /(^|\/)pam_permit\.so$/.test(module))
    add('lets-in', 'lets-everybody-in', 90, 'This rule lets in whoever comes, with any password');
  if (
    type === 'auth' &&
    isEnough &&
    /(^|\/)pam_succeed_if\.so$/.test(module) &&
    /\buid\s*>=\s*0\b/.test(options)
  )
    add('lets-in', 'lets-everybody-in', 90, 'Every user id is at least 0: this rule lets in whoever comes');
  if (/(^|\/)pam_(exec|script)\.so$/.test(module)) {
    const programs =
      seen.command === null ? [] : readCommand(seen.command, { home: null, workingFolder: '/' }).targets;
    const isVouched = programs.length > 0 && programs.every(({ path }) => isVouchedFor(view.files.get(path)));
    const givesPassword = /\bexpose_authtok\b/.test(options);
    add('runs', 'runs-at-login', isVouched ? 15 : 40, 'It runs a program whenever somebody logs in');
    if (givesPassword) add('password', 'gets-password', 45, 'And hands it the password');
  }
  if (seen.command !== null)
    signals.push(...entrySignals(readCommand(seen.command, { home: null, workingFolder: '/' }), view));
  if (module.startsWith('/') && !MODULE_FOLDERS.test(module)) {
    add('module', 'odd-module', 45, `${module} is not where modules are kept`);
    signals.push(...placeSignals(module, true, view.setting.indicators));
  }
  if (signals.length > 0 && isInBurst(seen.ctimeNs, view.known.bursts))
    add('burst', 'same-time', 30, 'Its file was changed within ten minutes of a malicious entry');
  return signals;
}
