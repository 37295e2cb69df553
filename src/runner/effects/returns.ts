import type { Action } from '../../actions/action.ts';
import type { Incident, StepState } from '../../engine/incident.ts';
import { type ChangeSign, describeSign } from '../../findings/change-sign.ts';
import type { Finding } from '../../findings/finding.ts';
import { tieOf } from '../../findings/process-tie.ts';

/** Which steps deal with what came back: for each finding the first remedy of the playbook that concerns it. */
export function stepsFor(
  incident: Incident,
  actions: ReadonlyMap<string, Action>,
  returned: readonly Finding[],
): ReadonlyMap<StepState, readonly Finding[]> {
  const remedies = incident.steps.filter((step) => actions.get(step.definition.uses)?.isRemedy);
  const found = new Map<StepState, Finding[]>();
  for (const finding of returned) {
    const step = remedies.find(
      // What the responder skipped or left failed was their decision; it does not come up again and again.
      (candidate) =>
        (candidate.status === 'done' || candidate.status === 'by-hand') &&
        actions.get(candidate.definition.uses)?.concerns(finding),
    );
    if (step) found.set(step, [...(found.get(step) ?? []), finding]);
  }
  return found;
}

const MOST_NAMED = 4;

/** What came back, with what it belongs to: that is what brought it, or is on its way to. */
export function whyReopened(
  beginning: string,
  again: readonly Finding[],
  all: readonly Finding[],
  signs: readonly ChangeSign[] = [],
): string {
  const own = new Set(again.map(({ id }) => id));
  const related = new Set(again.flatMap(({ related: ids }) => ids));
  const tied = tiedTo(again, all);
  const behind = all.filter(
    ({ id, subject, verdict }) =>
      related.has(id) &&
      !own.has(id) &&
      !tied.has(id) &&
      subject.kind !== 'connection' &&
      verdict === 'malicious',
  );
  const group = [...tied.values(), ...behind.map(({ title }) => title)];
  const belongs = group.length === 0 ? '' : `, which belongs with ${named(group)}`;
  const noticed = signs.length === 0 ? '' : ` (noticed: ${named(signs.map(describeSign))})`;
  const by = startersOf(again, all);
  const started = by.length === 0 ? '' : `, started by ${named(by)}`;
  return `${beginning}: ${again.map(({ title }) => title).join(', ')}${started}${belongs}${noticed}`;
}

/** Processes that stayed and are of one group with what came back, by id, with what ties them: likely they have brought it. */
function tiedTo(again: readonly Finding[], all: readonly Finding[]): ReadonlyMap<string, string> {
  const back = again.flatMap(({ subject }) => (subject.kind === 'process' ? [subject] : []));
  const own = new Set(again.map(({ id }) => id));
  const tied = new Map<string, string>();
  for (const { id, title, verdict, subject } of all) {
    if (subject.kind !== 'process' || verdict === 'benign' || own.has(id)) continue;
    const tie = back.map((one) => tieOf(subject, one)).find((words) => words !== null);
    if (tie !== undefined) tied.set(id, `${title} (${tie})`);
  }
  return tied;
}

/** What has started those that came back, as far as it shows: a parent that was found, or the unit they are in. */
function startersOf(again: readonly Finding[], findings: readonly Finding[]): string[] {
  const found = again.flatMap(({ subject }) => {
    if (subject.kind !== 'process') return [];
    const parent = findings.find(
      (other) => other.subject.kind === 'process' && other.subject.process.pid === subject.parentPid,
    );
    const unit = /\/([^/]+\.(?:service|timer))$/.exec(subject.cgroup ?? '')?.[1];
    return [...(parent === undefined ? [] : [parent.title]), ...(unit === undefined ? [] : [unit])];
  });
  return [...new Set(found)];
}

function named(list: readonly string[]): string {
  const more = list.length - MOST_NAMED;
  return `${list.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
