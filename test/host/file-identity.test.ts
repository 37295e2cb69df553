import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileIdentityError, identifyFile, tryIdentifyFile } from '../../src/host/file-identity.ts';
import { decodeHostBytes } from '../../src/text/host-bytes.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tourniquet-identity-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

describe('the identity of a file', () => {
  it('is its place, inode, owner, mode, time and contents', () => {
    const path = join(folder, 'a b');
    writeFileSync(path, 'hello');
    chmodSync(path, 0o4755);
    const stats = lstatSync(path, { bigint: true });
    expect(identifyFile(path)).toEqual({
      path,
      kind: 'file',
      device: String(stats.dev),
      inode: String(stats.ino),
      sizeBytes: 5,
      mode: 0o4755,
      uid: Number(stats.uid),
      gid: Number(stats.gid),
      mtimeNs: String(stats.mtimeNs),
      sha256: sha256('hello'),
    });
  });

  it('of a symlink is that of the link itself, also of one that leads in a circle', () => {
    const path = join(folder, 'loop');
    symlinkSync('loop', path);
    expect(identifyFile(path)).toMatchObject({ kind: 'symlink', sha256: sha256('loop') });
  });

  it('is had of a name that is no UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from(join(folder, 'x')), Buffer.from([0xff])]);
    writeFileSync(bytes, '1');
    const path = decodeHostBytes(bytes);
    expect(identifyFile(path)).toMatchObject({ path, sha256: sha256('1') });
  });

  it('is refused, at once, for a FIFO, a folder, a device and what is missing or too big', () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'big'), Buffer.alloc(2000));
    const code = (path: string, maxBytes?: number): string => {
      const outcome = tryIdentifyFile(path, maxBytes === undefined ? {} : { maxBytes });
      return outcome instanceof FileIdentityError ? outcome.code : 'identified';
    };
    expect(code(join(folder, 'pipe'))).toBe('not-a-file');
    expect(code(join(folder, 'sub'))).toBe('not-a-file');
    expect(code('/dev/zero')).toBe('not-a-file');
    expect(code(join(folder, 'missing'))).toBe('missing');
    expect(code(join(folder, 'big', 'below'))).toBe('missing');
    expect(code(join(folder, 'big'), 1000)).toBe('too-big');
    expect(code(join(folder, 'big'), 2000)).toBe('identified');
  });

  it('does not touch the time of last access', () => {
    const path = join(folder, 'a b');
    const before = lstatSync(path, { bigint: true }).atimeNs;
    identifyFile(path);
    expect(lstatSync(path, { bigint: true }).atimeNs).toBe(before);
  });
});
