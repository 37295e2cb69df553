import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalAddress,
  canonicalPeer,
  isAmong,
  isSpecial,
  parseEndpoint,
} from '../../../src/host/firewall/addresses.ts';
import { parseFilterListing, whyNotReached } from '../../../src/host/firewall/iptables-listing.ts';

describe('addresses for the firewall', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['192.0.2.256', null],
    ['192.0.2.01', null],
    ['pool.example', null],
    ['1.2.3.4; reboot', null],
    ['', null],
  ])('reads %j as %j', (text, address) => {
    expect(canonicalAddress(text)).toBe(address);
  });

  it.each([
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['10.1.2.3/32', '10.1.2.3'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:db8:1:2:3::/48', '2001:db8:1::/48'],
    ['2001:db8::1/127', '2001:db8::/127'],
    ['2001:db8::1/128', '2001:db8::1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['10.0.0.0/33', null],
    ['10.0.0.0/', null],
    ['10.0.0.0/8/8', null],
    ['10.0.0.0/-1', null],
  ])('reads the network %j as %j', (text, peer) => {
    expect(canonicalPeer(text)).toBe(peer);
  });

  it('finds every address in the network made from it, and a canonical one stays as it is', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(address, fc.nat(128), (text, bits) => {
        const canonical = canonicalAddress(text);
        if (canonical === null) return;
        const prefix = Math.min(bits, canonical.includes(':') ? 128 : 32);
        const peer = canonicalPeer(`${canonical}/${prefix}`);
        expect(peer).not.toBeNull();
        expect(isAmong(canonical, [peer ?? ''])).toBe(true);
        expect(canonicalPeer(peer ?? '')).toBe(peer);
      }),
    );
  });

  it('knows what is no other host', () => {
    for (const address of ['127.0.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '::', '::1', 'ff02::1'])
      expect(isSpecial(address)).toBe(true);
    for (const address of ['10.0.0.1', '203.0.113.9', '2001:db8::1', 'fe80::1'])
      expect(isSpecial(address)).toBe(false);
  });

  it.each([
    ['192.0.2.1:443', { address: '192.0.2.1', port: 443 }],
    ['[2001:db8::1]:22', { address: '2001:db8::1', port: 22 }],
    ['192.0.2.1:0', null],
    ['192.0.2.1:70000', null],
    ['2001:db8::1:22', null],
    ['example.org:22', null],
  ])('reads the endpoint %j', (text, endpoint) => {
    expect(parseEndpoint(text)).toEqual(endpoint);
  });
});

describe('whether packets come to a chain of ours', () => {
  const listing = (...lines: string[]) =>
    parseFilterListing(
      ['-P INPUT ACCEPT', '-N F2B', '-N LOOP', '-N TOURNIQUET-BLOCK-IN', ...lines].join('\n'),
    );
  const why = (...lines: string[]) => whyNotReached(listing(...lines), 'INPUT', 'TOURNIQUET-BLOCK-IN');
  const jump = '-A INPUT -c 1 2 -j TOURNIQUET-BLOCK-IN';

  it('is so where nothing that lets packets through comes first', () => {
    expect(why(jump, '-A INPUT -c 0 0 -j ACCEPT')).toBeNull();
    expect(why('-A INPUT -j F2B', jump, '-A F2B -s 1.2.3.4/32 -j REJECT', '-A F2B -j RETURN')).toBeNull();
    expect(why('-A INPUT -p tcp -m tcp --dport 1 -j DROP', jump)).toBeNull();
    expect(why('-A INPUT -j LOOP', '-A LOOP -j LOOP', jump)).toBeNull();
  });

  it('is not so where something lets packets through before, directly or further in', () => {
    expect(why('-A INPUT -s 10.0.0.0/8 -c 5 6 -j ACCEPT', jump)).toContain('-s 10.0.0.0/8 -j ACCEPT');
    expect(why('-A INPUT -j F2B', '-A F2B -g LOOP', '-A LOOP -p udp -j ACCEPT', jump)).toContain('-j F2B');
    expect(why('-A INPUT -j RETURN', jump)).toContain('RETURN');
    expect(why('-A INPUT -j ACCEPT')).toContain('does not jump');
  });

  it('reads counters and specifications apart', () => {
    const [rule] = parseFilterListing('-A X -s 1.2.3.4/32 -m comment --comment "a b" -c 12 34 -j DROP').rules;
    expect(rule).toEqual({
      ...{ chain: 'X', target: 'DROP', packets: 12 },
      spec: '-s 1.2.3.4/32 -m comment --comment "a b" -j DROP',
    });
  });
});
