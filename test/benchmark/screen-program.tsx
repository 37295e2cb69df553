/**
 * The terminal interface under load, on a scripted incident, to be measured from outside:
 *   steps          a playbook of a hundred steps; its clock stands still, or a second that passes meanwhile would be
 *                  taken for the end of a key's answer
 *   clock          the same, and the clock runs
 *   stream         a step whose output streams, 20,000 lines a second, for as long as it runs
 *   output FILE    a step whose output is that file
 */
import { open } from 'node:fs/promises';
import type { OutputPart } from '../../src/engine/handle.ts';
import { runTui } from '../../src/tui/run-tui.ts';
import { script } from '../tui/script.ts';
import { ScriptedHandle } from '../tui/scripted-handle.ts';
import './loop-gap.ts';
import { stream } from './stream-lines.ts';

const [, , what = 'steps', file = ''] = process.argv;
const isList = what === 'steps' || what === 'clock';
const OPERATION = 'update.1.1';

/** Its output is a file, as a real one's is: none of it is in this process. */
class HandleWithFile extends ScriptedHandle {
  override async readOutput(operationId: string, fromByte: number, maxBytes: number): Promise<OutputPart> {
    if (operationId !== OPERATION || file === '') return super.readOutput(operationId, fromByte, maxBytes);
    const opened = await open(file);
    try {
      const totalBytes = (await opened.stat()).size;
      const bytes = Buffer.alloc(Math.max(0, Math.min(maxBytes, totalBytes - fromByte)));
      await opened.read(bytes, 0, bytes.length, fromByte);
      return { bytes, totalBytes };
    } finally {
      await opened.close();
    }
  }
}

function make(): HandleWithFile {
  const base = script({ confirmBefore: Date.now() + 600_000 });
  if (!isList) return new HandleWithFile(base, { nowMs: Date.now(), held: [`perform:${OPERATION}`] });
  const [first] = base.playbook.steps;
  if (first === undefined) throw new Error('the playbook has no step');
  const steps = Array.from({ length: 100 }, (_, index) => ({
    ...first,
    id: index === 0 ? first.id : `look-${index}`,
    title: `Look at part ${index + 1} of the host`,
    needs: [],
  }));
  return new HandleWithFile({ ...base, playbook: { ...base.playbook, steps } }, { nowMs: Date.now() });
}

/** Goes on as somebody at the keyboard would, until the command runs. */
async function toTheCommand(handle: HandleWithFile): Promise<void> {
  for (;;) {
    await handle.whenIdle();
    const { question } = handle.view();
    if (question === null) return;
    if (question.kind === 'confirmation') {
      await handle.send({ kind: 'confirm-operation', operationId: question.operationId, how: 'responder' });
    } else if (question.kind === 'approval') {
      const { stepId, planHash } = question;
      const approved = handle.send({ kind: 'approve-plan', stepId, planHash, how: 'key' });
      // This one is held: it runs until it is measured.
      if (stepId === 'update') return;
      await approved;
    } else throw new Error(`there is a question on the way: ${question.kind}`);
  }
}

const handle = make();
// Nobody looks any more: what streams would stream on, and all of it is kept.
for (const signal of ['SIGHUP', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
const startedMs = Date.now();
if (!isList) await toTheCommand(handle);
if (what === 'stream') stream((lines) => handle.print(OPERATION, lines));
await runTui({
  start: { kind: 'incident', handle },
  stdin: process.stdin,
  stdout: process.stdout,
  environment: process.env,
  settings: { signals: { title: false, bell: false, notify: false, clipboard: false } },
  settleMs: 0,
  readMs: what === 'steps' ? () => startedMs : Date.now,
  callbacks: {
    openIncident: async () => handle,
    startIncident: async () => handle,
    exportTranscript: async () => '/nowhere',
    saveOutput: async (_handle, _operationId, path) => path,
    openShell: null,
    editText: async (_handle, text) => text,
  },
});
process.exit();
