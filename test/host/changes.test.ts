import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ChangeSign } from '../../src/findings/change-sign.ts';
import { FolderNotices } from '../../src/host/changes/folder-notices.ts';
import { NewProcesses } from '../../src/host/changes/new-processes.ts';
import { createLocalHost } from '../../src/host/local.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tourniquet-changes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What is told until it is what is waited for. */
async function until(
  take: () => readonly ChangeSign[],
  isIt: (sign: ChangeSign) => boolean,
): Promise<ChangeSign> {
  for (;;) {
    const found = take().find(isIt);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a file that appears is told by the kernel, also in a folder that comes only later', async () => {
  const later = join(folder, 'later');
  const notices = new FolderNotices([folder, later]);
  try {
    expect(notices).toMatchObject({ noticed: 1, polled: 1 });
    writeFileSync(join(folder, 'cron'), '* * * * * root /tmp/x\n');
    await until(
      () => notices.take(),
      (sign) => sign.kind === 'file' && sign.path === join(folder, 'cron'),
    );
    mkdirSync(later);
    await until(
      () => notices.take(),
      (sign) => sign.kind === 'file' && sign.path === later,
    );
    expect(notices).toMatchObject({ noticed: 2, polled: 0 });
    writeFileSync(join(later, 'unit'), '');
    await until(
      () => notices.take(),
      (sign) => sign.kind === 'file' && sign.path === join(later, 'unit'),
    );
  } finally {
    notices.close();
  }
});

test('a folder in which much happens is asked for its time instead', async () => {
  const notices = new FolderNotices([folder]);
  try {
    for (let index = 0; index < 1200; index += 1) writeFileSync(join(folder, `f${index}`), '');
    await until(
      () => (notices.polled === 1 ? [{ kind: 'file', path: 'busy' }] : []),
      () => true,
    );
    expect(notices.take().length).toBeLessThanOrEqual(501);
  } finally {
    notices.close();
  }
});

test('a program that did not run before is told once; another run of one that did is not', async () => {
  const program = join(folder, 'worker');
  copyFileSync('/bin/sleep', program);
  chmodSync(program, 0o755);
  const ordinary = spawn('/bin/sleep', ['30']);
  const processes = new NewProcesses();
  processes.take();
  const again = spawn('/bin/sleep', ['30']);
  const first = spawn(program, ['30']);
  try {
    const isIt = (sign: ChangeSign) => sign.kind === 'process' && sign.pid === first.pid;
    await until(() => processes.take(), isIt);
    const second = spawn(program, ['30']);
    const told = [...processes.take(), ...processes.take()];
    second.kill();
    expect(told.some((sign) => sign.kind === 'process' && [again.pid, second.pid].includes(sign.pid))).toBe(
      false,
    );
  } finally {
    for (const child of [ordinary, again, first]) child.kill();
  }
});

test('the host waits until something changes, says what, and ends when it is told to', async () => {
  const host = createLocalHost();
  try {
    await host.awaitChange({ waitMs: 0, everyMs: 100 }, {});
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const seen: ChangeSign[] = [];
    while (!seen.some((sign) => sign.kind === 'listener' && sign.port === port))
      seen.push(...(await host.awaitChange({ waitMs: 5000, everyMs: 100 }, {})).signs);
    server.close();
    const abort = new AbortController();
    const waiting = host.awaitChange({ waitMs: 600_000, everyMs: 600_000 }, { signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    expect((await waiting).cpuMs).toBeGreaterThanOrEqual(0);
  } finally {
    await host.close();
  }
});
