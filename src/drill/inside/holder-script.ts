import { IDLE_MS } from '../places.ts';

/**
 * Holds a sandbox from outside: `node holder.mjs FOLDER MODE ID HOSTNAME NETWORK [kind PATH]…`, started in a network
 * namespace of its own, which is the "internet" of the sandbox. It builds the namespaces (setup), lays the cable
 * between the two networks, lets the pretend peers listen, writes FOLDER/state.json when all stands (or
 * FOLDER/failed), and takes the folder away when the sandbox has ended, when it is told to by SIGTERM, or when
 * nobody has touched FOLDER/touched for a day. If it is killed itself, the kernel ends the sandbox with it.
 */
export const HOLDER_SCRIPT = String.raw`import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listen } from './peers.mjs';

const [folder, mode, id, name, wish, ...layers] = process.argv.slice(2);
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const env = { PATH, LC_ALL: 'C.UTF-8' };
const notes = [];
let network = wish;
if (wish === 'loopback') notes.push('as wished, the pretend peers listen on the loopback device inside');
let hostname = name;
let heard = '';
let stderr = '';

// The parent-death signal ties the namespaces to this process, --kill-child ties init to unshare.
const setup = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child',
  '--net', '--uts', '--ipc', '--cgroup', '--propagation', 'private',
  'sh', join(folder, 'setup.sh'), folder, mode, id, name, ...layers], { env, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'] });
setup.stdin.on('error', () => {});
setup.stderr.on('data', (bytes) => { stderr += bytes; });
setup.stdout.on('data', (bytes) => {
  heard += bytes;
  const lines = heard.split('\n');
  heard = lines.pop();
  for (const line of lines) hear(line);
});
setup.on('error', (error) => fail(error.message));
setup.on('exit', () => (isReady ? leave() : fail(stderr.trim() || 'the namespaces ended before they were set up')));

let isReady = false;
let peersListen = null;
let peers = null;

function hear(line) {
  if (line === 'up') {
    network = wish === 'veth' ? layCable() : wish;
    setup.stdin.write(network + '\n');
    if (network === 'veth') peersListen = listen(folder);
  } else if (line === 'network' && network === 'loopback') {
    peersListen = listenInside();
  } else if (line.startsWith('hostname ')) hostname = line.slice(9);
  else if (line.startsWith('note ')) notes.push(line.slice(5));
  else if (line === 'ready') ready().catch((error) => fail(String(error.stack)));
}

function ip(commands, flags = []) {
  execFileSync('ip', [...flags, '-batch', '-'], { env, input: commands.join('\n') + '\n', stdio: ['pipe', 'ignore', 'pipe'] });
}

function layCable() {
  try {
    ip([
      'link set lo up',
      'link add peers type veth peer name eth0 netns ' + setup.pid,
      ...['203.0.113.1', '203.0.113.9', '203.0.113.20', '203.0.113.77'].map((a) => 'addr add ' + a + '/24 dev peers'),
      'addr add 198.51.100.4/32 dev peers',
      'link set peers up',
    ]);
  } catch (error) {
    notes.push('a pair of virtual network cards cannot be had (' + String(error.stderr ?? error.message).trim() +
      '): the pretend peers listen on the loopback device inside');
    return 'loopback';
  }
  try {
    ip(['addr add 2001:db8::9/64 dev peers nodad', 'addr add 2001:db8::20/64 dev peers nodad'], ['-6']);
  } catch {
    notes.push('there is no IPv6 between the sandbox and the pretend peers');
  }
  return 'veth';
}

function listenInside() {
  return new Promise((resolve, reject) => {
    peers = spawn('nsenter', ['--net=/proc/' + setup.pid + '/ns/net', 'setpriv', '--pdeathsig', 'KILL',
      process.execPath, join(folder, 'peers.mjs'), folder], { env, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] });
    peers.stdout.once('data', () => resolve());
    peers.once('exit', () => reject(new Error('the pretend peers ended')));
  });
}

async function ready() {
  await peersListen;
  const initPid = childOf(setup.pid);
  isReady = true;
  writeFileSync(join(folder, 'state.tmp'), JSON.stringify({
    holderPid: process.pid, holderStart: startOf(process.pid), initPid, initStart: startOf(initPid),
    hostname, network, notes,
  }));
  renameSync(join(folder, 'state.tmp'), join(folder, 'state.json'));
  setInterval(endIfIdle, 10 * 60 * 1000);
}

function childOf(pid) {
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      if (fields(entry)[1] === String(pid)) return Number(entry);
    } catch {}
  }
  throw new Error('the init of the sandbox is gone');
}

// From the field after the command name on: state, parent, … (proc_pid_stat(5)).
function fields(pid) {
  const stat = readFileSync('/proc/' + pid + '/stat', 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function startOf(pid) {
  return fields(pid)[19];
}

function endIfIdle() {
  const idleMs = Date.now() - statSync(join(folder, 'touched')).mtimeMs;
  if (idleMs > ${IDLE_MS} && !isVisited()) end();
}

// Whether something from outside is at work inside: its parent is in another pid namespace.
function isVisited() {
  const space = (pid) => { try { return readlinkSync('/proc/' + pid + '/ns/pid'); } catch { return null; } };
  const initPid = childOf(setup.pid);
  const inside = space(initPid);
  return readdirSync('/proc').some((entry) => {
    if (!/^\d+$/.test(entry) || Number(entry) === initPid || space(entry) !== inside) return false;
    try { return space(fields(entry)[1]) !== inside; } catch { return false; }
  });
}

function end() {
  setup.removeAllListeners('exit');
  setup.once('exit', leave);
  setup.kill('SIGKILL');
}

function leave() {
  if (peers !== null && peers.exitCode === null && peers.signalCode === null) {
    peers.once('exit', leave);
    peers.kill('SIGKILL');
    return;
  }
  try { rmSync(folder, { recursive: true, force: true }); } catch {}
  process.exit(0);
}

function fail(reason) {
  writeFileSync(join(folder, 'failed.tmp'), reason);
  renameSync(join(folder, 'failed.tmp'), join(folder, 'failed'));
  setup.kill('SIGKILL');
  process.exit(1);
}

// A pretend peer that stumbles must not end a drill.
process.on('uncaughtException', (error) => (isReady ? console.error(error) : fail(String(error.stack))));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, end);
// Looks at once; otherwise a hang-up is nothing to it.
process.on('SIGHUP', () => isReady && endIfIdle());
`;
