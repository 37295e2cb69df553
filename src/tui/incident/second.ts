import { clockText } from '../rows/title-row.ts';
import type { Stage } from '../stage/stage.ts';
import { isTimed, type Situation } from './situation.ts';

/**
 * What a second that passes changes on the screen, as a rule the clock alone: done here, without a frame. False where a
 * frame is needed.
 */
export function passSecond(
  situation: Situation | undefined,
  stage: Pick<Stage, 'rewrite'>,
  beforeMs: number,
  nowMs: number,
): boolean {
  // Nothing of the pager tells the time.
  if (situation?.ui.overlay?.kind === 'pager') return true;
  if (situation === undefined || isTimed(situation)) return false;
  return stage.rewrite(clockText(situation.view, beforeMs), clockText(situation.view, nowMs));
}
