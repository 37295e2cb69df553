import type { Command, CommandResult } from '../engine/command.ts';
import type { JournalRecord } from '../engine/event.ts';
import type { Activity, IncidentHandle, IncidentView } from '../engine/handle.ts';
import type { Incident } from '../engine/incident.ts';
import { fold, reduce } from '../engine/reduce.ts';
import { whyNot } from '../engine/why-not.ts';
import type { IncidentFolder } from '../journal/folder.ts';
import { isAlive, type LockRecord, ownProcess, readLock } from '../journal/lock-record.ts';
import { type JournalTail, tailJournal } from '../journal/tail-journal.ts';
import { decodeHostBytes } from '../text/host-bytes.ts';
import { spellCommands } from '../text/own-commands.ts';
import { UserError } from '../text/user-error.ts';
import { readOutputPart, readTimes } from './output-part.ts';

const LOOK_EVERY_MS = 200;
const TAIL_BYTES = 16 * 1024;
const MOST_LINES = 200;

export interface FollowOptions {
  /** Said when nobody is at it. */
  readonly whenNobody?: string | undefined;
  /** As in `OpenOptions`. */
  readonly commandToType?: (words: string) => string;
}

/**
 * Opens an incident that somebody else is at: live, and read-only.
 * @throws UserError `journal-altered`.
 */
export async function followIncident(
  folder: IncidentFolder,
  localHostname: string,
  options: FollowOptions = {},
): Promise<Follower> {
  const tail = await tailJournal(folder.journal);
  const records = await tail.next();
  const reason = tail.altered();
  if (reason !== null || records.length === 0) {
    await tail.close();
    throw new UserError('journal-altered', `The journal cannot be followed: ${reason ?? 'it is empty'}.`, {
      hint: '`tourniquet verify` says more.',
    });
  }
  return new Follower(folder, localHostname, tail, records, options).start();
}

/**
 * An incident as its journal tells it while another runner writes it. It reads and nothing else: every command is
 * answered with why not. Ends by itself when the incident is closed or nobody is at it any more.
 */
export class Follower implements IncidentHandle {
  readonly failure: unknown = null;
  readonly #folder: IncidentFolder;
  readonly #hostname: string;
  readonly #tail: JournalTail;
  readonly #options: FollowOptions;
  readonly #records: JournalRecord[];
  readonly #listeners = new Set<() => void>();
  readonly #recordListeners = new Set<(record: JournalRecord) => void>();
  #incident: Incident;
  #holder: LockRecord | null = null;
  #output: readonly string[] = [];
  #ended: string | null = null;
  #view: IncidentView | null = null;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();

  constructor(
    folder: IncidentFolder,
    hostname: string,
    tail: JournalTail,
    records: readonly JournalRecord[],
    options: FollowOptions,
  ) {
    this.#folder = folder;
    this.#hostname = hostname;
    this.#tail = tail;
    this.#records = [...records];
    this.#incident = fold(records);
    this.#options = options;
  }

  async start(): Promise<this> {
    await this.#look();
    this.#plan();
    return this;
  }

  view(): IncidentView {
    this.#view ??= {
      incident: this.#incident,
      activity: this.#activity(),
      question: null,
      journalHead: this.#tail.head(),
      stopped: this.#ended ?? this.#readOnly(),
      isFollowing: this.#ended === null,
      folder: this.#folder.path,
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
    return readOutputPart(this.#folder, operationId, fromByte, maxBytes);
  }

  readOutputTimes(operationId: string) {
    return readTimes(this.#folder, operationId);
  }

  async send(command: Command): Promise<CommandResult> {
    return { ok: false, reason: whyNot(this.view(), command) ?? this.#readOnly() };
  }

  whenIdle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#ended !== null) return resolve();
      const unsubscribe = this.subscribe(() => {
        if (this.#ended === null) return;
        unsubscribe();
        resolve();
      });
    });
  }

  async leave(reason: string): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#looking;
    if (this.#ended === null) await this.#end(`left: ${reason}`);
  }

  #plan(): void {
    if (this.#ended !== null) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#look().then(
        () => {
          if (this.#timer !== null) this.#plan();
        },
        (error: Error) => this.#end(`the incident can no longer be read: ${error.message}`),
      );
    }, LOOK_EVERY_MS);
  }

  async #look(): Promise<void> {
    // The lock first: what its holder wrote before letting go is then certainly seen.
    const holder = await readLock(this.#folder.path);
    const mine: LockRecord = { ...NOBODY, ...(await ownProcess()), hostname: this.#hostname };
    const isHeld = holder !== null && (await isAlive(holder, mine));
    const isOther = JSON.stringify(holder) !== JSON.stringify(this.#holder);
    this.#holder = holder;
    const records = await this.#tail.next();
    for (const record of records) {
      this.#incident = reduce(this.#incident, record);
      this.#records.push(record);
      this.#view = null;
      for (const listener of this.#recordListeners) listener(record);
    }
    const hasOutput = await this.#readLive();
    const altered = this.#tail.altered();
    if (altered !== null) await this.#end(`the journal was altered: ${altered}`);
    else if (this.#incident.closedAt !== null) await this.#end('the incident is closed');
    else if (!isHeld) await this.#end(this.#spell(this.#options.whenNobody ?? LET_GO));
    else if (records.length > 0 || isOther || hasOutput) this.#publish();
  }

  /** The end of what the operation in hand has printed so far. True if it changed. */
  async #readLive(): Promise<boolean> {
    const id = this.#running()?.operationId;
    if (id === undefined) {
      const had = this.#output.length > 0;
      this.#output = [];
      return had;
    }
    const { totalBytes } = await this.readOutput(id, 0, 0);
    const { bytes } = await this.readOutput(id, Math.max(0, totalBytes - TAIL_BYTES), TAIL_BYTES);
    const lines = decodeHostBytes(bytes).split('\n').slice(-MOST_LINES);
    if (lines.at(-1) === '') lines.pop();
    if (lines.length === this.#output.length && lines.at(-1) === this.#output.at(-1)) return false;
    this.#output = lines;
    return true;
  }

  #running() {
    for (const step of this.#incident.steps) {
      const state = step.operations.find(({ status }) => status === 'running' || status === 'undoing');
      if (state) return { stepId: step.id, operationId: state.operation.id, state };
    }
    return undefined;
  }

  #activity(): Activity | null {
    const running = this.#running();
    if (running === undefined || this.#ended !== null) return null;
    const { stepId, operationId, state } = running;
    return {
      kind: state.status === 'undoing' ? 'undoing' : 'performing',
      stepId,
      operationId,
      startedAtMs: Date.parse(state.startedAt ?? this.#incident.lastAt),
      endsAtMs: null,
      scanProgress: null,
      progress: null,
      tail: this.#output,
    };
  }

  #readOnly(): string {
    const who = this.#holder === null ? 'somebody else' : this.#holder.responder;
    const process = this.#holder === null ? '' : ` (process ${this.#holder.pid} on ${this.#holder.hostname})`;
    return this.#spell(
      `${who}${process} is at it, and you read along. \`tourniquet resume INCIDENT --take-over REASON\` takes it over.`,
    );
  }

  #spell(text: string): string {
    const { commandToType = (words: string) => `tourniquet ${words}` } = this.#options;
    return spellCommands(text, commandToType, this.#incident.id);
  }

  async #end(why: string): Promise<void> {
    if (this.#ended !== null) return;
    this.#ended = why;
    await this.#tail.close();
    this.#publish();
  }

  #publish(): void {
    this.#view = null;
    for (const listener of this.#listeners) listener();
  }
}

const NOBODY: LockRecord = { pid: 0, startTicks: '', bootId: '', hostname: '', responder: '', at: '' };
const LET_GO = 'nobody is at it any more; `tourniquet resume` takes it up.';
