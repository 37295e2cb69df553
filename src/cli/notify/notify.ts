import type { JournalRecord } from '../../engine/event.ts';
import type { Incident } from '../../engine/incident.ts';
import { printable } from '../../text/printable.ts';
import type { NotifyTarget } from './notify-target.ts';
import { askedBy, DEFAULT_TEMPLATE, noticeOf, noticeText } from './notify-text.ts';

export interface Notifier {
  onRecord(record: JournalRecord, incident: Incident): void;
  /** Waits for what is on its way, for as long as given. */
  finish(waitMs: number): Promise<void>;
}

/**
 * Tells people elsewhere what happens, from the responder's side. It never holds a step up and never fails one: what
 * did not arrive is said once for each target, and tried no more than once again. What became of the message of a
 * step `uses: notify` goes to `note` as well, for the journal: who was told is part of the record.
 */
export function startNotifier(
  targets: readonly NotifyTarget[],
  template: string | null,
  say: (line: string) => void,
  note: (stepId: string, text: string) => Promise<unknown> = async () => {},
): Notifier {
  const failed = new Set<NotifyTarget>();
  let queue: Promise<void> = Promise.resolve();
  /** Why it did not arrive; null: it did, as far as that can be known. */
  const tell = async (target: NotifyTarget, send: () => Promise<void>): Promise<string | null> => {
    try {
      await send().catch(send);
      return null;
    } catch (error) {
      const why = printable((error as Error).message);
      if (!failed.has(target)) {
        failed.add(target);
        say(`notifying by ${target.name} does not work: ${why}; the run goes on`);
      }
      return why;
    }
  };
  return {
    onRecord(record, incident) {
      const notice = noticeOf(record, incident);
      if (notice === null) return;
      const text = noticeText(notice, template ?? DEFAULT_TEMPLATE);
      const stepId = record.event.kind === 'step-finished' ? record.event.stepId : null;
      const { to = [] } = (stepId === null ? null : askedBy(incident, stepId)) ?? {};
      const asked = targets.filter(({ kind }) => to.length === 0 || to.includes(kind));
      queue = queue.then(async () => {
        const results = await Promise.all(
          asked.map(async (target) => ({
            name: target.name,
            why: await tell(target, () => target.send(notice, text)),
          })),
        );
        // Nobody may be at work on it any more.
        if (stepId !== null) await note(stepId, toldText(results)).catch(() => {});
      });
    },
    async finish(waitMs) {
      let timer: NodeJS.Timeout | undefined;
      const waited = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, waitMs);
      });
      await Promise.race([queue, waited]);
      clearTimeout(timer);
    },
  };
}

function toldText(results: readonly { readonly name: string; readonly why: string | null }[]): string {
  if (results.length === 0) return 'Nobody was told: no such way is set (settings notifyTo, or --notify).';
  const told = results.filter(({ why }) => why === null).map(({ name }) => name);
  const missed = results.flatMap(({ name, why }) => (why === null ? [] : [`not by ${name} (${why})`]));
  return [told.length === 0 ? 'Nobody was told' : `Told by ${told.join(', ')}`, ...missed].join('; ');
}
