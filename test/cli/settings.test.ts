import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { run } from '../end-to-end/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'tourniquet-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));
const settings = (...args: string[]) => run(['settings', ...args], { XDG_CONFIG_HOME: folder });

test('a setting that is written is read again, and used; "-" takes it back', () => {
  expect(settings('responder', 'ana').code).toBe(0);
  expect(settings('defaults.sampleMs', '500').code).toBe(0);
  expect(settings('responder').stdout).toBe('ana\n');
  expect(JSON.parse(settings('--json').stdout).settings).toMatchObject({
    responder: 'ana',
    defaults: { sampleMs: 500, playbook: 'cryptominer-linux' },
  });
  expect(settings('responder', '-').code).toBe(0);
  expect(settings('responder').stdout).toBe('\n');
});

test('what does not exist or does not fit is refused in words, and nothing is written', () => {
  const unknown = settings('colour', 'red');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('There are: responder');
  const wrong = settings('theme', 'pink');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('was not written');
  expect(settings('theme').stdout).toBe('auto\n');
});
