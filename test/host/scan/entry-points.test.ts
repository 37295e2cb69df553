import { expect, test } from 'vitest';
import { patch } from '../../../src/actions/patch.ts';
import type { Finding } from '../../../src/findings/finding.ts';
import { changeLines } from '../../../src/host/perform/change-lines.ts';
import { makeTree, publicKey, scanTree, type TreeEntry } from './tree.ts';

const REDIS = '# Redis\nbind 0.0.0.0 ::1\nport 6379\nprotected-mode no\n# requirepass foobared\n';
const LISTENING =
  '  sl  local_address rem_address   st\n   0: 00000000:18EB 00000000:0000 0A 00000000:00000000 00:00000000 00000000   0 0 4242 1\n';

async function look(entries: Record<string, TreeEntry>, facts = {}) {
  const root = makeTree(entries);
  const { findings } = await scanTree(root, facts, ['entry-points']);
  return findings.filter(({ subject }) => subject.kind === 'setting');
}

/** What the file reads after the plan for those findings, by the very code that changes it. */
function after(findings: readonly Finding[], text: string): string {
  const plan = patch.plan({
    chosen: findings,
    findings,
    parameters: {},
    facts: { packageManager: 'apt' } as never,
    command: null,
  });
  const targets = plan.operations.flatMap(({ target }) => (target.kind === 'edit-file' ? [target] : []));
  expect(targets).toHaveLength(1);
  const [target] = targets;
  if (target === undefined) return text;
  const changed = changeLines(Buffer.from(text), target);
  if (changed.status === 'stale') throw new Error('stale');
  return Buffer.from(changed.bytes).toString();
}

test('Redis: what leaves it open, with line and the edit that closes it; the rest of the file stays', async () => {
  const findings = await look({ '/etc/redis/redis.conf': REDIS, '/proc/net/tcp': LISTENING });
  expect(findings.map(({ title, verdict, places }) => [title, verdict, places[0]?.line]).toSorted()).toEqual([
    ['Redis asks nobody for a password (/etc/redis/redis.conf)', 'suspicious', undefined],
    ['Redis has protected mode off and no password (/etc/redis/redis.conf line 4)', 'suspicious', 4],
    ['Redis listens beyond this host without a password (/etc/redis/redis.conf line 2)', 'suspicious', 2],
  ]);
  expect(after(findings, REDIS)).toBe(
    // What follows the last word is made on the host when it is done.
    '# Redis\nbind 127.0.0.1 -::1\nport 6379\nprotected-mode yes\n# requirepass foobared\nrequirepass \n',
  );
  expect(findings[0]?.subject).toMatchObject({ remedy: { kind: 'edit-file', reload: ['redis'] } });
});

test.each([
  ['a password', 'bind 0.0.0.0\nprotected-mode no\nrequirepass zQ9sEcRet\n'],
  ['loopback alone', 'bind 127.0.0.1 -::1\n'],
  ['a socket alone', 'port 0\nprotected-mode no\n'],
  ['protected mode, which is the default', 'port 6379\n'],
])('Redis with %s is not named', async (_what, text) => {
  const findings = await look({ '/etc/redis/redis.conf': text, '/proc/net/tcp': LISTENING });
  expect(findings.filter(({ title }) => title.startsWith('Redis'))).toEqual([]);
});

test.each<[string, string, string, string]>([
  [
    '/etc/docker/daemon.json',
    '{\n  "hosts": ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2375"],\n  "log-driver": "json-file"\n}\n',
    'Docker answers',
    '{\n  "hosts": ["unix:///var/run/docker.sock"],\n  "log-driver": "json-file"\n}\n',
  ],
  [
    '/etc/systemd/system/docker.service.d/override.conf',
    '[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd:// -H tcp://0.0.0.0:2375 --log-level warn\n',
    'Docker answers',
    '[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd:// --log-level warn\n',
  ],
  [
    '/var/lib/kubelet/config.yaml',
    'authentication:\n  anonymous:\n    enabled: true\n  webhook:\n    enabled: true\nauthorization:\n  mode: AlwaysAllow\nreadOnlyPort: 10255\n',
    'The kubelet',
    'authentication:\n  anonymous:\n    enabled: false\n  webhook:\n    enabled: true\nauthorization:\n  mode: Webhook\nreadOnlyPort: 0\n',
  ],
  [
    '/etc/postgresql/15/main/pg_hba.conf',
    'local all postgres peer\nhost all all 127.0.0.1/32 trust\nhost\tall\tall\t0.0.0.0/0\ttrust # trust everybody\nhostssl shop shop 10.0.0.0 255.0.0.0 trust\n',
    'PostgreSQL lets',
    'local all postgres peer\nhost all all 127.0.0.1/32 trust\nhost\tall\tall\t0.0.0.0/0\tscram-sha-256 # trust everybody\nhostssl shop shop 10.0.0.0 255.0.0.0 scram-sha-256\n',
  ],
  [
    '/var/lib/jenkins/config.xml',
    '<hudson>\n  <version>2.455</version>\n  <authorizationStrategy class="hudson.security.AuthorizationStrategy$Unsecured"/>\n  <securityRealm class="hudson.security.HudsonPrivateSecurityRealm"/>\n</hudson>\n',
    'Jenkins lets anybody do',
    '<hudson>\n  <version>2.455</version>\n  <authorizationStrategy class="hudson.security.FullControlOnceLoggedInAuthorizationStrategy"><denyAnonymousReadAccess>true</denyAnonymousReadAccess></authorizationStrategy>\n  <securityRealm class="hudson.security.HudsonPrivateSecurityRealm"/>\n</hudson>\n',
  ],
  [
    '/var/jenkins_home/config.xml',
    '<hudson>\n  <version>2.455</version>\n  <useSecurity>false</useSecurity>\n  <securityRealm class="hudson.security.PAMSecurityRealm" plugin="pam-auth"/>\n</hudson>\n',
    'Jenkins has its security switched off',
    '<hudson>\n  <version>2.455</version>\n  <useSecurity>true</useSecurity>\n  <securityRealm class="hudson.security.PAMSecurityRealm" plugin="pam-auth"/>\n</hudson>\n',
  ],
])('%s is closed by an edit of exactly its lines', async (path, before, title, expected) => {
  const findings = await look({ [path]: before });
  expect(findings.length).toBeGreaterThan(0);
  expect(findings.every((finding) => finding.title.startsWith(title))).toBe(true);
  expect(findings.every(({ places }) => places[0]?.path === path && places[0].line !== undefined)).toBe(true);
  expect(after(findings, before)).toBe(expected);
});

test.each([
  ['2.441', true],
  ['2.442', false],
  ['2.426.2', true],
  ['2.426.3', false],
  ['2.440.1', false],
  ['1.658', true],
])('Jenkins %s has a known way in: %s', async (version, isKnown) => {
  const findings = await look({
    '/var/lib/jenkins/config.xml': `<hudson>\n  <version>${version}</version>\n</hudson>\n`,
  });
  expect(findings.some(({ title }) => title.includes('CVE-2024-23897'))).toBe(isKnown);
});

test('Jenkins without users is not given a lock that nobody has a key to', async () => {
  const [finding] = await look({
    '/var/lib/jenkins/config.xml': '<hudson>\n<useSecurity>false</useSecurity>\n</hudson>\n',
  });
  expect(finding?.title).toContain('security switched off');
  expect(finding?.subject).not.toHaveProperty('remedy');
});

const SSHD = 'Port 22\nPasswordAuthentication yes\nUsePAM yes\n';
const BY_KEY = {
  peerAddress: '198.51.100.4',
  peerPort: 1,
  localPort: 22,
  account: 'root',
  uid: 0,
  protectedPids: [],
  keyFingerprint: 'SHA256:x',
};

test('sshd: passwords are switched off where the responder came in by a key', async () => {
  const findings = await look(
    { '/etc/ssh/sshd_config': SSHD, '/root/.ssh/authorized_keys': `${publicKey('a')} me\n` },
    { responder: BY_KEY },
  );
  expect(findings).toHaveLength(1);
  expect(after(findings, SSHD)).toBe('Port 22\nPasswordAuthentication no\nUsePAM yes\n');
  const unset = await look(
    { '/etc/ssh/sshd_config': 'Port 22\n', '/root/.ssh/authorized_keys': `${publicKey('a')} me\n` },
    { responder: BY_KEY },
  );
  expect(after(unset, 'Port 22\n')).toBe('PasswordAuthentication no\nPort 22\n');
});

test('sshd: never planned where it could cut the responder off, and says why', async () => {
  const keys = { '/root/.ssh/authorized_keys': `${publicKey('a')} me\n` };
  const [byPassword] = await look(
    { '/etc/ssh/sshd_config': SSHD, ...keys },
    { responder: { ...BY_KEY, keyFingerprint: null } },
  );
  expect(byPassword?.subject).not.toHaveProperty('remedy');
  expect(byPassword?.subject).toMatchObject({
    advice: expect.stringContaining('not known that you came in by a key'),
  });
  const [noKeys] = await look({ '/etc/ssh/sshd_config': SSHD }, { responder: BY_KEY });
  expect(noKeys?.subject).not.toHaveProperty('remedy');
  expect(
    await look({ '/etc/ssh/sshd_config': 'PasswordAuthentication no\n', ...keys }, { responder: BY_KEY }),
  ).toEqual([]);
});

test('a port that intruders look for is shown, and is no accusation', async () => {
  const findings = await look({ '/proc/net/tcp': LISTENING });
  expect(findings).toMatchObject([{ title: 'port 6379 is open beyond this host', verdict: 'unknown' }]);
});
