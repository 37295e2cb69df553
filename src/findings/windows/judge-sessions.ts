import type { Finding } from '../finding.ts';
import type { WindowsView } from './judge-process.ts';
import type { RemoteDesktop, WindowsSession } from './observed.ts';
import { one, setting } from './setting-finding.ts';

/** Who else is logged on: whether they should be has to be said by somebody who knows. */
export function judgeSession(seen: WindowsSession, view: WindowsView): Finding {
  const from = seen.isRemote ? 'over Remote Desktop' : 'at the console';
  const how = `${from}${seen.isActive ? '' : ', disconnected'}${seen.client === '' ? '' : `, from a machine that calls itself ${seen.client}`}`;
  return setting(view, {
    part: 'accounts',
    name: `${seen.account} is logged on ${from} (session ${seen.id})`,
    value: seen.account,
    advice: 'Ask who it is. Logging it off ends all that runs in it.',
    attack: ['T1021.001', 'T1078'],
    key: `session ${seen.leaderPid} ${seen.leaderCreated}`,
    remedy: {
      kind: 'end-session',
      account: seen.account,
      leader: {
        ...{ pid: seen.leaderPid, startTicks: seen.leaderCreated, bootId: view.bootId },
        ...{ exePath: null, exeInode: null, name: 'winlogon.exe' },
      },
    },
    signals: [one('session', 'login-session', 25, `Somebody is logged on ${how}, and it is not you`)],
  });
}

/** The door by which most Windows servers are entered. */
export function judgeRemoteDesktop({ isOn, asksFirst, port }: RemoteDesktop, view: WindowsView): Finding[] {
  if (!isOn) return [];
  return [
    setting(view, {
      part: 'entry-points',
      name: `Remote Desktop on port ${port}`,
      value: asksFirst ? 'on' : 'on, without network level authentication',
      advice: asksFirst
        ? 'Let only named addresses to it, in the security group and by Set-NetFirewallRule -DisplayGroup "Remote Desktop" -RemoteAddress; lock accounts out after a few wrong passwords (net accounts /lockoutthreshold:5).'
        : 'Ask for the log-on first: in System Properties, Remote, tick “Network Level Authentication”. Then let only named addresses to it.',
      attack: ['T1021.001', 'T1133', 'T1110'],
      signals: [
        asksFirst
          ? one('open', 'remote-desktop', 15, 'Whoever reaches it can try passwords')
          : one(
              'open',
              'remote-desktop-open',
              40,
              'Whoever reaches it is shown a log-on screen before they are asked who they are',
            ),
      ],
    }),
  ];
}
