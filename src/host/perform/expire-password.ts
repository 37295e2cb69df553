import { z } from 'zod';
import { toolFailure } from '../firewall/tool-failure.ts';
import { runTool } from '../run-tool.ts';
import { findTool } from '../tool-lookup.ts';
import { openAccount } from './account-target.ts';
import { done, errorCode, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { readReceipt } from './receipt-fields.ts';
import { readAccountEntry } from './shadow-entry.ts';

/** Days since the epoch of the last change; '' if there was none. */
const fields = z.looseObject({ lastChange: z.string() });

/** The next login must set a new password (shadow(5): a last change of 0). */
export const expirePassword: OperationPerformer<'expire-password'> = {
  async prepare(operation, { facts }) {
    const opened = openAccount(operation, facts);
    if ('refusal' in opened) return refused(opened.refusal.code, opened.refusal.message);
    const { entry } = opened;
    if (entry.password === 'unusable' || entry.password === 'locked')
      return refused(
        'invalid',
        `${operation.account} has no password that could be used: expiring it would only shut out its keys. Lock the account instead if it is not wanted.`,
      );
    if ((await findTool('chage')) === null)
      return refused(
        'unavailable',
        'chage is not installed. Install it (apt: passwd, dnf: shadow-utils, apk: shadow), then try again.',
      );
    return ready({ kind: 'expire-password', lastChange: entry.lastChange });
  },

  async perform({ account }, receipt) {
    const result = await runTool(['chage', '-d', '0', '--', account]);
    const now = judge(account);
    return now.status === 'holds'
      ? done(receipt, now.detail)
      : failed(
          receipt,
          `The password of ${account} is not expired: ${result.exitCode === 0 ? now.detail : toolFailure('chage', result)}`,
        );
  },

  async verify({ account }, _receipt) {
    return judge(account);
  },

  async undo({ account }, receipt) {
    const { lastChange } = readReceipt('expire-password', fields, receipt);
    if (judge(account).status === 'does-not-hold')
      return done(
        receipt,
        `The password of ${account} is not expired: it was set anew meanwhile, or never was expired. There is nothing to take back.`,
      );
    const result = await runTool(['chage', '-d', lastChange === '' ? '-1' : lastChange, '--', account]);
    return result.exitCode === 0
      ? done(receipt, `The password of ${account} is valid again.`)
      : failed(receipt, `The password of ${account} is still expired: ${toolFailure('chage', result)}.`);
  },
};

function judge(account: string) {
  try {
    const entry = readAccountEntry(account);
    if (entry === null) return verified('unknown', `There is no account ${account} any more.`);
    return entry.lastChange === '0'
      ? verified('holds', `${account} must set a new password at the next login.`)
      : verified('does-not-hold', `The password of ${account} has not expired.`);
  } catch (error) {
    return verified('unknown', `The account files cannot be read (${errorCode(error)}).`);
  }
}
