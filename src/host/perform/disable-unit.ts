import { z } from 'zod';
import type { OperationOf } from '../../operations/operation.ts';
import { tryIdentifyFile } from '../file-identity.ts';
import { toolFailure } from '../firewall/tool-failure.ts';
import { folderTime, noteFolderTimes, restoringFolderTimes, withTimesAfter } from './folder-times.ts';
import { whatChanged } from './opened-file.ts';
import { done, errorCode, failed, ready, refused, verified } from './outcome.ts';
import { isInUnit } from './own-unit.ts';
import type { OperationPerformer } from './performer.ts';
import { readReceipt } from './receipt-fields.ts';
import { activityOf, managerOf, startAgain, stopUnit, systemctl } from './unit-control.ts';
import { findUnitLinks, homeOf, removeLink, restoreLink } from './unit-links.ts';

const fields = z.looseObject({
  /** Of the folders that the links are in. */
  folders: z.array(folderTime).default([]),
  /** Who is asked to stop and start it; `none`: nobody runs here, only the links are dealt with. */
  manager: z.enum(['systemd', 'openrc', 'none']),
  home: z.string().nullable(),
  wasActive: z.boolean(),
  links: z.array(
    z.object({ path: z.string(), target: z.string(), uid: z.number(), gid: z.number(), mtimeNs: z.string() }),
  ),
});
type Unit = OperationOf<'disable-unit'>;
type Fields = z.infer<typeof fields>;

/**
 * Stops a unit and removes the symlinks that enable it. They are removed by our own code, also where systemd runs:
 * that is what `systemctl disable` does, and the only way to know exactly what undo has to make again.
 */
export const disableUnit: OperationPerformer<'disable-unit'> = {
  async prepare(operation, { facts }) {
    const { unit, user, file } = operation;
    if (!/^[A-Za-z0-9:_.\\@-]+$/.test(unit) || unit.startsWith('-'))
      return refused('invalid', `“${unit}” is no name that a unit can have (systemd.unit(5)).`);
    const now = tryIdentifyFile(file.path);
    if (now instanceof Error) return refused('stale', `${now.message} Scan again and plan anew.`);
    const change = whatChanged(file, now);
    if (change !== null)
      return refused(
        'stale',
        `${file.path} is not what was planned against; ${change}. Scan again and plan anew.`,
      );
    const own = facts.responder.protectedPids.find((pid) => isInUnit(pid, unit, file.path));
    if (own !== undefined)
      return refused(
        'responder',
        `${unit} holds your own session (process ${own}): stopping it would cut you off.`,
      );
    try {
      const home = user === null ? null : homeOf(user);
      if (user !== null && home === null)
        return refused('stale', `There is no account ${user} with a home any more.`);
      const manager = await managerOf(operation, facts);
      const links = findUnitLinks(operation.unit, home, manager === 'openrc');
      const activity = await activityOf(operation, manager);
      if (activity.status === 'unknown')
        return refused(
          'unavailable',
          `Whether ${unit} runs, which undo would have to know, is not to be had: ${activity.why}.`,
        );
      return ready({
        kind: 'disable-unit',
        manager,
        home,
        wasActive: activity.status === 'active',
        links: links.map((link) => ({ ...link })),
        folders: noteFolderTimes(links.map(({ path }) => path)),
      });
    } catch (error) {
      return refused('unavailable', `The links that enable ${unit} cannot be read (${errorCode(error)}).`);
    }
  },

  async perform(operation, receipt) {
    const unit = readReceipt('disable-unit', fields, receipt);
    const problems: string[] = [];
    // First disabled, then stopped: a unit that others want is otherwise started again in between.
    for (const link of unit.links) {
      try {
        if (removeLink(link) === 'changed') problems.push(`${link.path} points elsewhere now and was left`);
      } catch (error) {
        problems.push(`${link.path} could not be removed (${errorCode(error)})`);
      }
    }
    if (unit.manager !== 'none') problems.push(...(await stopUnit(operation, unit)));
    const verification = await judge(operation, unit);
    if (verification.status === 'does-not-hold') problems.push(verification.detail);
    const finished = { ...receipt, folders: withTimesAfter(unit.folders) };
    return problems.length > 0
      ? failed(finished, `${operation.unit} is not disabled: ${problems.join('; ')}`)
      : done(finished, verification.detail);
  },

  async verify(operation, receipt) {
    try {
      return await judge(operation, readReceipt('disable-unit', fields, receipt));
    } catch (error) {
      return verified(
        'unknown',
        `The links that enable ${operation.unit} cannot be read (${errorCode(error)}).`,
      );
    }
  },

  async undo(operation, receipt) {
    const unit = readReceipt('disable-unit', fields, receipt);
    const problems = await restoringFolderTimes(unit.folders, () => restoreLinks(unit));
    if (unit.manager === 'systemd') {
      const told = await systemctl(operation, ['daemon-reload']);
      if (told.exitCode !== 0) problems.push(toolFailure('systemctl daemon-reload', told));
    }
    if (unit.wasActive) {
      const problem = await startAgain(operation, unit);
      if (problem !== null) problems.push(problem);
    }
    return problems.length > 0
      ? failed(receipt, `${operation.unit} is not as before: ${problems.join('; ')}.`)
      : done(
          receipt,
          `${operation.unit} is ${unit.links.length > 0 ? 'enabled' : 'as before'}${unit.wasActive ? ' and started' : ''} again.`,
        );
  },
};

async function restoreLinks({ links }: Fields): Promise<string[]> {
  const problems: string[] = [];
  for (const link of links) {
    try {
      if ((await restoreLink(link)) === 'in-the-way')
        problems.push(`something else is at ${link.path} now and was left`);
    } catch (error) {
      problems.push(`${link.path} could not be made again (${errorCode(error)})`);
    }
  }
  return problems;
}

async function judge(operation: Unit, unit: Fields) {
  const links = findUnitLinks(operation.unit, unit.home, unit.manager === 'openrc');
  const [first] = links;
  if (first !== undefined) return verified('does-not-hold', `${operation.unit} is enabled by ${first.path}.`);
  const activity = await activityOf(operation, unit.manager);
  if (activity.status === 'active') return verified('does-not-hold', `${operation.unit} is still running.`);
  if (activity.status === 'unknown')
    return verified(
      'unknown',
      `Nothing enables ${operation.unit} any more, but whether it runs is not known: ${activity.why}.`,
    );
  if (activity.status === 'nobody-to-ask')
    return verified(
      'holds',
      `${operation.unit} is disabled. No service manager runs here that could be asked whether it is stopped.`,
    );
  return verified('holds', `${operation.unit} is stopped and disabled.`);
}
