import { z } from 'zod';
import { done, ready, refused, verified } from '../../perform/outcome.ts';
import { call } from '../call.ts';
import type { WindowsPerformer } from '../windows-performer.ts';

const state = z.object({ rid: z.number().int(), isExpired: z.boolean(), neverExpires: z.boolean() });
const named = z.object({ name: z.string() });

/** The account must choose a new password at its next log-on. */
export const expirePassword: WindowsPerformer<'expire-password'> = {
  async prepare({ account, uid }, { session }) {
    const [seen] = await call(session, 'password-state', { Name: account }, state);
    if (seen?.rid !== uid)
      return refused('stale', `${account} is no longer the account that was planned for.`);
    if (seen.neverExpires && !seen.isExpired)
      return refused(
        'unavailable',
        `The password of ${account} is set never to expire, so Windows would not ask for a new one: give it one by hand (net user), or lock the account.`,
      );
    return ready({ kind: 'expire-password', wasExpired: seen.isExpired });
  },
  async perform({ account }, receipt, { session }) {
    await call(session, 'set-password-expired', { Name: account, Expired: true }, named);
    return done(receipt, `${account} must choose a new password at the next log-on`);
  },
  async verify({ account }, _receipt, session) {
    const [seen] = await call(session, 'password-state', { Name: account }, state);
    if (seen === undefined) return verified('unknown', `There is no account ${account} any more`);
    return seen.isExpired
      ? verified('holds', `${account} must choose a new password`)
      : verified('does-not-hold', `${account} has chosen a new password, or was never asked to`);
  },
  async undo({ account }, receipt, { session }) {
    if (receipt.wasExpired !== true)
      await call(session, 'set-password-expired', { Name: account, Expired: false }, named);
    return done(receipt, `${account} is as it was`);
  },
};
