import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { MARKER_FILE } from '../../src/drill/places.ts';
import { checkFacts } from '../../src/host/answers.ts';
import { DRILL_MARKER } from '../../src/host/drill-marker.ts';
import { readFacts } from '../../src/host/facts.ts';
import { parseAuthInfo } from '../../src/host/responder.ts';
import { findAccepted } from '../../src/host/ssh-log.ts';
import { parseSshConnection } from '../../src/host/ssh-peer.ts';
import { askSystemInformation } from '../../src/host/system-information.ts';

describe('readFacts on this machine', () => {
  it('agrees with the machine, and passes the check that an agent’s answer has to pass', async () => {
    const facts = await readFacts();
    expect(checkFacts(JSON.parse(JSON.stringify(facts)))).toEqual(facts);
    expect(facts.hostname).toBe(hostname());
    expect(facts.bootId).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(facts.cores).toBeGreaterThan(0);
    expect(facts.tools.sh?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(facts.hardware?.processor).toBeTruthy();
    expect(facts.isDrill).toBe(false);
  });

  it('protects this process and all its ancestors', async () => {
    const { protectedPids } = (await readFacts()).responder;
    expect(protectedPids[0]).toBe(process.pid);
    expect(protectedPids).toContain(process.ppid);
  });

  it('lets what was told of the responder win over what is found', async () => {
    const told = { peerAddress: '203.0.113.5', peerPort: 50_022, localPort: 22, account: 'root' };
    const { responder } = await readFacts(told);
    expect(responder).toMatchObject({ ...told, uid: 0 });
  });

  it('looks for the same marker that the drill makes', () => {
    expect(DRILL_MARKER).toBe(MARKER_FILE);
  });
});

describe('askSystemInformation', () => {
  it('is null when it takes too long, and what was asked for otherwise', async () => {
    expect(await askSystemInformation({ processes: '*' }, 1)).toBeNull();
    expect(await askSystemInformation({ mem: 'total' })).toEqual({ mem: { total: expect.any(Number) } });
  });

  it('does not follow the caller’s PATH or preload', async () => {
    const before = process.env.PATH;
    process.env.PATH = '/nowhere';
    try {
      const answer = await askSystemInformation({ processes: 'all, list' });
      expect(answer).toMatchObject({ processes: { list: expect.arrayContaining([expect.anything()]) } });
    } finally {
      process.env.PATH = before;
    }
  });
});

describe('parseSshConnection', () => {
  it.each([
    ['198.51.100.4 50022 203.0.113.10 22', { address: '198.51.100.4', port: 50_022, localPort: 22 }],
    ['fe80::1%eth0 50022 fe80::2%eth0 2222', { address: 'fe80::1', port: 50_022, localPort: 2222 }],
    ['::ffff:198.51.100.4 1 ::ffff:203.0.113.10 22', { address: '198.51.100.4', port: 1, localPort: 22 }],
    ['UNKNOWN 65535 UNKNOWN 65535', null],
    ['', null],
    ['198.51.100.4', { address: '198.51.100.4', port: null, localPort: null }],
  ])('reads %j', (text, peer) => {
    expect(parseSshConnection(text)).toEqual(peer);
  });
});

describe('the key that the responder came with', () => {
  const BLOB = 'AAAAC3NzaC1lZDI1NTE5AAAAIFUY9bzd7qI8BbGUjRMKjKKRfTcSKbC+e8mEMZuv7kVd';

  it('is read from what sshd exposes', () => {
    const fingerprint = parseAuthInfo(`publickey ssh-ed25519 ${BLOB}\n`);
    expect(fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(parseAuthInfo('password\n')).toBeNull();
  });

  it('is read from sshd’s log only for this very connection', () => {
    const key = `SHA256:${'A'.repeat(43)}`;
    const line = (name: string, address: string, port: number, hash = key) =>
      `Nov 23 11:00:00 web sshd[1]: Accepted publickey for ${name} from ${address} port ${port} ssh2: ED25519 ${hash}\n`;
    const peer = { address: '198.51.100.4', port: 50_022, localPort: 22 };
    expect(findAccepted(line('ana', '198.51.100.4', 50_022), peer, 'ana')).toBe(key);
    expect(findAccepted(line('eve', '198.51.100.4', 50_022), peer, 'ana')).toBeNull();
    expect(findAccepted(line('ana', '198.51.100.4', 50_023), peer, 'ana')).toBeNull();
    const newer = `SHA256:${'B'.repeat(43)}`;
    const log = line('ana', peer.address, peer.port) + line('ana', peer.address, peer.port, newer);
    expect(findAccepted(log, peer, 'ana')).toBe(newer);
    // A user name with a space in it cannot forge a line of its own.
    const forged = `sshd[1]: Invalid user Accepted publickey for ana from 198.51.100.4 port 50022 ssh2: X ${key}\n`;
    expect(findAccepted(forged, peer, 'ana')).toBeNull();
  });
});
