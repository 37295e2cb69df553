import { Console } from 'node:console';
import type { HomeModel } from '../../src/tui/home/home-model.ts';
import { runTui, type TuiCallbacks, type TuiResult } from '../../src/tui/run-tui.ts';
import { FakeTerminal } from './fake-terminal.ts';
import { OPENED_MS } from './opened.ts';
import { script } from './script.ts';
import { ScriptedHandle } from './scripted-handle.ts';

// Vitest's console has no Console, which Ink's patching of it needs.
Object.assign(console, { Console });

export { OPENED_MS };

export interface Started {
  readonly terminal: FakeTerminal;
  readonly handle: ScriptedHandle;
  readonly result: Promise<TuiResult>;
  /** Moves the time that the screen shows; it is looked at again at the next change. */
  setMs(ms: number): void;
}

export interface StartOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly handle?: ScriptedHandle;
  readonly home?: HomeModel;
  readonly environment?: Record<string, string>;
  readonly settings?: { ascii?: boolean };
  readonly callbacks?: Partial<TuiCallbacks>;
  readonly settleMs?: number;
}

const running = new Set<Started>();

/** The terminal interface on a fake terminal, with a scripted incident. */
export function start(options: StartOptions = {}): Started {
  const terminal = new FakeTerminal(options.columns, options.rows);
  const handle = options.handle ?? new ScriptedHandle(script(), { nowMs: OPENED_MS });
  let nowMs = OPENED_MS + 461_000;
  const result = runTui({
    start: options.home === undefined ? { kind: 'incident', handle } : { kind: 'home', home: options.home },
    stdin: terminal.stdin,
    stdout: terminal.stdout,
    environment: { TERM: 'xterm-256color', LANG: 'C.UTF-8', ...options.environment },
    settings: options.settings ?? {},
    readMs: () => nowMs,
    settleMs: options.settleMs ?? 0,
    callbacks: {
      openIncident: async () => handle,
      startIncident: async () => handle,
      exportTranscript: async () => '/incidents/web-07/transcript.md',
      saveOutput: async (_handle, _operationId, path) => path,
      openShell: null,
      editText: async (_handle, text) => text,
      ...options.callbacks,
    },
  });
  const started: Started = {
    terminal,
    handle,
    result,
    setMs: (ms) => {
      nowMs = ms;
    },
  };
  running.add(started);
  void result.catch(() => undefined).then(() => running.delete(started));
  return started;
}

/** Ends what a test left running, as a lost line would. */
export async function endAll(): Promise<void> {
  for (const { terminal, result, handle } of [...running]) {
    handle.releaseAll();
    terminal.hangUp();
    await result.catch(() => undefined);
  }
}

/** Approves whatever comes, until that step is in hand. */
export async function toStep(terminal: FakeTerminal, handle: ScriptedHandle, stepId: string): Promise<void> {
  for (;;) {
    await handle.whenIdle();
    const { question } = handle.view();
    if (
      question !== null &&
      'stepId' in question &&
      question.stepId === stepId &&
      question.kind !== 'confirmation'
    )
      break;
    if (question?.kind === 'approval') {
      await handle.send({
        kind: 'approve-plan',
        stepId: question.stepId,
        planHash: question.planHash,
        how: 'key',
      });
    } else if (question?.kind === 'confirmation') {
      await handle.send({ kind: 'confirm-operation', operationId: question.operationId, how: 'responder' });
    } else if (question?.kind === 'manual') {
      await handle.send({ kind: 'do-by-hand', stepId: question.stepId, record: 'done' });
    } else throw new Error(`cannot get to ${stepId} from ${question?.kind}`);
  }
  const title = handle.view().incident.steps.find((step) => step.id === stepId)?.definition.title ?? '';
  await terminal.see(new RegExp(`\\d {2}${title} `));
}
