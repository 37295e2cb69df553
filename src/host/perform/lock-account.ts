import { z } from 'zod';
import { toolFailure } from '../firewall/tool-failure.ts';
import { runTool, type ToolResult } from '../run-tool.ts';
import { findTool } from '../tool-lookup.ts';
import { openAccount } from './account-target.ts';
import { done, errorCode, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { readReceipt } from './receipt-fields.ts';
import { readAccountEntry } from './shadow-entry.ts';

/** No hash, ever: only whether it was locked. */
const fields = z.looseObject({
  /** shadow-utils' usermod, or busybox' passwd, which knows no expiry. */
  tool: z.enum(['usermod', 'passwd']),
  wasLocked: z.boolean(),
  wasEmpty: z.boolean(),
  expiredOn: z.string(),
  lastChange: z.string(),
});

/** 2 January 1970: long over, and unlike 0 not taken for "never" by any tool (shadow(5)). */
const EXPIRED = '1';

/** Locks the password and lets the account expire, so that keys and other ways in are closed as well. */
export const lockAccount: OperationPerformer<'lock-account'> = {
  async prepare(operation, { facts }) {
    const opened = openAccount(operation, facts);
    if ('refusal' in opened) return refused(opened.refusal.code, opened.refusal.message);
    const tool = (await findTool('usermod')) !== null ? 'usermod' : 'passwd';
    if (tool === 'passwd' && (await findTool('busybox')) === null)
      return refused(
        'unavailable',
        'usermod is not installed. Install it (apt: passwd, dnf: shadow-utils, apk: shadow), then try again.',
      );
    const { entry } = opened;
    return ready({
      kind: 'lock-account',
      tool,
      wasLocked: entry.hasLockMark,
      wasEmpty: entry.password === 'empty',
      expiredOn: entry.expires,
      lastChange: entry.lastChange,
    });
  },

  async perform({ account }, receipt) {
    const { tool } = readReceipt('lock-account', fields, receipt);
    const result = await (tool === 'usermod'
      ? runTool(['usermod', '-L', '-e', EXPIRED, '--', account])
      : runTool(['passwd', '-l', account]));
    const now = judge(account, tool);
    if (now.status !== 'holds')
      return failed(receipt, `${account} is not locked: ${reasonOf(tool, result, now.detail)}.`);
    return done(receipt, `${now.detail} Sessions that are open go on: end them if they are not yours.`);
  },

  async verify({ account }, receipt) {
    return judge(account, readReceipt('lock-account', fields, receipt).tool);
  },

  async undo({ account }, receipt) {
    const before = readReceipt('lock-account', fields, receipt);
    const { tool, wasLocked } = before;
    const argvs = tool === 'passwd' ? [['passwd', '-u', account]] : usermodBack(account, before);
    if (tool === 'passwd' && wasLocked) return done(receipt, `${account} was locked before: it stays so.`);
    for (const argv of argvs) {
      const result = await runTool(argv);
      if (result.exitCode !== 0)
        return failed(receipt, `${account} could not be unlocked: ${toolFailure(tool, result)}.`);
    }
    return done(
      receipt,
      wasLocked ? `${account} is as before (it was locked then, too).` : `${account} is unlocked again.`,
    );
  },
};

/**
 * `usermod -U` refuses to make an account without a password; setting the empty one again does not, but counts as
 * a change of password.
 */
function usermodBack(account: string, before: z.infer<typeof fields>): string[][] {
  const expiry = ['usermod', '-e', before.expiredOn];
  if (before.wasLocked) return [[...expiry, '--', account]];
  if (!before.wasEmpty) return [[...expiry, '-U', '--', account]];
  return [
    [...expiry, '-p', '', '--', account],
    ['chage', '-d', before.lastChange === '' ? '-1' : before.lastChange, '--', account],
  ];
}

function judge(account: string, tool: 'usermod' | 'passwd') {
  try {
    const entry = readAccountEntry(account);
    if (entry === null) return verified('unknown', `There is no account ${account} any more.`);
    if (!entry.hasLockMark) return verified('does-not-hold', `The password of ${account} is not locked.`);
    if (tool === 'passwd') return verified('holds', `The password of ${account} is locked.`);
    return entry.expires === EXPIRED
      ? verified('holds', `${account} is locked and expired.`)
      : verified(
          'does-not-hold',
          `The password of ${account} is locked, but the account has not expired: keys still open it.`,
        );
  } catch (error) {
    return verified('unknown', `The account files cannot be read (${errorCode(error)}).`);
  }
}

function reasonOf(tool: string, result: ToolResult, detail: string): string {
  return result.exitCode === 0 ? detail : toolFailure(tool, result);
}
