/** What Ink writes, as the stage sees it. */
export type InkChunk =
  /** Marks around a frame, an erasing before one: the frame is all that counts. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'frame'; readonly text: string }
  /** A mode of the terminal that leaves its cells as they are (cursor shown, bracketed paste). */
  | { readonly kind: 'mode'; readonly bytes: string }
  /** Anything else: afterwards nothing is known of the screen. */
  | { readonly kind: 'other'; readonly bytes: string };

const MARK = /^(?:\u001b\[\?2026[hl])*$/;
const MODE = /^(?:\u001b\[\?(?:25|2004)[hl])+$/;
/** ansi-escapes: `eraseLines(n)`, or `cursorTo(0, 0)` and `eraseDown`. */
const ERASING = /^(?:\u001b\[2K(?:\u001b\[1A\u001b\[2K)*\u001b\[G|\u001b\[1;1H\u001b\[J)/;
/** Text, line feeds, styles and links. */
const FRAME =
  /^(?:[^\u0000-\u0009\u000b-\u001f\u007f-\u009f]|\u001b\[[\d;:]*m|\u001b\]8;[^\u0000-\u001f\u007f]*(?:\u0007|\u001b\\))*$/;

/** Tells what a piece of Ink's output (not incremental, on the alternate screen) is. */
export function readInkChunk(chunk: string): InkChunk {
  if (MARK.test(chunk)) return { kind: 'nothing' };
  if (MODE.test(chunk)) return { kind: 'mode', bytes: chunk };
  const text = chunk.replace(ERASING, '');
  if (!FRAME.test(text)) return { kind: 'other', bytes: withWrapping(chunk) };
  const frame = text.replace(/\n$/, '');
  return frame === '' ? { kind: 'nothing' } : { kind: 'frame', text: frame };
}

/** Lines are not wrapped while the screen is ours, so that a character of a doubtful width cannot push others. */
function withWrapping(bytes: string): string {
  return bytes
    .replaceAll('\u001b[?1049h', '\u001b[?1049h\u001b[?7l')
    .replaceAll('\u001b[?1049l', '\u001b[?7h\u001b[?1049l');
}
