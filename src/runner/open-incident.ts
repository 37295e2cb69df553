import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Action } from '../actions/action.ts';
import type { Event, HostSummary, JournalRecord, Session } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { fold } from '../engine/reduce.ts';
import type { Host, HostFacts } from '../host/host.ts';
import { readImported } from '../journal/custody-file.ts';
import { draftFolder, type IncidentFolder, incidentId } from '../journal/folder.ts';
import { type Lock, type TakeOver, takeLock } from '../journal/lock.ts';
import { readJournal } from '../journal/read-journal.ts';
import { NO_HASH } from '../journal/record-line.ts';
import { type JournalWriter, openWriter } from '../journal/writer.ts';
import { asCloudName } from '../operations/cloud-names.ts';
import type { JsonValue, Playbook } from '../playbook/playbook.ts';
import { UserError } from '../text/user-error.ts';
import { type GivenKnowledge, rulesOf, tellKnowledge } from './knowledge.ts';
import { Runner } from './runner.ts';

/** What opening and resuming have in common. */
export interface OpenOptions {
  readonly host: Host;
  readonly actions: ReadonlyMap<string, Action>;
  readonly session: Omit<Session, 'pid' | 'account' | 'peerAddress'>;
  /** This machine, where the incident folder is; the host may be another. */
  readonly localHostname: string;
  /** Between two CPU samples of a look. */
  readonly sampleMs: number;
  /** What looks judge by beside what the program carries; recorded, so that a resume uses the same. */
  readonly knowledge?: GivenKnowledge;
  /** From words (`resume x`) to what is typed in a shell for them here; `tourniquet WORDS` if left out. */
  readonly commandToType?: (words: string) => string;
  /** Stands between the runner and the journal: to send records elsewhere as well, or to fail on purpose in a test. */
  readonly throughJournal?: (journal: JournalWriter) => JournalWriter;
}

export interface ResumeOptions extends OpenOptions {
  /** Open a closed incident again, to undo what it did; the reason is journalled. */
  readonly reopen?: string;
  /** A closed one is watched as well: it stays closed until something comes back. */
  readonly mayBeClosed?: true;
  /** Take it from somebody who is at it; the reason is journalled and told to them. */
  readonly takeOver?: TakeOver;
}

export interface NewIncident {
  /** Folder of all incidents. */
  readonly root: string;
  readonly playbook: Playbook;
  readonly playbookText: string;
  readonly inputs: Readonly<Record<string, JsonValue>>;
  /** How the host is reached, kept as host.json so that a resume finds it again. */
  readonly transport: JsonValue;
  /** Steps that are not asked for, with the reason that the transcript gives. */
  readonly skip: readonly { readonly stepId: string; readonly reason: string }[];
}

/** Begins an incident: its folder appears only with its first record in it. The runner's loop is not started yet. */
export async function openIncident(options: OpenOptions, incident: NewIncident): Promise<Runner> {
  const facts = await options.host.facts();
  const { id, draft, finish, discard } = await newFolder(incident, facts);
  const opened: Event = {
    kind: 'incident-opened',
    format: 1,
    incidentId: id,
    playbook: incident.playbook,
    playbookSha256: createHash('sha256').update(incident.playbookText).digest('hex'),
    host: hostSummary(facts),
  };
  let journal: JournalWriter;
  const records: JournalRecord[] = [];
  let folder: IncidentFolder;
  let lock: Lock | null = null;
  const guard: Lock['guard'] = (append) => (lock === null ? append() : lock.guard(append));
  try {
    journal = await openWriter({ path: draft.journal, head: NO_HASH, seq: 0, goodBytes: 0, now, guard });
    records.push(await journal.append(opened, options.session.responder));
    folder = await finish();
  } catch (error) {
    await discard();
    throw error;
  }
  lock = await lockFor(folder, options);
  const given: Record<string, JsonValue> = {};
  for (const [name, definition] of Object.entries(incident.playbook.inputs)) {
    const value = incident.inputs[name] ?? definition.default;
    if (!definition.isSecret && value !== null) given[name] = value;
  }
  const first: Event[] = [{ kind: 'inputs-given', values: given, secretNames: [] }];
  for (const { stepId, reason } of incident.skip) {
    first.push({ kind: 'step-skipped', stepId, reason, by: 'selection' });
  }
  return attached(options, facts, { folder, lock, journal, records }, first);
}

/**
 * Takes up an incident where it was left.
 * @throws UserError `imported`, `incident-locked`, `journal-altered`, `journal-empty`, `incident-closed`, `other-host`.
 */
export async function resumeIncident(options: ResumeOptions, folder: IncidentFolder): Promise<Runner> {
  await refuseImported(folder);
  const lock = await lockFor(folder, options, options.takeOver);
  try {
    const contents = await readJournal(folder.journal);
    if (contents.altered) {
      const { seq, reason } = contents.altered;
      throw new UserError(
        'journal-altered',
        `Record ${seq} of the journal was altered: ${reason}. It is not written to any more.`,
        {
          hint: '`tourniquet show` and `transcript` still read what is before it; begin a new incident to go on.',
        },
      );
    }
    const incident = fold(contents.records);
    const { head, goodBytes, tornBytes, records } = contents;
    const start = { path: folder.journal, head, seq: records.length, goodBytes, now, guard: lock.guard };
    if (incident.closedAt !== null && options.reopen === undefined && !options.mayBeClosed) {
      // Cut off in its very last word: nobody will go on with it, and a part of a record must not stand there for good.
      if (tornBytes > 0) await tidyTorn(start, tornBytes, options.session.responder);
      throw new UserError('incident-closed', `The incident was closed at ${incident.closedAt}.`, {
        hint: 'Begin a new one, or undo its steps with `tourniquet undo`.',
      });
    }
    const facts = await options.host.facts();
    refuseOtherHost(incident, facts);
    const journal = await openWriter(start);
    const torn: Event[] = tornBytes > 0 ? [recoveredEvent(tornBytes)] : [];
    const taken = takenOverEvent(lock, options.takeOver);
    if (taken) torn.push(taken);
    if (incident.closedAt !== null && options.reopen !== undefined)
      torn.push({ kind: 'incident-reopened', reason: options.reopen });
    return await attached(options, facts, { folder, lock, journal, records: [...records] }, torn);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function recoveredEvent(droppedBytes: number): Event {
  return {
    kind: 'journal-recovered',
    droppedBytes,
    detail: 'the last record had been cut off while it was written; nothing had been done in its name',
  };
}

async function tidyTorn(
  start: Parameters<typeof openWriter>[0],
  tornBytes: number,
  by: string,
): Promise<void> {
  const journal = await openWriter(start);
  try {
    await journal.append(recoveredEvent(tornBytes), by);
  } finally {
    await journal.close();
  }
}

interface Opened {
  readonly folder: IncidentFolder;
  readonly lock: Lock;
  readonly journal: JournalWriter;
  readonly records: JournalRecord[];
}

async function attached(
  options: OpenOptions,
  facts: HostFacts,
  opened: Opened,
  first: readonly Event[],
): Promise<Runner> {
  const journal = options.throughJournal?.(opened.journal) ?? opened.journal;
  const { records } = opened;
  const { account, peerAddress } = facts.responder;
  const session: Session = { ...options.session, account, peerAddress, pid: process.pid };
  const before = records.length > 0 ? fold(records) : null;
  const told = await tellKnowledge(opened.folder, options.knowledge, before);
  for (const event of [{ kind: 'runner-attached', session } as const, ...first, ...told]) {
    records.push(await journal.append(event, options.session.responder));
  }
  const incident = fold(records);
  const attachedAt = records.findLast(({ event }) => event.kind === 'runner-attached')?.seq ?? 0;
  // By its first record, not by its id: two folders of incidents can have one of the same name.
  const opening = createHash('sha256').update(JSON.stringify(records[0])).digest('hex').slice(0, 16);
  const fence = `${opening}:${attachedAt}`;
  await options.host.admit(incident.id, fence);
  const rules = await rulesOf(opened.folder, incident, options.knowledge?.shippedRules ?? []);
  return new Runner({
    ...opened,
    journal,
    incident,
    rules,
    fence,
    host: options.host,
    facts,
    actions: options.actions,
    commandToType: options.commandToType ?? ((words) => `tourniquet ${words}`),
    responder: options.session.responder,
    sampleMs: options.sampleMs,
  });
}

async function newFolder(incident: NewIncident, facts: HostFacts) {
  for (let second = 0; ; second++) {
    const id = incidentId(facts.hostname, new Date(Date.now() + second * 1000));
    if (await stat(`${incident.root}/${id}`).catch(() => null)) continue;
    return { id, ...(await draftFolder(incident.root, id, incident.playbookText, incident.transport)) };
  }
}

function lockFor(folder: IncidentFolder, options: OpenOptions, takeOver?: TakeOver): Promise<Lock> {
  const { responder } = options.session;
  const mine = { hostname: options.localHostname, responder, at: now().toISOString() };
  return takeLock(folder.path, mine, takeOver);
}

function takenOverEvent({ takenFrom }: Lock, takeOver: TakeOver | undefined): Event | null {
  if (takenFrom === null || takeOver === undefined) return null;
  const { responder, pid, hostname } = takenFrom.holder;
  const { reason } = takeOver;
  return { kind: 'taken-over', from: { responder, pid, hostname }, reason, wasForced: takenFrom.wasForced };
}

/** Somebody else's incident is theirs: it is read here, and never written to. @throws UserError `imported`. */
export async function refuseImported(folder: IncidentFolder): Promise<void> {
  const imported = await readImported(folder);
  if (imported === null) return;
  throw new UserError('imported', `The incident came in by a bundle (${imported.at}): it can only be read.`, {
    hint: 'It goes on where it was begun; `tourniquet show`, `transcript` and `resume` read it here.',
  });
}

/** Undo and identities only make sense on the host they were made on. */
function refuseOtherHost(incident: Incident, facts: HostFacts): void {
  if (incident.host.hostname === facts.hostname) return;
  throw new UserError(
    'other-host',
    `The incident is about ${incident.host.hostname}, this host is ${facts.hostname}.`,
    {
      hint: 'Resume it where its host can be reached.',
    },
  );
}

function hostSummary(facts: HostFacts): HostSummary {
  const { hostname, distribution, kernel, cores, bootId, isRoot, isDrill, serviceManager, firewall } = facts;
  const place = facts.cloud ?? null;
  const cloud = place && {
    machine: asCloudName(place.name ?? place.instance),
    zone: asCloudName(place.zone),
    group: asCloudName(place.group ?? ''),
  };
  return {
    ...{ hostname, distribution, kernel, cores, bootId, isRoot, isDrill, serviceManager, firewall },
    ...(cloud === null ? {} : { cloud }),
  };
}

function now(): Date {
  return new Date();
}
