import { finish, type IdMaker, pardon } from './draft.ts';
import type { AccountRights, Finding, PackageSubject } from './finding.ts';
import { byWhom } from './indicators.ts';
import { accountShellSignals } from './judge-shells.ts';
import type { KnownBad } from './known-bad.ts';
import type { ObservedDisagreement, ObservedHostKey, Setting } from './observation.ts';
import { type ObservedAccount, RUNTIME_GROUP } from './observed-account.ts';
import type { Signal } from './weigh.ts';

export function judgeAccount(
  seen: ObservedAccount,
  rights: AccountRights | null,
  setting: Setting,
  known: KnownBad,
  id: IdMaker,
): Finding {
  const signals: Signal[] = [];
  const add = (topic: string, code: string, weight: number, text: string): void => {
    signals.push({ topic, code, weight, text });
  };
  if (seen.account !== setting.responderAccount && seen.canLogIn) {
    add('account', 'can-log-in', 20, 'It can log in; whether it should has to be said by somebody who knows');
  }
  const bad = setting.indicators.accounts.get(seen.account);
  if (bad !== undefined)
    add(
      'name',
      'known-bad-account',
      90,
      `Intruders are known to make an account “${seen.account}”${byWhom(bad)}`,
    );
  // Of two that share root's number root is not the odd one.
  if (seen.isUidShared && seen.account !== 'root')
    add('uid', 'uid-shared', 50, `Another account has the same user id ${seen.uid}`);
  if (seen.uid === 0 && seen.account !== 'root')
    add('uid', 'second-root', 60, 'It has all rights of root under another name');
  if (seen.gid === 0 && seen.uid !== 0 && !/^(sync|shutdown|halt|operator)$/.test(seen.account)) {
    add('gid', 'root-group', 25, 'Its group is root’s');
  }
  const runtime = seen.uid === 0 ? undefined : seen.groups.find((name) => RUNTIME_GROUP.test(name));
  if (runtime !== undefined) {
    const text = `It is in the group ${runtime}, and who is in it can be root at any time`;
    add('runtime', 'runtime-group', seen.uid < 1000 ? 25 : 10, text);
  }
  if (seen.uid > 0 && seen.uid < 1000 && seen.hasPassword)
    add('system', 'system-password', 40, 'It is an account for a program, and has a password all the same');
  else if (seen.uid > 0 && seen.uid < 1000 && seen.canLogIn)
    add('system', 'system-account', 30, 'It is an account for a program, and can log in all the same');
  signals.push(...accountShellSignals(seen, setting.indicators));
  if (seen.hasHashInPasswd)
    add('hash', 'hash-in-passwd', 40, 'Its password stands in /etc/passwd, where everybody can read it');
  if (known.hasMalicious && seen.hasPassword) {
    add('exposed', 'exposed', 5, 'Its password may be known to whoever got in');
  }
  const finding = finish({
    id: id('account', `${seen.account} ${seen.uid}`),
    subject: {
      kind: 'account',
      account: seen.account,
      uid: seen.uid,
      shell: seen.shell,
      hasPassword: seen.hasPassword,
      ...(rights === null ? {} : { rights }),
    },
    title: seen.account,
    signals,
    places: [seen.place],
    attack: [
      'T1136.001',
      'T1078.003',
      ...(signals.some(({ code }) => code === 'shell-with-space' || code === 'shell-is-there')
        ? ['T1036.006']
        : []),
    ],
    times: seen.changed,
    beganAtMs: seen.lastLoginMs,
    owner: seen.account,
  });
  return seen.account === setting.responderAccount
    ? pardon(finding, 'responder', 'The responder is logged in with this account')
    : finding;
}

export function judgeHostKey(seen: ObservedHostKey, id: IdMaker): Finding {
  const text = 'Whoever had root could have copied it, and could pass for this host';
  return finish({
    id: id('host-key', `${seen.file.path} ${seen.fingerprint}`),
    subject: { kind: 'host-key', file: seen.file, type: seen.type, fingerprint: seen.fingerprint },
    title: `${seen.file.path} (${seen.fingerprint})`,
    signals: [{ topic: 'key', code: 'may-be-copied', text, weight: 20 }],
    places: [{ path: seen.file.path }],
    attack: ['T1552.004'],
    times: { mtimeNs: seen.file.mtimeNs, ctimeNs: seen.ctimeNs },
    owner: seen.owner,
  });
}

/** Where it stands which version is installed. */
const DATABASES: Readonly<Record<PackageSubject['manager'], Finding['places']>> = {
  apt: [{ path: '/var/lib/dpkg/status' }],
  dnf: [{ path: '/var/lib/rpm' }],
  zypper: [{ path: '/var/lib/rpm' }],
  apk: [{ path: '/lib/apk/db/installed' }],
  'windows-update': [],
};

export function judgePackage(seen: PackageSubject, id: IdMaker): Finding {
  const signal: Signal = seen.isSecurity
    ? {
        topic: 'update',
        code: 'security-update',
        text: 'A security update for it is waiting; whether it was the way in is not known',
        weight: 35,
      }
    : { topic: 'update', code: 'update', text: 'An update for it is waiting', weight: 20 };
  return finish({
    id: id('package', seen.name),
    subject: seen,
    title: `${seen.name} ${seen.installed} → ${seen.available}`,
    signals: [signal],
    places: DATABASES[seen.manager],
    attack: ['T1190'],
    owner: null,
    package: seen.name,
  });
}

export function judgeDisagreement(seen: ObservedDisagreement, id: IdMaker): Finding {
  const weights = {
    'hidden-from-tools': 60,
    'unseen-by-us': 45,
    'hidden-process': 60,
    'mounted-over': 90,
    'other-address': 30,
    'cpu-gap': 45,
    'stepped-around': 20,
    preloaded: 45,
  } as const;
  const texts = {
    'hidden-from-tools':
      'The host’s own tools do not show it: they, or the libraries under them, may be altered',
    'unseen-by-us': 'The host’s own tools show it and /proc does not: something hides it from reading',
    'hidden-process': 'It lives, and something keeps it from being listed and read',
    'mounted-over': 'Something is mounted over the process’s folder in /proc, which has no ordinary use',
    'other-address': 'The two views of the network differ',
    'stepped-around': `${seen.theirs}; ${seen.ours}`,
    preloaded: `${seen.theirs}; ${seen.ours}. What is shown here may be altered`,
    'cpu-gap': `${seen.theirs}, but ${seen.ours}: something that computes is hidden`,
  } as const;
  return finish({
    id: id('disagreement', `${seen.code} ${seen.about}`),
    subject: { kind: 'disagreement', about: seen.about, ours: seen.ours, theirs: seen.theirs },
    title: seen.about,
    signals: [{ topic: seen.code, code: seen.code, text: texts[seen.code], weight: weights[seen.code] }],
    places: placesOf(seen),
    attack: ATTACK[seen.code] ?? ['T1014'],
    owner: null,
  });
}

const ATTACK: Readonly<Partial<Record<ObservedDisagreement['code'], readonly string[]>>> = {
  'mounted-over': ['T1564.013'],
  'stepped-around': ['T1574.006', 'T1014'],
  preloaded: ['T1574.006', 'T1014'],
};

function placesOf({ place, pid, code }: ObservedDisagreement): Finding['places'] {
  if (place !== undefined) return [{ path: place }];
  if (code === 'cpu-gap') return [{ path: '/proc/stat' }];
  return pid === null ? [] : [{ path: `/proc/${pid}` }];
}
