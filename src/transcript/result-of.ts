import { counted } from './story-words.ts';
import type { TranscriptStep } from './transcript.ts';

/** What stands beside a step in the checklist: its result or the reason; of an undone one, what stands all the same. */
export function resultOf({ status, summary, reason, operations }: TranscriptStep): string {
  // In the checklist of a screen there is room for a word alone.
  if (status === 'done') return (summary ?? '').replace(/^(\d+) held/, '$1 checked and holding');
  if (status !== 'undone') return reason ?? '';
  const undone = operations.filter((one) => one.status === 'undone').length;
  const standing = operations.filter((one) => one.status === 'done' && one.risk !== 'read-only').length;
  return `${counted(undone, 'change')} taken back${standing === 0 ? '' : `, ${standing} could not be`}`;
}
