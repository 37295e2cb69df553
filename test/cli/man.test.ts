import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { run } from '../end-to-end/program.ts';

describe('the manual page', () => {
  const { stdout } = run(['man']);

  test('names every command, option and exit code that --help names', () => {
    const plain = stdout.replaceAll('\\-', '-');
    const commands = [...run(['--help']).stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name ?? '');
    expect(commands.length).toBeGreaterThan(10);
    for (const name of commands.filter((each) => each !== 'help' && each !== 'tourniquet')) {
      expect(plain).toMatch(new RegExp(`^\\.SS ${name}\\b`, 'm'));
    }
    for (const word of [
      '--incident-dir',
      '--max-risk',
      '--choose',
      '--scenario',
      '.B 130',
      'settings.json',
    ]) {
      expect(plain).toContain(word);
    }
  });

  test('has no line that roff would take for something else', () => {
    const requests = stdout.split('\n').filter((line) => /^[.']/.test(line));
    expect(requests.filter((line) => !/^\.(TH|SH|SS|TP|B|I)\b/.test(line))).toEqual([]);
  });

  test('is read by groff without a warning, where it is', () => {
    const groff = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-z'], { input: stdout, encoding: 'utf8' });
    // groff is no part of a minimal system; the two tests above hold without it.
    if (groff.error === undefined) expect(groff.stderr).toBe('');
  });
});
