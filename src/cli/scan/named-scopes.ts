import { SCAN_SCOPES, type ScanScope } from '../../findings/scan.ts';
import { mechanismNotes } from '../../findings/scope-notes.ts';
import { nearest } from '../../playbook/nearest.ts';
import { printable } from '../../text/printable.ts';
import { UserError } from '../../text/user-error.ts';

/**
 * `--only a,b` and `--only a --only b`, in the order in which they are read; all without it.
 * @throws UserError `unknown-scope` that says what was probably meant: what is looked for (a `crontab`) is called by
 *   where that belongs (`cron`).
 */
export function namedScopes(only: readonly string[] | undefined): readonly ScanScope[] {
  if (only === undefined) return SCAN_SCOPES;
  const named = only
    .flatMap((text) => text.split(','))
    .map((text) => text.trim().toLowerCase())
    .filter((text) => text !== '');
  const all: readonly string[] = SCAN_SCOPES;
  const unknown = named.length === 0 ? '' : named.find((name) => !all.includes(name));
  if (unknown !== undefined)
    throw new UserError('unknown-scope', `There is nothing called "${printable(unknown)}" to look at.`, {
      hint: `${meant(unknown)}There are: ${SCAN_SCOPES.join(', ')}.`,
    });
  return SCAN_SCOPES.filter((scope) => named.includes(scope));
}

function meant(name: string): string {
  const words = name.replaceAll(/[ _]/g, '-');
  const singular = (text: string): string => text.replace(/s$/, '');
  const scope =
    SCAN_SCOPES.find((one) => singular(one) === singular(words)) ??
    mechanismNotes().find((one) => singular(one.name) === singular(words))?.scope ??
    (nearest(words, SCAN_SCOPES) as ScanScope | null);
  return scope === null || scope === undefined ? '' : `Is \`--only ${scope}\` meant? `;
}
