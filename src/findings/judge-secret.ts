import { finish, type IdMaker } from './draft.ts';
import type { Finding } from './finding.ts';
import { type ObservedSecret, SECRET_KINDS } from './secret-kinds.ts';
import type { Signal } from './weigh.ts';

/** A secret that has to be taken as known to others. It is no sign of anything, and is never malicious. */
export function judgeSecret(seen: ObservedSecret, id: IdMaker): Finding {
  const { label, advice } = SECRET_KINDS[seen.secret];
  const signals: Signal[] = [
    {
      topic: 'exposed',
      code: 'exposed-secret',
      text: 'Whoever was root here could read it: it has to be replaced where it was issued',
      weight: 25,
    },
  ];
  if ((seen.mode & 0o004) !== 0)
    signals.push({
      topic: 'mode',
      code: 'world-readable',
      text: 'Every account of the host could read it',
      weight: 10,
    });
  if (seen.isEncrypted === true)
    signals.push({
      topic: 'encrypted',
      code: 'encrypted',
      text: 'A passphrase guards it, as far as nobody has guessed or overheard that',
      weight: -10,
    });
  const place = seen.line === null ? seen.path : `${seen.path} line ${seen.line}`;
  return finish({
    id: id('secret', `${seen.secret} ${seen.path} ${seen.keyId ?? ''}`),
    subject: {
      kind: 'secret',
      secret: seen.secret,
      path: seen.path,
      line: seen.line,
      keyId: seen.keyId,
      isEncrypted: seen.isEncrypted,
      advice,
    },
    title: `${label}${seen.keyId === null ? '' : ` ${seen.keyId}`}, ${place}`,
    signals,
    places: [{ path: seen.path, ...(seen.line === null ? {} : { line: seen.line }) }],
    attack: ['T1552.001', ...(PRIVATE_KEYS.has(seen.secret) ? ['T1552.004'] : [])],
    times: seen.times,
    owner: seen.owner,
  });
}

const PRIVATE_KEYS: ReadonlySet<ObservedSecret['secret']> = new Set([
  'ssh-private-key',
  'private-key',
  'pgp-private-key',
  'kubernetes-key',
  'vpn-key',
]);
