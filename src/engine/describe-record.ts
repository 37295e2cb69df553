import { entryText } from '../findings/allow.ts';
import { isOdd } from '../findings/finding.ts';
import { describeOperation } from '../operations/describe.ts';
import type { Operation } from '../operations/operation.ts';
import type { EvidenceFile } from '../operations/receipt.ts';
import { formatBytes, formatDuration } from '../text/format.ts';
import type { Event, JournalRecord } from './event.ts';
import type { Incident } from './incident.ts';

/** What a record says, for a log line or a timeline. Host text in it as it is: printable() before showing. */
export interface RecordDescription {
  /** The step that it belongs to; null for the incident as a whole. */
  readonly stepId: string | null;
  readonly text: string;
  /** Whether somebody should look at it: a failure, a refusal, something that does not hold or is not known. */
  readonly isTrouble: boolean;
}

/** `incident` is one in which the record has been folded (or a later one): operations are named from it. */
export function describeRecord(record: JournalRecord, incident: Incident): RecordDescription {
  const { event } = record;
  const stepId = 'stepId' in event ? event.stepId : null;
  const [text, isTrouble] = describe(event, incident);
  return { stepId, text, isTrouble: isTrouble ?? false };
}

type Words = readonly [text: string, isTrouble?: boolean];

function describe(event: Event, incident: Incident): Words {
  switch (event.kind) {
    case 'incident-opened':
      return [`opened ${event.incidentId}: ${event.playbook.name} on ${event.host.hostname}`];
    case 'runner-attached': {
      const { responder, account, peerAddress, front } = event.session;
      return [
        `${responder} (${account}${peerAddress === null ? '' : `, from ${peerAddress}`}) at work, ${front}`,
      ];
    }
    case 'runner-detached':
      return [`left: ${event.reason}`];
    case 'taken-over': {
      const { from, reason, wasForced } = event;
      const how = wasForced ? ', who did not let go when asked' : '';
      return [`taken over from ${from.responder} (process ${from.pid} on ${from.hostname})${how}: ${reason}`];
    }
    case 'journal-recovered':
      return [`journal recovered, ${formatBytes(event.droppedBytes)} dropped: ${event.detail}`, true];
    case 'inputs-given':
      return [`inputs given: ${inputNames(event).join(', ')}`];
    case 'step-opened':
      return ['opened'];
    case 'step-looked': {
      const { findings, unknowns, tookMs } = event.outcome;
      const odd = findings.filter(isOdd).length;
      const unclear = unknowns.length === 0 ? '' : `, ${unknowns.length} not known`;
      return [
        `looked: ${findings.length} seen, ${odd} of them malicious or suspicious, ${event.chosen.length} chosen${unclear} (${formatDuration(tookMs)})`,
        unknowns.length > 0,
      ];
    }
    case 'findings-chosen':
      return [`chosen: ${countOf(event.findingIds.length, 'finding')}`];
    case 'plan-made':
      return [
        `plan ${event.plan.number}: ${countOf(event.plan.operations.length, 'operation')}, ${event.plan.risk}`,
      ];
    case 'plan-withdrawn':
      return [`plan withdrawn: ${event.reason}`, true];
    case 'plan-approved':
      return [`plan approved (${event.how})`];
    case 'operation-refused':
      return [`refused ${nameOf(incident, event)}: ${event.refusal.message}`, true];
    case 'operation-started':
      return [`started ${nameOf(incident, event)}${evidenceText(event.evidence)}`];
    case 'operation-finished': {
      const { status, message, evidence } = event.outcome;
      const said = message === '' ? '' : `: ${message}`;
      return [`${status} ${nameOf(incident, event)}${said}${evidenceText(evidence)}`, status === 'failed'];
    }
    case 'operation-verified':
      return checked(nameOf(incident, event), event.verification);
    case 'operation-confirmed':
      // Nobody has confirmed what took itself back.
      return event.verification.status === 'does-not-hold'
        ? [`${nameOf(incident, event)} not confirmed: ${event.verification.detail}`, true]
        : checked(`${nameOf(incident, event)} confirmed by ${event.how}`, event.verification);
    case 'operation-recovered':
      return checked(`${nameOf(incident, event)} was cut off`, event.verification);
    case 'undo-requested': {
      const left = event.cannotUndo.length === 0 ? '' : `, ${event.cannotUndo.length} cannot be`;
      return [`to be undone: ${countOf(event.operationIds.length, 'operation')}${left}`];
    }
    case 'undo-started':
      return [`undoing ${nameOf(incident, event)}`];
    case 'operation-undone': {
      const { status, message } = event.outcome;
      const word = status === 'done' ? 'undone' : 'undo failed';
      return [
        `${word} ${nameOf(incident, event)}${message === '' ? '' : `: ${message}`}`,
        status === 'failed',
      ];
    }
    case 'step-undone':
      return ['undone'];
    case 'watch-looked':
      return [`watched: ${event.returned.length} came back`, event.returned.length > 0];
    case 'watch-finished':
      return [
        `watch ended: ${countOf(event.looks, 'look')}, ${event.returned} came back${droppedText(event.dropped)}`,
        event.returned > 0,
      ];
    case 'step-finished':
      return [`finished: ${event.summary}`];
    case 'step-failed':
      return [`failed: ${event.reason}`, true];
    case 'failure-accepted':
      return ['left as failed', true];
    case 'step-skipped':
      return [`skipped by ${event.by}: ${event.reason}`];
    case 'step-done-by-hand':
      return [`done by hand: ${event.record}`];
    case 'step-reopened':
      return [`opened again: ${event.reason}`, true];
    case 'item-ticked':
      return [
        `${event.isDone ? 'ticked off' : 'not done after all'}: ${event.title}${event.note === '' ? '' : ` (${event.note})`}`,
      ];
    case 'knowledge-given': {
      const names = [...event.indicators, ...event.rules].map(
        ({ name, sha256 }) => `${name} (${sha256.slice(0, 16)}…)`,
      );
      return [`indicators and rules of the responder’s own: ${names.join(', ')}`];
    }
    case 'declared-ours': {
      const where = event.file === null ? '' : ` (from ${event.file})`;
      return [`declared ours: ${entryText(event.entry)}, because ${event.reason}${where}`];
    }
    case 'declaration-taken-back':
      return [`no longer declared ours: ${event.declarationId}, because ${event.reason}`];
    case 'note-added':
      return [`note: ${event.text}`];
    case 'shell-opened':
      return [`${event.shellId}, a shell on the host, opened and recorded`];
    case 'shell-closed': {
      const how = event.exitCode === null ? 'was ended' : `ended with exit code ${event.exitCode}`;
      const kept =
        event.recording === null
          ? 'nothing was recorded'
          : `${event.recording.name}, ${formatBytes(event.recording.sizeBytes)}`;
      return [
        `${event.shellId} ${how} after ${formatDuration(event.tookMs)}: ${kept}`,
        event.recording === null,
      ];
    }
    case 'incident-closed':
      return [`closed: ${event.reason}`];
    case 'incident-reopened':
      return [`opened again: ${event.reason}`];
  }
}

function droppedText(dropped: Readonly<Record<string, number>> = {}): string {
  return Object.entries(dropped)
    .map(([address, packets]) => `; ${countOf(packets, 'packet')} to ${address} dropped`)
    .join('');
}

function checked(name: string, check: { readonly status: string; readonly detail: string }): Words {
  const detail = check.detail === '' ? '' : ` - ${check.detail}`;
  return [
    `${name}: ${check.status}${detail}`,
    check.status === 'does-not-hold' || check.status === 'unknown',
  ];
}

function inputNames(event: Extract<Event, { kind: 'inputs-given' }>): readonly string[] {
  return [...Object.keys(event.values), ...event.secretNames.map((name) => `${name} (secret)`)];
}

/** What an operation of the incident is called, by its id; the id itself if it is not known. */
function nameOf(incident: Incident, at: { readonly stepId: string; readonly operationId: string }): string {
  const step = incident.steps.find((candidate) => candidate.id === at.stepId);
  const operation: Operation | undefined =
    step?.operations.find((state) => state.operation.id === at.operationId)?.operation ??
    step?.plan?.operations.find((candidate) => candidate.id === at.operationId);
  return operation === undefined ? at.operationId : describeOperation(operation).title;
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function evidenceText(evidence: readonly EvidenceFile[]): string {
  if (evidence.length === 0) return '';
  const size = evidence.reduce((sum, file) => sum + file.sizeBytes, 0);
  return ` (evidence: ${countOf(evidence.length, 'file')}, ${formatBytes(size)})`;
}
