import { z } from 'zod';
import type { OperationOf } from '../../operations/operation.ts';
import { UserError } from '../../text/user-error.ts';
import { findTool } from '../tool-lookup.ts';
import { followSession } from './command-follow.ts';
import { newSession, readSessionPatiently, startSession } from './command-session.ts';
import { done, errorCode, failed, ready, refused, verified } from './outcome.ts';
import { LISTS_ARE_OLD, packageManager } from './package-managers.ts';
import type { OperationPerformer, PerformContext } from './performer.ts';
import { operationFolder } from './private-folder.ts';
import { readReceipt } from './receipt-fields.ts';

const fields = z.looseObject({
  folder: z.string(),
  bootId: z.string(),
  /** Installed before, by name. */
  versions: z.record(z.string(), z.string()),
});
type Upgrade = OperationOf<'upgrade-packages'>;

const MOST_MS = 2 * 60 * 60_000;
/** Shown and kept; more than this would only fill the journal. */
const MOST_NAMED = 12;

/** Installs pending updates in a session of its own: a package manager that is cut off half way leaves a broken host. */
export const upgradePackages: OperationPerformer<'upgrade-packages'> = {
  async prepare({ id, manager, packages }, { hostFolder }) {
    const { tool, versions } = packageManager(manager);
    // A name that ends in `-` means "remove it" to apt.
    const odd = packages.find((name) => !/^[A-Za-z0-9](?:[A-Za-z0-9+._:~-]*[A-Za-z0-9+])?$/.test(name));
    if (odd !== undefined) return refused('invalid', `“${odd}” is no name that a package can have.`);
    if ((await findTool(tool)) === null)
      return refused(
        'unavailable',
        `${tool} is not on this host. Scan again: packages may be managed by something else.`,
      );
    try {
      const before = await versions(packages);
      const missing = packages.filter((name) => before[name.replace(/:.*$/, '')] === undefined);
      if (missing.length > 0)
        return refused('stale', `Not installed any more: ${missing.join(', ')}. Scan again and plan anew.`);
      return ready({
        kind: 'upgrade-packages',
        ...(await newSession(operationFolder(hostFolder, 'commands', id))),
        versions: before,
      });
    } catch (error) {
      return refused(
        'unavailable',
        `${tool} does not tell which packages are installed (${errorCode(error)}).`,
      );
    }
  },

  async perform(operation, receipt, context) {
    const session = readReceipt('upgrade-packages', fields, receipt);
    const { script } = packageManager(operation.manager);
    try {
      if ((await readSessionPatiently(session)).status === 'not-started') {
        if (context.signal?.aborted) return failed(receipt, 'Cancelled before it was started.');
        const argv = ['/bin/sh', '-c', script, 'upgrade', ...operation.packages];
        await context.whileFenced(() =>
          startSession(session, { command: { argv }, environment: {}, workingFolder: null }),
        );
      }
      const end = await followSession(session, MOST_MS, withProgress(operation, context));
      const changes = await changesSince(operation, session.versions);
      const finished = { ...receipt, changes: changes.slice(0, 200) };
      const what =
        changes.length === 0 ? 'Nothing was newer.' : `Upgraded ${changes.length}: ${named(changes)}.`;
      if (end.status !== 'ended')
        return failed(
          finished,
          `It was ${end.status === 'vanished' ? 'killed, or the machine went down' : end.status === 'timed-out' ? 'ended after two hours' : 'cancelled'}. ${what} Run it again: it finishes first what was left half done.`,
          { exitCode: end.exitCode },
        );
      if (end.exitCode === LISTS_ARE_OLD)
        return failed(
          finished,
          `${what} But the package lists could not be renewed, so newer ones may be missing. An isolated host needs its mirror among the allowed peers, and name look-ups.`,
          { exitCode: end.exitCode },
        );
      return end.exitCode === 0
        ? done(finished, what, { exitCode: 0 })
        : failed(
            finished,
            `${operation.manager} failed (exit ${end.exitCode}); its output says why. ${what}`,
            { exitCode: end.exitCode },
          );
    } catch (error) {
      if (error instanceof UserError) throw error;
      return failed(receipt, `It could not be started: ${errorCode(error)}.`);
    }
  },

  async verify(operation, receipt) {
    const session = readReceipt('upgrade-packages', fields, receipt);
    const state = await readSessionPatiently(session);
    if (state.status === 'running')
      return verified('in-progress', `${operation.manager} is still at it (process ${state.pid}).`);
    const hasEnded = state.status === 'ended';
    const { pending } = packageManager(operation.manager);
    const left = await pending(operation.packages);
    if (left === null)
      return { ...verified('unknown', `${operation.manager} does not tell what is pending.`), hasEnded };
    if (left.length > 0) return { ...verified('does-not-hold', `Still pending: ${named(left)}.`), hasEnded };
    const changes = await changesSince(operation, session.versions).catch(() => []);
    if (changes.length > 0)
      return {
        ...verified('holds', `${changes.length} are newer than before, and nothing is pending.`),
        hasEnded,
      };
    return state.status === 'not-started'
      ? verified('does-not-hold', 'It was never started.')
      : { ...verified('holds', 'Nothing is pending.'), hasEnded };
  },

  async undo(operation, receipt) {
    const { versions } = readReceipt('upgrade-packages', fields, receipt);
    const { downgrade } = packageManager(operation.manager);
    const changes = await changesSince(operation, versions).catch(() => []);
    if (changes.length === 0) return done(receipt, 'No package was changed: there is nothing to take back.');
    const commands = changes.slice(0, 3).map((change) => {
      const name = change.split(' ')[0] ?? '';
      return downgrade(name, versions[name] ?? '');
    });
    return failed(
      receipt,
      `Upgrades are not taken back: the holes would be open again. By hand, where the mirror still has them: ${commands.join('; ')}${changes.length > 3 ? '; …' : ''}`,
    );
  },
};

/** `name old → new`, for each that differs. */
async function changesSince(
  { manager, packages }: Upgrade,
  before: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const now = await packageManager(manager).versions(packages);
  return Object.entries(now).flatMap(([name, version]) =>
    before[name] === undefined || before[name] === version ? [] : [`${name} ${before[name]} → ${version}`],
  );
}

/** Progress by packages instead of by time, read from the manager's own output. */
function withProgress({ manager }: Upgrade, context: PerformContext): PerformContext {
  const decoder = new TextDecoder();
  let line = '';
  let done = 0;
  let total: number | null = null;
  return {
    ...context,
    onProgress: () => undefined,
    onOutput(stream, bytes) {
      context.onOutput(stream, bytes);
      if (stream !== 'stdout') return;
      const lines = `${line}${decoder.decode(bytes, { stream: true })}`.split(/[\r\n]/);
      line = lines.pop()?.slice(-4096) ?? '';
      for (const one of lines) {
        const told = packageManager(manager).progress(one);
        if (told.done === undefined && !told.isOneMore) continue;
        done = told.done ?? done + 1;
        total = told.total ?? total;
        context.onProgress({ done: total === null ? done : Math.min(done, total), total, unit: 'packages' });
      }
    },
  };
}

function named(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
