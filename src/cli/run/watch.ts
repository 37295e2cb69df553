import { setTimeout as wait } from 'node:timers/promises';
import { actions } from '../../actions/registry.ts';
import { WATCHED_SCOPES } from '../../actions/watch.ts';
import { fold } from '../../engine/reduce.ts';
import { findIncidentFolder, type IncidentFolder, readTransport } from '../../journal/folder.ts';
import { readLock } from '../../journal/lock-record.ts';
import { readJournal } from '../../journal/read-journal.ts';
import { DURATION_EXPECTED, parseDuration } from '../../playbook/duration.ts';
import { stepsFor } from '../../runner/effects/returns.ts';
import type { WatchAlone, WatchResult } from '../../runner/effects/watch-alone.ts';
import { refuseImported, resumeIncident } from '../../runner/open-incident.ts';
import { formatDuration } from '../../text/format.ts';
import { safeJson } from '../../text/json.ts';
import { printable } from '../../text/printable.ts';
import { UserError } from '../../text/user-error.ts';
import { commandToType, typing } from '../command-words.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openHost, parseTransport } from './hosts.ts';
import { readKnowledge } from './knowledge.ts';
import { openOptions } from './run.ts';

export interface WatchOptions {
  readonly for?: string;
  readonly every?: string;
  /** One look and no more. */
  readonly once?: boolean;
}

/**
 * `tourniquet watch INCIDENT`: looks out for what comes back, for a cron line or a unit. 0: nothing did; 3: something did, and its
 * step is open again. Somebody else at the incident is not disturbed: it is followed until they are not.
 */
export async function watchVerb(context: CliContext, name: string, options: WatchOptions): Promise<ExitCode> {
  const folder = await findIncidentFolder(context.root, name);
  await refuseImported(folder);
  const forMs = options.once ? null : durationOf('--for', options.for ?? '8d');
  const request: WatchAlone = {
    forMs,
    everyMs: durationOf('--every', options.every ?? '10s'),
    scopes: WATCHED_SCOPES,
  };
  const leaving = new AbortController();
  const onSignal = () => leaving.abort();
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, onSignal);
  try {
    const watched = await watchOrFollow(context, folder, request, leaving.signal);
    say(context, watched);
    return watched.reopened.length > 0
      ? EXIT.unfinished
      : leaving.signal.aborted
        ? EXIT.interrupted
        : EXIT.done;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

interface Watched extends WatchResult {
  /** Why nothing of it stands in the journal; null: it does. */
  readonly notRecorded: string | null;
}

async function watchOrFollow(
  context: CliContext,
  folder: IncidentFolder,
  request: WatchAlone,
  signal: AbortSignal,
): Promise<Watched> {
  const endsAtMs = Date.now() + (request.forMs ?? 0);
  const from = await recordsIn(folder);
  for (;;) {
    const left = request.forMs === null ? null : Math.max(0, endsAtMs - Date.now());
    const watched = await watchUnderLock(context, folder, { ...request, forMs: left }, signal);
    if (watched !== null) return { ...watched, notRecorded: null };
    const holder = (await readLock(folder.path))?.responder ?? 'somebody else';
    const reason = `${holder} is at the incident`;
    if (left === null) return { ...(await lookWithoutLock(folder, request)), notRecorded: reason };
    const told = await returnsSince(folder, from);
    if (told.reopened.length > 0 || left === 0 || signal.aborted) return { ...told, notRecorded: reason };
    await wait(Math.min(left, FOLLOW_EVERY_MS), undefined, { signal }).catch(() => undefined);
  }
}

const FOLLOW_EVERY_MS = 5000;

/** null: somebody else holds the incident. */
async function watchUnderLock(
  context: CliContext,
  folder: IncidentFolder,
  request: WatchAlone,
  signal: AbortSignal,
): Promise<WatchResult | null> {
  const host = await openHost(parseTransport(await readTransport(folder)));
  try {
    const knowledge = await readKnowledge(context, {});
    const options = { ...openOptions(context, 'headless', host, knowledge), mayBeClosed: true } as const;
    const runner = await resumeIncident({ ...options, ...typing(context, folder) }, folder);
    const leave = () => void runner.leave('told to end');
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
    const watched = await runner.watchOnly(request);
    signal.removeEventListener('abort', leave);
    if (runner.failure) throw runner.failure;
    // Somebody took it over: what is left of the time it is followed.
    return watched.wasAborted && !signal.aborted ? null : watched;
  } catch (error) {
    if (error instanceof UserError && error.code === 'incident-locked') return null;
    throw error;
  } finally {
    await host.close();
  }
}

/** Looking changes nothing, so it is done all the same; only writing it down is not. */
async function lookWithoutLock(folder: IncidentFolder, { scopes }: WatchAlone): Promise<WatchResult> {
  const incident = fold((await readJournal(folder.journal)).records);
  const host = await openHost(parseTransport(await readTransport(folder)));
  try {
    const { findings } = await host.scan({ scopes, sampleMs: 500 }, {});
    const returned = findings.filter(({ verdict }) => verdict === 'malicious');
    const steps = [...stepsFor(incident, actions, returned).keys()].map(({ id }) => id);
    return { ...NOTHING, looks: 1, returned: steps.length > 0 ? returned : [], reopened: steps };
  } finally {
    await host.close();
  }
}

/** What the one who is at it has seen come back meanwhile. */
async function returnsSince(folder: IncidentFolder, from: number): Promise<WatchResult> {
  const { records } = await readJournal(folder.journal);
  const later = records.slice(from).map(({ event }) => event);
  return {
    ...NOTHING,
    returned: later.flatMap((event) => (event.kind === 'watch-looked' ? event.returned : [])),
    reopened: later.flatMap((event) => (event.kind === 'step-reopened' ? [event.stepId] : [])),
  };
}

async function recordsIn(folder: IncidentFolder): Promise<number> {
  return (await readJournal(folder.journal)).records.length;
}

const NOTHING: WatchResult = { looks: 0, returned: [], reopened: [], dropped: {}, wasAborted: false };

function say(context: CliContext, watched: Watched): void {
  if (context.json) {
    context.stdout.write(`${safeJson({ cameBack: watched.reopened.length > 0, ...watched }, 2)}\n`);
    return;
  }
  const { returned, reopened, looks, dropped, notRecorded } = watched;
  const lines = returned.map(
    ({ title, reasons }) => `came back: ${title}${reasons[0] ? ` - ${reasons[0].text}` : ''}`,
  );
  for (const [address, packets] of Object.entries(dropped))
    lines.push(`something here still tries to reach ${address}: ${packets} packets dropped`);
  lines.push(
    reopened.length > 0
      ? `open again: ${reopened.join(', ')}. \`${commandToType(context, 'resume')}\` goes on there.`
      : `nothing came back (${looks === 1 ? '1 look' : `${looks} looks`})`,
  );
  if (notRecorded !== null) lines.push(`not recorded here: ${notRecorded}`);
  for (const line of lines) context.stdout.write(`${printable(line)}\n`);
}

function durationOf(option: string, text: string): number {
  const parsed = parseDuration(text);
  if ('value' in parsed && parsed.value > 0) return parsed.value;
  throw new UserError('bad-duration', `${option} is ${DURATION_EXPECTED}.`, {
    hint: `As in \`${option} ${formatDuration(60_000).replace(/ /g, '')}\` or \`${option} 8d\`.`,
  });
}
