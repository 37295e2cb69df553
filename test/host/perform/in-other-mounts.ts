/**
 * Run inside `unshare -Urm`: takes files away from, edits them on, and gives them back to file systems that are not
 * the one our own folder is on. argv: a folder to do it in. Prints what came of it as JSON.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { identifyFile } from '../../../src/host/file-identity.ts';
import { editFile } from '../../../src/host/perform/edit-file.ts';
import { quarantineFile } from '../../../src/host/perform/quarantine-file.ts';
import type { OperationOf } from '../../../src/operations/operation.ts';
import { fingerprint, makeStage, mustBeDone, receiptOf } from './stage.ts';

const stage = makeStage(process.argv[2]);
const results: Record<string, unknown> = {};
const mount = (...argv: string[]) => execFileSync('mount', argv, { stdio: ['ignore', 'ignore', 'pipe'] });

function make(path: string, text = 'keep\nevil\nkeep\n'): void {
  writeFileSync(path, text, { mode: 0o750 });
  utimesSync(path, 1_600_000_000.25, 1_600_000_000.25);
}

/** What stays the same where a file gets another inode when it is first changed (overlayfs). */
function lasting(path: string) {
  const { inode: _, ...rest } = fingerprint(path);
  return JSON.stringify(rest, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

async function thereAndBack(name: string, path: string, top: string) {
  const topMtime = lstatSync(top, { bigint: true }).mtimeNs;
  const before = lasting(path);
  const id = `purge.${name}.0`;
  const move: OperationOf<'quarantine-file'> = {
    kind: 'quarantine-file',
    id,
    because: [],
    file: identifyFile(path),
  };
  const prepared = receiptOf(await quarantineFile.prepare(move, stage.context()));
  const moved = mustBeDone(await quarantineFile.perform(move, prepared, stage.context()));
  const isGone = !existsSync(path);
  const holds = [await quarantineFile.verify(move, prepared), await quarantineFile.verify(move, moved)].map(
    (seen) => seen.status,
  );
  const place = String(moved.quarantineFolder);
  const mode = (lstatSync(place).mode & 0o777).toString(8);
  mustBeDone(await quarantineFile.undo(move, prepared, stage.context()));
  const isBack = lasting(path) === before;

  const edit: OperationOf<'edit-file'> = {
    kind: 'edit-file',
    id: `${id}.edit`,
    because: [],
    file: identifyFile(path),
    removeLines: [{ number: 2, text: 'evil' }],
  };
  const editPrepared = receiptOf(await editFile.prepare(edit, stage.context()));
  mustBeDone(await editFile.perform(edit, editPrepared, stage.context()));
  const text = readFileSync(path, 'utf8');
  const editHolds = (await editFile.verify(edit, editPrepared)).status;
  mustBeDone(await editFile.undo(edit, editPrepared, stage.context()));
  results[name] = {
    isGone,
    holds,
    place: place.replace(top, 'TOP'),
    mode,
    isBack,
    text,
    editHolds,
    isEditBack: lasting(path) === before,
    leftAtTop: readdirSync(top).filter((left) => left.startsWith('.tourniquet')),
    isTopTimeKept: lstatSync(top, { bigint: true }).mtimeNs === topMtime,
  };
}

const tmpfs = stage.path('tmpfs');
mkdirSync(tmpfs);
mount('-t', 'tmpfs', 'none', tmpfs);
mkdirSync(join(tmpfs, 'deep'));
make(join(tmpfs, 'deep', 'evil'));
await thereAndBack('tmpfs', join(tmpfs, 'deep', 'evil'), tmpfs);

// Somebody else has taken the quarantine's name: another one is used.
const taken = stage.path('taken');
mkdirSync(taken);
mount('-t', 'tmpfs', 'none', taken);
mkdirSync(join(taken, '.tourniquet-quarantine'), { mode: 0o777 });
execFileSync('chmod', ['777', join(taken, '.tourniquet-quarantine')]);
make(join(taken, 'evil'));
await thereAndBack('taken', join(taken, 'evil'), taken);

// A file of the lower layer: the first change copies it up.
const [lower, layers, merged] = ['lower', 'layers', 'merged'].map((name) => stage.path(name)) as [
  string,
  string,
  string,
];
for (const folder of [lower, layers, merged]) mkdirSync(folder);
mkdirSync(join(lower, 'etc'));
make(join(lower, 'etc', 'evil'));
mount('-t', 'tmpfs', 'none', layers);
mkdirSync(join(layers, 'upper'));
mkdirSync(join(layers, 'work'));
mount(
  '-t',
  'overlay',
  'none',
  '-o',
  `lowerdir=${lower},upperdir=${layers}/upper,workdir=${layers}/work,userxattr`,
  merged,
);
await thereAndBack('overlay', join(merged, 'etc', 'evil'), merged);

// A file that is itself a mount cannot be moved; it is said why.
make(stage.path('bound'));
make(stage.path('source'), 'other\n');
mount('--bind', stage.path('source'), stage.path('bound'));
const bound: OperationOf<'quarantine-file'> = {
  kind: 'quarantine-file',
  id: 'purge.b.0',
  because: [],
  file: identifyFile(stage.path('bound')),
};
const boundReceipt = receiptOf(await quarantineFile.prepare(bound, stage.context()));
results.bound = (await quarantineFile.perform(bound, boundReceipt, stage.context())).message;

process.stdout.write(JSON.stringify(results));
process.exit(0);
