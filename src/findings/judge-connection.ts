import { isPrivateAddress } from './addresses.ts';
import { finish, type IdMaker, pardon } from './draft.ts';
import type { ConnectionSubject, Finding } from './finding.ts';
import { byWhom } from './indicators.ts';
import { processKey } from './judge-process.ts';
import type { KnownBad, NamedBy } from './known-bad.ts';
import type { ObservedConnection, ObservedProcess, Setting } from './observation.ts';
import type { Signal } from './weigh.ts';

interface ConnectionView {
  readonly processes: ReadonlyMap<number, ObservedProcess>;
  readonly known: KnownBad;
  readonly setting: Setting;
  readonly id: IdMaker;
}

/** null: nothing about it is worth a word. */
export function judgeConnection(seen: ObservedConnection, view: ConnectionView): Finding | null {
  const signals = signalsOf(seen, view);
  if (signals.length === 0) return null;
  const process = seen.pid === null ? undefined : view.processes.get(seen.pid);
  const key = `${seen.protocol} ${seen.remoteAddress} ${seen.remotePort} ${process ? processKey(process) : ''}`;
  return complete(
    {
      kind: 'connection',
      protocol: seen.protocol,
      remoteAddress: seen.remoteAddress,
      remotePort: seen.remotePort,
      state: seen.state,
      process: process?.process ?? null,
      isNamedOnly: false,
    },
    { key, signals, view, places: [{ path: placeOf(seen) }], owner: process?.owner ?? null },
  );
}

/** An address that a malicious entry names and nothing is connected to just now. */
export function judgeNamedAddress(address: string, by: NamedBy, view: ConnectionView): Finding {
  const weight = isPrivateAddress(address) ? 60 : 90;
  const subject: ConnectionSubject = {
    kind: 'connection',
    protocol: 'tcp',
    remoteAddress: address,
    remotePort: 0,
    state: 'named',
    process: null,
    isNamedOnly: true,
  };
  const signals: Signal[] = [{ topic: 'named', code: 'named-in-malicious-entry', text: namedBy(by), weight }];
  const { places, owner, times } = by;
  return complete(subject, { key: `named ${address}`, signals, view, places, owner, times });
}

/** It is named there, which is not to say that anything talks to it now. */
function namedBy({ title }: NamedBy): string {
  return `${title}, which is malicious, names it`;
}

interface Rest {
  readonly key: string;
  readonly signals: readonly Signal[];
  readonly view: ConnectionView;
  readonly places: Finding['places'];
  readonly owner: string | null;
  /** Of the entry that names it. */
  readonly times?: Finding['times'];
}

function complete(subject: ConnectionSubject, rest: Rest): Finding {
  const { view } = rest;
  const port = subject.isNamedOnly ? '' : `:${subject.remotePort}`;
  const address =
    subject.remoteAddress.includes(':') && port !== '' ? `[${subject.remoteAddress}]` : subject.remoteAddress;
  const who = subject.process === null ? '' : ` ← ${subject.process.name} (${subject.process.pid})`;
  const finding = finish({
    id: view.id('connection', rest.key),
    subject,
    title: `${address}${port}${who}`,
    signals: rest.signals,
    places: rest.places,
    attack: view.setting.indicators.ports.has(subject.remotePort) ? ['T1496.001', 'T1071'] : ['T1071'],
    owner: rest.owner,
    ...(rest.times === undefined ? {} : { times: rest.times }),
  });
  return subject.remoteAddress === view.setting.responderAddress
    ? pardon(finding, 'responder', 'The responder’s own session comes from this address; it is never blocked')
    : finding;
}

function signalsOf(seen: ObservedConnection, view: ConnectionView): Signal[] {
  const { known } = view;
  const signals: Signal[] = [];
  const add = (topic: string, code: string, weight: number, text: string): void => {
    signals.push({ topic, code, weight, text });
  };
  const bad = seen.pid === null ? undefined : known.processes.get(seen.pid);
  const suspect = seen.pid === null ? undefined : known.suspectProcesses.get(seen.pid);
  // Whoever connects to a malicious program need not be an attacker (a scanner, a health check).
  if (bad !== undefined)
    add(
      'process',
      'of-malicious-process',
      seen.isIncoming ? 40 : 90,
      `${bad}, which is malicious, talks to it`,
    );
  else if (suspect !== undefined)
    add('process', 'of-suspicious-process', 30, `${suspect}, which is suspicious, talks to it`);
  const by = known.addresses.get(seen.remoteAddress);
  if (by !== undefined && by.title !== bad) add('named', 'named-in-malicious-entry', 90, namedBy(by));
  if (!seen.isIncoming && seen.protocol === 'tcp' && view.setting.indicators.ports.has(seen.remotePort)) {
    add('pool-port', 'pool-port', 15, `Port ${seen.remotePort} is one that mining pools offer`);
  }
  const host = view.setting.indicators.hosts.get(seen.remoteAddress);
  if (host !== undefined)
    add(
      'known-host',
      'known-bad-host',
      90,
      `${seen.remoteAddress} is an address that intruders control${byWhom(host)}`,
    );
  if (signals.length > 0 && seen.remotePort === 53 && view.setting.resolvers.includes(seen.remoteAddress)) {
    add('resolver', 'resolver', -80, 'It is the name server that this host uses');
  }
  return signals;
}

function placeOf(seen: ObservedConnection): string {
  return `/proc/net/${seen.protocol}${seen.localAddress.includes(':') ? '6' : ''}`;
}
