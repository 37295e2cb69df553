import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LiveWorld, openLiveWorld } from './live-world.ts';
import { blameOf, scanDebian, script } from './starts/packaged.ts';

describe('names that an intruder chose', () => {
  it('do not condemn an ordinary program by a link that a malicious entry names', async () => {
    const outcome = await scanDebian(
      {},
      {
        '/etc/cron.d/zz': '* * * * * root /var/tmp/.x/core || /var/tmp/.x/run\n',
        '/var/tmp/.x/core': { link: '/usr/local/bin/backup' },
        '/var/tmp/.x/run': script('exec /var/tmp/.x/miner -o stratum+tcp://203.0.113.9:3333'),
        '/usr/local/bin/backup': script('exec tar -czf /srv/backup/etc.tar.gz /etc'),
        '/etc/cron.d/backup': '0 1 * * * root /usr/local/bin/backup\n',
      },
    );
    expect(blameOf(outcome, '/etc/cron.d/zz')).toBe('malicious');
    expect(blameOf(outcome, '/var/tmp/.x/run')).toBe('malicious');
    expect(blameOf(outcome, '/usr/local/bin/backup')).not.toBe('malicious');
    expect(['malicious', 'suspicious']).not.toContain(blameOf(outcome, '/etc/cron.d/backup'));
  });

  it('do not keep a program that no entry names: it lies in a hidden folder beside others that came with it', async () => {
    const outcome = await scanDebian(
      {},
      {
        '/etc/cron.d/zz': '* * * * * root /usr/lib/.udev-cache/run\n',
        '/usr/lib/.udev-cache/run': script(
          'exec /usr/lib/.udev-cache/miner -o stratum+tcp://203.0.113.9:3333',
        ),
        '/usr/lib/.udev-cache/second': script('sleep 60'),
        '/usr/lib/tools/second': script('sleep 60'),
      },
    );
    expect(blameOf(outcome, '/usr/lib/.udev-cache/second')).toBe('malicious');
    expect(blameOf(outcome, '/usr/lib/tools/second')).toBe('not mentioned');
  });

  it('are read in a unit as systemd reads them', async () => {
    const outcome = await scanDebian(
      {},
      {
        '/etc/systemd/system/a.service': '[Service]\nExecStart="/var/tmp/\\x2ex \\u00243/r$$n"\n',
        '/etc/systemd/system/b.service': '[Service]\nExecStart=/bin/sh -c "echo \\"$$HOME\\" 100%%"\n',
        '/var/tmp/.x $3/r$n': script('exec ./miner -o stratum+tcp://203.0.113.9:3333'),
      },
    );
    expect(blameOf(outcome, '/var/tmp/.x $3/r$n')).toBe('malicious');
    expect(blameOf(outcome, '/etc/systemd/system/a.service')).toBe('malicious');
    expect(['malicious', 'suspicious']).not.toContain(blameOf(outcome, '/etc/systemd/system/b.service'));
  });
});

describe('what the host owns, shown once more where intruders work', () => {
  let world: LiveWorld;
  beforeAll(async () => {
    world = await openLiveWorld(`
      mount -t tmpfs t /tmp; mount -t tmpfs t /var/tmp; mount -t tmpfs t /dev/shm
      mkdir /tmp/.x /tmp/.y /tmp/.z; cp /bin/true /tmp/.y/run
      mount --bind /usr/sbin /tmp/.x
    `);
  });
  afterAll(() => world.end());

  it('is not judged by that place, and a program that only lies there is', () => {
    const { findings, unknowns } = world.look(['dropped-files']);
    const paths = findings.flatMap(({ places }) => places.map(({ path }) => path));
    expect(paths.filter((path) => path.startsWith('/tmp/.x/') || path.startsWith('/usr/sbin'))).toEqual([]);
    expect(paths).toContain('/tmp/.y/run');
    expect(unknowns).toContainEqual(expect.objectContaining({ what: '/tmp/.x' }));
  });
});
