import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../end-to-end/program.ts';
import { report } from '../support/length.ts';
import { type Namespace, openNamespace } from '../support/namespace.ts';

/**
 * The disk of the incidents fails in the middle of a run: the run stops before the next step with a line that says why,
 * and goes on once the cause is gone; nothing was lost, nothing done twice. The full and the read-only file system are real
 * ones (tmpfs); EIO, EDQUOT and EROFS under an open journal are strace's answers to fdatasync(2).
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist/main.js');
const CLOCK = fileURLToPath(new URL('./shift-clock.mjs', import.meta.url));

let folder: string;
let namespace: Namespace;
let tried = 0;
beforeAll(async () => {
  run(['--version']);
  folder = mkdtempSync('/var/tmp/tourniquet-disk-');
  namespace = await openNamespace();
}, 60_000);
afterAll(async () => {
  await namespace.end();
  rmSync(folder, { recursive: true, force: true });
  report({ suite: 'failing disks and clocks', runs: tried, faults: tried, lost: 0, escaped: 0 });
});

interface Fault {
  readonly name: string;
  /** Shell text that makes $AT. */
  readonly prepare: string;
  /** In the first step of the run. */
  readonly strikes: string;
  readonly repair: string;
  readonly says: RegExp;
}

const FAULTS: readonly Fault[] = [
  {
    name: 'full',
    prepare: 'mount -t tmpfs -o size=34m,mode=700 tmpfs $AT',
    strikes: 'head -c 64M /dev/zero >$AT/fill || true',
    repair: 'rm $AT/fill',
    says: /no space left|ENOSPC/,
  },
  {
    name: 'out of inodes',
    prepare: 'mount -t tmpfs -o size=34m,nr_inodes=400,mode=700 tmpfs $AT',
    strikes: 'i=0; mkdir $AT/fill; while touch $AT/fill/$i; do i=$((i+1)); done || true',
    repair: 'rm -r $AT/fill',
    says: /no space left|ENOSPC/,
  },
  {
    // tmpfs's own quota (usrquota) is not in every kernel and does not bind root; a qgroup of btrfs does.
    name: 'over its quota',
    prepare:
      'truncate -s 160M $AT.disk; mkfs.btrfs -q $AT.disk >/dev/null 2>&1; mount -o loop $AT.disk $AT; chmod 700 $AT; btrfs quota enable $AT >/dev/null; btrfs subvolume create $AT/own >/dev/null; chmod 700 $AT/own; btrfs qgroup limit 24M $AT/own; mount --bind $AT/own $AT',
    strikes: 'head -c 64M /dev/urandom >$AT/fill || true',
    repair: 'rm $AT/fill; sync -f $AT; btrfs subvolume sync $AT >/dev/null 2>&1 || true',
    says: /EDQUOT|quota/i,
  },
];

const playbook = (strikes: string, tally: string) =>
  `name: fault\ntitle: Fault\nplatform: any\nsteps:\n  - name: One\n    id: one\n    why: x\n    run: |\n      echo one >>${tally}\n      ${strikes}\n  - name: Two\n    id: two\n    why: x\n    run: echo two >>${tally}\n`;

const YES = ['--yes', '--max-risk', 'irreversible'];

/** The program in the namespace, to its end. */
function play(before: readonly string[], args: readonly string[]): { code: number; said: string } {
  tried += 1;
  try {
    const said = namespace.run([...before, process.execPath, main, ...args]);
    return { code: 0, said };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, said: `${stdout}${stderr}` };
  }
}

const incidentIn = (at: string) => namespace.shell(`ls ${at} | grep -v '^fill$' | head -1`).trim();
const cleanUp = (id: string) =>
  rmSync(join('/var/lib/tourniquet/host', id), { recursive: true, force: true });

describe('a disk of incidents that is', () => {
  test.for(FAULTS)(
    '$name: the run stops before the next step, and goes on afterwards',
    { timeout: 120_000 },
    ({ name, prepare, strikes, repair, says }) => {
      // What is said must not be found in the path that it is said of.
      const at = join(folder, `fault-${FAULTS.findIndex((fault) => fault.name === name)}`);
      const tally = `${at}.tally`;
      const book = `${at}.yaml`;
      const shell = (text: string) => namespace.shell(text.replaceAll('$AT', at));
      shell(`mkdir $AT && ${prepare}`);
      writeFileSync(book, playbook(strikes.replaceAll('$AT', at), tally));
      const first = play([], ['--incident-dir', at, 'run', book, ...YES]);
      expect(first.said).toMatch(says);
      expect(first.said).not.toContain('a bug');
      expect(first.code, first.said).not.toBe(0);
      expect(readFileSync(tally, 'utf8')).toBe('one\n');
      shell(repair);
      const id = incidentIn(at);
      expect(first.said).toContain(`\`tourniquet resume ${id} --incident-dir ${at}\``);
      const second = play([], ['--incident-dir', at, 'resume', id, ...YES]);
      expect(second.code, second.said).toBe(0);
      expect(readFileSync(tally, 'utf8')).toBe('one\ntwo\n');
      expect(play([], ['--incident-dir', at, 'verify', id])).toMatchObject({ code: 0 });
      cleanUp(id);
    },
  );

  // ERRORS=remount-ro, a used-up quota, a bad sector: each as the kernel would answer the runner.
  const CODES = ['EIO', 'EROFS', 'EDQUOT'] as const;
  test.for(CODES)(
    'answering %s: the run stops before the next step, and goes on afterwards',
    { timeout: 120_000 },
    (code) => {
      const at = join(folder, `injected-${CODES.indexOf(code)}`);
      const tally = `${at}.tally`;
      writeFileSync(`${at}.yaml`, playbook('true', tally));
      const args = ['--incident-dir', at, 'run', `${at}.yaml`, ...YES];
      const inject = [
        'strace',
        '-f',
        '-qq',
        '-o',
        '/dev/null',
        '-e',
        'trace=fdatasync',
        '-e',
        `inject=fdatasync:error=${code}:when=9+`,
        '-E',
        'UV_THREADPOOL_SIZE=1',
      ];
      const first = play(inject, args);
      expect(first.said).toContain(code);
      expect(first.said).not.toContain('a bug');
      expect(first.code).toBe(5);
      expect(existsSync(tally) ? readFileSync(tally, 'utf8') : '').not.toContain('two');
      const id = incidentIn(at);
      const second = play([], ['--incident-dir', at, 'resume', id, ...YES]);
      expect(second.code, second.said).toBe(0);
      expect(readFileSync(tally, 'utf8')).toBe('one\ntwo\n');
      cleanUp(id);
    },
  );

  test('read-only from the start, or that of another, is refused with a line before anything is done', () => {
    const at = join(folder, 'closed');
    namespace.shell(`mkdir ${at} && mount -t tmpfs -o ro,mode=700 tmpfs ${at}`);
    writeFileSync(`${at}.yaml`, playbook('true', `${at}.tally`));
    const refused = play([], ['--incident-dir', at, 'run', `${at}.yaml`, ...YES]);
    expect(refused.said).toMatch(/read-only/);
    expect(refused.code).toBe(5);
    const below = play([], ['--incident-dir', '/proc/nothing', 'run', `${at}.yaml`, ...YES]);
    expect(below.code, below.said).toBe(5);
    expect(existsSync(`${at}.tally`)).toBe(false);
  }, 120_000);

  test('fine, without a /tmp that could be written: it does not matter', () => {
    const at = join(folder, 'no-tmp');
    writeFileSync(`${at}.yaml`, playbook('true', `${at}.tally`));
    const sealed = [
      'unshare',
      '--mount',
      '--propagation',
      'private',
      'sh',
      '-c',
      'mount -t tmpfs -o ro,mode=0 tmpfs /tmp && mount -t tmpfs -o ro tmpfs /var/tmp/../lib/misc && exec "$@"',
      'sh',
    ];
    const ended = play(sealed, ['--incident-dir', at, 'run', `${at}.yaml`, ...YES]);
    expect(ended.code, ended.said).toBe(0);
    cleanUp(incidentIn(at));
  }, 120_000);

  test('whatever the umask: folders are 0700 and files 0600', () => {
    for (const umask of ['000', '777']) {
      const at = join(folder, `umask-${umask}`);
      writeFileSync(`${at}.yaml`, playbook('true', `${at}.tally`));
      const ended = play(
        ['sh', '-c', `umask ${umask}; exec "$@"`, 'sh'],
        ['--incident-dir', at, 'run', `${at}.yaml`, ...YES],
      );
      expect(ended.code, ended.said).toBe(0);
      const modes = execFileSync('find', [at, '-printf', '%y%m\n'], { encoding: 'utf8' });
      expect([...new Set(modes.trim().split('\n'))].sort()).toEqual(['d700', 'f600']);
      cleanUp(incidentIn(at));
    }
  }, 120_000);

  test('fine, and a clock that is set back in the middle: the run goes on, and the record is whole', () => {
    const at = join(folder, 'clock');
    const tally = `${at}.tally`;
    writeFileSync(`${at}.yaml`, playbook('true', tally));
    tried += 1;
    namespace.run([
      'env',
      `SHIFT_WHEN=${tally}`,
      process.execPath,
      '--import',
      CLOCK,
      main,
      '--incident-dir',
      at,
      'run',
      `${at}.yaml`,
      ...YES,
    ]);
    const id = incidentIn(at);
    const times = readFileSync(join(at, id, 'journal.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => Date.parse((JSON.parse(line) as { at: string }).at));
    expect(times.some((time, index) => index > 0 && time < (times[index - 1] ?? 0))).toBe(true);
    expect(readFileSync(tally, 'utf8')).toBe('one\ntwo\n');
    expect(play([], ['--incident-dir', at, 'verify', id])).toMatchObject({ code: 0 });
    expect(play([], ['--incident-dir', at, 'transcript', id]).said).toContain('Fault');
    cleanUp(id);
  }, 120_000);
});
