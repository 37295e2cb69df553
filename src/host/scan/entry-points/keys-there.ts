import { parseAuthorizedKey } from '../authorized-key.ts';
import { type Look, readLines } from '../look.ts';

/** Keys in the usual file of every account: whether anybody could log in without a password. */
export function keyCount(look: Look): number {
  return look.accounts
    .filter(({ home }) => home.startsWith('/') && home !== '/')
    .flatMap(({ home }) => readLines(look, 'entry-points', `${home}/.ssh/authorized_keys`) ?? [])
    .filter((line) => parseAuthorizedKey(line) !== null).length;
}
