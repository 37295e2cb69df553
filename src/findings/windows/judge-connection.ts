import { finish, pardon } from '../draft.ts';
import type { ConnectionSubject, Finding } from '../finding.ts';
import type { Signal } from '../weigh.ts';
import { trafficSignals, type WindowsView } from './judge-process.ts';
import type { WindowsConnection, WindowsProcess } from './observed.ts';

/** null: nothing about it is worth a word. */
export function judgeWindowsConnection(
  seen: WindowsConnection,
  process: WindowsProcess | undefined,
  view: WindowsView,
): Finding | null {
  const signals: Signal[] = [];
  const bad = view.badProcesses.get(seen.pid);
  if (bad !== undefined)
    signals.push({
      topic: 'process',
      code: 'of-malicious-process',
      weight: seen.isIncoming ? 40 : 90,
      text: `${bad}, which is malicious, talks to it`,
    });
  signals.push(...trafficSignals([seen], view.indicators));
  if (signals.length === 0) return null;
  const subject: ConnectionSubject = {
    kind: 'connection',
    protocol: 'tcp',
    remoteAddress: seen.remoteAddress,
    remotePort: seen.remotePort,
    state: seen.state,
    process:
      process?.created == null
        ? null
        : {
            pid: process.pid,
            startTicks: process.created,
            bootId: view.bootId,
            exePath: process.path === '' ? null : process.path,
            exeInode: null,
            name: process.name,
          },
    isNamedOnly: false,
  };
  const address = seen.remoteAddress.includes(':') ? `[${seen.remoteAddress}]` : seen.remoteAddress;
  const finding = finish({
    id: view.id('connection', `tcp ${seen.remoteAddress} ${seen.remotePort} ${seen.pid}`),
    subject,
    title: `${address}:${seen.remotePort} ← ${process?.name ?? 'process'} (${seen.pid})`,
    signals,
    places: [],
    attack: ['T1071'],
    owner: process?.owner ?? null,
  });
  return seen.remoteAddress === view.responderAddress
    ? pardon(finding, 'responder', 'The responder’s own session comes from this address; it is never blocked')
    : finding;
}
