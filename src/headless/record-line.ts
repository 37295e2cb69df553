import { describeRecord } from '../engine/describe-record.ts';
import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { describeOperation } from '../operations/describe.ts';
import { safeJson } from '../text/json.ts';
import { printable } from '../text/printable.ts';
import { redact } from '../text/redact.ts';
import type { HeadlessResult } from './headless-result.ts';

export type HeadlessFormat = 'text' | 'json';

/** A record as one line without its end, a plan with the commands of a playbook below it: `04:12:07 [4/10] Block C2: plan made …`, or the record as JSON. */
export function recordLine(record: JournalRecord, incident: Incident, format: HeadlessFormat): string {
  if (format === 'json') return safeJson(record);
  const { stepId, text, isTrouble } = describeRecord(record, incident);
  const index = incident.steps.findIndex((step) => step.id === stepId);
  const title = incident.steps[index]?.definition.title;
  const place = title === undefined ? '' : `[${index + 1}/${incident.steps.length}] ${title}: `;
  // Apart: a step called "Secret" would make a secret of what is said of it.
  return [
    `${record.at.slice(11, 19)} ${isTrouble ? '! ' : ''}${line(place)}${line(text)}`,
    ...commandsOf(record).map((command) => `         | ${line(command)}`),
  ].join('\n');
}

/** What somebody wrote into a playbook stands whole in the log before it is run. */
function commandsOf({ event }: JournalRecord): readonly string[] {
  const operations = event.kind === 'plan-made' ? event.plan.operations : [];
  return operations.flatMap((operation) =>
    operation.kind === 'run-command' ? describeOperation(operation).commands : [],
  );
}

/** How it ended, as the last line: text, or `{"result": …}` as JSON. */
export function resultLine(result: HeadlessResult, format: HeadlessFormat): string {
  if (format === 'json') return safeJson(result);
  const lists = [
    ['failed', result.failed],
    ['skipped', result.skipped],
    ['not run', result.notRun],
  ] as const;
  const parts = lists.filter(([, ids]) => ids.length > 0).map(([word, ids]) => `${word}: ${ids.join(', ')}`);
  return line([`${result.result}: ${result.message}`, ...parts].join(' | '));
}

function line(text: string): string {
  return printable(redact(text));
}
