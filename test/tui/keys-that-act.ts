import { HomeController } from '../../src/tui/home/home-controller.ts';
import { Controller } from '../../src/tui/incident/controller.ts';
import type { Overlay } from '../../src/tui/incident/ui-state.ts';
import type { Press } from '../../src/tui/keys/keys.ts';
import { HOME } from './home-fixture.ts';
import { OPENED_MS } from './opened.ts';
import { script } from './script.ts';
import { ScriptedHandle } from './scripted-handle.ts';

/** Every name that keys.ts can give, but for what only types text. */
const NAMED = [
  ...['up', 'down', 'left', 'right', 'pageup', 'pagedown', 'home', 'end', 'enter', 'escape'],
  ...['tab', 'shift+tab', 'backspace', 'delete', 'space'],
];
const CHARACTERS = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at));
// h, i, j and m with Ctrl are backspace, tab and enter.
const CONTROLS = [...'abcdefgklnopqrstuvwxyz'].map((letter) => `ctrl+${letter}`);

function press(name: string): Press {
  if (name === 'space') return { name, text: ' ' };
  return { name, text: name.length === 1 ? name : '' };
}

/** Names of all keys that do anything, found by trying each; `text` stands for all that only type themselves. */
async function acting(
  isText: boolean,
  tries: (press: Press) => boolean | Promise<boolean>,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const names = [...NAMED.filter((name) => !isText || name !== 'space'), ...CONTROLS];
  for (const name of isText ? names : [...names, ...CHARACTERS])
    if (await tries(press(name))) found.add(name);
  return isText ? found.add('text') : found;
}

export function homeKeys(): Promise<ReadonlySet<string>> {
  return acting(false, (one) => {
    let isCalled = false;
    const call = () => {
      isCalled = true;
    };
    const opening = () => {
      call();
      return new Promise<never>(() => undefined);
    };
    const controller = new HomeController({
      model: HOME,
      ...{ openIncident: opening, startIncident: opening },
      ...{ show: async () => undefined, finish: call, suspend: call, redraw: call },
    });
    // From the middle of the list, where both directions lead somewhere, and with something to take back.
    controller.press(press('f'));
    controller.press(press('escape'));
    controller.press(press('j'));
    const before = controller.ui.get();
    controller.press(one);
    if (one.name === 'escape') return true;
    return isCalled || JSON.stringify(controller.ui.get()) !== JSON.stringify(before);
  });
}

/** Of what lies over the checklist: reached by these keys first. */
export function overlayKeys(kind: NonNullable<Overlay>['kind'], way: readonly string[]) {
  const isText = kind === 'form' || kind === 'pick';
  return acting(isText, async (one) => {
    const { controller, handle, wasCalled } = await openedAt('block-c2', way);
    const { overlay } = controller.ui.get();
    if (overlay?.kind !== kind) throw new Error(`${way.join(' ')} leads to ${overlay?.kind}`);
    const { pager } = controller.output;
    let isPagerUsed = false;
    if (pager !== null)
      controller.output.pager = new Proxy(pager, {
        get(target, property) {
          if (property !== 'store' && property !== 'close') isPagerUsed = true;
          const value = Reflect.get(target, property) as unknown;
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    const before = controller.ui.get();
    const sent = handle.commands.length;
    controller.press(one);
    const acts =
      JSON.stringify(controller.ui.get()) !== JSON.stringify(before) ||
      isPagerUsed ||
      wasCalled() ||
      handle.commands.length > sent;
    controller.close();
    return acts;
  });
}

async function openedAt(stepId: string, way: readonly string[]) {
  const handle = new ScriptedHandle(script(), { nowMs: OPENED_MS });
  for (const id of ['block-c2.1.1', 'block-c2.1.2']) handle.setOutput(id, 'output\n');
  for (;;) {
    await handle.whenIdle();
    const { question } = handle.view();
    if (question?.kind === 'approval' && question.stepId !== stepId)
      await handle.send({ ...question, kind: 'approve-plan', how: 'key' });
    else if (question?.kind === 'confirmation')
      await handle.send({ kind: 'confirm-operation', operationId: question.operationId, how: 'responder' });
    else break;
  }
  let isCalled = false;
  const call = () => {
    isCalled = true;
  };
  const copy = () => {
    call();
    return null;
  };
  const controller = new Controller({
    handle,
    signals: { copy, attention: call, title: () => undefined } as never,
    exportTranscript: async () => '',
    saveOutput: async () => '',
    openShell: null,
    editText: async (_handle, text) => {
      call();
      return text;
    },
    lend: async (during) => during(),
    ...{ finish: call, suspend: call, redraw: call, readMs: () => OPENED_MS, settleMs: 0 },
    resumeCommand: 'tourniquet resume',
  });
  for (const name of way) {
    controller.press(press(name));
    await new Promise(setImmediate);
    await handle.whenIdle();
  }
  isCalled = false;
  return { controller, handle, wasCalled: () => isCalled };
}
