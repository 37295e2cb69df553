import type { IncidentHandle, IncidentView } from '../engine/handle.ts';
import { progressOf, stepById } from '../engine/select.ts';
import type { Signals } from './signals.ts';
import { stepInHandId } from './situation.ts';
import { foreign } from './theme.ts';

/** Whoever waits longer than this looks elsewhere meanwhile. */
const LONG_MS = 10_000;

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
    const where = [incident.host.hostname, `${finished}/${total}`, step?.definition.title ?? ''];
    this.#signals.title(`${where.filter(Boolean).map(foreign).join(' ')} - tourniquet`);
    if (activity !== null) {
      this.#busySinceMs ??= this.#readMs();
      return;
    }
    const sinceMs = this.#busySinceMs;
    if (question === null && incident.closedAt === null && view.stopped === null) return;
    this.#busySinceMs = null;
    if (sinceMs === null || this.#readMs() - sinceMs < LONG_MS) return;
    this.#signals.attention(
      `${foreign(incident.host.hostname)}: ${step === undefined ? 'the list is through' : `${foreign(step.definition.title)} waits for you`}`,
    );
  }
}
