import type { IncidentHandle } from '../../engine/handle.ts';
import type { StepState } from '../../engine/incident.ts';
import { isOdd } from '../../findings/finding.ts';
import type { Item } from '../incident/situation.ts';
import type { Choice } from '../incident/ui-state.ts';
import { foreign } from '../look/theme.ts';

/**
 * Ticking findings. A tick shows at once; it is sent when the runner is free, the latest only, since each one
 * makes a new plan.
 */
export class Choosing {
  readonly #handle: IncidentHandle;
  readonly #show: (choice: Choice | null) => void;
  readonly #refuse: (text: string) => void;
  #wanted: Choice | null = null;
  #isRunning = false;

  constructor(handle: IncidentHandle, show: (choice: Choice | null) => void, refuse: (text: string) => void) {
    this.#handle = handle;
    this.#show = show;
    this.#refuse = refuse;
  }

  /** A choice is under way, so the plan on the screen is not the one that will be. */
  get isBusy(): boolean {
    return this.#isRunning;
  }

  /** One finding, or (null) all that are malicious or suspicious, or none if they all are chosen. */
  toggle(step: StepState, item: Item | undefined | null): void {
    const chosen = this.#wanted?.stepId === step.id ? this.#wanted.ids : step.chosen;
    let ids: readonly string[];
    if (item === null) {
      const bad = (step.findings ?? []).filter(isOdd);
      const hasAll = bad.every(({ id }) => chosen.includes(id));
      ids = hasAll ? [] : bad.map(({ id }) => id);
    } else if (item?.kind === 'finding') {
      const { id } = item.finding;
      ids = chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id];
    } else return;
    this.#wanted = { stepId: step.id, ids };
    this.#show(this.#wanted);
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    try {
      let sent: Choice | null = null;
      while (this.#wanted !== null && this.#wanted !== sent) {
        await this.#handle.whenIdle();
        sent = this.#wanted;
        const result = await this.#handle.send({
          kind: 'choose-findings',
          stepId: sent.stepId,
          findingIds: sent.ids,
        });
        if (!result.ok) {
          this.#refuse(`Not chosen: ${foreign(result.reason)}.`);
          break;
        }
      }
      await this.#handle.whenIdle();
    } finally {
      this.#isRunning = false;
      this.#wanted = null;
      this.#show(null);
    }
  }
}
