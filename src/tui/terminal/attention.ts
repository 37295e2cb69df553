import type { IncidentHandle, IncidentView } from '../../engine/handle.ts';
import { progressOf, stepById } from '../../engine/select.ts';
import { truncate } from '../../text/width.ts';
import { stepInHandId } from '../incident/situation.ts';
import { foreign } from '../look/theme.ts';
import type { Signals } from './signals.ts';

/** Whoever waits longer than this looks elsewhere meanwhile. */
const LONG_MS = 10_000;
const MOST_COLUMNS = 40;

/** Keeps the window's title true, and calls for the responder when long work has ended. */
export class Attention {
  readonly #signals: Pick<Signals, 'title' | 'attention'>;
  readonly #readMs: () => number;
  /** When what is going on began; null while nothing is. */
  #busySinceMs: number | null = null;

  constructor(handle: IncidentHandle, signals: Pick<Signals, 'title' | 'attention'>, readMs: () => number) {
    this.#signals = signals;
    this.#readMs = readMs;
    this.look(handle.view());
  }

  look(view: IncidentView): void {
    const { incident, activity, question } = view;
    const { finished, total } = progressOf(incident);
    const step = stepById(incident, stepInHandId(view));
    const where = [
      short(incident.host.hostname),
      `${finished}/${total}`,
      short(step?.definition.title ?? ''),
    ];
    this.#signals.title(`${where.filter(Boolean).join(' ')} - tourniquet`);
    if (activity !== null) {
      this.#busySinceMs ??= this.#readMs();
      return;
    }
    const sinceMs = this.#busySinceMs;
    if (question === null && incident.closedAt === null && view.stopped === null) return;
    this.#busySinceMs = null;
    if (sinceMs === null || this.#readMs() - sinceMs < LONG_MS) return;
    const what = step === undefined ? 'the list is through' : `${short(step.definition.title)} waits for you`;
    this.#signals.attention(`${short(incident.host.hostname)}: ${what}`);
  }
}

/** A name that is too long must not push out what stands behind it. */
function short(name: string): string {
  return truncate(foreign(name), MOST_COLUMNS);
}
