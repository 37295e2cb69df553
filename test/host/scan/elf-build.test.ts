import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elfBuild } from '../../../src/host/scan/elf-build.ts';
import { makeTree, scanTree } from './tree.ts';

let folder = '';
let built = Buffer.alloc(0);
beforeAll(() => {
  folder = mkdtempSync('/var/tmp/tourniquet-test-');
  const source = join(folder, 'a.c');
  writeFileSync(source, 'int main(void) { return 0; }\n');
  execFileSync('gcc', ['-static', '-no-pie', '-o', join(folder, 'a'), source]);
  built = readFileSync(join(folder, 'a'));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Where its program headers end. */
const headersEnd = (bytes: Buffer): number =>
  Number(bytes.readBigUInt64LE(32)) + bytes.readUInt16LE(54) * bytes.readUInt16LE(56);

/** As UPX writes it: behind the headers a sum, its mark, and what it has packed. */
function marked(): Buffer {
  const bytes = Buffer.from(built);
  bytes.write('UPX!', headersEnd(bytes) + 4, 'latin1');
  return bytes;
}

function withoutSections(): Buffer {
  const bytes = Buffer.from(built);
  bytes.writeBigUInt64LE(0n, 40);
  bytes.writeUInt16LE(0, 60);
  return bytes;
}

describe('how a program is put together', () => {
  it('is told of real ones', () => {
    expect(elfBuild(built.subarray(0, 65_536))).toBe('static');
    expect(elfBuild(readFileSync('/bin/sh').subarray(0, 65_536))).toBeNull();
    expect(elfBuild(readFileSync(process.execPath).subarray(0, 65_536))).toBeNull();
    expect(elfBuild(marked())).toBe('packed');
    expect(elfBuild(withoutSections())).toBe('packed');
  });

  it('is not told of what is cut off or made up', () => {
    for (const length of [0, 4, 51, 63, 64, 120]) expect(elfBuild(built.subarray(0, length))).toBeNull();
    expect(elfBuild(Buffer.alloc(4096, 0xff))).toBeNull();
    expect(elfBuild(Buffer.from(`\x7fELF\x02\x01${'\xff'.repeat(200)}`, 'latin1'))).toBeNull();
  });

  it('speaks against what no package brought, weakly, and never alone', async () => {
    const root = makeTree({
      '/etc/systemd/system/tool.service': '[Service]\nExecStart=/opt/tool/run\n',
      '/opt/tool/run': { bytes: marked() },
      '/etc/systemd/system/other.service': '[Service]\nExecStart=/opt/other/run\n',
      '/opt/other/run': { bytes: built },
      '/tmp/.x/run': { bytes: marked() },
    });
    const { findings } = await scanTree(root, {}, ['units', 'dropped-files']);
    const of = (title: string) => findings.find((finding) => finding.title === title);
    expect(of('/tmp/.x/run')?.reasons.map(({ code }) => code)).toContain('packed-program');
    expect(
      findings.filter(({ title }) => /tool|other/.test(title)).map(({ verdict }) => verdict),
    ).not.toContain('suspicious');
  });
});
