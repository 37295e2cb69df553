import { parseAuthorizedKey } from './authorized-key.ts';
import { type Look, readLines } from './look.ts';
import type { SshdLine } from './sshd-config.ts';

/** Switches that open sshd, and what closes them. Taken out alone, a second line of the same kind further down would hold. */
const CLOSED: Readonly<Record<string, readonly [open: RegExp, closed: string]>> = {
  permitrootlogin: [/^yes$/i, 'PermitRootLogin prohibit-password'],
  permitemptypasswords: [/^yes$/i, 'PermitEmptyPasswords no'],
  permituserenvironment: [/^yes$/i, 'PermitUserEnvironment no'],
  strictmodes: [/^no$/i, 'StrictModes yes'],
  loglevel: [/^quiet$/i, 'LogLevel INFO'],
};

/**
 * What sets a line of sshd right. `instead`: stands in its place; left out: the line goes, and what stands below it or
 * sshd's own value holds (where keys come from, what is forced upon a login). `cutsOff`: why that could cut off the
 * responder, so that it is theirs to do.
 */
export function sshdRepair(line: SshdLine, look: Look): { instead?: string; cutsOff?: string } {
  const [open, closed] = CLOSED[line.keyword] ?? [];
  const instead = open?.test(line.value) === true ? closed : undefined;
  const cutsOff = whyCutsOff(line, look);
  return { ...(instead === undefined ? {} : { instead }), ...(cutsOff === null ? {} : { cutsOff }) };
}

function whyCutsOff({ keyword }: SshdLine, look: Look): string | null {
  const { peerAddress, keyFingerprint, account } = look.facts.responder;
  if (peerAddress === null) return null;
  if (keyword === 'permitrootlogin' && account === 'root' && keyFingerprint === null)
    return 'it is not known that you came in by a key, and as root you could not come in by a password any more';
  if (keyword !== 'authorizedkeysfile' && keyword !== 'authorizedkeyscommand') return null;
  const home = look.accounts.find(({ name }) => name === account)?.home ?? '';
  const keys = (readLines(look, 'sshd', `${home}/.ssh/authorized_keys`) ?? []).flatMap((text) => {
    const key = parseAuthorizedKey(text);
    return key === null ? [] : [key.fingerprint];
  });
  const isLeft = keyFingerprint === null ? keys.length > 0 : keys.includes(keyFingerprint);
  return isLeft
    ? null
    : 'the key that you came in by is not in the usual place, so it may come from here: put it there first';
}
