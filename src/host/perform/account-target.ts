import type { Refusal } from '../../operations/receipt.ts';
import type { HostFacts } from '../host.ts';
import { errorCode } from './outcome.ts';
import { type AccountEntry, otherWaysToRoot, readAccountEntry } from './shadow-entry.ts';

/** The account that an operation is about, if it is still that one and is nobody's only way in; else why not. */
export function openAccount(
  target: { readonly account: string; readonly uid: number },
  facts: HostFacts,
): { readonly entry: AccountEntry } | { readonly refusal: Refusal } {
  const { account, uid } = target;
  const refuse = (code: Refusal['code'], message: string) => ({ refusal: { code, message } });
  // A second name for uid 0 is an intruder's, not the responder's own.
  if (account === facts.responder.account || (uid !== 0 && uid === facts.responder.uid))
    return refuse(
      'responder',
      `${account} is your own account: it is left alone, or you would not get in again.`,
    );
  try {
    const entry = readAccountEntry(account);
    if (entry === null)
      return refuse(
        'stale',
        `There is no account ${account} in /etc/passwd. If it comes from a directory (LDAP, AD), lock it there.`,
      );
    if (entry.uid !== uid)
      return refuse('stale', `${account} has uid ${entry.uid} now, not ${uid}. Scan again and plan anew.`);
    if (entry.password === 'elsewhere')
      return refuse(
        'unavailable',
        `${account} has no line in /etc/shadow: its password is kept elsewhere. Lock it there.`,
      );
    if (uid === 0 && otherWaysToRoot(account).length === 0)
      return refuse(
        'responder',
        `${account} is the only account that can become root here. Make another way in first.`,
      );
    return { entry };
  } catch (error) {
    return refuse(
      'unavailable',
      `The account files cannot be read (${errorCode(error)}). Reading /etc/shadow needs root.`,
    );
  }
}
