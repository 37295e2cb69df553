import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blockedRanges } from '../../../src/host/windows/perform/blocked-ranges.ts';

function listOf(allowed: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of blockedRanges(allowed)) {
    const [first = '', last = ''] = range.split('-');
    list.addRange(first, last, isIP(first) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

it('blocks every unicast address but those allowed and loopback', () => {
  fc.assert(
    fc.property(fc.array(fc.ipV4(), { maxLength: 6 }), fc.ipV4(), (allowed, address) => {
      const first = Number(address.split('.')[0]);
      const isLet = allowed.includes(address) || first === 127 || first === 0 || first >= 224;
      expect(listOf(allowed).check(address, 'ipv4')).toBe(!isLet);
    }),
  );
});

it('lets ranges and IPv6 through, and neighbour discovery', () => {
  const list = listOf(['10.0.0.0/24', '2001:db8::5', '2001:db8:1::/48']);
  const blocked = (address: string) => list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  expect(
    ['10.0.0.0', '10.0.0.255', '2001:db8::5', '2001:db8:1::9', 'fe80::1', '::1'].filter(blocked),
  ).toEqual([]);
  const others = ['9.255.255.255', '10.0.1.0', '169.254.169.254', '2001:db8::4', '2001:db8::6', 'fd00::1'];
  expect(others.filter((address) => !blocked(address))).toEqual([]);
});
