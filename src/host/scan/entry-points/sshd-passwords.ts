import { type Look, readLines } from '../look.ts';
import { readSshdConfig } from '../sshd-config.ts';
import type { EntryReading } from './reading.ts';

const ADVICE = 'Let only keys in. Whoever has no key yet must put one there first.';

/**
 * Whether sshd takes passwords: `PasswordAuthentication` is yes unless said otherwise, and the first word counts
 * (sshd_config(5)). The edit is left out where it could cut somebody off: the responder, unless a key let them in.
 */
export function readSshdPasswords(
  look: Look,
  hasKeys: boolean,
): { readonly path: string; readonly reading: EntryReading } | null {
  const all = readSshdConfig(look);
  if (all.length === 0) return null;
  const given = all.find(
    ({ keyword, match, isEffective }) =>
      keyword === 'passwordauthentication' && match === null && isEffective,
  );
  if (given !== undefined && !/^yes$/i.test(given.value)) return null;
  const port = Number(all.find(({ keyword }) => keyword === 'port')?.value ?? 22);
  const { peerAddress, keyFingerprint } = look.facts.responder;
  const whyNot =
    peerAddress !== null && keyFingerprint === null
      ? 'It is not known that you came in by a key: this would cut off a log-in by password, so it is for you to do, with a second session open.'
      : hasKeys
        ? null
        : 'No account has a key that could log in: put yours there first, or nobody gets in.';
  const reading = {
    what: 'sshd takes passwords',
    line: given?.number ?? null,
    value:
      given === undefined
        ? 'PasswordAuthentication is not set: yes'
        : `PasswordAuthentication ${given.value}`,
    port,
    isOpenToAll: false,
    advice: whyNot === null ? ADVICE : `${ADVICE} ${whyNot}`,
  };
  if (whyNot !== null) return { path: given?.path ?? '/etc/ssh/sshd_config', reading };
  return { path: given?.path ?? '/etc/ssh/sshd_config', reading: { ...reading, edit: editFor(look, given) } };
}

function editFor(
  look: Look,
  given: { readonly path: string; readonly number: number } | undefined,
): EntryReading['edit'] {
  const text = 'PasswordAuthentication no';
  if (given === undefined) return { removeLines: [], insertLines: [{ below: null, text }] };
  const line = (readLines(look, 'entry-points', given.path) ?? [])[given.number - 1] ?? '';
  return { removeLines: [], replaceLines: [{ line: { number: given.number, text: line }, text }] };
}
