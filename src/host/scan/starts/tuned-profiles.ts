import type { ScanScope } from '../../../findings/scan.ts';
import { type Look, listFolder } from '../look.ts';
import {
  type ParsedStart,
  parseLines,
  parseProgram,
  placesIn,
  type StartPlace,
  type StartText,
} from './start-reader.ts';

/** Profiles of tuned(8) that an administrator made: `script=X`, and the scripts beside them, run as root at every start. */
export function* tunedProfiles(look: Look, scope: ScanScope): Generator<StartPlace> {
  for (const parent of ['/etc/tuned', '/etc/tuned/profiles']) {
    for (const name of listFolder(look, scope, parent)) {
      const folder = `${parent}/${name}`;
      yield { path: `${folder}/tuned.conf`, account: null, as: 'lines', parse: parseProfile };
      yield* placesIn(look, scope, folder, { as: 'file', parse: parseProgram, name: /\.sh$/ });
    }
  }
}

/** A path may begin with `${i:PROFILE_DIR}` or be relative to it; `${f:exec:X:Y}` runs X when a value is filled in. */
function parseProfile({ path, text }: StartText): ParsedStart {
  const folder = path.slice(0, path.lastIndexOf('/'));
  return parseLines(text, (line) => {
    const script = /^\s*script\s*[=:]\s*(\S.*)$/.exec(line)?.[1]?.trim();
    const own = script?.replaceAll('${i:PROFILE_DIR}', folder);
    const whole = own === undefined || own.startsWith('/') ? own : `${folder}/${own}`;
    const filled = [...line.matchAll(/\$\{f:exec:([^}]+)\}/g)].map((match) =>
      (match[1] ?? '').replaceAll(':', ' '),
    );
    return [...(whole === undefined ? [] : [whole]), ...filled];
  });
}
