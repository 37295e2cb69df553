import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { collectProcess } from '../../../src/host/perform/collect-process.ts';
import { readProcess } from '../../../src/host/process-identity.ts';
import type { ProcessIdentity } from '../../../src/operations/identity.ts';
import type { OperationOf } from '../../../src/operations/operation.ts';
import {
  type Actor,
  makeStage,
  mustBeDone,
  receiptOf,
  refusalOf,
  type Stage,
  sha256,
  startActor,
} from './stage.ts';

let stage: Stage;
const actors: Actor[] = [];
beforeEach(() => {
  stage = makeStage();
});
afterEach(async () => {
  for (const actor of actors.splice(0)) await actor.end();
  stage.end();
});

function plan(process: ProcessIdentity): OperationOf<'collect-process'> {
  return { kind: 'collect-process', id: 'look.1.0', because: [], process };
}
const exeOf = (pid: number) => readProcess(pid)?.identity.exePath ?? '';
/** Of the one process of the test. */
const folder = () => join(stage.evidenceFolder, readdirSync(stage.evidenceFolder)[0] ?? '');
const evidence = (name: string) => readFileSync(join(folder(), name));

/** Holds a deleted file open and a connection. perl-base is on every Debian, and small enough to be copied. */
const HOLDER = `
  use IO::Socket::INET;
  my ($marker, $held, $port) = @ARGV;
  open(my $file, "+>", $held); syswrite $file, "wallet 4A..."; unlink $held;
  my $peer = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $port) or die;
  open(my $out, ">", $marker); print $out fileno($file); close $out;
  sleep 60;
`;

/** Puts a program into a memfd and becomes it, under a kernel thread's name. */
const NAMELESS = `
  my $fd = syscall(${process.arch === 'arm64' ? 279 : 319}, my $name = "kworkerds", 0);
  open(my $memory, ">&=", $fd); binmode $memory;
  open(my $source, "<", "/bin/sleep"); binmode $source;
  local $/; print {$memory} <$source>; close $source;
  $^F = 255; open(my $copy, "<", "/proc/$$/fd/$fd"); close $memory;
  exec {"/proc/$$/fd/" . fileno($copy)} "[kworker/0:1]", "60";
`;

test('executable, command line, environment, deleted files, sockets, with the hash of each', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const marker = stage.path('ready');
    const exe = stage.path('miner');
    execFileSync('cp', ['/usr/bin/perl', exe]);
    const actor = await startActor([exe, '-e', HOLDER, marker, stage.path('held'), String(port)], () =>
      existsSync(marker),
    );
    actors.push(actor);
    rmSync(exe);
    const operation = plan(actor.identity);
    const receipt = receiptOf(await collectProcess.prepare(operation, stage.context()));
    expect(await collectProcess.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
    const outcome = await collectProcess.perform(operation, receipt, stage.context());
    mustBeDone(outcome);
    expect(await collectProcess.verify(operation, receipt)).toMatchObject({ status: 'holds' });

    expect(sha256(evidence('exe'))).toBe(sha256(readFileSync('/usr/bin/perl')));
    expect(evidence('cmdline').toString()).toContain(`\0${marker}\0`);
    expect(evidence('environ').toString()).toContain('PATH=');
    const fd = readFileSync(marker, 'utf8');
    expect(evidence(`fd-${fd}`).toString()).toBe('wallet 4A...');
    const summary = JSON.parse(evidence('summary.json').toString());
    expect(summary.sockets).toContainEqual(
      expect.objectContaining({ table: 'tcp', remote: `127.0.0.1:${port}`, state: 'ESTABLISHED' }),
    );
    expect(summary.links.exe).toContain('(deleted)');
    for (const file of outcome.evidence)
      expect(sha256(readFileSync(join(stage.evidenceFolder, file.name)))).toBe(file.sha256);
    expect(JSON.stringify(outcome.receipt)).not.toContain('PATH=');
    expect(stage.progress.length).toBeGreaterThan(0);
  } finally {
    server.close();
  }
});

test('an executable that never had a name (memfd) is copied', async () => {
  const actor = await startActor(['perl', '-e', NAMELESS], (pid) => exeOf(pid).startsWith('/memfd:'));
  actors.push(actor);
  const operation = plan(actor.identity);
  const receipt = receiptOf(await collectProcess.prepare(operation, stage.context()));
  mustBeDone(await collectProcess.perform(operation, receipt, stage.context()));
  expect(evidence('exe')).toEqual(readFileSync('/bin/sleep'));
});

test('a process that ends while it is copied is said to be incomplete, and what was read is kept', async () => {
  const actor = await startActor(['sleep', '60']);
  actors.push(actor);
  const operation = plan(actor.identity);
  const context = stage.context({
    onEvidence: async (name) => {
      if (name.endsWith('/maps')) await actor.end();
    },
  });
  const receipt = receiptOf(await collectProcess.prepare(operation, stage.context()));
  const outcome = await collectProcess.perform(operation, receipt, context);
  expect(outcome).toMatchObject({ status: 'failed', message: expect.stringContaining('ended') });
  expect(outcome.evidence.map((file) => file.name)).toContain(`process-${actor.identity.pid}/exe`);
  expect(JSON.parse(evidence('summary.json').toString()).missing.length).toBeGreaterThan(0);
  expect(await collectProcess.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
});

test('descriptors to FIFOs and devices are never opened', async () => {
  const fifo = stage.path('fifo');
  execFileSync('mkfifo', [fifo]);
  const actor = await startActor(
    ['sh', '-c', 'exec 7<>"$0"; rm "$0"; exec sleep 60', fifo],
    (pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n',
  );
  actors.push(actor);
  const operation = plan(readProcess(actor.identity.pid)?.identity ?? actor.identity);
  mustBeDone(
    await collectProcess.perform(
      operation,
      receiptOf(await collectProcess.prepare(operation, stage.context())),
      stage.context(),
    ),
  );
  expect(existsSync(join(folder(), 'fd-7'))).toBe(false);
});

test('a stale process is refused; a cancelled copy fails and changes nothing; there is no undo', async () => {
  const actor = await startActor(['sleep', '60']);
  actors.push(actor);
  const operation = plan(actor.identity);
  expect(
    refusalOf(await collectProcess.prepare(plan({ ...actor.identity, startTicks: '1' }), stage.context())),
  ).toMatchObject({ code: 'stale' });
  const receipt = receiptOf(await collectProcess.prepare(operation, stage.context()));
  const aborted = stage.context({ signal: AbortSignal.abort() });
  expect(await collectProcess.perform(operation, receipt, aborted)).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('cancelled'),
  });
  expect((await collectProcess.undo(operation, receipt, stage.context())).status).toBe('failed');
});
