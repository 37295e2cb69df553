import type { JournalRecord } from '../../engine/event.ts';
import type { Incident } from '../../engine/incident.ts';
import { expressionScope } from '../../engine/scope.ts';
import { resolveTemplate } from '../../playbook/expression.ts';
import { printable } from '../../text/printable.ts';
import { redact } from '../../text/redact.ts';

/** What somebody far away is told: our own words, and names of the playbook. Nothing that a host wrote. */
export interface Notice {
  readonly incident: string;
  readonly what: string;
  /** Title of the step; '' for the incident as a whole. */
  readonly step: string;
  readonly at: string;
}

export const DEFAULT_TEMPLATE = 'tourniquet {incident}: {what} {step}';

/**
 * What of a record is worth a notice; null for most. Reasons, messages, titles of findings and operations are left
 * out: they hold what the host says. An incident's name has the host's in it, made of letters, digits and dashes.
 */
export function noticeOf({ at, event }: JournalRecord, incident: Incident): Notice | null {
  const step = 'stepId' in event ? titleOf(incident, event.stepId) : '';
  // Nobody far away must take a practice for the thing itself, whatever words the template leaves.
  const practice = incident.host.isDrill ? '(drill) ' : '';
  const notice = (what: string): Notice => ({
    incident: safe(incident.id),
    what: `${practice}${what}`,
    step,
    at,
  });
  switch (event.kind) {
    case 'incident-opened':
      return notice('was opened');
    case 'step-finished': {
      const asked = askedBy(incident, event.stepId);
      return asked === null ? null : { ...notice(asked.message), step: '' };
    }
    case 'step-failed':
      return notice('a step failed:');
    case 'step-reopened':
      return notice('something came back, opened again:');
    case 'step-undone':
      return notice('a step was undone, what it had done is taken back:');
    case 'step-skipped':
      return event.by === 'responder' ? notice('a step was skipped:') : null;
    case 'operation-confirmed':
      return notice(
        event.verification.status === 'holds' ? 'confirmed and holding:' : 'taken back by itself:',
      );
    case 'taken-over':
      return notice('was taken over by somebody else');
    case 'incident-closed':
      return notice('was closed');
    default:
      return null;
  }
}

export interface Asked {
  readonly message: string;
  /** Ways to tell, by their words; empty: all that are set. */
  readonly to: readonly string[];
}

/** What a step `uses: notify` wants told; null for any other step. What the host says of itself does not get into it. */
export function askedBy(incident: Incident, stepId: string): Asked | null {
  const definition = incident.steps.find(({ id }) => id === stepId)?.definition;
  if (definition?.uses !== 'notify') return null;
  const scope = { ...expressionScope(incident), host: {}, incident: { id: safe(incident.id) } };
  const { message = '', to = [] } = definition.with;
  const resolved = resolveTemplate(message, scope);
  const text = 'value' in resolved && typeof resolved.value === 'string' ? resolved.value : '';
  return {
    message: text === '' ? `see the step “${titleOf(incident, stepId)}”` : text,
    to: Array.isArray(to) ? to.map(String) : [],
  };
}

/** One line, 500 characters at most; a name in braces that is none of ours stays as it is. */
export function noticeText(notice: Notice, template: string): string {
  const text = template.replace(/\{(incident|what|step|at)\}/g, (_, name: keyof Notice) => notice[name]);
  return printable(redact(text)).trim().slice(0, 500);
}

function titleOf(incident: Incident, stepId: string | null): string {
  const title = incident.steps.find(({ id }) => id === stepId)?.definition.title ?? '';
  return printable(redact(title)).slice(0, 100);
}

function safe(id: string): string {
  return id.replace(/[^A-Za-z0-9.-]/g, '-').slice(0, 100);
}
