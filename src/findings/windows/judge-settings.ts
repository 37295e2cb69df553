import { finish } from '../draft.ts';
import type { Finding } from '../finding.ts';
import { byWhom } from '../indicators.ts';
import type { Signal } from '../weigh.ts';
import { judgeHosts } from './judge-hosts.ts';
import { judgePhpCgi } from './judge-php-cgi.ts';
import type { WindowsView } from './judge-process.ts';
import { judgeRemoteDesktop, judgeSession } from './judge-sessions.ts';
import type { DefenderState, WindowsAccount, WindowsObservation, WindowsUpdate } from './observed.ts';
import { one, setting } from './setting-finding.ts';
import { samePath } from './windows-paths.ts';
import { windowsPlaceSignals } from './windows-signals.ts';

/** What is set on the host and starts nothing: names, protection, accounts, updates that wait. */
export function judgeSettings(seen: WindowsObservation, view: WindowsView): Finding[] {
  return [
    ...judgeHosts(seen, view),
    ...(seen.defender === null ? [] : judgeDefender(seen.defender, view)),
    ...seen.firewall
      .filter(({ enabled }) => enabled !== 'True')
      .map(({ name }) =>
        setting(view, {
          part: 'impairment',
          name: `firewall profile ${name}`,
          value: 'off',
          advice: `Set-NetFirewallProfile -Name ${name} -Enabled True; while it is off, neither isolation nor blocked addresses have any effect there.`,
          attack: ['T1562.004'],
          signals: [
            one('off', 'firewall-off', 40, `The firewall is switched off for networks of the kind ${name}`),
          ],
        }),
      ),
    ...seen.accounts.filter(({ isEnabled }) => isEnabled).map((account) => judgeAccount(account, view)),
    ...seen.sessions.filter(({ isOwn }) => !isOwn).map((session) => judgeSession(session, view)),
    ...(seen.remoteDesktop === null ? [] : judgeRemoteDesktop(seen.remoteDesktop, view)),
    ...seen.phpCgi.flatMap((php) => judgePhpCgi(php, view) ?? []),
    ...seen.updates.map((update) => judgeUpdate(update, view)),
  ];
}

/** It is known by its article, or where it has none by its id; installed by the agent of Windows itself. */
function judgeUpdate({ id, title, severity, articles }: WindowsUpdate, view: WindowsView): Finding {
  return finish({
    id: view.id('package', `update ${id}`),
    subject: {
      ...{ kind: 'package', manager: 'windows-update', name: articles[0] ?? id, installed: '' },
      ...{ available: title, isSecurity: severity !== '' },
    },
    title,
    signals: [
      one('update', 'pending-update', /critical/i.test(severity) ? 30 : 20, 'The update is not installed'),
    ],
    places: [],
    attack: ['T1190'],
    owner: null,
  });
}

function judgeDefender(seen: DefenderState, view: WindowsView): Finding[] {
  const lists = [
    ['ExclusionPath', seen.exclusionPath],
    ['ExclusionProcess', seen.exclusionProcess],
    ['ExclusionExtension', seen.exclusionExtension],
  ] as const;
  const exclusions = lists.flatMap(([list, values]) =>
    values.map((value) =>
      setting(view, {
        part: 'impairment',
        name: `Defender passes over ${value}`,
        value: list,
        advice: 'Take the exclusion away, unless somebody knows what it is for.',
        attack: ['T1562.001'],
        entry: { type: 'defender-exclusion', list, value },
        signals: exclusionSignals(list, value, view),
      }),
    ),
  );
  // Passive: another product protects the host, and Defender stands back.
  const isPassive = /passive/i.test(seen.mode);
  const switches = seen.switchedOff.map((name) =>
    setting(view, {
      part: 'impairment',
      name: `Defender: ${name}`,
      value: 'on',
      advice: `Set-MpPreference -${name} $false; where that does not hold, a policy or tamper protection keeps it.`,
      attack: ['T1562.001'],
      signals: [one('off', 'defender-off', isPassive ? 15 : 45, 'A part of Defender is switched off')],
    }),
  );
  return [...exclusions, ...switches];
}

function exclusionSignals(list: string, value: string, view: WindowsView): Signal[] {
  const signals: Signal[] = [one('exclusion', 'exclusion', 25, 'Defender does not look at it')];
  if (/^[a-z]:\\?\*?$/i.test(value) || /^\.?(?:exe|dll|ps1|bat|vbs|sys|\*)$/i.test(value))
    signals.push(
      one('exclusion', 'wide-exclusion', 60, 'That takes nearly everything out of Defender’s sight'),
    );
  const path = samePath(value).replace(/\\?\*?$/, '');
  for (const [bad, why] of view.badFiles)
    if (list === 'ExclusionPath' && (bad === path || bad.startsWith(`${path}\\`)))
      signals.push(one('association', 'shields-malicious', 90, `It shields the program of ${why}`));
  if (list !== 'ExclusionExtension')
    // As a file below it would be.
    signals.push(
      ...windowsPlaceSignals(
        /\.[a-z0-9]{2,4}$/i.test(value) ? value : `${value}\\x.exe`,
        true,
        view.indicators,
      ),
    );
  return signals;
}

function judgeAccount(seen: WindowsAccount, view: WindowsView): Finding {
  const signals: Signal[] = [
    one('account', 'can-log-in', 20, 'It can log in; whether it should has to be said by somebody who knows'),
  ];
  const bad = view.indicators.accounts.get(seen.name);
  if (bad !== undefined)
    signals.push(
      one(
        'name',
        'known-bad-account',
        90,
        `Intruders are known to make an account “${seen.name}”${byWhom(bad)}`,
      ),
    );
  if (seen.name.endsWith('$'))
    signals.push(one('hidden', 'hidden-account', 45, 'Its name ends in $, which keeps it out of `net user`'));
  if (!seen.passwordRequired)
    signals.push(one('password', 'no-password-needed', 40, 'It may have an empty password'));
  if (seen.rid === 501) signals.push(one('guest', 'guest-enabled', 45, 'The guest account is switched on'));
  if (seen.isAdministrator && seen.rid !== 500)
    signals.push(one('rights', 'administrator', 10, 'It has all rights of an administrator'));
  return finish({
    id: view.id('account', `${seen.name} ${seen.rid}`),
    subject: {
      kind: 'account',
      account: seen.name,
      uid: seen.rid,
      shell: '',
      hasPassword: seen.passwordRequired,
    },
    title: seen.name,
    signals,
    places: [],
    attack: ['T1136.001', 'T1078.003'],
    owner: null,
  });
}
