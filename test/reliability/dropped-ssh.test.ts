import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../src/engine/event.ts';
import { isAlive, ownProcess, readLock } from '../../src/journal/lock-record.ts';
import { readJournal } from '../../src/journal/read-journal.ts';
import { run, tourniquet } from '../end-to-end/program.ts';
import { report, runs } from '../support/length.ts';
import { type SshStage, startSshStage } from '../support/ssh-stage.ts';

/**
 * A responder over SSH whose connection dies: a real sshd on loopback in namespaces of their own, and a real
 * `ssh -tt` that is killed with SIGKILL in the middle of things.
 */
let stage: SshStage;
let root: string;
beforeAll(async () => {
  run(['--version']);
  stage = await startSshStage();
  root = stage.root;
}, 60_000);
afterAll(() => stage?.end());

/** The program over SSH, with a terminal; `stop` kills the client, and with it the connection. */
class Login {
  readonly child: ChildProcess;
  said = '';
  readonly ended: Promise<number | null>;

  constructor(args: readonly string[]) {
    const command = [...tourniquet, ...args].map((word) => `'${word}'`).join(' ');
    const [file, ...argv] = stage.ssh(command);
    // In a group of its own: nsenter forks, and the client is what has to die.
    this.child = spawn(file, argv, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.said += text;
    });
    this.ended = once(this.child, 'exit').then(([code]) => code as number | null);
  }

  async drop(): Promise<void> {
    process.kill(-(this.child.pid ?? 0), 'SIGKILL');
    await this.ended;
  }
}

const names = (folder: string) =>
  existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
const journalOf = (folder: string) => join(folder, names(folder)[0] ?? 'none', 'journal.jsonl');

async function records(folder: string): Promise<readonly JournalRecord[]> {
  return existsSync(journalOf(folder)) ? (await readJournal(journalOf(folder))).records : [];
}

async function until(what: () => boolean | Promise<boolean>, label: () => string, withinMs = 120_000) {
  const endAt = performance.now() + withinMs;
  while (!(await what())) {
    if (performance.now() > endAt) throw new Error(`never: ${label()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Nobody is at it any more: the runner saw that its line is gone, or ended with it. */
async function letGo(folder: string): Promise<void> {
  const dir = join(folder, names(folder)[0] ?? '');
  await until(
    async () => {
      const holder = await readLock(dir);
      if (holder === null) return true;
      // It runs in another pid namespace, where its number means somebody else: looked at from there.
      const seen = run(['incidents', '--json', '--incident-dir', folder]);
      return (
        seen.code === 0 &&
        !(await isAlive(holder, { ...holder, ...(await ownProcess()) })) &&
        !existsSync(join(dir, 'lock'))
      );
    },
    () => `let go of ${dir}`,
  );
}

const YES = ['--yes', '--max-risk', 'irreversible'];

describe('a connection that dies', () => {
  test('while a long command runs leaves it running; resume attaches to its output and its end', async () => {
    const folder = join(root, 'long');
    const gate = join(root, 'gate');
    const file = join(root, 'long.yaml');
    writeFileSync(
      file,
      `name: long\ntitle: Long\nplatform: any\nsteps:\n  - name: Long\n    id: long\n    why: it takes its time\n    on-failure: continue\n    run: |\n      echo begun\n      while [ ! -e ${gate} ]; do sleep 0.1; done\n      echo ended\n      exit 3\n`,
    );
    const first = new Login(['--incident-dir', folder, 'run', file, ...YES]);
    const output = () => join(folder, names(folder)[0] ?? '', 'output/long.1.1.log');
    await until(
      () => existsSync(output()) && readFileSync(output(), 'utf8') === 'begun\n',
      () => first.said,
    );
    await first.drop();
    await letGo(folder);
    const id = names(folder)[0] ?? '';
    const second = new Login(['--incident-dir', folder, 'resume', id, ...YES]);
    await until(
      async () =>
        (await records(folder)).filter(({ event }) => event.kind === 'runner-attached').length === 2,
      () => second.said,
    );
    await until(
      () => readFileSync(output(), 'utf8') === 'begun\n',
      () => second.said,
    );
    writeFileSync(gate, '');
    await second.ended;
    expect(readFileSync(output(), 'utf8'), second.said).toBe('begun\nended\n');
    const ends = (await records(folder)).filter(({ event }) => event.kind === 'operation-finished');
    expect(ends.map(({ event }) => event.kind === 'operation-finished' && event.outcome.exitCode)).toEqual([
      3,
    ]);
    expect(run(['--incident-dir', folder, 'verify', id]).code).toBe(0);
    rmSync(join('/var/lib/tourniquet/host', id), { recursive: true, force: true });
    report({ suite: 'connection dead while a long command runs', runs: 1, faults: 1, lost: 0, escaped: 0 });
  }, 180_000);

  test('and comes back after the command has ended gets its whole output and its exit code; it is not run again', async () => {
    const folder = join(root, 'ended');
    const [gate, tally, file] = ['gate-2', 'tally', 'ended.yaml'].map((name) => join(root, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(
      file,
      `name: ended\ntitle: Ended\nplatform: any\nsteps:\n  - name: Long\n    id: long\n    why: it takes its time\n    on-failure: continue\n    run: |\n      echo begun\n      while [ ! -e ${gate} ]; do sleep 0.1; done\n      echo once >>${tally}\n      echo ended\n      exit 3\n`,
    );
    const first = new Login(['--incident-dir', folder, 'run', file, ...YES]);
    const output = () => join(folder, names(folder)[0] ?? '', 'output/long.1.1.log');
    await until(
      () => existsSync(output()) && readFileSync(output(), 'utf8') === 'begun\n',
      () => first.said,
    );
    await first.drop();
    await letGo(folder);
    writeFileSync(gate, '');
    await until(
      () => existsSync(tally),
      () => 'the command went on',
    );
    const id = names(folder)[0] ?? '';
    await until(
      () => existsSync(join('/var/lib/tourniquet/host', id, 'commands/long.1.1/exit')),
      () => 'its end',
    );
    const second = new Login(['--incident-dir', folder, 'resume', id, ...YES]);
    await second.ended;
    expect(readFileSync(output(), 'utf8'), second.said).toBe('begun\nended\n');
    expect(readFileSync(tally, 'utf8')).toBe('once\n');
    const ends = (await records(folder)).filter(({ event }) => event.kind === 'operation-finished');
    expect(ends.map(({ event }) => event.kind === 'operation-finished' && event.outcome.exitCode)).toEqual([
      3,
    ]);
    rmSync(join('/var/lib/tourniquet/host', id), { recursive: true, force: true });
  }, 180_000);

  test('in the middle of each kind of step leaves a drill that is resumed and won', async () => {
    const moments = [
      'step-looked',
      'archive-files',
      'isolate-host',
      'kill-process',
      'quarantine-file',
      'expire-password',
      'watch-looked',
      'upgrade-packages',
      'block-address',
      'edit-file',
    ].slice(0, runs(3, 10));
    const folder = join(root, 'drill');
    const dropped = new Set<string>();
    const moment = (record: JournalRecord) => {
      const { event } = record;
      const name = event.kind === 'operation-started' ? event.receipt.kind : event.kind;
      return moments.includes(name) && !dropped.has(name) ? name : null;
    };
    let args = ['--incident-dir', folder, 'drill', ...YES, '--input', 'watch-for=5s'];
    let seen = 0;
    let lastSaid = '';
    for (let round = 0; round <= moments.length; round += 1) {
      const login = new Login(args);
      let isOver = false;
      void login.ended.then(() => {
        isOver = true;
      });
      let at: string | null = null;
      await until(
        async () => {
          const all = await records(folder);
          for (; seen < all.length && at === null; seen += 1) at = moment(all[seen] as JournalRecord);
          return at !== null || isOver;
        },
        () => login.said.slice(-2000),
        240_000,
      );
      lastSaid = login.said.slice(-2000);
      if (at === null) break;
      dropped.add(at);
      await login.drop();
      await letGo(folder);
      const { altered } = await readJournal(journalOf(folder));
      expect(altered).toBeNull();
      args = ['--incident-dir', folder, 'resume', names(folder)[0] ?? '', ...YES];
    }
    const all = await records(folder);
    const lastWords = all.findLast(({ event }) => event.kind === 'incident-closed');
    expect(lastWords, `dropped at ${[...dropped].join(', ')}\n${lastSaid}`).toBeDefined();
    const done = all.flatMap(({ event }) =>
      event.kind === 'operation-finished' && event.outcome.status === 'done' ? [event.operationId] : [],
    );
    expect(done.filter((id, index) => done.indexOf(id) !== index)).toEqual([]);
    expect(dropped.size).toBeGreaterThanOrEqual(Math.min(3, moments.length));
    expect(run(['--incident-dir', folder, 'verify', names(folder)[0] ?? '']).code).toBe(0);
    report({
      suite: 'connection dead in each kind of step of a drill',
      runs: dropped.size,
      faults: dropped.size,
      lost: 0,
      escaped: 0,
    });
  }, 900_000);
});
