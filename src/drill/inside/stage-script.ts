import { HIDDEN_PID } from '../hiding-library.ts';
import { MARKER_FILE, STARTS_FILE } from '../places.ts';
import { LOOK_FUNCTIONS } from './look-script.ts';

/**
 * Puts a scene into the sandbox: reads `{parts, look}` on stdin, plants files and lines, starts the processes, waits
 * until they are connected, then answers `{processes, notes, seen}`. Refuses to do anything outside a sandbox.
 */
export const STAGE_SCRIPT = String.raw`${LOOK_FUNCTIONS}
import { spawn } from 'node:child_process';
import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

if (!fs.existsSync('${MARKER_FILE}')) throw new Error('this is not the sandbox of a drill');
process.umask(0o022);
const request = JSON.parse(fs.readFileSync(0, 'utf8'));
const notes = [];
const processes = {};

function own(part, isLink = false) {
  if (part.uid === undefined && part.gid === undefined) return;
  (isLink ? fs.lchownSync : fs.chownSync)(bytes(part.path), part.uid ?? 0, part.gid ?? 0);
}

function removeFile(name) {
  try { fs.unlinkSync(bytes(name)); } catch (error) { if (error.code !== 'ENOENT') throw error; }
}

const plant = {
  file(part) {
    fs.mkdirSync(bytes(path.dirname(part.path)), { recursive: true });
    if (part.isFolder) fs.mkdirSync(bytes(part.path), { recursive: true });
    else {
      removeFile(part.path);
      if (part.copyOf) fs.copyFileSync(part.copyOf, bytes(part.path));
      else fs.writeFileSync(bytes(part.path), part.base64 ? filledIn(part) : part.text);
    }
    own(part);
    fs.chmodSync(bytes(part.path), part.mode);
    if (part.mtimeMs !== undefined) fs.utimesSync(bytes(part.path), part.mtimeMs / 1000, part.mtimeMs / 1000);
    if (part.isImmutable) {
      try { execFileSync('chattr', ['+i', part.path], { stdio: 'ignore' }); }
      catch { notes.push(part.path + ' could not be made immutable here (chattr is missing or refused)'); }
    }
  },
  lines(part) {
    fs.mkdirSync(bytes(path.dirname(part.path)), { recursive: true });
    const before = readText(part.path);
    const glue = before === null || before === '' || before.endsWith('\n') ? '' : '\n';
    const added = bytes(part.lines.map((line) => line.text + '\n').join('')).toString('latin1');
    const was = before === null ? null : fs.statSync(part.path);
    // A new file in its place: one that an overlay copied up in place has another inode number under each name.
    const fresh = part.path + '.drill';
    fs.writeFileSync(fresh, Buffer.from((before ?? '') + glue + added, 'latin1'));
    if (was === null) own({ ...part, path: fresh });
    else fs.chownSync(fresh, was.uid, was.gid);
    fs.chmodSync(fresh, was === null ? part.mode : was.mode & 0o7777);
    fs.renameSync(fresh, part.path);
  },
  link(part) {
    fs.mkdirSync(bytes(path.dirname(part.path)), { recursive: true });
    fs.symlinkSync(part.target, bytes(part.path));
  },
  empty(part) {
    let names = [];
    try { names = fs.readdirSync(part.path); } catch {}
    for (const name of names) {
      try { fs.rmSync(path.join(part.path, name), { recursive: true, force: true }); }
      catch { notes.push(path.join(part.path, name) + ' of the machine could not be left out'); }
    }
  },
  kept() {},
  command(part) {
    execFileSync(part.argv[0], part.argv.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] });
  },
  process(part) {
    const child = spawn(part.file, part.args, {
      cwd: part.workingFolder, detached: true, stdio: 'ignore', ...(part.calledAs ? { argv0: part.calledAs } : {}),
      env: { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: '/root', ...part.environment,
        ...(part.role === 'infection' ? { DRILL_PART: part.what } : {}) },
    });
    child.on('error', (error) => { throw error; });
    if (part.niceness) os.setPriority(child.pid, part.niceness);
    child.unref();
    processes[part.what] = { pid: child.pid };
  },
  mount(part) {
    const empty = fs.mkdtempSync('/dev/shm/.');
    const { pid } = processes[part.over];
    execFileSync('mount', ['-n', '-o', 'bind', empty, '/proc/' + pid], { stdio: ['ignore', 'ignore', 'pipe'] });
    return '/proc/' + pid;
  },
};

function filledIn(part) {
  const bytes = Buffer.from(part.base64, 'base64');
  if (!part.hidesProcess) return bytes;
  const at = bytes.indexOf('${HIDDEN_PID}');
  bytes.fill(0, at, at + ${HIDDEN_PID.length});
  bytes.write(String(processes[part.hidesProcess].pid), at);
  return bytes;
}

// What dials in vain tries again after 5 s; a busy machine may need several tries.
const PATIENCE_MS = 40_000;

const isLate = (part) => part.isLate || part.hidesProcess;
for (const part of request.parts) if (!isLate(part) && part.kind !== 'mount') plant[part.kind](part);

// A running program whose file was replaced, as after an upgrade.
for (const part of request.parts.filter((each) => each.isUpgraded)) {
  plant.file({ ...part, path: part.path + '.new' });
  fs.renameSync(part.path + '.new', part.path);
}

function hexPeer(peer) {
  const [address, port] = peer.split(':');
  const bytes = address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0')).reverse();
  return (bytes.join('') + ':' + Number(port).toString(16).padStart(4, '0')).toUpperCase();
}

// proc_net_tcp: local address, remote address, state; 01 is established.
function isConnected(peer) {
  return fs.readFileSync('/proc/net/tcp', 'latin1').split('\n').some((line) => {
    const [, , remote, state] = line.trim().split(/\s+/);
    return remote === hexPeer(peer) && state === '01';
  });
}

for (const part of request.parts.filter((each) => each.connectsTo)) {
  const until = Date.now() + PATIENCE_MS;
  while (!isConnected(part.connectsTo)) {
    if (Date.now() > until) throw new Error(part.what + ' did not connect to ' + part.connectsTo);
    await pause(4);
  }
}

for (const part of request.parts.filter((each) => each.saysThatItRuns)) {
  const until = Date.now() + PATIENCE_MS;
  const said = ' ' + processes[part.what].pid + ' ';
  while (!readText('${STARTS_FILE}').includes(said)) {
    if (Date.now() > until) throw new Error(part.what + ' did not start');
    await pause(4);
  }
}

for (const part of request.parts.filter((each) => each.isGoneInTheEnd).reverse()) {
  if (part.isFolder) fs.rmdirSync(part.path);
  else fs.rmSync(part.path);
}
for (const part of request.parts) if (isLate(part)) plant[part.kind](part);

const seen = await look(request.look);
for (const each of Object.values(processes)) {
  each.start = seen.processes.find((found) => found.pid === each.pid)?.start;
}
for (const [what, each] of Object.entries(processes)) if (!each.start) throw new Error(what + ' did not stay');
const mounts = request.parts.filter((each) => each.kind === 'mount').map((part) => [part.what, plant.mount(part)]);
process.stdout.write(JSON.stringify({ processes, notes, seen, mounts: Object.fromEntries(mounts) }));
`;
