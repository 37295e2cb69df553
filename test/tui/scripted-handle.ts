import type { Command, CommandResult } from '../../src/engine/command.ts';
import { decide } from '../../src/engine/decide.ts';
import type { Effect } from '../../src/engine/effect.ts';
import type { Event, HostSummary, JournalRecord, StepPlan } from '../../src/engine/event.ts';
import type {
  Activity,
  IncidentHandle,
  IncidentView,
  OutputPart,
  OutputTime,
} from '../../src/engine/handle.ts';
import type { Incident, StepState } from '../../src/engine/incident.ts';
import { reduce } from '../../src/engine/reduce.ts';
import { undoable, whyNot } from '../../src/engine/why-not.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { ScanUnknown } from '../../src/findings/scan.ts';
import type { Operation } from '../../src/operations/operation.ts';
import type { OperationProgress } from '../../src/operations/progress.ts';
import type { OperationOutcome, Refusal, Verification } from '../../src/operations/receipt.ts';
import type { Playbook } from '../../src/playbook/playbook.ts';
import { eventsFor } from '../../src/runner/commands.ts';

/** What the pretend host and the pretend actions answer. */
export interface Script {
  readonly playbook: Playbook;
  readonly host: HostSummary;
  look(step: StepState): {
    findings: readonly Finding[];
    unknowns?: readonly ScanUnknown[];
    chosen?: readonly string[];
  };
  plan(step: StepState, number: number): Omit<StepPlan, 'number' | 'hash'>;
  perform?(operation: Operation): Partial<OperationOutcome> | { readonly refusal: Refusal } | null;
  verify?(operation: Operation): Verification;
  recover?(operation: Operation): Verification;
}

/**
 * An incident without a host: the engine is the real one, what the host answers is scripted. Effects whose name
 * (`look:isolate`, `perform:isolate.1.1`, `watch:watch`, …) is held wait until they are let go.
 */
export class ScriptedHandle implements IncidentHandle {
  readonly script: Script;
  readonly commands: Command[] = [];
  readonly leaveReasons: string[] = [];
  readonly #held = new Map<string, PromiseWithResolvers<void>>();
  readonly #listeners = new Set<() => void>();
  readonly #recordListeners = new Set<(record: JournalRecord) => void>();
  /** In the parts that they came in. */
  readonly #times = new Map<string, readonly OutputTime[]>();
  /** By the one operation that prints. */
  #printed = 0;
  readonly #outputs = new Map<string, Buffer[]>();
  readonly #records: JournalRecord[] = [];
  #view: IncidentView;
  #nowMs: number;
  #isRunning = false;
  #isCancelled = false;
  #isStopped = false;
  #idle: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(script: Script, options: { nowMs?: number; held?: readonly string[] } = {}) {
    this.script = script;
    this.#nowMs = options.nowMs ?? Date.UTC(2026, 10, 23, 4, 12, 0);
    for (const name of options.held ?? []) this.hold(name);
    const opened = this.#record({
      kind: 'incident-opened',
      format: 1,
      incidentId: 'web-07-20261123-0412',
      playbook: script.playbook,
      playbookSha256: 'a'.repeat(64),
      host: script.host,
    });
    this.#view = {
      incident: reduce(null, opened),
      activity: null,
      question: null,
      journalHead: 'c'.repeat(64),
      stopped: null,
      folder: '/var/lib/tourniquet/incidents/web-07-20261123-0412',
    };
    this.attach();
  }

  /** A runner takes the incident up (again). */
  attach(): void {
    this.#apply({
      kind: 'runner-attached',
      session: {
        responder: 'ana',
        account: 'root',
        peerAddress: '10.8.0.4',
        front: 'terminal',
        pid: 4242,
        version: '0.1.0',
      },
    });
    void this.#run();
  }

  view(): IncidentView {
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

  async readOutput(operationId: string, fromByte: number, maxBytes: number): Promise<OutputPart> {
    const whole = this.#output(operationId) ?? Buffer.alloc(0);
    return { bytes: whole.subarray(fromByte, fromByte + maxBytes), totalBytes: whole.length };
  }

  async readOutputTimes(operationId: string): Promise<readonly OutputTime[]> {
    return this.#times.get(operationId) ?? [];
  }

  async whenIdle(): Promise<void> {
    if (this.#isRunning) await this.#idle.promise;
  }

  async leave(reason: string): Promise<void> {
    this.leaveReasons.push(reason);
    this.#isStopped = true;
  }

  async send(command: Command): Promise<CommandResult> {
    const reason = whyNot(this.#view, command);
    if (reason !== null) return { ok: false, reason };
    this.commands.push(command);
    if (command.kind === 'cancel') {
      this.#isCancelled = true;
      this.releaseAll();
      return { ok: true };
    }
    const event = this.#eventOf(command);
    if (event !== null) this.#apply(event);
    void this.#run();
    return { ok: true };
  }

  /** Every command of a kind that was taken. */
  sent<K extends Command['kind']>(kind: K): readonly Extract<Command, { kind: K }>[] {
    return this.commands.filter((command): command is Extract<Command, { kind: K }> => command.kind === kind);
  }

  hold(name: string): void {
    this.#held.set(name, Promise.withResolvers());
  }

  release(name: string): void {
    this.#held.get(name)?.resolve();
    this.#held.delete(name);
  }

  releaseAll(): void {
    for (const name of [...this.#held.keys()]) this.release(name);
  }

  setOutput(operationId: string, output: string | Buffer): void {
    this.#outputs.set(operationId, [Buffer.from(output)]);
  }

  /** What the running operation says; also kept as its output. */
  print(operationId: string, lines: readonly string[], progress: OperationProgress | null = null): void {
    const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const parts = this.#outputs.get(operationId);
    if (parts === undefined) this.#outputs.set(operationId, [text]);
    else parts.push(text);
    const times = this.#times.get(operationId) ?? [];
    const [fromByte, last] = [this.#printed, times.at(-1)?.atMs];
    this.#printed += text.length;
    if (last === undefined || this.#nowMs - last >= 1000)
      this.#times.set(operationId, [...times, { fromByte, atMs: this.#nowMs }]);
    const { activity } = this.#view;
    if (activity === null) return;
    this.#show({ activity: { ...activity, progress, tail: [...activity.tail, ...lines].slice(-200) } });
  }

  #output(operationId: string): Buffer | undefined {
    const parts = this.#outputs.get(operationId);
    if (parts !== undefined && parts.length > 1) parts.splice(0, parts.length, Buffer.concat(parts));
    return parts?.[0];
  }

  /** Anything at all happens to the incident from elsewhere. */
  happen(event: Event): void {
    this.#apply(event);
    void this.#run();
  }

  stop(reason: string): void {
    this.#show({ stopped: reason, question: null });
  }

  /** Something of the view that no event changes: what is seen while watching, who follows. */
  look(change: Partial<IncidentView>): void {
    this.#show(change);
  }

  passTime(ms: number): void {
    this.#nowMs += ms;
  }

  #eventOf(command: Command): Event | null {
    switch (command.kind) {
      case 'approve-plan':
        return {
          kind: 'plan-approved',
          stepId: command.stepId,
          planHash: command.planHash,
          how: command.how,
        };
      case 'choose-findings':
        return { kind: 'findings-chosen', stepId: command.stepId, findingIds: command.findingIds };
      case 'give-inputs':
        return { kind: 'inputs-given', values: command.values, secretNames: [] };
      case 'open-step':
        return { kind: 'step-opened', stepId: command.stepId };
      case 'declare-ours':
      case 'take-back-declaration':
        return eventsFor(command, this.#view.incident).events[0] ?? null;
      case 'look-again':
        return { kind: 'step-opened', stepId: command.stepId };
      case 'skip-step':
        return { kind: 'step-skipped', stepId: command.stepId, reason: command.reason, by: 'responder' };
      case 'do-by-hand':
        return { kind: 'step-done-by-hand', stepId: command.stepId, record: command.record };
      case 'accept-failure':
        return { kind: 'failure-accepted', stepId: command.stepId };
      case 'undo-step': {
        const step = this.#step(command.stepId);
        const ids = undoable(step).map((state) => state.operation.id);
        return { kind: 'undo-requested', stepId: command.stepId, operationIds: ids, cannotUndo: [] };
      }
      case 'confirm-operation': {
        const step = this.#view.incident.steps.find((one) =>
          one.operations.some((state) => state.operation.id === command.operationId),
        );
        return {
          kind: 'operation-confirmed',
          stepId: step?.id ?? '',
          operationId: command.operationId,
          how: command.how,
          verification: { status: 'holds', detail: 'it stays' },
        };
      }
      case 'answer-recovery': {
        const { question } = this.#view;
        return {
          kind: 'operation-recovered',
          stepId: question?.kind === 'recovery' ? question.stepId : '',
          operationId: command.operationId,
          verification: {
            status: command.didHappen ? 'holds' : 'does-not-hold',
            detail: 'as the responder says',
          },
          by: 'responder',
        };
      }
      case 'tick-item':
        return { ...command, kind: 'item-ticked', title: command.itemId };
      case 'add-note':
        return { kind: 'note-added', stepId: command.stepId, text: command.text };
      case 'open-shell':
        return { ...command, kind: 'shell-opened', shellId: 'shell-1' };
      case 'close-shell':
        return { ...command, kind: 'shell-closed' };
      case 'close-incident':
        return { kind: 'incident-closed', reason: command.reason };
      case 'cancel':
        return null;
    }
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#idle = Promise.withResolvers();
    for (;;) {
      const [effect] = decide(this.#view.incident);
      if (effect === undefined || this.#isStopped) {
        this.#show({ activity: null, question: null });
        break;
      }
      if (effect.kind === 'ask') {
        this.#show({ activity: null, question: effect.question });
        break;
      }
      if (effect.kind !== 'record') this.#show({ activity: this.#activityOf(effect), question: null });
      const name = nameOf(effect);
      await (this.#held.get(name)?.promise ?? Promise.resolve());
      const wasCancelled = this.#isCancelled;
      this.#isCancelled = false;
      this.#do(effect, wasCancelled);
    }
    this.#isRunning = false;
    this.#idle.resolve();
  }

  #do(effect: Exclude<Effect, { kind: 'ask' }>, wasCancelled: boolean) {
    if (effect.kind === 'record') return this.#apply(effect.event);
    const { stepId } = effect;
    const step = this.#step(stepId);
    switch (effect.kind) {
      case 'look': {
        const { findings, unknowns, chosen } = this.script.look(step);
        const malicious = findings.filter((one) => one.verdict === 'malicious').map((one) => one.id);
        return this.#apply({
          kind: 'step-looked',
          stepId,
          outcome: { findings, unknowns: unknowns ?? [], counts: {}, tookMs: 12 },
          chosen: chosen ?? malicious,
        });
      }
      case 'plan': {
        const number = step.plansMade + 1;
        const plan = this.script.plan(step, number);
        const hash = JSON.stringify([number, plan.operations.map((one) => one.id)]);
        return this.#apply({ kind: 'plan-made', stepId, plan: { ...plan, number, hash } });
      }
      case 'perform':
        return this.#perform(stepId, effect.operation, wasCancelled);
      case 'attach':
        return this.#finish(stepId, effect.operation, {});
      case 'verify': {
        const verification = this.script.verify?.(effect.operation) ?? {
          status: 'holds',
          detail: 'checked: it holds',
        };
        return this.#apply({
          kind: 'operation-verified',
          stepId,
          operationId: effect.operation.id,
          verification,
        });
      }
      case 'recover': {
        const verification = this.script.recover?.(effect.operation) ?? {
          status: 'unknown',
          detail: 'nothing on the host tells',
        };
        return this.#apply({
          kind: 'operation-recovered',
          stepId,
          operationId: effect.operation.id,
          verification,
          by: 'host',
        });
      }
      case 'undo': {
        const outcome = outcomeOf(effect.operation, { message: 'put back as it was' });
        return this.#apply({ kind: 'operation-undone', stepId, operationId: effect.operation.id, outcome });
      }
      case 'watch':
        this.#apply({ kind: 'watch-looked', stepId, returned: [], tookMs: 9 });
        return this.#apply({ kind: 'watch-finished', stepId, looks: 3, returned: 0 });
    }
  }

  #perform(stepId: string, operation: Operation, wasCancelled: boolean) {
    const answer = wasCancelled
      ? { status: 'failed' as const, message: 'stopped by the responder' }
      : this.script.perform?.(operation);
    if (answer && 'refusal' in answer) {
      return this.#apply({
        kind: 'operation-refused',
        stepId,
        operationId: operation.id,
        refusal: answer.refusal,
      });
    }
    if (
      this.#view.incident.steps.every((one) =>
        one.operations.every((state) => state.operation.id !== operation.id || state.status !== 'running'),
      )
    ) {
      this.start(stepId, operation);
    }
    this.#finish(stepId, operation, answer ?? {});
  }

  /** As the journal has it before an operation is carried out. */
  start(stepId: string, operation: Operation): void {
    this.#apply({
      kind: 'operation-started',
      stepId,
      operationId: operation.id,
      receipt: { kind: operation.kind },
      evidence: operation.kind === 'collect-process' ? [evidenceOf(operation)] : [],
    });
  }

  #finish(stepId: string, operation: Operation, answer: Partial<OperationOutcome>): void {
    this.#nowMs += 1200;
    const output = this.#output(operation.id);
    this.#apply({
      kind: 'operation-finished',
      stepId,
      operationId: operation.id,
      outcome: outcomeOf(operation, answer),
      output:
        output === undefined
          ? null
          : { name: `${operation.id}.out`, sizeBytes: output.length, sha256: 'e'.repeat(64) },
    });
  }

  #activityOf(effect: Exclude<Effect, { kind: 'ask' | 'record' }>): Activity {
    const kinds = {
      look: 'looking',
      plan: 'planning',
      perform: 'performing',
      attach: 'performing',
      verify: 'verifying',
      recover: 'recovering',
      undo: 'undoing',
      watch: 'watching',
    } as const;
    return {
      kind: kinds[effect.kind],
      stepId: effect.stepId,
      operationId: 'operation' in effect ? effect.operation.id : null,
      startedAtMs: this.#nowMs,
      endsAtMs: effect.kind === 'watch' ? this.#nowMs + 600_000 : null,
      scanProgress: null,
      progress: null,
      tail: [],
    };
  }

  #step(stepId: string): StepState {
    const step = this.#view.incident.steps.find((one) => one.id === stepId);
    if (step === undefined) throw new Error(`no step ${stepId}`);
    return step;
  }

  #record(event: Event): JournalRecord {
    const record = {
      seq: this.#records.length + 1,
      at: new Date(this.#nowMs).toISOString(),
      by: 'ana',
      event,
    };
    this.#records.push(record);
    for (const listener of this.#recordListeners) listener(record);
    return record;
  }

  #apply(event: Event): void {
    const incident: Incident = reduce(this.#view.incident, this.#record(event));
    this.#show({ incident });
  }

  #show(change: Partial<IncidentView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}

function nameOf(effect: Exclude<Effect, { kind: 'ask' }>): string {
  if (effect.kind === 'record') return 'record';
  return `${effect.kind}:${'operation' in effect ? effect.operation.id : effect.stepId}`;
}

function outcomeOf(operation: Operation, answer: Partial<OperationOutcome>): OperationOutcome {
  return {
    status: 'done',
    receipt: { kind: operation.kind },
    evidence: [],
    message: 'done',
    exitCode: null,
    confirmBefore: null,
    ...answer,
  };
}

function evidenceOf(operation: Operation) {
  return {
    name: `${operation.id}/exe`,
    sha256: 'f'.repeat(64),
    sizeBytes: 5_400_000,
    source: '/proc/812/exe',
  };
}
