import type { IncidentHandle } from '../../engine/handle.ts';
import { printable } from '../../text/printable.ts';
import { UserError } from '../../text/user-error.ts';
import type { CliContext } from '../context.ts';
import type { Notifier } from './notify.ts';

/** Tells whom the settings and the command line name of this incident, for as long as it is run here. */
export async function notifying(
  context: Pick<CliContext, 'notifyTo' | 'notifyTemplate' | 'stderr'>,
  runner: IncidentHandle & { setNotice?(text: string | null): void },
  named: readonly string[],
): Promise<Notifier | null> {
  const wanted = [...(context.notifyTo ?? '').split(/\s+/).filter((word) => word !== ''), ...named];
  const isAskedFor = runner.view().incident.playbook.steps.some(({ uses }) => uses === 'notify');
  if (wanted.length === 0 && !isAskedFor) return null;
  const [{ parseTarget }, { startNotifier }] = await Promise.all([
    import('./notify-target.ts'),
    import('./notify.ts'),
  ]);
  const say = (line: string) => {
    runner.setNotice?.(line);
    if (runner.setNotice === undefined) context.stderr.write(`tourniquet: ${line}\n`);
  };
  const targets = wanted.flatMap((text) => {
    try {
      return [parseTarget(text)];
    } catch (error) {
      // One that is wrong on the command line is told at once; one in the settings must not stop a response.
      if (!(error instanceof UserError) || named.includes(text)) throw error;
      say(printable(error.message));
      return [];
    }
  });
  const notifier = startNotifier(targets, context.notifyTemplate, say, (stepId, text) =>
    runner.send({ kind: 'add-note', stepId, text }),
  );
  const { incident } = runner.view();
  const [first] = runner.records();
  if (first !== undefined && incident.sessions === 1) notifier.onRecord(first, incident);
  runner.onRecord((record) => notifier.onRecord(record, runner.view().incident));
  return notifier;
}
