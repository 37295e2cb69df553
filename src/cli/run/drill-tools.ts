import { ensureTools } from '../../host/system-tools.ts';
import type { CliContext } from '../context.ts';

/** What the sandbox is built from, and what the steps of the playbook then use in it. */
const DRILL_TOOLS = [
  ...['unshare', 'nsenter', 'setpriv', 'setsid', 'flock', 'mount', 'umount', 'pivot_root', 'ip', 'bash'],
  ...['nft', 'ps', 'ss', 'ssh-keygen', 'chage', 'usermod'],
];

/**
 * Looks for what a drill needs and, as root, installs what is missing after saying so. What is still missing then
 * has been said in one line; the sandbox refuses to start only if it cannot be built without it.
 */
export async function ensureDrillTools({ stderr }: Pick<CliContext, 'stderr'>): Promise<void> {
  await ensureTools(DRILL_TOOLS, { install: true, say: (line) => void stderr.write(`${line}\n`) });
}
