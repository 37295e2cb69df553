import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameError, frameGuard } from '../../src/host/frame-guard.ts';
import { isEvidenceName } from '../../src/host/remote-evidence.ts';

const frame = (body: Uint8Array) =>
  Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);

async function through(pieces: readonly Buffer[], most?: number): Promise<Buffer> {
  const out: Buffer[] = [];
  for await (const bytes of Readable.from(pieces).pipe(frameGuard(most))) out.push(bytes as Buffer);
  return Buffer.concat(out);
}

/** The same bytes in pieces cut anywhere. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at
    .slice(1)
    .map((end, index) => bytes.subarray(at[index], end))
    .filter((piece) => piece.length > 0);
}

describe('frameGuard', () => {
  it('lets frames through byte for byte, however they are cut', async () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(bodies, fc.array(fc.nat(5000), { maxLength: 20 }), async (each, places) => {
        const whole = Buffer.concat(each.map(frame));
        expect((await through(cut(whole, places))).equals(whole)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    'Welcome to web-1\r\n',
    'content-length: 5\r\n\r\nhello',
    'Content-Length: x\r\n\r\n',
    'Content-Length: 5\n\nhello',
    'Content-Length: 5\r\nX: y\r\n\r\nhello',
    `Content-Length: ${'1'.repeat(13)}\r\n\r\n`,
    '\u001b[?2004h',
    '\0',
  ])('stops at the first byte that is none of ours: %j', async (noise) => {
    const good = frame(Buffer.from('{"a":1}'));
    for (const pieces of [
      [good, Buffer.from(noise)],
      cut(Buffer.concat([good, Buffer.from(noise)]), [3, 30, 31, 40]),
    ]) {
      await expect(through(pieces)).rejects.toThrow(FrameError);
    }
  });

  it('says what it heard instead, and no more than the beginning of it', async () => {
    const error = await through([Buffer.from(`Last login: today\n${'x'.repeat(5000)}`)]).catch(
      (each) => each,
    );
    expect(error).toBeInstanceOf(FrameError);
    expect(error.said).toMatch(/^Last login: today\nx+$/);
    expect(error.said.length).toBeLessThanOrEqual(300);
  });

  it('refuses a message that is too long before any of it is held', async () => {
    await expect(through([Buffer.from('Content-Length: 101\r\n\r\n')], 100)).rejects.toThrow(
      'more than is taken',
    );
    expect((await through([frame(Buffer.alloc(100))], 100)).length).toBe(123);
  });
});

describe('isEvidenceName', () => {
  it.each(['a', 'a/b.tar.zst', 'kill-process.1.3/exe', '...'])('takes %j', (name) => {
    expect(isEvidenceName(name)).toBe(true);
  });

  it.each([
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '..',
    '../a',
    'a/../b',
    './a',
    'a/.',
    'a\0',
    'a b',
    'a\\b',
    'é',
    7,
    null,
  ])('refuses %j', (name) => {
    expect(isEvidenceName(name)).toBe(false);
  });
});
