import { z } from 'zod';
import { done, ready, refused, verified } from '../../perform/outcome.ts';
import { call } from '../call.ts';
import type { WindowsPerformer } from '../windows-performer.ts';

const state = z.object({ sid: z.string(), rid: z.number().int(), isEnabled: z.boolean() });
const named = z.object({ sid: z.string() });

/** Switches an account of this machine off. */
export const lockAccount: WindowsPerformer<'lock-account'> = {
  async prepare({ account, uid }, { session, facts }) {
    if (account.toLowerCase() === facts.responder.account.toLowerCase() || uid === facts.responder.uid)
      return refused('responder', `${account} is your own account.`);
    const [seen] = await call(session, 'account-state', { Name: account }, state);
    if (seen?.rid !== uid)
      return refused('stale', `${account} is no longer the account that was planned for.`);
    return ready({ kind: 'lock-account', sid: seen.sid, wasEnabled: seen.isEnabled });
  },
  async perform({ account }, receipt, { session }) {
    await call(session, 'set-account', { Sid: String(receipt.sid), Enable: false }, named);
    return done(receipt, `Nobody can log on as ${account}; who is logged on stays so`);
  },
  async verify({ account }, _receipt, session) {
    const [seen] = await call(session, 'account-state', { Name: account }, state);
    return seen?.isEnabled === true
      ? verified('does-not-hold', `${account} can log on`)
      : verified('holds', `${account} is switched off`);
  },
  async undo({ account }, receipt, { session }) {
    if (receipt.wasEnabled === true)
      await call(session, 'set-account', { Sid: String(receipt.sid), Enable: true }, named);
    return done(receipt, `${account} is as it was`);
  },
};
