/** What speaks against a process because of another one: those that watch each other share more than they show. */
import { cameWith, isVouchedFor, type KnownBad } from './known-bad.ts';
import type { ObservedFile, ObservedProcess } from './observation.ts';
import type { Signal } from './weigh.ts';

/** Folders where programs that have nothing to do with each other lie side by side. */
const SHARED =
  /^(\/|\/(usr|usr\/local)?\/?(s?bin|lib(32|64|exec)?|games)|\/(tmp|var\/tmp|dev\/shm|run|opt|srv|root|etc|var|home)|\/home\/[^/]+|\/var\/lib|\/usr|\/usr\/local|\/usr\/lib\/.*|\/usr\/libexec\/.*)$/;

/** The folder of a program, if what lies in it belongs together; null if it is one that everybody uses. */
export function ownFolder(path: string): string | null {
  const folder = path.slice(0, path.lastIndexOf('/')) || '/';
  // A hidden one is nobody's but who made it, wherever it lies.
  return SHARED.test(folder) && !/\/\.[^/]+$/.test(folder) ? null : folder;
}

/**
 * Same folder, same session, parent and child. Folder, session and parent are one topic, so that all of them together
 * do not condemn: a miner often comes through a service of the host, which then is its parent and has its folder and
 * its session. Only with a program that came at the same time they do.
 */
export function kinSignals(
  seen: ObservedProcess,
  exe: ObservedFile | undefined,
  known: KnownBad,
): readonly Signal[] {
  const signals: Signal[] = [];
  const add = (topic: string, code: string, text: string, weight: number): void => {
    signals.push({ topic, code, text, weight });
  };
  const { pid } = seen.process;
  const parent = known.processes.get(seen.parentPid);
  // Not decisive: one wrong verdict would condemn everything below it.
  if (parent !== undefined && seen.parentPid > 1) {
    add('child', 'child-of-malicious', `It was started by ${parent}, which is malicious`, 50);
  }
  if (seen.exe === null || !seen.sharesOurFiles || isVouchedFor(exe)) return signals;
  const child = known.parents.get(pid);
  if (child !== undefined && pid > 1) {
    add('kin', 'parent-of-malicious', `It started ${child}, which is malicious`, 50);
  }
  const beside = known.folders.get(ownFolder(seen.exe) ?? '');
  if (beside !== undefined) {
    add('kin', 'beside-malicious', `Its program lies beside ${beside}, which is malicious`, 50);
  }
  const inSession = known.sessions.get(seen.sessionId);
  if (inSession !== undefined && seen.sessionId > 1 && !known.processes.has(pid)) {
    add('kin', 'session-of-malicious', `It is of the same session as ${inSession}`, 45);
  }
  if (signals.length > 0 && exe?.kind === 'file' && cameWith(exe, known.bursts)) {
    add('burst', 'same-time', 'Its program came within ten minutes of what is malicious', 40);
  }
  return signals;
}
