import type { IncidentHandle } from '../engine/handle.ts';
import type { OperationState, StepState } from '../engine/incident.ts';
import { stepById } from '../engine/select.ts';
import type { Press } from './keys.ts';
import { firstOutput, isGrowing, outputsOf } from './output-list.ts';
import { Pager } from './pager.ts';
import type { Store } from './store.ts';
import { fieldText, paste, textField, typeKey } from './text-field.ts';
import type { Overlay, UiState } from './ui-state.ts';

type PagerOverlay = Extract<Overlay, { kind: 'pager' }>;

const SIDEWAYS = 16;

/** The full-screen reader of a step's outputs: which one is open, and what its keys do. */
export class OutputReader {
  readonly #handle: IncidentHandle;
  readonly #ui: Store<UiState>;
  pager: Pager | null = null;

  constructor(handle: IncidentHandle, ui: Store<UiState>) {
    this.#handle = handle;
    this.#ui = ui;
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
    if (state !== undefined && (isBehind || isGrowing(state, this.#handle.view()))) void this.pager.grow();
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
    if (overlay !== null && overlay.typing !== null) this.#update({ typing: paste(overlay.typing, text) });
  }

  press(press: Press) {
    const overlay = this.#overlay();
    const { pager } = this;
    if (overlay === null || pager === null) return;
    if (overlay.typing !== null) return this.#type(overlay, pager, press);
    const { query } = pager.store.get();
    switch (press.name) {
      case 'up':
      case 'k':
        void pager.scroll(-1);
        return;
      case 'down':
      case 'j':
      case 'enter':
        void pager.scroll(1);
        return;
      case 'pageup':
      case 'b':
      case 'ctrl+b':
        void pager.page(-1);
        return;
      case 'pagedown':
      case 'space':
      case 'ctrl+f':
        void pager.page(1);
        return;
      case 'g':
      case 'home':
        void pager.scrollTo(0);
        return;
      case 'G':
      case 'end':
        void pager.toEnd();
        return;
      case 'f':
        void pager.toEnd(!pager.store.get().isFollowing);
        return;
      case 'n':
      case 'N':
        if (query === '') this.#update({ typing: textField() });
        else void pager.search(query, press.name === 'n' ? 1 : -1);
        return;
      case '/':
        return this.#update({ typing: textField() });
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
    if (press.name === 'escape') return this.#update({ typing: null });
    if (press.name !== 'enter') return this.#update({ typing: typeKey(overlay.typing, press) });
    const query = fieldText(overlay.typing);
    this.#update({ typing: null });
    void pager.search(query, 1);
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
    this.pager = new Pager((from, most) => this.#handle.readOutput(operationId, from, most));
    const overlay: PagerOverlay = {
      kind: 'pager',
      stepId,
      operationId,
      isWrapped: false,
      left: 0,
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
