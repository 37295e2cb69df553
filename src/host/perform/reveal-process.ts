import { z } from 'zod';
import type { ProcessIdentity } from '../../operations/identity.ts';
import type { OperationOf } from '../../operations/operation.ts';
import type { Refusal } from '../../operations/receipt.ts';
import { isSameMount, readMounts } from '../mount-table.ts';
import { matchProcess, readBootId } from '../process-identity.ts';
import { readBehind } from '../scan/behind-mount.ts';
import { parseProcessStat } from '../scan/proc-stat.ts';
import { letGo, putOn, standing, takeOff } from './covering-mounts.ts';
import { count, done, errorCode, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { operationFolder } from './private-folder.ts';
import { titleOf } from './process-target.ts';
import { readReceipt } from './receipt-fields.ts';

const fields = z.looseObject({ keepFolder: z.string() });

/** Takes the mounts away that lie over a process's folder in /proc. Who is behind is compared past them first. */
export const revealProcess: OperationPerformer<'reveal-process'> = {
  async prepare(operation, context) {
    const { process, mounts } = operation;
    const title = titleOf(process);
    const odd = mounts.find(({ point }) => !new RegExp(`^/proc/${process.pid}(?:/|$)`).test(point));
    if (mounts.length === 0 || odd !== undefined)
      return refused('invalid', `${odd?.point ?? 'Nothing'} does not lie over ${title}.`);
    try {
      const now = readMounts().filter(({ point }) => mounts.some((mount) => mount.point === point));
      const isSame =
        now.length === mounts.length && now.every((one, index) => isSameMount(one, mounts[index] ?? one));
      if (!isSame)
        return refused(
          'stale',
          `What lies over /proc/${process.pid} is not what was planned against (${count(now.length, 'mount')} now, ${mounts.length} then). Scan again and plan anew.`,
        );
      const other = await whoIsBehind(operation);
      if (other !== null) return refused(other.code, other.message);
      const writer = await context.evidence.open('mounts.json', '/proc/self/mountinfo');
      await writer.write(Buffer.from(`${JSON.stringify({ process, mounts }, null, 2)}\n`));
      return ready(
        {
          kind: 'reveal-process',
          keepFolder: `${operationFolder(context.hostFolder, 'originals', operation.id)}.mounts`,
        },
        [await writer.close()],
      );
    } catch (error) {
      return refused('unavailable', `What lies over ${title} cannot be looked at (${errorCode(error)}).`);
    }
  },

  async perform(operation, receipt) {
    const { process, mounts } = operation;
    const title = titleOf(process);
    const other = await whoIsBehind(operation);
    if (other !== null) return failed(receipt, `The mounts were left: ${other.message}`);
    const covering = { mounts, ...readReceipt('reveal-process', fields, receipt) };
    const problem = await takeOff(covering);
    const left = standing(mounts);
    if (problem !== null || left.length > 0) {
      await putOn(covering);
      return failed(receipt, `${title} is still hidden: ${problem ?? `${left[0]?.point} is still mounted`}.`);
    }
    return done(receipt, `${title} can be seen again: ${count(mounts.length, 'mount')} taken away.`);
  },

  async verify({ process, mounts }) {
    const title = titleOf(process);
    try {
      const left = standing(mounts);
      if (left.length > 0)
        return verified('does-not-hold', `${left[0]?.point} is still mounted over ${title}.`);
    } catch (error) {
      return verified('unknown', `The mounts cannot be read (${errorCode(error)}).`);
    }
    const match = matchProcess(process);
    return verified(
      'holds',
      match.status === 'same' ? `${title} can be seen.` : `${title} has ended; nothing lies over its number.`,
    );
  },

  async undo({ process, mounts }, receipt) {
    const title = titleOf(process);
    const covering = { mounts, ...readReceipt('reveal-process', fields, receipt) };
    if (standing(mounts).length === 0 && matchProcess(process).status !== 'same') {
      await letGo(covering);
      return done(
        receipt,
        `${title} has ended, so there is nothing to be hidden again: its mounts stay away.`,
      );
    }
    const problems = await putOn(covering);
    if (problems.length > 0)
      return failed(receipt, `${title} is not hidden as before: ${problems.join('; ')}.`);
    await letGo(covering);
    return done(receipt, `${title} is hidden again as before, by ${count(mounts.length, 'mount')}.`);
  },
};

/** Why the process behind the mounts is not the one that was planned, or cannot be told; null if it is. */
async function whoIsBehind({ process, mounts }: OperationOf<'reveal-process'>): Promise<Refusal | null> {
  const title = titleOf(process);
  const stale = (what: string): Refusal => ({
    code: 'stale',
    message: `${what} Scan again and plan anew.`,
  });
  if (process.bootId !== readBootId()) return stale(`${title} was of another boot.`);
  const pid = String(process.pid);
  const read = await readBehind(
    mounts.map(({ point }) => point),
    [pid],
  );
  if (typeof read === 'string')
    return {
      code: 'unavailable',
      message: `Who is behind what hides ${title} cannot be looked at: ${read}.`,
    };
  const stat = parseProcessStat(read.get(`${pid} stat`) ?? Buffer.alloc(0));
  if (stat === null || stat.pid !== process.pid)
    return stale(`Behind the mounts there is no ${title} any more.`);
  const [inode = ''] = (read.get(`${pid} inode`) ?? Buffer.alloc(0)).toString('latin1').split(' ');
  return isPlanned(process, stat.startTicks, inode === '' ? null : inode)
    ? null
    : stale(`Behind the mounts is another process now (“${stat.name}”, started at tick ${stat.startTicks}).`);
}

function isPlanned(planned: ProcessIdentity, startTicks: string, exeInode: string | null): boolean {
  if (planned.startTicks !== startTicks) return false;
  return planned.exeInode === null || exeInode === null || planned.exeInode === exeInode;
}
