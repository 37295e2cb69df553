import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { type Extract, extract } from 'tar-stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { archiveFiles } from '../../../src/host/perform/archive-files.ts';
import type { OperationOf } from '../../../src/operations/operation.ts';
import { decodeHostBytes } from '../../../src/text/host-bytes.ts';
import { makeStage, mustBeDone, receiptOf, refusalOf, runIfThere, type Stage, sha256 } from './stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = makeStage();
});
afterEach(() => stage.end());

function plan(paths: readonly string[], maxBytes = 1e9): OperationOf<'archive-files'> {
  return { kind: 'archive-files', id: 'snapshot.1.0', because: [], paths, name: 'places', maxBytes };
}

const kept = (name: string) => readFileSync(join(stage.evidenceFolder, name));
const manifest = (): Record<string, unknown>[] =>
  kept('places.manifest.jsonl')
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const lineOf = (path: string) => manifest().find((line) => line.path === path);

interface Packed {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  readonly linkname: string;
  readonly bytes: Buffer;
}

async function unpack(): Promise<Map<string, Packed>> {
  const found = new Map<string, Packed>();
  const reader: Extract = extract();
  reader.on('entry', (header, stream, next) => {
    const pieces: Buffer[] = [];
    stream.on('data', (piece: unknown) => pieces.push(piece as Buffer));
    stream.on('end', () => {
      const { name, type, mode, linkname } = header;
      found.set(name, { name, type, mode: mode & 0o7777, linkname, bytes: Buffer.concat(pieces) });
      next();
    });
  });
  const finished = once(reader, 'finish');
  reader.end(zstdDecompressSync(kept('places.tar.zst')));
  await finished;
  return found;
}

async function archive(operation: OperationOf<'archive-files'>, context = stage.context()) {
  const receipt = receiptOf(await archiveFiles.prepare(operation, stage.context()));
  return { receipt, outcome: await archiveFiles.perform(operation, receipt, context) };
}

test('a tree is packed whole, and the manifest says what each thing was', async () => {
  const tree = stage.path('tree');
  mkdirSync(join(tree, 'sub'), { recursive: true });
  writeFileSync(join(tree, 'plain'), 'hello');
  writeFileSync(join(tree, 'secret'), 'no one may read');
  chmodSync(join(tree, 'secret'), 0);
  utimesSync(join(tree, 'plain'), 1_600_000_000.5, 1_600_000_000.5);
  linkSync(join(tree, 'plain'), join(tree, 'sub', 'again'));
  symlinkSync('/etc/shadow', join(tree, 'link'));
  execFileSync('mkfifo', [join(tree, 'fifo')]);
  const server = createServer().listen(join(tree, 'socket'));
  await once(server, 'listening');
  const bad = Buffer.concat([Buffer.from(`${tree}/bad-`), Buffer.from([0xff])]);
  writeFileSync(bad, 'bytes');
  writeFileSync(join(tree, 'ü \n"x'), 'odd');
  writeFileSync(join(tree, 'x'.repeat(150)), 'long');
  runIfThere('setfattr', ['-n', 'user.mark', '-v', 'hello', join(tree, 'plain')]);

  const operation = plan([tree, stage.path('missing')]);
  const receipt = receiptOf(await archiveFiles.prepare(operation, stage.context()));
  expect(receipt.missing).toEqual([stage.path('missing')]);
  expect(await archiveFiles.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
  const outcome = await archiveFiles.perform(operation, receipt, stage.context());
  server.close();
  mustBeDone(outcome);
  expect(await archiveFiles.verify(operation, receipt)).toMatchObject({ status: 'holds' });
  for (const file of outcome.evidence)
    expect(sha256(readFileSync(join(stage.evidenceFolder, file.name)))).toBe(file.sha256);

  const packed = await unpack();
  const name = (of: string) => `${tree.slice(1)}/${of}`;
  expect(packed.get(name('plain'))?.bytes.toString()).toBe('hello');
  // Only root can read it; for anybody else it is named as what could not be had.
  const secret = packed.get(name('secret'));
  if (secret === undefined) expect(lineOf(`${tree}/secret`)?.note).toContain('EACCES');
  else expect(secret).toMatchObject({ mode: 0, type: 'file' });
  expect(packed.get(name('link'))).toMatchObject({ type: 'symlink', linkname: '/etc/shadow' });
  expect(packed.get(name('ü \n"x'))?.bytes.toString()).toBe('odd');
  expect(packed.get(name('x'.repeat(150)))?.bytes.toString()).toBe('long');
  expect(packed.get(name('bad-%FF'))?.bytes.toString()).toBe('bytes');
  expect(packed.has(name('fifo'))).toBe(false);

  expect(lineOf(`${tree}/plain`)).toMatchObject({
    sha256: sha256(Buffer.from('hello')),
    type: 'file',
    mtimeNs: '1600000000500000000',
    links: 2,
  });
  expect(lineOf(decodeHostBytes(bad))).toMatchObject({ archivedAs: name('bad-%FF') });
  expect(lineOf(`${tree}/fifo`)).toMatchObject({ isArchived: false, note: 'a fifo is not archived' });
  expect(lineOf(`${tree}/socket`)).toMatchObject({ isArchived: false });
  expect(lineOf(stage.path('missing'))).toMatchObject({ note: expect.stringContaining('not there') });
  if (runIfThere('getfattr', ['-n', 'user.mark', join(tree, 'plain')]) !== '')
    expect(lineOf(`${tree}/plain`)?.xattrs).toContain('user.mark=0x68656c6c6f');
});

test('the tools of the host can read it', async () => {
  writeFileSync(stage.path('a'), 'x'.repeat(100_000));
  utimesSync(stage.path('a'), 1_600_000_000.25, 1_600_000_000.25);
  mustBeDone((await archive(plan([stage.path('.')]))).outcome);
  const bytes = zstdDecompressSync(kept('places.tar.zst'));
  const listed = execFileSync('tar', ['--full-time', '--utc', '-tvf', '-'], { input: bytes }).toString();
  expect(listed).toContain('100000 2020-09-13 12:26:40.25 ');
});

test('more than the limit is refused before anything is written, and says how much it would be', async () => {
  writeFileSync(stage.path('big'), '');
  truncateSync(stage.path('big'), 50_000_000);
  const refusal = refusalOf(await archiveFiles.prepare(plan([stage.path('.')], 1_000_000), stage.context()));
  expect(refusal).toMatchObject({ code: 'evidence', message: expect.stringContaining('50000000 bytes') });
  expect(existsSync(stage.evidenceFolder)).toBe(false);
});

test('a file that shrinks, and one that goes away, while it is packed is noted; the rest is sound', async () => {
  writeFileSync(stage.path('a-shrinks'), Buffer.alloc(3_000_000, 1));
  writeFileSync(stage.path('b-goes'), 'b');
  writeFileSync(stage.path('c-stays'), 'c');
  const context = stage.context();
  const operation = plan([stage.path('.')]);
  const receipt = receiptOf(await archiveFiles.prepare(operation, context));
  let isFirst = true;
  const outcome = await archiveFiles.perform(operation, receipt, {
    ...context,
    onProgress: () => {
      if (!isFirst) return;
      isFirst = false;
      truncateSync(stage.path('a-shrinks'), 1_500_000);
      execFileSync('rm', [stage.path('b-goes')]);
    },
  });
  mustBeDone(outcome);
  expect(outcome.message).toContain('see the manifest');
  const packed = await unpack();
  expect(packed.get(`${stage.path('a-shrinks').slice(1)}`)?.bytes.length).toBe(3_000_000);
  expect(packed.get(`${stage.path('c-stays').slice(1)}`)?.bytes.toString()).toBe('c');
  const line = manifest().find((one) => String(one.path).endsWith('a-shrinks'));
  expect(line?.note).toContain('cut off');
  expect(manifest().find((one) => String(one.path).endsWith('b-goes'))?.note).toBeDefined();
});

test('what the kernel makes up, and the own folder, are not gone into', async () => {
  mkdirSync(stage.hostFolder, { mode: 0o700 });
  writeFileSync(join(stage.hostFolder, 'own'), 'own');
  const operation = plan(['/proc/self', '/sys/kernel', stage.root], 100_000_000);
  mustBeDone((await archive(operation)).outcome);
  const paths = manifest().map((line) => String(line.path));
  expect(paths.filter((path) => path.startsWith('/sys/kernel/')).length).toBe(0);
  expect(paths).not.toContain(join(stage.hostFolder, 'own'));
});

test('cancelling ends it, says so, and it does not count as taken', async () => {
  writeFileSync(stage.path('big'), Buffer.alloc(20_000_000, 7));
  const cancel = new AbortController();
  const operation = plan([stage.path('.')]);
  const receipt = receiptOf(await archiveFiles.prepare(operation, stage.context()));
  const context = { ...stage.context({ signal: cancel.signal }), onProgress: () => cancel.abort() };
  const outcome = await archiveFiles.perform(operation, receipt, context);
  expect(outcome).toMatchObject({ status: 'failed', message: expect.stringContaining('cancelled') });
  expect(await archiveFiles.verify(operation, receipt)).toMatchObject({ status: 'does-not-hold' });
});

test('a full evidence folder fails it with the reason', async () => {
  writeFileSync(stage.path('a'), 'a');
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  const { outcome } = await archive(
    plan([stage.path('.')]),
    stage.context({ onEvidence: () => Promise.reject(full) }),
  );
  expect(outcome).toMatchObject({ status: 'failed', message: expect.stringContaining('no space left') });
});
