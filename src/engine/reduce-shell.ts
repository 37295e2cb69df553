import type { Event } from './event.ts';
import type { ShellState } from './incident.ts';

type ShellEvent = Extract<Event, { shellId: string }>;

/** The recorded shells after one was opened or closed. */
export function withShell(
  shells: readonly ShellState[],
  event: ShellEvent,
  at: string,
): readonly ShellState[] {
  if (event.kind === 'shell-opened') {
    const { shellId: id, stepId } = event;
    return [...shells, { id, stepId, openedAt: at, isOpen: true, exitCode: null, recording: null }];
  }
  const { shellId, exitCode, recording } = event;
  return shells.map((shell) =>
    shell.id === shellId ? { ...shell, isOpen: false, exitCode, recording } : shell,
  );
}

/** A new runner finds none open: with its line, a shell is lost. */
export function lostShell(shell: ShellState): ShellState {
  return { ...shell, isOpen: false };
}
