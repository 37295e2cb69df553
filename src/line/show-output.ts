import type { OperationState } from '../engine/incident.ts';
import { describeOperation } from '../operations/describe.ts';
import { formatBytes } from '../text/format.ts';
import { decodeHostBytes } from '../text/host-bytes.ts';
import type { Talk } from './talk.ts';

/** Without `all`, so much of the end is shown. */
const TAIL_BYTES = 4096;
const PART_BYTES = 64 * 1024;

/** Shows what an operation has printed. `which`: nothing, its number in the list, and `all` for the whole. */
export async function showOutput(talk: Talk, which: string): Promise<void> {
  const states = talk.handle
    .view()
    .incident.steps.flatMap((step) => step.operations)
    .filter((state) => (state.output?.sizeBytes ?? 0) > 0);
  if (states.length === 0) return talk.say('Nothing has printed anything yet.');
  const [number = '', extent] = which.split(/\s+/);
  if (number === '' && states.length > 1) {
    for (const [index, state] of states.entries()) talk.say(`  ${index + 1} ${outputTitle(state)}`);
  }
  const typed =
    number !== ''
      ? number
      : states.length === 1
        ? '1'
        : await talk.ask('Number of the output, nothing to leave >');
  const state = states[Number(typed) - 1];
  if (state === undefined) return talk.say('Nothing shown.');
  talk.say(`-- ${outputTitle(state)}`);
  const isWhole = extent === 'all';
  const from = isWhole ? 0 : Math.max(0, (state.output?.sizeBytes ?? 0) - TAIL_BYTES);
  if (from > 0) talk.say(`-- the last ${formatBytes(TAIL_BYTES)}; \`o ${typed} all\` shows the whole`);
  await sayFrom(talk, state.operation.id, from);
  talk.say('-- end');
}

function outputTitle(state: OperationState): string {
  return `${describeOperation(state.operation).title} (${formatBytes(state.output?.sizeBytes ?? 0)})`;
}

async function sayFrom(talk: Talk, operationId: string, fromByte: number): Promise<void> {
  const { disturbed, stop } = talk.whenDisturbed();
  let isDisturbed = false;
  disturbed.then(() => {
    isDisturbed = true;
  });
  let at = fromByte;
  // A line or character that a part cuts through is said with the next one.
  let rest: Uint8Array = new Uint8Array();
  while (talk.isCurrent() && !isDisturbed) {
    const { bytes, totalBytes } = await talk.handle.readOutput(operationId, at, PART_BYTES);
    at += bytes.length;
    const joined = Buffer.concat([rest, bytes]);
    const isLast = bytes.length === 0 || at >= totalBytes;
    const end = isLast || joined.length > 2 * PART_BYTES ? joined.length : joined.lastIndexOf(10) + 1;
    const text = decodeHostBytes(joined.subarray(0, end)).replace(/\n$/, '');
    if (end > 0) await Promise.race([talk.sayBlock(text), disturbed]);
    rest = joined.subarray(end);
    if (isLast) break;
  }
  stop();
  if (isDisturbed) talk.say('-- stopped');
}
