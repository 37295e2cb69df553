/** Which part of a list is on the screen. */
export interface Viewport {
  /** Index of the first row shown. */
  readonly top: number;
  readonly height: number;
  readonly total: number;
}

/**
 * The window after the list, its height or the cursor changed. It moves only when the cursor would leave it,
 * and then by half a page: over a slow line that costs less than a row at a time.
 */
export function follow(previousTop: number, height: number, total: number, cursor: number | null): Viewport {
  let top = previousTop;
  if (cursor !== null && height > 0) {
    const half = Math.max(1, Math.floor(height / 2));
    if (cursor < top) top = cursor - half < 0 ? 0 : Math.min(cursor, top - half);
    else if (cursor >= top + height) top = Math.max(cursor - height + 1, top + half);
    // So that the last jump never goes past the cursor.
    if (cursor < top) top = cursor;
  }
  return { top: clamp(top, 0, Math.max(0, total - height)), height, total };
}

export function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}

/** The rows on the screen, never more than the height. */
export function visible<T>(rows: readonly T[], viewport: Viewport): readonly T[] {
  return rows.slice(viewport.top, viewport.top + viewport.height);
}

/** `↑ 3 ↓ 12`: how many rows are out of sight; empty when all are in it. */
export function outOfSight({ top, height, total }: Viewport): string {
  const below = Math.max(0, total - top - height);
  return [top > 0 ? `↑ ${top}` : '', below > 0 ? `↓ ${below}` : ''].filter(Boolean).join(' ');
}
