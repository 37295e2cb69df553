import { describe, expect, test } from 'vitest';
import { commandToType } from '../../src/cli/command-words.ts';
import { diskRefusal } from '../../src/cli/disk-refusal.ts';
import { shellQuote } from '../../src/operations/shell-quote.ts';
import { run, tourniquet } from '../end-to-end/program.ts';

describe('what to type next', () => {
  test('is the name by which the program was found, and the folder that was named', () => {
    expect(commandToType({ environment: {} }, 'resume x')).toBe('tourniquet resume x');
    expect(commandToType({ environment: { npm_command: 'run-script' } }, 'resume x')).toBe(
      'npx tourniquet resume x',
    );
    expect(commandToType({ environment: {}, namedFolder: "/srv/it's" }, 'undo x')).toBe(
      `tourniquet undo x --incident-dir ${shellQuote("/srv/it's")}`,
    );
  });
});

describe('a wrong word', () => {
  test('is named, with the command that was meant', () => {
    const { code, stdout, stderr } = run(['resme']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('There is no command "resme".');
    expect(stderr).toContain('Did you mean `tourniquet resume`?');
  });

  test('is no escape for the terminal', () => {
    expect(run(['\u001b[2Jxyz']).stderr).not.toContain('\u001b');
  });

  test('is refused behind a command as before', () => {
    const { code, stderr } = run(['scan', 'now']);
    expect(code).toBe(2);
    expect(stderr).toContain('too many arguments');
  });
});

test('every command has its help, the agent too', () => {
  const names = [...run(['--help']).stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name ?? '');
  for (const name of names) {
    const { code, stdout } = run([name, '--help']);
    expect({ code, usage: stdout.startsWith(`Usage: tourniquet ${name}`) || name === 'tourniquet' }).toEqual({
      code: 0,
      usage: true,
    });
  }
});

describe('what a disk says', () => {
  test('is told with its path and what to do, and is no bug', () => {
    const error = Object.assign(new Error('x'), { code: 'EROFS', syscall: 'chmod', path: '/srv/i\u001b[2J' });
    const refusal = diskRefusal(error);
    expect(refusal?.code).toBe('folder-unwritable');
    expect(refusal?.message).toContain('the file system is read-only');
    expect(refusal?.message).not.toContain('\u001b');
    expect(refusal?.hint).toContain('--incident-dir');
  });

  test('is not taken for what is a bug', () => {
    expect(diskRefusal(new TypeError('x is undefined'))).toBeNull();
    expect(diskRefusal(Object.assign(new Error('x'), { code: 'EACCES', syscall: 'spawn sh' }))).toBeNull();
    expect(diskRefusal(Object.assign(new Error('x'), { code: 'ENOENT', syscall: 'open' }))).toBeNull();
  });
});

test('a wrong step or input is said before a host is opened, and the command ends', () => {
  const agent = [...tourniquet, 'agent'].join(' ');
  for (const wrong of [
    ['--skip', 'nothing'],
    ['--input', 'nothing=1'],
  ]) {
    const { code, stderr } = run(['run', '--host', agent, '--yes', ...wrong]);
    expect(code).toBe(2);
    expect(stderr).toContain('"nothing"');
  }
});
