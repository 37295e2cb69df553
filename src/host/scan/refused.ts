import type { ScanScope } from '../../findings/scan.ts';
import type { Look } from './look.ts';

/** Notes of which processes the kernel would not tell something, and what helps. */
export function noteRefused(look: Look, scope: ScanScope, what: string, pids: readonly number[]): void {
  const [only] = pids;
  if (only === undefined) return;
  const whose = pids.length === 1 ? `process ${only}` : `${pids.length} processes`;
  const isRoot = process.geteuid?.() === 0;
  const reason = isRoot
    ? 'no permission, though this is root: a security module, or a container around this shell, is in the way'
    : 'no permission; run as root to see them all';
  look.unknowns.push({ scope, what: `${what} of ${whose}`, reason });
}
