import { clockText } from '../rows/title-row.ts';
import { isTimed, type Situation } from './situation.ts';

/**
 * What a second that passes changes on the screen, as a rule the clock alone: done here, without a frame. False where a
 * frame is needed. `rewrite`: the stage's.
 */
export function passSecond(
  situation: Situation,
  rewrite: (before: string, after: string) => boolean,
  beforeMs: number,
  nowMs: number,
): boolean {
  // Nothing of it tells the time.
  if (situation.ui.overlay?.kind === 'pager') return true;
  if (isTimed(situation)) return false;
  return rewrite(clockText(situation.view, beforeMs), clockText(situation.view, nowMs));
}
