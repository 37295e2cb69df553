import { describe, expect, it } from 'vitest';
import { readSourceFiles } from './source-files.ts';

/** Programs of the sandbox's own run in the sandbox; what scans looks for is only named in findings/. */
const files = readSourceFiles().filter(({ folder }) => folder !== 'drill' && folder !== 'findings');

/**
 * Every place that has a shell read a text, with the text: a constant, or what a person has written as a command
 * (in a playbook, an option, `$EDITOR`). Values reach it as arguments or in the environment, never in the text.
 */
const SHELLS: Readonly<Record<string, readonly string[]>> = {
  'cli/run/edit-text.ts': ['\'exec $TOURNIQUET_EDITOR "$1"\''],
  'cli/run/mirror.ts': ['command'],
  'host/step-around.ts': ['START'],
  'host/scan/behind-mount.ts': ['READ'],
  'host/firewall/revert-timer.ts': ['\'setsid /bin/sh "$@" </dev/null >/dev/null 2>&1 & echo $!\''],
  'host/perform/command-session.ts': ['COMMAND_WRAPPER', 'command.shell'],
  'host/perform/upgrade-packages.ts': ['script'],
};
/** The constants among them, and where they stand. */
const CONSTANTS: Readonly<Record<string, string>> = {
  START: 'host/step-around.ts',
  READ: 'host/scan/behind-mount.ts',
  COMMAND_WRAPPER: 'host/perform/command-wrapper.ts',
  REVERT_SCRIPT: 'host/firewall/revert-timer.ts',
};

describe('no shell sees a value', () => {
  it('is started with a text only where it is listed', () => {
    const found = files.flatMap(({ path, code }) => {
      const texts = [
        ...code.matchAll(/'(?:\/bin\/)?(?:ba|da|z)?sh',\s*\[?\s*'-\w*c',\s*('[^']*'|`[^`]*`|[\w.]+)/g),
      ];
      return texts.length === 0 ? [] : [[path, texts.map(([, text = '']) => text)] as const];
    });
    expect(Object.fromEntries(found)).toEqual(SHELLS);
  });

  it('is never asked for by an option, nor by exec()', () => {
    const found = files.filter(
      ({ code }) =>
        /\bshell:\s*(?:true|process)/.test(code) ||
        /import \{[^}]*\b(?:exec|execSync|execCommand|\$)\b[^}]*\} from '(?:node:child_process|execa)'/.test(
          code,
        ),
    );
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  it.each(Object.entries(CONSTANTS))('%s is a constant', (name, path) => {
    const code = files.find((file) => file.path === path)?.code ?? '';
    const text = new RegExp(
      `const ${name}(?:: string)? =\\s*([\\s\\S]*?(?:(?<!\\\\)\`[\\s\\S]*?(?<!\\\\)\`|'[^']*'))`,
    ).exec(code);
    expect(text?.[1]).toBeDefined();
    expect(text?.[1]).not.toMatch(VALUE);
  });

  it('has the scripts of package managers as constants', () => {
    const code = files.find(({ path }) => path === 'host/perform/package-managers.ts')?.code ?? '';
    const scripts = [...code.matchAll(/script:\s*(`[^`]*`|'[^']*'|[^,]*)/g)].map(([, text = '']) => text);
    expect(scripts.filter((text) => text.includes('"$@"')).length).toBeGreaterThanOrEqual(3);
    for (const text of scripts) expect(text).not.toMatch(VALUE);
  });
});

/** Something put into a text that is no constant of the source. `\${` is the shell's own. */
const VALUE = /(?<!\\)\$\{(?!(?:[A-Z_]+|coverCommand\(\)\.join\(' '\))\})/;
