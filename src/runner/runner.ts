import type { Action } from '../actions/action.ts';
import type { Command, CommandResult } from '../engine/command.ts';
import { decide } from '../engine/decide.ts';
import type { Effect, Question } from '../engine/effect.ts';
import type { Event, JournalRecord } from '../engine/event.ts';
import type { Activity, IncidentHandle, IncidentView } from '../engine/handle.ts';
import type { Incident } from '../engine/incident.ts';
import { reduce } from '../engine/reduce.ts';
import { whyNot } from '../engine/why-not.ts';
import type { RuleSource } from '../findings/file-rules.ts';
import type { Host, HostFacts } from '../host/host.ts';
import type { IncidentFolder } from '../journal/folder.ts';
import type { Lock, Wanted } from '../journal/lock.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { Operation } from '../operations/operation.ts';
import { spellCommands } from '../text/own-commands.ts';
import { UserError } from '../text/user-error.ts';
import { eventsFor } from './commands.ts';
import { look } from './effects/look.ts';
import { makePlan } from './effects/make-plan.ts';
import { attach, perform, recover, undo, verify } from './effects/perform.ts';
import { watch } from './effects/watch.ts';
import { type WatchAlone, type WatchResult, watchAlone } from './effects/watch-alone.ts';
import { LiveOutput } from './live-output.ts';
import { operationOf, stepOf } from './lookup.ts';
import { readOutputPart, readTimes } from './output-part.ts';
import type { Workbench } from './workbench.ts';

export interface RunnerParts {
  readonly folder: IncidentFolder;
  readonly journal: JournalWriter;
  readonly lock: Lock;
  readonly records: readonly JournalRecord[];
  readonly incident: Incident;
  readonly host: Host;
  readonly facts: HostFacts;
  readonly actions: ReadonlyMap<string, Action>;
  readonly responder: string;
  readonly sampleMs: number;
  readonly rules: readonly RuleSource[];
  readonly commandToType: (words: string) => string;
  /** What the host knows it by: the incident, and the number of its `runner-attached` record. */
  readonly fence: string;
}

/** Fronts are told of live output at most this often; events are told at once. */
const PUBLISH_EVERY_MS = 100;
/** How long leaving waits for the operation in hand; what is cut off then is asked for its verify at the next start. */
const LEAVE_WAITS_MS = 5000;
/** The same for a command in a session of its own, which goes on without us: only for one that is just ending. */
const LEAVE_COMMAND_WAITS_MS = 250;
/** How long the operation in hand may go on when somebody takes the incident over, before it is cancelled. */
const HURRY_AFTER_MS = 3000;
const OUTLIVING: ReadonlySet<Operation['kind']> = new Set(['run-command', 'upgrade-packages']);

/**
 * The loop: decide → do → record, until the incident is closed or the responder leaves. It is the only thing that
 * lets the host change, and does so one operation at a time.
 */
export class Runner implements IncidentHandle {
  readonly #parts: RunnerParts;
  readonly #secrets = new Map<string, string>();
  readonly #listeners = new Set<() => void>();
  readonly #recordListeners = new Set<(record: JournalRecord) => void>();
  readonly #records: JournalRecord[];
  readonly #live = new LiveOutput();
  #incident: Incident;
  #activity: Activity | null = null;
  #question: Question | null = null;
  #stopped: string | null = null;
  #notice: string | null = null;
  #view: IncidentView | null = null;
  #abort = new AbortController();
  #isLeaving = false;
  #left: Promise<void> | null = null;
  #wake: () => void = () => undefined;
  #commanded: (() => Promise<void>)[] = [];
  #publishTimer: NodeJS.Timeout | null = null;
  #loop: Promise<void> | null = null;
  #closing: Promise<void> | null = null;
  #watched: WatchResult | null = null;
  /** The bug that ended the loop, if one did. */
  failure: unknown = null;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.#incident = parts.incident;
    this.#records = [...parts.records];
  }

  /** Starts the loop; call once. */
  start(): this {
    this.#parts.lock.onWanted((wanted) => void this.#giveUp(wanted));
    this.#loop ??= this.#run();
    return this;
  }

  /** Instead of `start`: looks out for what comes back and does nothing else; then lets go of the incident. */
  async watchOnly(request: WatchAlone): Promise<WatchResult> {
    this.#parts.lock.onWanted((wanted) => void this.#giveUp(wanted));
    const watching = this.#carryOut(async () => {
      this.#watched = await watchAlone(this.#bench, request);
    });
    this.#loop = watching.catch(() => undefined);
    await watching;
    await this.#close('watched');
    const nothing = { looks: 0, returned: [], reopened: [], dropped: {}, wasAborted: true };
    return this.#watched ?? nothing;
  }

  view(): IncidentView {
    this.#view ??= {
      incident: this.#incident,
      activity: this.#activity && { ...this.#activity, tail: this.#live.tail() },
      question: this.#question,
      journalHead: this.#parts.journal.head(),
      stopped: this.#stopped,
      notice: this.#notice,
      folder: this.#parts.folder.path,
    };
    return this.#view;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  records(): readonly JournalRecord[] {
    return this.#records;
  }

  onRecord(listener: (record: JournalRecord) => void): () => void {
    this.#recordListeners.add(listener);
    return () => this.#recordListeners.delete(listener);
  }

  readOutput(operationId: string, fromByte: number, maxBytes: number) {
    return readOutputPart(this.#parts.folder, operationId, fromByte, maxBytes);
  }

  readOutputTimes(operationId: string) {
    return readTimes(this.#parts.folder, operationId);
  }

  async send(command: Command): Promise<CommandResult> {
    const reason = whyNot(this.view(), command);
    if (reason !== null) return { ok: false, reason };
    if (command.kind === 'cancel') {
      this.#abort.abort(new UserError('cancelled', 'cancelled by the responder'));
      return { ok: true };
    }
    if (command.kind === 'confirm-operation') {
      this.#commanded.push(() => this.#confirm(command.operationId, command.how));
    } else {
      const { events, secrets } = eventsFor(command, this.#incident);
      for (const [name, value] of secrets) this.#secrets.set(name, value);
      try {
        for (const event of events) await this.#record(event, this.#parts.responder);
      } catch (error) {
        this.#stop(error);
        return { ok: false, reason: this.#stopped ?? 'the journal cannot be written' };
      }
    }
    if (command.kind !== 'add-note' && command.kind !== 'tick-item') this.#question = null;
    this.#publish();
    this.#wake();
    return { ok: true };
  }

  /** For a banner, until it is taken away with null. */
  setNotice(text: string | null): void {
    this.#notice = text;
    this.#publish();
  }

  whenIdle(): Promise<void> {
    return new Promise((resolve) => {
      const isIdle = () =>
        this.#question !== null || this.#stopped !== null || this.#incident.closedAt !== null;
      if (isIdle()) return resolve();
      const unsubscribe = this.subscribe(() => {
        if (!isIdle()) return;
        unsubscribe();
        resolve();
      });
    });
  }

  /** Whoever asks again waits for the same end: a hang-up comes twice, and the second must not end us within the first. */
  leave(reason: string): Promise<void> {
    this.#left ??= this.#leave(reason);
    return this.#left;
  }

  async #leave(reason: string): Promise<void> {
    this.#isLeaving = true;
    const kind = this.#activity?.kind;
    // Looking changes nothing and may be dropped; a change in hand is waited for.
    if (kind === 'looking' || kind === 'watching') this.#abort.abort();
    this.#wake();
    const waitsMs = this.#isInHandOutliving() ? LEAVE_COMMAND_WAITS_MS : LEAVE_WAITS_MS;
    await Promise.race([this.#loop, new Promise((resolve) => setTimeout(resolve, waitsMs).unref())]);
    if (this.#incident.closedAt === null) this.#stopped ??= `left: ${reason}`;
    await this.#close(reason);
    this.#publish();
  }

  /** Somebody takes the incident over: nothing new is begun, what is in hand is waited for or cancelled. */
  async #giveUp({ by, reason }: Wanted): Promise<void> {
    const message = `taken over by ${by}: ${reason}`;
    if (this.#incident.closedAt !== null || this.#isLeaving) return;
    this.#stopped = this.#spell(
      `The incident was ${message}. Nothing more is done here; \`tourniquet resume\` follows it, read-only.`,
    );
    this.#publish();
    const hurry = setTimeout(() => {
      if (!this.#isInHandOutliving()) this.#abort.abort(new UserError('taken-over', message));
    }, HURRY_AFTER_MS);
    try {
      await this.leave(message);
    } finally {
      clearTimeout(hurry);
    }
  }

  /** A command in a session of its own goes on by itself: whoever takes over attaches to it. */
  #isInHandOutliving(): boolean {
    const id = this.#activity?.operationId ?? null;
    return id !== null && OUTLIVING.has(this.#find(id).state.operation.kind);
  }

  async #run(): Promise<void> {
    try {
      while (!this.#isLeaving && this.#stopped === null) {
        const commanded = this.#commanded.shift();
        if (commanded) {
          await this.#carryOut(commanded);
          continue;
        }
        const [effect] = decide(this.#incident);
        if (effect === undefined) break;
        if (effect.kind === 'ask') await this.#ask(effect.question);
        else await this.#carryOut(() => this.#do(effect));
      }
      if (this.#incident.closedAt !== null) await this.#close('closed');
    } catch (error) {
      if (!this.#isLeaving) this.#stop(error);
    } finally {
      this.#publish();
    }
  }

  async #carryOut(work: () => Promise<void>): Promise<void> {
    this.#question = null;
    this.#abort = new AbortController();
    this.#live.clear();
    try {
      await work();
    } finally {
      this.#activity = null;
      this.#publish();
    }
  }

  #do(effect: Exclude<Effect, { kind: 'ask' }>): Promise<void> {
    const bench = this.#bench;
    switch (effect.kind) {
      case 'look':
        return look(bench, effect.stepId);
      case 'plan':
        return makePlan(bench, effect.stepId);
      case 'perform':
        return perform(bench, effect.stepId, effect.operation);
      case 'attach':
        return attach(bench, effect.stepId, effect.operation, effect.receipt);
      case 'verify':
        return verify(bench, effect.stepId, effect.operation, effect.receipt);
      case 'recover':
        return recover(bench, effect.stepId, effect.operation, effect.receipt);
      case 'undo':
        return undo(bench, effect.stepId, effect.operation, effect.receipt);
      case 'watch':
        return watch(bench, effect);
      case 'record':
        return bench.record(effect.event);
    }
  }

  /** Waits for the responder; what would take itself back unless confirmed is looked after meanwhile. */
  async #ask(question: Question): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#question = question;
    this.#publish();
    let timer: NodeJS.Timeout | null = null;
    if (question.kind === 'confirmation') {
      const waitMs = Math.max(0, question.beforeMs - Date.now()) + 1000;
      timer = setTimeout(() => {
        this.#commanded.push(() => this.#sayTakenBack(question.operationId));
        this.#wake();
      }, waitMs);
    }
    await woken;
    if (timer) clearTimeout(timer);
    this.#question = null;
  }

  async #confirm(operationId: string, how: 'responder' | 'two-sided-test'): Promise<void> {
    const { stepId, state } = this.#find(operationId);
    this.#bench.begin('confirming', stepId, operationId);
    const verification = await this.#parts.host.confirm(
      state.operation,
      state.receipt ?? { kind: state.operation.kind },
      how,
    );
    await this.#record(
      { kind: 'operation-confirmed', stepId, operationId, how, verification },
      this.#parts.responder,
    );
  }

  /** The time to confirm is over: the host is asked what became of it, and the answer is journalled. */
  async #sayTakenBack(operationId: string): Promise<void> {
    const { stepId, state } = this.#find(operationId);
    if (state.confirmBefore === null) return;
    this.#bench.begin('verifying', stepId, operationId);
    const verification = await this.#parts.host.verify(
      state.operation,
      state.receipt ?? { kind: state.operation.kind },
    );
    const detail =
      verification.status === 'holds'
        ? `it should have taken itself back and is still there: ${verification.detail}`
        : 'it was not confirmed in time and has taken itself back';
    const event: Event = {
      kind: 'operation-confirmed',
      stepId,
      operationId,
      how: 'responder',
      verification: { status: 'does-not-hold', detail },
    };
    await this.#record(event, 'runner');
  }

  #find(operationId: string) {
    const step = this.#incident.steps.find((candidate) =>
      candidate.operations.some((state) => state.operation.id === operationId),
    );
    const stepId = step?.id ?? '';
    return {
      stepId: stepOf(this.#incident, stepId).id,
      state: operationOf(this.#incident, stepId, operationId),
    };
  }

  /** The journal first; then the incident; then whoever listens. */
  async #record(event: Event, by: string): Promise<void> {
    const record = await this.#parts.journal.append(event, by);
    this.#incident = reduce(this.#incident, record);
    this.#records.push(record);
    for (const listener of this.#recordListeners) listener(record);
    this.#publish();
  }

  #stop(error: unknown): void {
    if (error instanceof UserError) {
      this.#stopped ??= this.#spell(error.hint ? `${error.message} ${error.hint}` : error.message);
    } else {
      this.failure = error;
      this.#stopped ??= `a bug in tourniquet: ${error instanceof Error ? error.message : String(error)}`;
    }
    this.#publish();
  }

  #spell(text: string): string {
    return spellCommands(text, this.#parts.commandToType, this.#incident.id);
  }

  /** Once; the first reason is the one that is journalled. */
  #close(reason: string): Promise<void> {
    this.#closing ??= this.#letGo(reason);
    return this.#closing;
  }

  async #letGo(reason: string): Promise<void> {
    const { journal, lock, host } = this.#parts;
    // A journal that cannot be written has said so already; the next runner sees for itself that this one is gone.
    await journal.append({ kind: 'runner-detached', reason }, 'runner').catch(() => undefined);
    await journal.close().catch(() => undefined);
    await host.close();
    if (this.#activity !== null) await this.#dropInHand();
    // Last: whoever has it next must find nothing of ours at work.
    await lock.release();
  }

  /** What is still in hand after the wait goes on without us (a command in its own session), or is cancelled. */
  async #dropInHand(): Promise<void> {
    this.#abort.abort(new UserError('let-go', 'the runner has let go of the incident'));
    await Promise.race([this.#loop, new Promise((resolve) => setTimeout(resolve, 1000).unref())]);
  }

  #publish(): void {
    this.#view = null;
    if (this.#publishTimer) {
      clearTimeout(this.#publishTimer);
      this.#publishTimer = null;
    }
    for (const listener of this.#listeners) listener();
  }

  #publishSoon(): void {
    this.#publishTimer ??= setTimeout(() => {
      this.#publishTimer = null;
      this.#publish();
    }, PUBLISH_EVERY_MS);
  }

  readonly #bench: Workbench = this.#makeBench();

  #makeBench(): Workbench {
    const runner = this;
    return {
      get host() {
        return runner.#parts.host;
      },
      get facts() {
        return runner.#parts.facts;
      },
      get actions() {
        return runner.#parts.actions;
      },
      get folder() {
        return runner.#parts.folder;
      },
      get rules() {
        return runner.#parts.rules;
      },
      get sampleMs() {
        return runner.#parts.sampleMs;
      },
      get fence() {
        return runner.#parts.fence;
      },
      get secrets() {
        return runner.#secrets;
      },
      incident: () => runner.#incident,
      record: (event) => runner.#record(event, 'runner'),
      begin(kind, stepId, operationId = null, endsAtMs = null) {
        runner.#activity = {
          kind,
          stepId,
          operationId,
          startedAtMs: Date.now(),
          endsAtMs,
          scanProgress: null,
          progress: null,
          tail: [],
        };
        runner.#publish();
      },
      update(change) {
        if (runner.#activity) runner.#activity = { ...runner.#activity, ...change };
        runner.#publishSoon();
      },
      output(bytes) {
        runner.#live.add(bytes);
        runner.#publishSoon();
      },
      signal: () => runner.#abort.signal,
      isLeaving: () => runner.#isLeaving,
      nowMs: () => Date.now(),
      pause: (forMs) => pause(forMs, runner.#abort.signal),
    };
  }
}

function pause(forMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, forMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
