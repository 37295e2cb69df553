import { isPrivateAddress, isSinkAddress } from './addresses.ts';
import type { EntryView } from './judge-entry.ts';
import { isInBurst } from './known-bad.ts';
import type { ObservedLine } from './observation.ts';
import type { Signal } from './weigh.ts';

/** Beyond so many sunk names a hosts file is a block list that somebody keeps. */
const BLOCK_LIST = 40;

export function hostsLineSignals(seen: ObservedLine, view: EntryView): Signal[] {
  const address = seen.details.address ?? '';
  const names = (seen.details.names ?? '').split(' ');
  const isSunk = isSinkAddress(address);
  const signals: Signal[] = [];
  const add = (topic: string, code: string, weight: number, text: string): void => {
    signals.push({ topic, code, weight, text });
  };
  const { indicators } = view.setting;
  const security = names.find((name) => indicators.securityDomain.test(name));
  const update = names.find((name) => indicators.updateDomain.test(name));
  const pool = names.find((name) => indicators.pool.test(name));
  if (security !== undefined && isSunk)
    add('sunk', 'security-domain-sunk', 90, `${security}, which protects hosts, is made unreachable`);
  else if (update !== undefined && isSunk) {
    const isNowhere = !address.startsWith('127.');
    add(
      'sunk',
      'update-domain-sunk',
      isNowhere ? 90 : 75,
      `${update}, where updates come from, is made unreachable`,
    );
  } else if ((security ?? update) !== undefined) {
    const weight = isPrivateAddress(address) ? 25 : 45;
    add(
      'sunk',
      'domain-redirected',
      weight,
      `${security ?? update} is sent to ${address} instead of where it is`,
    );
  }
  if (pool !== undefined && isSunk) {
    if (seen.siblings > BLOCK_LIST)
      add('pool', 'block-list', 5, `${pool} is blocked in a long list of blocked names`);
    else
      add(
        'pool',
        'pool-sunk',
        60,
        `The mining pool ${pool} is made unreachable, as miners do to their rivals`,
      );
  } else if (pool !== undefined) {
    add('pool', 'pool-address', 60, `The mining pool ${pool} is given the address ${address}`);
  }
  if (signals.length === 0) return [];
  if (view.known.addresses.has(address)) {
    add('known-address', 'address-of-miner', 90, `${address} is what a malicious entry or process talks to`);
  }
  if (view.known.hasMalicious && seen.siblings <= BLOCK_LIST) {
    add('company', 'beside-malicious', 40, 'Other things on this host are malicious');
  }
  if (isInBurst(seen.ctimeNs, view.known.bursts)) {
    add('burst', 'same-time', 10, 'The file was changed within ten minutes of a malicious entry');
  }
  return signals;
}
