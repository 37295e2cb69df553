import { win32 } from 'node:path';
import { z } from 'zod';
import type { ProcessIdentity } from '../../../operations/identity.ts';
import type { EvidenceFile, Prepared } from '../../../operations/receipt.ts';
import type { HostFacts } from '../../host.ts';
import { refused } from '../../perform/outcome.ts';
import { call } from '../call.ts';
import type { PowerShellSession } from '../powershell-session.ts';
import type { WindowsContext } from '../windows-performer.ts';
import { keepFile } from './keep-file.ts';

const state = z.object({
  pid: z.number().int(),
  created: z.string(),
  name: z.string(),
  path: z.string(),
  commandLine: z.string(),
  parentPid: z.number().int(),
  service: z.string(),
  isSuspended: z.boolean(),
});
const dumped = z.object({ status: z.string() });
const forgotten = z.object({ path: z.string() });
export type ProcessState = z.infer<typeof state>;

export async function processStates(
  session: PowerShellSession,
  ids: readonly number[],
): Promise<readonly ProcessState[]> {
  return call(session, 'process-state', { Id: ids.map(String) }, state);
}

/** The process, if it is still the one that was planned for. */
export function stillThere(
  states: readonly ProcessState[],
  planned: ProcessIdentity,
): ProcessState | undefined {
  return states.find(({ pid, created }) => pid === planned.pid && created === planned.startTicks);
}

/** Ending one of these ends Windows (CRITICAL_PROCESS_DIED) or the responder's way in. */
const CRITICAL =
  /^(?:csrss|wininit|winlogon|services|lsass|smss|lsaiso|system|registry|memory compression)(?:\.exe)?$/i;

/** Why it must not be touched; null if it may. By name only where it also lies where Windows' own program lies. */
export function whyProtected(process: ProcessState, facts: HostFacts): Prepared | null {
  if (facts.responder.protectedPids.includes(process.pid))
    return refused(
      'responder',
      `${process.name} (${process.pid}) belongs to your own session, or is tourniquet itself.`,
    );
  const isInPlace = process.path === '' || /^[a-z]:\\windows\\system32\\[^\\]+$/i.test(process.path);
  if (process.pid <= 4 || (CRITICAL.test(process.name) && isInPlace))
    return refused(
      'invalid',
      `${process.name} (${process.pid}) is a part of Windows without which it stops at once.`,
    );
  return null;
}

export function gone(process: ProcessIdentity): Prepared {
  return refused(
    'stale',
    `${process.name} (${process.pid}) is no longer the process that was planned for: look again.`,
  );
}

/** What is known of it, its program and, up to so many bytes, its memory, kept in the evidence. */
export async function keepProcess(
  { session, evidence, folder }: Pick<WindowsContext, 'session' | 'evidence' | 'folder'>,
  operationId: string,
  seen: ProcessState,
  memoryBytes = 0,
): Promise<readonly EvidenceFile[]> {
  const record = await evidence.open(`${operationId}/process.json`, `process ${seen.pid}`);
  await record.write(Buffer.from(`${JSON.stringify(seen, null, 2)}\n`, 'utf8'));
  const kept = [await record.close()];
  if (seen.path !== '') kept.push(await keepFile(session, evidence, `${operationId}/program`, seen.path));
  if (memoryBytes === 0) return kept;
  const at = win32.join(folder, `${operationId}.dmp`);
  const parameters = { Id: seen.pid, Created: seen.created, Path: at, Most: String(memoryBytes) };
  const [row] = await call(session, 'dump-memory', parameters, dumped);
  if (row?.status === 'done') {
    kept.push(await keepFile(session, evidence, `${operationId}/memory.dmp`, at));
    await call(session, 'forget-file', { Path: at }, forgotten);
    return kept;
  }
  const note = await evidence.open(`${operationId}/memory.txt`, `memory of process ${seen.pid}`);
  const why =
    row?.status === 'too-large' ? `it has more than ${memoryBytes} bytes` : (row?.status ?? 'no answer');
  await note.write(Buffer.from(`The memory was not kept: ${why}.\n`, 'utf8'));
  return [...kept, await note.close()];
}
