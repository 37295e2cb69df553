import type { IncidentHandle } from '../../engine/handle.ts';
import type { OperationState, StepState } from '../../engine/incident.ts';
import { stepById } from '../../engine/select.ts';
import { fieldText, paste, textField, typeKey } from '../asking/text-field.ts';
import type { Overlay, UiState } from '../incident/ui-state.ts';
import type { Press } from '../keys/keys.ts';
import type { Store } from '../store.ts';
import type { Signals } from '../terminal/signals.ts';
import { firstOutput, isGrowing, outputsOf } from './output-list.ts';
import { Pager } from './pager.ts';
import { PAGER_MOVES } from './pager-moves.ts';

type PagerOverlay = Extract<Overlay, { kind: 'pager' }>;

/** Writes a whole output to a new file on the responder's machine and says where it is now. */
export type SaveOutput = (handle: IncidentHandle, operationId: string, path: string) => Promise<string>;

export interface OutputReaderOptions {
  readonly handle: IncidentHandle;
  readonly ui: Store<UiState>;
  readonly signals: Pick<Signals, 'copy'>;
  readonly saveOutput: SaveOutput;
}

const SIDEWAYS = 16;

/** The full-screen reader of a step's outputs: which one is open, and what its keys do. */
export class OutputReader {
  readonly #handle: IncidentHandle;
  readonly #ui: Store<UiState>;
  readonly #signals: Pick<Signals, 'copy'>;
  readonly #save: SaveOutput;
  pager: Pager | null = null;

  constructor({ handle, ui, signals, saveOutput }: OutputReaderOptions) {
    this.#handle = handle;
    this.#ui = ui;
    this.#signals = signals;
    this.#save = saveOutput;
  }

  open(step: StepState): void {
    const view = this.#handle.view();
    const outputs = outputsOf(step, view);
    const first = outputs[firstOutput(outputs, view)];
    if (first !== undefined) this.#show(step.id, first);
  }

  close(): void {
    this.pager?.close();
    this.pager = null;
  }

  /** The incident changed: what is being written may be longer now. */
  grow(): void {
    const overlay = this.#overlay();
    if (overlay === null || this.pager === null) return;
    const state = this.#outputs(overlay).find((one) => one.operation.id === overlay.operationId);
    const size = state?.output?.sizeBytes ?? null;
    const isBehind = size !== null && size > this.pager.store.get().totalBytes;
    if (state === undefined || !(isBehind || isGrowing(state, this.#handle.view()))) return;
    void this.pager.grow();
    if (overlay.hasTimes) void this.pager.loadTimes();
  }

  /** `2 of 5`, and what it is the output of. */
  place(overlay: PagerOverlay): {
    readonly index: number;
    readonly count: number;
    readonly state: OperationState | undefined;
  } {
    const outputs = this.#outputs(overlay);
    const index = outputs.findIndex((one) => one.operation.id === overlay.operationId);
    return { index, count: outputs.length, state: outputs[index] };
  }

  paste(text: string): void {
    const overlay = this.#overlay();
    if (overlay === null || overlay.typing === null) return;
    const { purpose, field } = overlay.typing;
    this.#update({ typing: { purpose, field: paste(field, text) } });
  }

  press(press: Press) {
    const overlay = this.#overlay();
    const { pager } = this;
    if (overlay === null || pager === null) return;
    if (overlay.typing !== null) return this.#type(overlay, pager, press);
    const { query } = pager.store.get();
    const move = PAGER_MOVES[press.name];
    if (move !== undefined) return void move(pager);
    switch (press.name) {
      case 'n':
      case 'N':
        if (query === '') this.#update({ typing: { purpose: 'search', field: textField() } });
        else void pager.search(query, press.name === 'n' ? 1 : -1);
        return;
      case '/':
        return this.#update({ typing: { purpose: 'search', field: textField() } });
      case 's':
        return this.#update({ typing: { purpose: 'save', field: textField() } });
      case 'y':
        return this.#copy(pager);
      case 'l':
        return this.#update({ hasNumbers: !overlay.hasNumbers });
      case 't':
        if (!overlay.hasTimes) void pager.loadTimes();
        return this.#update({ hasTimes: !overlay.hasTimes });
      case 'w':
        return this.#update({ isWrapped: !overlay.isWrapped, left: 0 });
      case 'left':
        return this.#update({ left: Math.max(0, overlay.left - SIDEWAYS) });
      case 'right':
        return this.#update({ left: overlay.isWrapped ? 0 : overlay.left + SIDEWAYS });
      case '[':
      case ']':
        return this.#other(overlay, press.name === ']' ? 1 : -1);
      case 'escape':
      case 'q':
      case 'o':
        this.close();
        this.#ui.set({ ...this.#ui.get(), overlay: null });
    }
  }

  #type(overlay: PagerOverlay, pager: Pager, press: Press) {
    if (overlay.typing === null) return;
    const { purpose, field } = overlay.typing;
    if (press.name === 'escape') return this.#update({ typing: null });
    if (press.name !== 'enter') {
      return this.#update({ typing: { purpose, field: typeKey(field, press) } });
    }
    const text = fieldText(field);
    this.#update({ typing: null });
    if (purpose === 'search') void pager.search(text, 1);
    else if (text.trim() !== '') void this.#saveAs(overlay.operationId, pager, text.trim());
  }

  #copy(pager: Pager): void {
    const { lines } = pager.store.get();
    const problem = this.#signals.copy(`${lines.join('\n')}\n`);
    pager.say(
      problem === null ? `The ${lines.length} lines on the screen were sent to the clipboard.` : problem,
    );
  }

  async #saveAs(operationId: string, pager: Pager, path: string): Promise<void> {
    try {
      pager.say(`Saved, as it came: ${await this.#save(this.#handle, operationId, path)}`);
    } catch (error) {
      pager.say(error instanceof Error ? error.message : String(error));
    }
  }

  #other(overlay: PagerOverlay, direction: 1 | -1): void {
    const outputs = this.#outputs(overlay);
    const at = outputs.findIndex((one) => one.operation.id === overlay.operationId);
    const next = outputs[(at + direction + outputs.length) % outputs.length];
    if (next !== undefined && outputs.length > 1) this.#show(overlay.stepId, next);
  }

  #show(stepId: string, state: OperationState): void {
    this.close();
    const operationId = state.operation.id;
    this.pager = new Pager(
      (from, most) => this.#handle.readOutput(operationId, from, most),
      () => this.#handle.readOutputTimes(operationId),
    );
    const overlay: PagerOverlay = {
      kind: 'pager',
      stepId,
      operationId,
      isWrapped: false,
      left: 0,
      hasNumbers: false,
      hasTimes: false,
      typing: null,
    };
    this.#ui.set({ ...this.#ui.get(), overlay });
    void this.pager.grow();
    if (isGrowing(state, this.#handle.view())) void this.pager.toEnd(true);
  }

  #outputs(overlay: PagerOverlay): readonly OperationState[] {
    const view = this.#handle.view();
    const step = stepById(view.incident, overlay.stepId);
    return step === undefined ? [] : outputsOf(step, view);
  }

  #overlay(): PagerOverlay | null {
    const { overlay } = this.#ui.get();
    return overlay?.kind === 'pager' ? overlay : null;
  }

  #update(change: Partial<PagerOverlay>): void {
    const overlay = this.#overlay();
    if (overlay !== null) this.#ui.set({ ...this.#ui.get(), overlay: { ...overlay, ...change } });
  }
}
