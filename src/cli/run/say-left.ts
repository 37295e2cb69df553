import type { IncidentHandle } from '../../engine/handle.ts';
import { isIsolated, progressOf, stepById } from '../../engine/select.ts';
import { printable } from '../../text/printable.ts';
import { commandToType } from '../command-words.ts';
import type { CliContext } from '../context.ts';

/**
 * What stays to be known once the screen is gone: where it was left, what is still in force, how to go on, and six words
 * that `verify` says by later whether the record still holds what it held now.
 */
export async function sayLeft(
  context: CliContext,
  front: 'terminal' | 'line' | 'headless',
  runner: IncidentHandle,
): Promise<void> {
  const { checkpointPhrase } = await import('../../journal/checkpoint.ts');
  const stream = front === 'headless' ? context.stderr : context.stdout;
  // Line mode has said it, and a drill says more.
  if (front === 'terminal' && !runner.view().incident.host.isDrill)
    stream.write(whereItStands(context, runner));
  stream.write(`checkpoint: ${checkpointPhrase(runner.view().journalHead)}\n`);
  if (front !== 'headless')
    stream.write(
      '  Write these six words down: verify --checkpoint tells by them whether the record was cut or altered since.\n',
    );
}

/** Nothing of a closed incident. */
function whereItStands(context: CliContext, runner: IncidentHandle): string {
  const { incident } = runner.view();
  if (incident.closedAt !== null) return '';
  const { finished, total } = progressOf(incident);
  const at = stepById(incident, incident.currentStepId)?.definition.title;
  const where = at === undefined ? '' : `, at “${printable(at)}”`;
  const held = isIsolated(incident) ? ' What was done stays as it is: the host stays isolated.' : '';
  return (
    `The incident is open: ${finished} of ${total} steps are done${where}.${held}\n` +
    `  to go on:  ${commandToType(context, `resume ${incident.id}`)}\n`
  );
}
