/**
 * Time stamps of RFC 3161, asked for and checked by `openssl ts` (openssl-ts(1)): somebody else's word that a text
 * was there at a time. The server is told nothing but a hash.
 */
import { createHash } from 'node:crypto';
import { runTool } from './run-tool.ts';

const ASK_TIMEOUT_MS = 30_000;
/** Replies with a chain of certificates have a few kilobytes. */
const MOST_BYTES = 1024 * 1024;

export type Stamped =
  | { readonly status: 'stamped'; readonly reply: Uint8Array }
  | { readonly status: 'failed'; readonly detail: string };

/** Asks the server at an http(s) address for a stamp over the text (RFC 3161 3.4). */
export async function stampText(text: string, address: string): Promise<Stamped> {
  if (!/^https?:$/.test(URL.parse(address)?.protocol ?? ''))
    return { status: 'failed', detail: 'it is no http:// or https:// address' };
  const query = await runTool(['openssl', 'ts', '-query', '-sha256', '-cert', '-digest', digestOf(text)]);
  if (query.exitCode !== 0)
    return { status: 'failed', detail: query.failedToStart ?? lastLine(query.stderr) };
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: new Uint8Array(query.stdout),
      redirect: 'error',
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
    });
    if (!response.ok) return { status: 'failed', detail: `it answered ${response.status}` };
    const reply = await readAtMost(response);
    return reply === null
      ? { status: 'failed', detail: 'its answer is far too long' }
      : { status: 'stamped', reply };
  } catch (error) {
    const { message, cause } = error as Error;
    return { status: 'failed', detail: cause instanceof Error ? cause.message : message };
  }
}

export interface StampCheck {
  /** null: no authority was given to check it by. */
  readonly isGood: boolean | null;
  /** As openssl prints it; null if the file is no granted stamp. */
  readonly at: string | null;
  readonly detail: string;
}

/** Checks the reply in a file: is it over this text, and of whom `authorities` (a file of certificates) vouches for? */
export async function checkStamp(
  text: string,
  replyFile: string,
  authorities: string | null,
): Promise<StampCheck> {
  const shown = await runTool(['openssl', 'ts', '-reply', '-in', replyFile, '-text']);
  const said = shown.stdout.toString('utf8');
  const at = /^Time stamp: (.+)$/m.exec(said)?.[1] ?? null;
  if (shown.exitCode !== 0 || at === null) {
    const why = /^(?:Status description|Failure info): (?!unspecified)(.+)$/m.exec(said)?.[1];
    return { isGood: false, at: null, detail: shown.failedToStart ?? why ?? lastLine(shown.stderr) };
  }
  if (hashIn(said) !== digestOf(text)) return { isGood: false, at, detail: 'it is over something else' };
  if (authorities === null)
    return { isGood: null, at, detail: 'not checked: no certificates of its authority were given' };
  const verified = await runTool([
    ...['openssl', 'ts', '-verify', '-digest', digestOf(text), '-in', replyFile, '-CAfile', authorities],
  ]);
  const isGood = verified.exitCode === 0;
  return { isGood, at, detail: isGood ? 'good' : (verified.failedToStart ?? lastLine(verified.stderr)) };
}

/** Of the dump below `Message data:`: offset, 16 bytes in hex, the same as text. */
function hashIn(said: string): string {
  const dump = /^Message data:\n((?: {4}[0-9a-f]{4} - .*\n)+)/m.exec(said)?.[1] ?? '';
  return dump
    .split('\n')
    .map((line) => line.slice(11, 11 + 47).replace(/[^0-9a-f]/g, ''))
    .join('');
}

async function readAtMost(response: Response): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > MOST_BYTES) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function lastLine(bytes: Buffer): string {
  return bytes.toString('utf8').trim().split('\n').at(-1) || 'openssl said nothing';
}
