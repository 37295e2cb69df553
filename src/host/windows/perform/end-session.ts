import { z } from 'zod';
import { done, failed, ready, refused, verified } from '../../perform/outcome.ts';
import type { ROWS } from '../answers.ts';
import { ask } from '../ask.ts';
import { call, LostCall } from '../call.ts';
import type { PowerShellSession } from '../powershell-session.ts';
import type { WindowsPerformer } from '../windows-performer.ts';

const ended = z.object({ status: z.string() });

/** Logs a session off; all that runs in it ends. Never the responder's own. */
export const endSession: WindowsPerformer<'end-session'> = {
  async prepare({ id, account, leader }, { session, evidence }) {
    const seen = (await sessionsNow(session)).find(
      ({ leaderPid, leaderCreated }) => leaderPid === leader.pid && leaderCreated === leader.startTicks,
    );
    if (seen === undefined) return refused('stale', `${account} is no longer logged on there: look again.`);
    if (seen.isOwn) return refused('responder', `The session of ${account} is your own: it is left alone.`);
    const record = await evidence.open(`${id}/session.json`, `session ${seen.id} of ${account}`);
    await record.write(Buffer.from(`${JSON.stringify(seen, null, 2)}\n`, 'utf8'));
    return ready({ kind: 'end-session', session: seen.id }, [await record.close()]);
  },
  async perform({ account, leader }, receipt, { session }) {
    const parameters = { Leader: leader.pid, Created: leader.startTicks };
    const [row] = await call(session, 'end-session', parameters, ended);
    return row?.status === 'done'
      ? done(receipt, `${account} was logged off`)
      : row === undefined
        ? failed(receipt, 'Windows did not say whether the session was logged off: look again.')
        : done(receipt, `${account} had logged off before`);
  },
  async verify({ account, leader }, _receipt, session) {
    const isThere = (await sessionsNow(session)).some(
      ({ leaderPid, leaderCreated }) => leaderPid === leader.pid && leaderCreated === leader.startTicks,
    );
    return isThere
      ? verified('does-not-hold', `${account} is still logged on there`)
      : verified('holds', `${account} is logged on there no longer`);
  },
  async undo(_operation, receipt) {
    return failed(receipt, 'A session that was ended does not come back.');
  },
};

async function sessionsNow(session: PowerShellSession) {
  const answer = await ask(session, 'scan/sessions', {});
  if (answer.status === 'unanswered')
    throw new LostCall(`Who is logged on could not be read: ${answer.reason}`);
  return answer.rows satisfies readonly z.infer<(typeof ROWS)['scan/sessions']>[];
}
