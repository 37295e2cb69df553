import { describe, expect, test } from 'vitest';
import { commandToType } from '../../src/cli/command-words.ts';
import { shellQuote } from '../../src/operations/shell-quote.ts';
import { run } from '../end-to-end/program.ts';

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
