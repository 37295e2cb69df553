import { chmodSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { doctor } from '../../src/cli/doctor/doctor.ts';
import type { Check } from '../../src/cli/doctor/doctor-check.ts';
import { checkIncidentsFolder } from '../../src/cli/doctor/doctor-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function examine(json: boolean) {
  let text = '';
  const code = await doctor({
    json,
    write: (piece) => {
      text += piece;
    },
    incidentsFolder: join(folder, 'not', 'yet'),
    terminal: { isTty: true, environment: { TERM: 'xterm', LANG: 'en_US.UTF-8' } },
  });
  return { code, text };
}

describe('doctor', () => {
  it('says of each thing whether it is there, and of what is missing what it means and what to do', async () => {
    const { code, text } = await examine(true);
    const checks = JSON.parse(text) as Check[];
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Node', 'rights', 'terminal', 'incidents', 'firewall', 'packages', 'drill']),
    );
    for (const check of checks) {
      expect(['ok', 'missing', 'unknown']).toContain(check.status);
      expect(check.detail).not.toBe('');
      if (check.status !== 'ok') expect(check.meaning).not.toBe('');
    }
    const isLacking = checks.some(({ status, isNeeded }) => status !== 'ok' && isNeeded);
    expect(code).toBe(isLacking ? 3 : 0);
  });

  it('says the same for people, with a word for each state, and changes nothing', async () => {
    const { text } = await examine(false);
    expect(text).toMatch(/^ok {7}Node: \d+\.\d+/);
    expect(text).toMatch(/^ok {7}terminal: xterm, UTF-8$/m);
    expect(text.trimEnd().split('\n').at(-1)).toMatch(/missing|Needed/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the incidents folder', () => {
  it('may be made, or be there for its owner alone', async () => {
    expect(await checkIncidentsFolder(join(folder, 'a', 'b'))).toMatchObject({ status: 'ok' });
    expect(await checkIncidentsFolder(folder)).toMatchObject({ status: 'ok' });
  });

  it('must not be open to others, a link, or a file', async () => {
    const link = join(folder, 'link');
    symlinkSync('/tmp', link);
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(await checkIncidentsFolder(link)).toMatchObject({ status: 'missing', isNeeded: true });
    expect(await checkIncidentsFolder(file)).toMatchObject({ status: 'missing', isNeeded: true });
    chmodSync(folder, 0o755);
    const open = await checkIncidentsFolder(folder);
    expect(open).toMatchObject({ status: 'missing', isNeeded: true, detail: expect.stringContaining('755') });
    expect(open.remedy).toContain('chmod 700');
  });
});
