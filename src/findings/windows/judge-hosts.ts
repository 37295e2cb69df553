import { isSinkAddress } from '../addresses.ts';
import { finish } from '../draft.ts';
import type { Finding } from '../finding.ts';
import type { Signal } from '../weigh.ts';
import type { WindowsView } from './judge-process.ts';
import type { HostsFile, WindowsObservation } from './observed.ts';
import { one, setting } from './setting-finding.ts';
import { samePath } from './windows-paths.ts';

/** Names that are sent elsewhere or nowhere, line by line. */
export function judgeHosts({ hosts, files }: WindowsObservation, view: WindowsView): Finding[] {
  if (hosts === null) return [];
  const file = files.get(samePath(hosts.path));
  const moved = hosts.isUsualPlace
    ? []
    : [
        setting(view, {
          part: 'impairment',
          name: 'DataBasePath',
          value: hosts.path,
          advice:
            'Set it to %SystemRoot%\\System32\\drivers\\etc in HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters.',
          attack: ['T1565.001'],
          signals: [
            one(
              'moved',
              'hosts-file-moved',
              60,
              'Names are looked up in another hosts file than Windows’ own',
            ),
          ],
        }),
      ];
  if (file === undefined) return moved;
  return [
    ...moved,
    ...hosts.lines.flatMap((text, index): Finding[] => {
      const signals = hostsLineSignals(text, hosts, view);
      if (signals.length === 0) return [];
      const number = index + 1;
      return [
        finish({
          id: view.id('file-line', `${file.path} ${text}`),
          subject: { kind: 'file-line', role: 'hosts-line', file, line: { number, text }, details: {} },
          title: `${file.path} line ${number}`,
          signals,
          places: [{ path: file.path, line: number }],
          attack: ['T1565.001', 'T1562.001'],
          times: { mtimeNs: file.mtimeNs, ctimeNs: file.mtimeNs },
          owner: null,
        }),
      ];
    }),
  ];
}

/** Beyond so many lines a hosts file is a block list that somebody keeps. */
const BLOCK_LIST = 40;

function hostsLineSignals(line: string, { lines }: HostsFile, { indicators }: WindowsView): Signal[] {
  const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
  if (names.length === 0) return [];
  const isSunk = isSinkAddress(address);
  const security = names.find((name) => indicators.securityDomain.test(name) || DEFENDER.test(name));
  const update = names.find((name) => indicators.updateDomain.test(name) || UPDATES.test(name));
  const pool = names.find((name) => indicators.pool.test(name));
  const signals: Signal[] = [];
  if (security !== undefined && isSunk)
    signals.push(
      one('sunk', 'security-domain-sunk', 90, `${security}, which protects hosts, is made unreachable`),
    );
  else if (update !== undefined && isSunk)
    signals.push(
      one('sunk', 'update-domain-sunk', 90, `${update}, where updates come from, is made unreachable`),
    );
  else if ((security ?? update) !== undefined)
    signals.push(
      one(
        'sunk',
        'domain-redirected',
        45,
        `${security ?? update} is sent to ${address} instead of where it is`,
      ),
    );
  if (pool !== undefined && isSunk)
    signals.push(
      lines.length > BLOCK_LIST
        ? one('pool', 'block-list', 10, `${pool} is blocked in a long list of blocked names`)
        : one(
            'pool',
            'pool-sunk',
            60,
            `The mining pool ${pool} is made unreachable, as miners do to their rivals`,
          ),
    );
  else if (pool !== undefined)
    signals.push(one('pool', 'pool-address', 60, `The mining pool ${pool} is given the address ${address}`));
  return signals;
}

// https://learn.microsoft.com/windows-server/administration/windows-server-update-services/deploy/2-configure-wsus (2.1.1)
// and https://learn.microsoft.com/defender-endpoint/configure-network-connections-microsoft-defender-antivirus
const UPDATES =
  /(?:^|\.)(?:windowsupdate|update\.microsoft|download\.windowsupdate|delivery\.mp\.microsoft)\.com$/i;
const DEFENDER =
  /(?:^|\.)(?:wdcp|wdcpalt|wd)\.microsoft\.com$|(?:^|\.)smartscreen(?:-prod)?\.microsoft\.com$/i;
