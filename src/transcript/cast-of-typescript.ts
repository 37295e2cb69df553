export interface CastContext {
  readonly columns: number;
  readonly rows: number;
  /** Milliseconds since the epoch. */
  readonly startedMs: number;
  readonly title: string;
}

/**
 * What script(1) recorded as asciicast v3 (docs.asciinema.org/manual/asciicast/v3). `timing` is its timing file in
 * the classic form: on each line the seconds since the piece before and the piece's bytes (scriptreplay(1)). The
 * typescript's first line, which script writes itself, is no part of it. Bytes that are not UTF-8 become U+FFFD;
 * escapes stay what they are, as a recording is played and not read.
 */
export function castOfTypescript(typescript: Uint8Array, timing: string, context: CastContext): string {
  const { columns, rows, startedMs, title } = context;
  const header = {
    version: 3,
    term: { cols: columns, rows },
    timestamp: Math.floor(startedMs / 1000),
    title,
  };
  const lines = [JSON.stringify(header)];
  const decoder = new TextDecoder();
  let at = typescript.indexOf(0x0a) + 1;
  let wait = 0;
  for (const line of timing.split('\n')) {
    const [, delay, size] = /^(\d+(?:\.\d+)?) (\d+)$/.exec(line) ?? [];
    if (delay === undefined || size === undefined) continue;
    wait += Number(delay);
    const text = decoder.decode(typescript.subarray(at, at + Number(size)), { stream: true });
    at += Number(size);
    if (text === '') continue;
    lines.push(JSON.stringify([Math.round(wait * 1e6) / 1e6, 'o', text]));
    wait = 0;
  }
  return `${lines.join('\n')}\n`;
}
