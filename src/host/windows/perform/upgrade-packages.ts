import { done, failed, ready, refused, verified } from '../../perform/outcome.ts';
import { ask } from '../ask.ts';
import { LostCall } from '../call.ts';
import type { PowerShellSession } from '../powershell-session.ts';
import type { WindowsPerformer } from '../windows-performer.ts';
import { work } from './system-work.ts';

/** Windows Update asks its server. */
const SEARCH_MS = 180_000;

/** Installs updates by the Windows Update Agent, which goes on without us. */
export const upgradePackages: WindowsPerformer<'upgrade-packages'> = {
  async prepare({ manager, packages }, { session }) {
    if (manager !== 'windows-update') return refused('invalid', `There is no ${manager} on Windows.`);
    const pending = await pendingNames(session);
    const gone = packages.filter((name) => !pending.has(name));
    if (gone.length > 0)
      return refused('stale', `${gone.join(', ')} does not wait to be installed any more: look again.`);
    return ready({ kind: 'upgrade-packages', packages: [...packages] });
  },
  async perform({ id, packages }, receipt, context) {
    const result = await work({ ...context, id }, 'install-updates', { names: packages }, context);
    if (result === null)
      return failed(receipt, 'The waiting was cut short; the installation goes on by itself.');
    const restart =
      result.needsRestart === true ? ' Windows has to be started anew for it to take effect.' : '';
    return result.ok
      ? done({ ...receipt, needsRestart: result.needsRestart === true }, `Installed.${restart}`)
      : failed(receipt, `Not all was installed: ${result.message}.${restart}`);
  },
  async verify({ packages }, receipt, session) {
    const pending = await pendingNames(session);
    const left = packages.filter((name) => pending.has(name));
    if (left.length === 0)
      return verified(
        'holds',
        packages.length === 0 && pending.size > 0 ? 'some updates wait' : 'none of them waits',
      );
    return receipt.needsRestart === true
      ? verified('in-progress', `${left.join(', ')} takes effect when Windows is started anew`)
      : verified('does-not-hold', `${left.join(', ')} is not installed`);
  },
  async undo(_operation, receipt) {
    return failed(
      receipt,
      'Updates are not taken back here. Settings, Windows Update, Uninstall updates, or wusa.exe /uninstall /kb:NUMBER.',
    );
  },
};

/** By their article (KB…) and by their id. */
async function pendingNames(session: PowerShellSession): Promise<ReadonlySet<string>> {
  const answer = await ask(session, 'scan/updates', {}, { timeoutMs: SEARCH_MS });
  if (answer.status === 'unanswered') throw new LostCall(`Which updates wait is not known: ${answer.reason}`);
  return new Set(answer.rows.flatMap(({ id, articles }) => [id, ...articles]));
}
