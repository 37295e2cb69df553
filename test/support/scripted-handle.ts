import type { Command, CommandResult } from '../../src/engine/command.ts';
import { decide } from '../../src/engine/decide.ts';
import type { Effect, Question } from '../../src/engine/effect.ts';
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
import { notUndoable, undoable, whyNot } from '../../src/engine/why-not.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { ScanOutcome } from '../../src/findings/scan.ts';
import type { Operation, OperationTarget } from '../../src/operations/operation.ts';
import type { OperationOutcome, Refusal, Verification } from '../../src/operations/receipt.ts';
import type { Playbook } from '../../src/playbook/playbook.ts';
import { eventsFor } from '../../src/runner/commands.ts';
import { makeLook, makeOpening, makeOutcome, makePlan, OPENED_AT_MS } from './incident-builder.ts';

/** What the pretend host says. What is left out goes well and finds nothing. */
export interface Script {
  readonly playbook: Playbook;
  readonly host?: Partial<HostSummary>;
  look?(stepId: string): ScanOutcome;
  /** Default: those judged malicious. */
  choose?(findings: readonly Finding[]): readonly string[];
  plan?(step: StepState, chosen: readonly Finding[]): readonly OperationTarget[];
  planDetails?(stepId: string): Partial<StepPlan>;
  refuse?(operation: Operation): Refusal | null;
  perform?(operation: Operation, attempt: number): Partial<OperationOutcome>;
  verify?(operation: Operation): Verification;
  confirm?(operation: Operation, how: string): Verification;
  recover?(operation: Operation): Verification;
  undo?(operation: Operation): Partial<OperationOutcome>;
  output?(operation: Operation): Uint8Array | null;
  /** Events that are in the journal already, after the opening. */
  readonly before?: readonly Event[];
  /** Each operation waits for it. */
  readonly gate?: (operation: Operation) => Promise<void>;
}

/**
 * An incident that is folded and decided by the real engine, with a host that only plays its part. For fronts:
 * everything they see of a real runner, without a machine. Time goes on by a second a record.
 */
export class ScriptedHandle implements IncidentHandle {
  readonly commands: Command[] = [];
  leftBecause: string | null = null;
  #script: Script;
  #records: JournalRecord[] = [];
  #view: IncidentView;
  #listeners = new Set<() => void>();
  #recordListeners = new Set<(record: JournalRecord) => void>();
  #running: Promise<void>;
  #isCancelled = false;

  constructor(script: Script) {
    this.#script = script;
    let incident: Incident | null = null;
    for (const event of [...makeOpening(script.playbook, script.host), ...(script.before ?? [])]) {
      incident = reduce(incident, this.#record(event, 'runner'));
    }
    if (incident === null) throw new Error('nothing was opened');
    this.#view = {
      incident,
      activity: null,
      question: null,
      journalHead: 'c'.repeat(64),
      stopped: null,
      folder: '/var/lib/tourniquet/incidents/web-07-20261123-0412',
    };
    this.#running = this.#run();
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

  async whenIdle(): Promise<void> {
    await this.#running;
  }

  async send(command: Command): Promise<CommandResult> {
    this.commands.push(command);
    const reason = whyNot(this.#view, command);
    if (reason !== null) return { ok: false, reason };
    if (command.kind === 'cancel') {
      this.#isCancelled = true;
      return { ok: true };
    }
    for (const event of this.#eventsOf(command)) this.#append(event, 'ana');
    if (command.kind !== 'add-note' || this.#view.activity === null) this.#running = this.#run();
    return { ok: true };
  }

  async readOutputTimes(): Promise<readonly OutputTime[]> {
    return [];
  }

  async readOutput(operationId: string, fromByte: number, maxBytes: number): Promise<OutputPart> {
    const operation = this.#view.incident.steps
      .flatMap((step) => step.operations)
      .find((state) => state.operation.id === operationId)?.operation;
    const bytes = (operation && this.#script.output?.(operation)) ?? new Uint8Array();
    return { bytes: bytes.subarray(fromByte, fromByte + maxBytes), totalBytes: bytes.length };
  }

  async leave(reason: string): Promise<void> {
    await this.#running;
    this.leftBecause = reason;
    this.#append({ kind: 'runner-detached', reason }, 'runner');
  }

  /** As when another runner took over, or the disk is full. */
  stop(reason: string): void {
    this.#show({ stopped: reason, question: null, activity: null });
  }

  /** What the host would do by itself, e.g. an isolation that took itself back. */
  happen(event: Event): void {
    this.#append(event, 'runner');
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    this.#show({ question: null });
    while (this.#view.stopped === null) {
      const effect = decide(this.#view.incident)[0];
      if (effect === undefined) return this.#show({ activity: null, question: null });
      if (effect.kind === 'ask') return this.#ask(effect.question);
      if (effect.kind === 'record') this.#append(effect.event, 'runner');
      else await this.#perform(effect);
    }
  }

  #ask(question: Question): void {
    this.#show({ activity: null, question });
  }

  async #perform(effect: Exclude<Effect, { kind: 'ask' | 'record' }>): Promise<void> {
    const { stepId } = effect;
    const operationId = 'operation' in effect ? effect.operation.id : null;
    this.#show({ activity: { ...ACTIVITY, kind: KINDS[effect.kind], stepId, operationId } });
    await new Promise((resolve) => setImmediate(resolve));
    const step = this.#step(stepId);
    switch (effect.kind) {
      case 'look': {
        const outcome = this.#script.look?.(stepId) ?? makeLook([]);
        const chosen =
          this.#script.choose?.(outcome.findings) ??
          outcome.findings.filter((finding) => finding.verdict === 'malicious').map((finding) => finding.id);
        return this.#append({ kind: 'step-looked', stepId, outcome, chosen }, 'runner');
      }
      case 'plan': {
        const chosen = (step.findings ?? []).filter((finding) => step.chosen.includes(finding.id));
        const targets = this.#script.plan?.(step, chosen) ?? [];
        const details = { because: step.chosen, ...this.#script.planDetails?.(stepId) };
        const plan = makePlan(stepId, step.plansMade + 1, targets, details);
        return this.#append({ kind: 'plan-made', stepId, plan }, 'runner');
      }
      case 'perform':
        return this.#performOperation(stepId, effect.operation);
      case 'verify': {
        const verification = this.#script.verify?.(effect.operation) ?? HOLDS;
        return this.#onOperation('operation-verified', effect, { verification });
      }
      case 'attach':
      case 'recover': {
        const verification = this.#script.recover?.(effect.operation) ?? HOLDS;
        return this.#onOperation('operation-recovered', effect, { verification, by: 'host' });
      }
      case 'undo': {
        this.#onOperation('undo-started', effect, {});
        const outcome = makeOutcome(effect.operation.kind, {
          message: 'put back',
          ...this.#script.undo?.(effect.operation),
        });
        return this.#onOperation('operation-undone', effect, { outcome });
      }
      case 'watch':
        this.#append({ kind: 'watch-looked', stepId, returned: [], tookMs: 5 }, 'runner');
        return this.#append({ kind: 'watch-finished', stepId, looks: 1, returned: 0 }, 'runner');
    }
  }

  async #performOperation(stepId: string, operation: Operation): Promise<void> {
    const at = { stepId, operation };
    const refusal = this.#script.refuse?.(operation) ?? null;
    if (refusal !== null) return this.#onOperation('operation-refused', at, { refusal });
    this.#onOperation('operation-started', at, { receipt: { kind: operation.kind }, evidence: [] });
    await this.#script.gate?.(operation);
    const state = this.#step(stepId).operations.find((one) => one.operation.id === operation.id);
    const cancelled: Partial<OperationOutcome> = { status: 'failed', message: 'cancelled' };
    const outcome = makeOutcome(
      operation.kind,
      this.#isCancelled ? cancelled : this.#script.perform?.(operation, state?.attempts ?? 1),
    );
    this.#isCancelled = false;
    const bytes = this.#script.output?.(operation) ?? null;
    const name = `${operation.id}.log`;
    const output = bytes === null ? null : { name, sizeBytes: bytes.length, sha256: 'd'.repeat(64) };
    this.#onOperation('operation-finished', at, { outcome, output });
  }

  #eventsOf(command: Command): Event[] {
    switch (command.kind) {
      case 'approve-plan':
        return [{ ...command, kind: 'plan-approved' }];
      case 'choose-findings':
        return [{ ...command, kind: 'findings-chosen' }];
      case 'give-inputs': {
        const inputs = this.#view.incident.playbook.inputs;
        const entries = Object.entries(command.values);
        const secretNames = entries.map(([name]) => name).filter((name) => inputs[name]?.isSecret);
        const values = Object.fromEntries(entries.filter(([name]) => !secretNames.includes(name)));
        return [{ kind: 'inputs-given', values, secretNames }];
      }
      case 'open-step':
        return [{ ...command, kind: 'step-opened' }];
      case 'declare-ours':
      case 'take-back-declaration':
        return [...eventsFor(command, this.#view.incident).events];
      case 'look-again':
        return [{ kind: 'plan-withdrawn', stepId: command.stepId, reason: 'look again' }];
      case 'skip-step':
        return [{ ...command, kind: 'step-skipped', by: 'responder' }];
      case 'do-by-hand':
        return [{ ...command, kind: 'step-done-by-hand' }];
      case 'accept-failure':
        return [{ ...command, kind: 'failure-accepted' }];
      case 'undo-step': {
        const step = this.#step(command.stepId);
        const ids = (states: typeof step.operations) => states.map((state) => state.operation.id);
        return [
          {
            kind: 'undo-requested',
            stepId: step.id,
            operationIds: ids(undoable(step)),
            cannotUndo: ids(notUndoable(step)),
          },
        ];
      }
      case 'confirm-operation': {
        const [step, operation] = this.#operation(command.operationId);
        const verification = this.#script.confirm?.(operation, command.how) ?? HOLDS;
        const { operationId, how } = command;
        return [{ kind: 'operation-confirmed', stepId: step.id, operationId, how, verification }];
      }
      case 'answer-recovery': {
        const [step] = this.#operation(command.operationId);
        const status = command.didHappen ? 'holds' : 'does-not-hold';
        const verification: Verification = { status, detail: 'as the responder says' };
        const { operationId } = command;
        return [{ kind: 'operation-recovered', stepId: step.id, operationId, verification, by: 'responder' }];
      }
      case 'tick-item':
        return [{ ...command, kind: 'item-ticked', title: command.itemId }];
      case 'add-note':
        return [{ ...command, kind: 'note-added' }];
      case 'open-shell':
        return [{ ...command, kind: 'shell-opened', shellId: 'shell-1' }];
      case 'close-shell':
        return [{ ...command, kind: 'shell-closed' }];
      case 'close-incident':
        return [{ ...command, kind: 'incident-closed' }];
      case 'cancel':
        return [];
    }
  }

  #onOperation(kind: string, at: { stepId: string; operation: Operation }, rest: object): void {
    this.#append({ kind, stepId: at.stepId, operationId: at.operation.id, ...rest } as Event, 'runner');
  }

  #step(stepId: string): StepState {
    const step = this.#view.incident.steps.find((candidate) => candidate.id === stepId);
    if (step === undefined) throw new Error(`no step ${stepId}`);
    return step;
  }

  #operation(operationId: string): [StepState, Operation] {
    for (const step of this.#view.incident.steps) {
      const state = step.operations.find((one) => one.operation.id === operationId);
      if (state !== undefined) return [step, state.operation];
    }
    throw new Error(`no operation ${operationId}`);
  }

  #append(event: Event, by: string): void {
    const record = this.#record(event, by);
    this.#show({ incident: reduce(this.#view.incident, record) });
    for (const listener of this.#recordListeners) listener(record);
  }

  #record(event: Event, by: string): JournalRecord {
    const seq = this.#records.length + 1;
    const at = new Date(OPENED_AT_MS + (seq - 1) * 1000).toISOString();
    const record = { seq, at, by, event };
    this.#records.push(record);
    return record;
  }

  #show(change: Partial<IncidentView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}

const HOLDS: Verification = { status: 'holds', detail: 'checked' };

const ACTIVITY: Omit<Activity, 'kind' | 'stepId' | 'operationId'> = {
  startedAtMs: OPENED_AT_MS,
  endsAtMs: null,
  scanProgress: null,
  progress: null,
  tail: [],
};

const KINDS = {
  look: 'looking',
  plan: 'planning',
  perform: 'performing',
  attach: 'performing',
  verify: 'verifying',
  recover: 'recovering',
  undo: 'undoing',
  watch: 'watching',
} as const satisfies Record<string, Activity['kind']>;
