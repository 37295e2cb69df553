import type { Command } from 'commander';
import { SCAN_SCOPES } from '../../findings/scan.ts';
import { DEFAULT_SETTINGS } from '../../settings/settings-schema.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { settingNames } from '../settings.ts';
import { shippedPlaybooks } from '../surroundings.ts';
import { complete, incidentNames, playbookNames } from './complete.ts';

/** `tourniquet complete -- WORD…`, asked by the scripts of `tourniquet completion`. */
export async function completeVerb(
  context: CliContext,
  program: Command,
  words: readonly string[],
): Promise<ExitCode> {
  const { candidates, takesFiles } = await complete(program, words, {
    incidents: () => incidentNames(context.root),
    playbooks: () => playbookNames(shippedPlaybooks()),
    scopes: SCAN_SCOPES,
    settings: settingNames(DEFAULT_SETTINGS),
  });
  for (const { word, meaning } of candidates) {
    context.stdout.write(`${word}${meaning === '' ? '' : `\t${meaning}`}\n`);
  }
  if (takesFiles) context.stdout.write(':files\n');
  return EXIT.done;
}
