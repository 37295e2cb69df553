import { changeSetting, readSettings } from '../settings/settings.ts';
import type { Settings } from '../settings/settings-schema.ts';
import { safeJson } from '../text/json.ts';
import { printable } from '../text/printable.ts';
import { UserError } from '../text/user-error.ts';
import type { CliContext } from './context.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** `tourniquet settings [KEY [VALUE]]`: shows all or one; with a value sets it. `-` as value: back to the default. */
export async function settingsVerb(
  context: CliContext,
  name: string | undefined,
  text: string | undefined,
): Promise<ExitCode> {
  const { path, settings } = await readSettings();
  if (name === undefined) {
    context.stdout.write(
      context.json
        ? `${safeJson({ path, settings }, 2)}\n`
        : `${printable(path)}\n${flat(settings)
            .map(([key, value]) => `${key}  ${printable(String(value ?? '(not set)'))}\n`)
            .join('')}`,
    );
    return EXIT.done;
  }
  const known = flat(settings).find(([key]) => key === name);
  if (known === undefined) {
    throw new UserError('no-such-setting', `There is no setting "${name}".`, {
      hint: `There are: ${settingNames(settings).join(', ')}.`,
    });
  }
  if (text === undefined) {
    context.stdout.write(`${printable(String(known[1] ?? ''))}\n`);
    return EXIT.done;
  }
  const problem = await write(settings, name, text === '-' ? undefined : parseSetting(text));
  if (problem !== null) throw new UserError('setting-not-written', problem);
  return EXIT.done;
}

export function settingNames(settings: Settings): readonly string[] {
  return flat(settings).map(([key]) => key);
}

/** `defaults.playbook` for what stands in a group. */
function flat(settings: Settings): [string, unknown][] {
  return Object.entries(settings).flatMap(([key, value]): [string, unknown][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).map(([inner, each]) => [`${key}.${inner}`, each])
      : [[key, value]],
  );
}

function write(settings: Settings, name: string, value: unknown): Promise<string | null> {
  const [key = '', inner] = name.split('.');
  if (inner === undefined) return changeSetting(key as keyof Settings, value as never);
  const group = key as 'defaults' | 'signals';
  const others = Object.fromEntries(Object.entries(settings[group]).filter(([each]) => each !== inner));
  return changeSetting(group, (value === undefined ? others : { ...others, [inner]: value }) as never);
}

/** As it would stand in the file: true, false and numbers are themselves, all else is text. conf's schema judges it. */
function parseSetting(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d+$/.test(text) ? Number(text) : text;
}
