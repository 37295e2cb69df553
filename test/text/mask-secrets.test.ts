import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskSecrets, maskText } from '../../src/text/mask-secrets.ts';

function through(secrets: readonly string[], chunks: readonly Uint8Array[]): Buffer {
  const mask = maskSecrets(secrets);
  return Buffer.concat([...chunks.map((chunk) => mask.push(chunk)), mask.end()]);
}

describe('secrets in what a command puts out', () => {
  test('are taken out as they are, in base64, in a URL and in JSON', () => {
    const secret = 'S3cr3t/"topsy"é';
    const said = [
      `token ${secret}`,
      `T=${secret}`,
      Buffer.from(`${secret}\n`).toString('base64'),
      `https://x/?t=${encodeURIComponent(secret)}`,
      JSON.stringify({ secret }),
    ].join('\n');
    const kept = maskText(said, [secret]);
    expect(kept).not.toMatch(/S3cr3t|topsy|UzNjcjN0/);
    expect(kept.match(/\[secret\]/g)).toHaveLength(5);
  });

  test('are taken out wherever the chunks are cut, and nothing else is lost', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.array(fc.nat(80), { maxLength: 6 }), (noise, cuts) => {
        const bytes = Buffer.concat([noise, Buffer.from('aab-hunter2-aab'), noise, Buffer.from('hunter')]);
        const places = [0, ...[...cuts].map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        const expected = bytes.toString('latin1').replaceAll('hunter2', '[secret]');
        expect(through(['hunter2'], chunks).toString('latin1')).toBe(expected);
      }),
    );
  });

  test('each line of one of several lines is one; what is too short to be one is left', () => {
    expect(maskText('first-line\nsecond-line', ['first-line\nsecond-line'])).toBe('[secret]');
    expect(maskText('x second-line', ['first-line\nsecond-line'])).toBe('x [secret]');
    expect(maskText('a b c', ['b'])).toBe('a b c');
  });

  test('host bytes that are no UTF-8 stay what they are in a message', () => {
    const path = '/etc/cron.d/\udcff\udcfebad';
    expect(maskText(path, [])).toBe(path);
    expect(maskText(`${path} hunter2`, ['hunter2'])).toBe(`${path} [secret]`);
  });

  test('what is no beginning of a secret is passed on at once', () => {
    const mask = maskSecrets(['hunter2']);
    const pushed = (text: string) => Buffer.from(mask.push(Buffer.from(text))).toString();
    expect(pushed('password: ')).toBe('password: ');
    expect(pushed('hun')).toBe('');
    expect(pushed('t')).toBe('');
    expect(pushed('!')).toBe('hunt!');
  });
});
