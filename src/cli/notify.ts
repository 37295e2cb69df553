import type { JournalRecord } from '../engine/event.ts';
import type { Incident } from '../engine/incident.ts';
import { printable } from '../text/printable.ts';
import type { NotifyTarget } from './notify-target.ts';
import { DEFAULT_TEMPLATE, noticeOf, noticeText } from './notify-text.ts';

export interface Notifier {
  onRecord(record: JournalRecord, incident: Incident): void;
  /** Waits for what is on its way, for as long as given. */
  finish(waitMs: number): Promise<void>;
}

/**
 * Tells people elsewhere what happens, from the responder's side. It never holds a step up and never fails one: what
 * did not arrive is said once for each target, and tried no more than once again.
 */
export function startNotifier(
  targets: readonly NotifyTarget[],
  template: string | null,
  say: (line: string) => void,
): Notifier {
  const failed = new Set<NotifyTarget>();
  let queue: Promise<void> = Promise.resolve();
  const tell = async (target: NotifyTarget, send: () => Promise<void>) => {
    try {
      await send().catch(send);
    } catch (error) {
      if (failed.has(target)) return;
      failed.add(target);
      say(
        `notifying by ${target.name} does not work: ${printable((error as Error).message)}; the run goes on`,
      );
    }
  };
  return {
    onRecord(record, incident) {
      const notice = noticeOf(record, incident);
      if (notice === null) return;
      const text = noticeText(notice, template ?? DEFAULT_TEMPLATE);
      queue = queue.then(async () => {
        await Promise.all(targets.map((target) => tell(target, () => target.send(notice, text))));
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
