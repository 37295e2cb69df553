import { byWhom } from './indicators.ts';
import type { EntryView } from './judge-entry.ts';
import { isInBurst } from './known-bad.ts';
import type { ObservedLine } from './observation.ts';
import type { Signal } from './weigh.ts';

const FREE = /\bNOPASSWD\s*:\s*(?:[A-Z_]+\s*:\s*)*ALL\b/;

/** A line of sudoers(5), or of doas.conf(5). Who may do everything unasked is root by another name; whether that was meant, a person must say. */
export function sudoRuleSignals(seen: ObservedLine, view: EntryView): Signal[] {
  const signals: Signal[] = [];
  const add = (topic: string, code: string, weight: number, text: string): void => {
    signals.push({ topic, code, weight, text });
  };
  const { text } = seen.line;
  const { who = '', isCloudInit, isKnown, isFree } = seen.details;
  const isDefaults = /^\s*Defaults/.test(text);
  if (isFree === 'yes' || (!isDefaults && FREE.test(text))) {
    const isOrdinary = isCloudInit === 'yes' && !seen.isSystemAccount;
    add('rule', 'nopasswd-all', isOrdinary ? 10 : 40, `${who} may do everything as root without a password`);
    const bad = view.setting.indicators.accounts.get(who);
    if (bad !== undefined)
      add('who', 'known-bad-account', 90, `Intruders are known to make an account “${who}”${byWhom(bad)}`);
    else if (who === 'ALL') add('who', 'everybody', 35, 'And that is every account of this host');
    else if (seen.isSystemAccount) add('who', 'system-account', 35, `${who} is an account for a program`);
    else if (isKnown === 'no') add('who', 'no-such-user', 20, `There is no account ${who}`);
  }
  if (isDefaults) defaultsSignals(text, add);
  if (signals.length > 0 && isInBurst(seen.ctimeNs, view.known.bursts))
    add('burst', 'same-time', 30, 'Its file was changed within ten minutes of a malicious entry');
  if (signals.length > 0 && who === view.setting.responderAccount && !isDefaults)
    add('responder', 'responder', -100, 'It is the responder’s own account');
  // One line of a rule that goes over several cannot be taken away without breaking sudo for everybody.
  if (signals.length > 0 && seen.details.isInParts === 'yes')
    add('parts', 'in-parts', -1, 'The rule goes over several lines: change it by visudo');
  return signals;
}

function defaultsSignals(
  text: string,
  add: (topic: string, code: string, weight: number, text: string) => void,
): void {
  const isForAll = /^\s*Defaults\s/.test(text);
  if (/!\s*authenticate\b/.test(text))
    add('ask', 'never-asks', isForAll ? 60 : 45, 'sudo no longer asks for a password');
  if (/\btimestamp_timeout\s*=\s*-/.test(text))
    add('ask', 'asks-once', 45, 'sudo asks once and never again until the host restarts');
  if (/!\s*tty_tickets\b|timestamp_type\s*=\s*global/.test(text))
    add('tickets', 'shared-tickets', 25, 'A password given in one terminal holds for all of them');
  if (/\benv_keep\b.*\bLD_(PRELOAD|LIBRARY_PATH)\b|!\s*env_reset\b/.test(text))
    add('environment', 'keeps-preload', 50, 'sudo hands on what has libraries loaded into programs');
  if (/\blogfile\s*=\s*"?\/dev\/null|!\s*(syslog|log_allowed)\b/.test(text))
    add('log', 'not-logged', 40, 'What is done by sudo is not written down');
}
