import { z } from 'zod';
import type { OperationOf } from '../../operations/operation.ts';
import { tryIdentifyFile } from '../file-identity.ts';
import { toolFailure } from '../firewall/tool-failure.ts';
import type { HostFacts } from '../host.ts';
import { runTool, type ToolResult } from '../run-tool.ts';
import { folderTime, noteFolderTimes, restoringFolderTimes, withTimesAfter } from './folder-times.ts';
import { whatChanged } from './opened-file.ts';
import { done, errorCode, failed, ready, refused, verified } from './outcome.ts';
import { isInUnit } from './own-unit.ts';
import type { OperationPerformer } from './performer.ts';
import { readReceipt } from './receipt-fields.ts';
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
      return ready({
        kind: 'disable-unit',
        manager,
        home,
        wasActive: (await isActive(operation, manager)) === true,
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
    if (unit.manager !== 'none') problems.push(...(await stop(operation, unit)));
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
    if (unit.manager === 'systemd') await systemctl(operation, ['daemon-reload']);
    if (unit.wasActive) {
      const started = await start(operation, unit);
      if (started.exitCode !== 0) problems.push(toolFailure('starting it', started));
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
  const active = await isActive(operation, unit.manager);
  if (active === true) return verified('does-not-hold', `${operation.unit} is still running.`);
  if (active === null)
    return verified(
      'holds',
      `${operation.unit} is disabled. No service manager runs here that could be asked whether it is stopped.`,
    );
  return verified('holds', `${operation.unit} is stopped and disabled.`);
}

async function stop(operation: Unit, unit: Fields): Promise<readonly string[]> {
  if (unit.manager === 'openrc') {
    const stopped = unit.wasActive ? await runTool(['rc-service', '--', operation.unit, 'stop']) : null;
    return stopped === null || stopped.exitCode === 0 ? [] : [toolFailure('rc-service', stopped)];
  }
  const stopped = await systemctl(operation, ['stop', '--', operation.unit]);
  const reloaded = await systemctl(operation, ['daemon-reload']);
  // A unit that is not loaded cannot be stopped and need not be (exit 5, systemctl(1)).
  return [
    ...(stopped.exitCode === 0 || stopped.exitCode === 5 ? [] : [toolFailure('systemctl stop', stopped)]),
    ...(reloaded.exitCode === 0 ? [] : [toolFailure('systemctl daemon-reload', reloaded)]),
  ];
}

function start(operation: Unit, unit: Fields): Promise<ToolResult> {
  return unit.manager === 'openrc'
    ? runTool(['rc-service', '--', operation.unit, 'start'])
    : systemctl(operation, ['start', '--', operation.unit]);
}

/** null where nobody can be asked. */
async function isActive(operation: Unit, manager: Fields['manager']): Promise<boolean | null> {
  if (manager === 'none') return null;
  if (manager === 'openrc')
    return (await runTool(['rc-service', '--', operation.unit, 'status'])).exitCode === 0;
  const shown = await systemctl(operation, [
    'show',
    '--property=ActiveState',
    '--value',
    '--',
    operation.unit,
  ]);
  const state = shown.stdout.toString('utf8').trim();
  return shown.exitCode === 0 ? ['active', 'activating', 'reloading', 'deactivating'].includes(state) : null;
}

/** A user's own manager runs only while they are logged in or linger (loginctl(1)). */
async function managerOf(operation: Unit, facts: HostFacts): Promise<Fields['manager']> {
  if (facts.serviceManager === 'openrc' && operation.file.path.startsWith('/etc/init.d/')) return 'openrc';
  if (facts.serviceManager !== 'systemd') return 'none';
  if (operation.user === null) return 'systemd';
  const asked = await systemctl(operation, ['show', '--property=Version']);
  return asked.exitCode === 0 ? 'systemd' : 'none';
}

function systemctl({ user }: Unit, words: readonly string[]): Promise<ToolResult> {
  const scope = user === null ? [] : ['--user', '-M', `${user}@`];
  return runTool(['systemctl', '--no-ask-password', ...scope, ...words], { timeoutMs: 100_000 });
}
