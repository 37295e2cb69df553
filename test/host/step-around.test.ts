import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import { parsePreload } from '../../src/host/preload-file.ts';
import { GUARD } from '../../src/host/step-around.ts';
import { type Namespace, openNamespace } from '../support/namespace.ts';
import { PRIVATE_ETC } from '../support/private-etc.ts';

const HERE = [process.execPath, fileURLToPath(new URL('fixtures/step-around-here.ts', import.meta.url))];
let folder = '';
let library = '';
let space: Namespace;

beforeAll(async () => {
  folder = mkdtempSync('/var/tmp/tourniquet-test-');
  library = join(folder, 'libharmless.so');
  // Any library will do that is not in use anyway: it only has to be mapped.
  const some = execFileSync('/bin/sh', [
    '-c',
    'ls /lib/*-linux-*/libutil.so.1 /lib64/libutil.so.1 2> /dev/null || :',
  ]);
  copyFileSync(some.toString().split('\n')[0] ?? '', library);
  space = await openNamespace(`${PRIVATE_ETC}\nprintf '# ours\\n%s\\n' '${library}' > /etc/ld.so.preload`);
});
afterAll(async () => {
  await space.end();
  rmSync(folder, { recursive: true, force: true });
});

describe('a library that is loaded into every program', () => {
  it('is in an ordinary program here', () => {
    expect(space.run(['cat', '/proc/self/maps'])).toContain(library);
  });

  it('is not in tourniquet, nor in the tools it starts, and the file stays as it is', () => {
    const before = space.run(['stat', '-c', '%i %s %Y %Z', '/etc/ld.so.preload']);
    const seen = JSON.parse(space.run([...HERE, library, 'an argument', '$(x)']));
    expect(seen).toMatchObject({
      argv: [library, 'an argument', '$(x)'],
      environment: [],
      isHooked: false,
      isToolHooked: false,
      isToolHookedAfter: false,
      covered: '',
      lifted: `# ours\n${library}\n`,
      facts: {
        isSteppedAround: true,
        failure: null,
        libraries: [
          { path: library, sha256: createHash('sha256').update(readFileSync(library)).digest('hex') },
        ],
      },
    });
    expect(space.run(['stat', '-c', '%i %s %Y %Z', '/etc/ld.so.preload'])).toBe(before);
    expect(space.run(['cat', '/etc/ld.so.preload'])).toBe(`# ours\n${library}\n`);
    expect(space.run(['cat', '/proc/self/mountinfo'])).not.toContain('/etc/ld.so.preload');
    const findings: Finding[] = seen.findings;
    const line = findings.find(({ subject }) => subject.kind === 'file-line');
    expect(line?.subject).toMatchObject({ role: 'preload-entry', line: { number: 2, text: library } });
    const remark = findings.find(({ subject }) => subject.kind === 'disagreement');
    expect(remark?.title).toBe('/etc/ld.so.preload');
    expect(remark?.reasons[0]?.text).toContain(seen.facts.libraries[0].sha256);
  });

  it('never makes it start itself a second time', () => {
    const seen = JSON.parse(space.run(['env', `${GUARD}=["${library}"]`, ...HERE, library]));
    expect(seen).toMatchObject({ isHooked: true, facts: { isSteppedAround: false } });
    expect(seen.facts.failure).toContain('cover');
    expect(JSON.stringify(seen.findings)).toContain('may be altered');
    const odd = JSON.parse(space.run(['env', `${GUARD}=not json`, ...HERE, library]));
    expect(odd.isHooked).toBe(true);
    expect(space.run(['cat', '/proc/self/mountinfo'])).not.toContain('/etc/ld.so.preload');
  });

  it('is read as the dynamic linker reads it', () => {
    expect(parsePreload('/a.so /b.so:/c.so # /d.so\n\n#/e.so\n\t/f.so')).toEqual([
      '/a.so',
      '/b.so',
      '/c.so',
      '/f.so',
    ]);
    expect(parsePreload('')).toEqual([]);
  });
});
