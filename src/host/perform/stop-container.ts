import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ContainerIdentity } from '../../operations/identity.ts';
import type { OperationOf } from '../../operations/operation.ts';
import { canSetPolicy, inspectContainer, setPolicy, start, stop } from './container-runtime.ts';
import { done, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { readReceipt } from './receipt-fields.ts';

const fields = z.looseObject({
  wasRunning: z.boolean(),
  policy: z.string(),
  canSetPolicy: z.boolean(),
});

/**
 * Takes the restart policy away, then stops the container: the other way round it may be started again in between.
 * Nothing of it is removed, so its file system stays as evidence.
 */
export const stopContainer: OperationPerformer<'stop-container'> = {
  async prepare({ container }, { facts, evidence }) {
    const title = titleOf(container);
    if (!/^[0-9a-f]{64}$/.test(container.id))
      return refused('invalid', `“${container.id}” is no id of a container: 64 hexadecimal digits are.`);
    const own = facts.responder.protectedPids.find((pid) => isIn(pid, container.id));
    if (own !== undefined)
      return refused(
        'responder',
        `${title} holds your own session (process ${own}): stopping it would cut you off.`,
      );
    const found = await inspectContainer(container);
    if (found.status === 'missing')
      return refused('stale', `${title} is not there any more. Scan again and plan anew.`);
    if (found.status === 'unavailable')
      return refused(
        'unavailable',
        `${title} cannot be stopped in an orderly way: ${found.why}. Kill its processes instead, and see that nothing starts it again.`,
      );
    const { isRunning, policy, json } = found.state;
    const writer = await evidence.open('inspect.json', `${container.runtime} inspect ${container.id}`);
    await writer.write(json);
    return ready(
      { kind: 'stop-container', wasRunning: isRunning, policy, canSetPolicy: await canSetPolicy(container) },
      [await writer.close()],
    );
  },

  async perform(operation, receipt) {
    const before = readReceipt('stop-container', fields, receipt);
    const { container } = operation;
    const title = titleOf(container);
    if (before.policy !== 'no' && before.canSetPolicy) {
      const problem = await setPolicy(container, 'no');
      if (problem !== null)
        return failed(
          receipt,
          `${title} was not stopped: its restart policy (${before.policy}) would bring it back and could not be taken away: ${problem}.`,
        );
    }
    const problem = await stop(container);
    const now = await judge(operation, before);
    return problem === null && now.status === 'holds'
      ? done(receipt, now.detail)
      : failed(receipt, `${title} was not stopped: ${problem ?? now.detail}`);
  },

  async verify(operation, receipt) {
    return judge(operation, readReceipt('stop-container', fields, receipt));
  },

  async undo({ container }, receipt) {
    const before = readReceipt('stop-container', fields, receipt);
    const title = titleOf(container);
    const problems: string[] = [];
    if (before.policy !== 'no' && before.canSetPolicy) {
      const problem = await setPolicy(container, before.policy);
      if (problem !== null) problems.push(problem);
    }
    if (before.wasRunning) {
      const problem = await start(container);
      if (problem !== null) problems.push(problem);
    }
    const now = await inspectContainer(container);
    if (now.status !== 'there')
      problems.push(now.status === 'missing' ? 'it is not there any more' : now.why);
    else if (before.wasRunning && !now.state.isRunning) problems.push('it ended again at once');
    else if (now.state.policy !== before.policy) problems.push(`its restart policy is ${now.state.policy}`);
    return problems.length === 0
      ? done(
          receipt,
          `${title} ${before.wasRunning ? 'runs again' : 'is as before'}, with its restart policy (${before.policy}).`,
        )
      : failed(receipt, `${title} is not as before: ${problems.join('; ')}.`);
  },
};

async function judge({ container }: OperationOf<'stop-container'>, before: z.infer<typeof fields>) {
  const title = titleOf(container);
  const now = await inspectContainer(container);
  if (now.status === 'missing') return verified('holds', `${title} is not there any more.`);
  if (now.status === 'unavailable') return verified('unknown', `${title} cannot be looked at: ${now.why}.`);
  if (now.state.isRunning) return verified('does-not-hold', `${title} is running.`);
  if (now.state.policy === 'no')
    return verified('holds', `${title} is stopped, and no restart policy brings it back.`);
  // `podman stop` is remembered, and only podman-restart.service at boot goes by the policy then (podman-run(1)).
  return before.canSetPolicy
    ? verified('does-not-hold', `${title} is stopped, but its restart policy is ${now.state.policy}.`)
    : verified(
        'holds',
        `${title} is stopped. Its restart policy (${now.state.policy}) cannot be changed by this version of ${container.runtime} and counts at the next boot: remove the container once its evidence is taken.`,
      );
}

function titleOf({ name, runtime, id }: ContainerIdentity): string {
  return `Container ${name} (${runtime} ${id.slice(0, 12)})`;
}

/** Control groups of a container have its id in their name, whatever the runtime. */
function isIn(pid: number, id: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'latin1').includes(id);
  } catch {
    return false;
  }
}
