import type { JournalRecord } from '../engine/event.ts';
import type { Incident, OperationState } from '../engine/incident.ts';
import type { Finding, Verdict } from '../findings/finding.ts';
import { describeOperation } from '../operations/describe.ts';
import { excerptText } from './excerpt.ts';
import { backAgain, cameBackIn, decisionsOf, lastLookOf, sessionsOf } from './from-records.ts';
import { openItems } from './open-items.ts';
import type {
  FoundItem,
  Transcript,
  TranscriptContext,
  TranscriptOperation,
  TranscriptStep,
} from './transcript.ts';

/** The report of a journal. `incident` is the fold of `records`. Pure: same input, same report. */
export function buildTranscript(
  incident: Incident,
  records: readonly JournalRecord[],
  context: TranscriptContext,
): Transcript {
  const closing = records.findLast((record) => record.event.kind === 'incident-closed')?.event;
  const steps = incident.steps.map((step, index): TranscriptStep => {
    const look = lastLookOf(records, step);
    const approved = new Set(step.operations.map((state) => state.operation.id));
    const planned = (step.plan?.operations ?? []).filter((operation) => !approved.has(operation.id));
    return {
      number: index + 1,
      id: step.id,
      title: step.definition.title,
      why: step.definition.why,
      attack: step.definition.attack,
      status: step.status,
      isFailureAccepted: step.isFailureAccepted,
      summary: step.summary,
      reason: step.reason,
      startedAt: step.startedAt,
      finishedAt: step.finishedAt,
      decisions: decisionsOf(records, step.id),
      findings: look?.findings ?? [],
      chosen: look?.chosen ?? [],
      unknowns: look?.unknowns ?? [],
      remarks: step.plan?.remarks ?? [],
      watch: step.watch,
      cameBack: cameBackIn(records, step.id),
      operations: [
        ...step.operations.map((state) => operationOf(state, context)),
        ...planned.map((operation) => operationOf({ ...NOT_BEGUN, operation }, context)),
      ],
    };
  });
  const found = foundItems(steps, backAgain(records, incident));
  return {
    format: 1,
    incidentId: incident.id,
    openedAt: incident.openedAt,
    closedAt: incident.closedAt,
    closedBecause: incident.closedAt !== null && closing && 'reason' in closing ? closing.reason : null,
    lastAt: incident.lastAt,
    host: incident.host,
    playbook: {
      name: incident.playbook.name,
      title: incident.playbook.title,
      sha256: incident.playbookSha256,
    },
    sessions: sessionsOf(records),
    inputs: incident.inputs,
    found,
    stillOpen: openItems(steps, found, records, context),
    steps,
    notes: incident.notes,
    evidence: steps.flatMap((step) =>
      step.operations.flatMap(({ id, evidence }) => evidence.map((file) => ({ ...file, operationId: id }))),
    ),
    journal: { records: records.length, head: context.journalHead, altered: context.altered },
  };
}

const NOT_BEGUN = {
  status: 'planned',
  attempts: 0,
  startedAt: null,
  finishedAt: null,
  message: null,
  exitCode: null,
  verification: null,
  evidence: [],
  output: null,
} as const;

type BegunOrNot = Pick<OperationState, 'operation' | Exclude<keyof typeof NOT_BEGUN, 'status'>> & {
  readonly status: TranscriptOperation['status'];
};

function operationOf(state: BegunOrNot, context: TranscriptContext): TranscriptOperation {
  const { operation, status, attempts, startedAt, finishedAt, message, exitCode, verification } = state;
  const { title, risk, undoNote, commands } = describeOperation(operation);
  const excerpt = context.excerpts.get(operation.id);
  return {
    id: operation.id,
    title,
    risk,
    undoNote,
    status,
    because: operation.because,
    commands,
    attempts,
    startedAt,
    finishedAt,
    message,
    exitCode,
    verification,
    evidence: state.evidence,
    output: state.output && { ...state.output, ...excerptText(excerpt, state.output.sizeBytes) },
  };
}

const WORTH_NAMING: ReadonlySet<Verdict> = new Set<Verdict>(['malicious', 'suspicious']);

/** Each thing once, as the latest step that saw it judged it, worst first. */
function foundItems(steps: readonly TranscriptStep[], back: ReadonlySet<string>): FoundItem[] {
  const latest = new Map<string, Finding>();
  const sameAddress = new Map<string, Set<string>>();
  for (const finding of steps.flatMap((step) => step.findings)) {
    latest.set(finding.id, finding);
    const address = addressOf(finding);
    if (address === null) continue;
    sameAddress.set(address, (sameAddress.get(address) ?? new Set()).add(finding.id));
  }
  const operations = steps.flatMap((step) => step.operations);
  return [...latest.values()]
    .filter((finding) => WORTH_NAMING.has(finding.verdict))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .map((finding) => {
      // An address is seen as a connection in one step and only named in another: its block is for both.
      const alike = sameAddress.get(addressOf(finding) ?? '') ?? new Set();
      const isFor = (one: TranscriptOperation) =>
        one.because.includes(finding.id) ||
        (one.title.startsWith('block-address ') && one.because.some((id) => alike.has(id)));
      return {
        finding,
        dealtWithBy: operations
          .filter((one) => one.status === 'done' && one.risk !== 'read-only' && isFor(one))
          .map((one) => one.title),
        hasComeBack: back.has(finding.id),
      };
    });
}

function addressOf({ subject }: Finding): string | null {
  return subject.kind === 'connection' ? subject.remoteAddress : null;
}
