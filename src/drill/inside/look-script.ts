/**
 * Reads the state of a sandbox from inside, for score and snapshot: `look({files, texts, roots, connects})`. Text of
 * an ES module, given to the runtime by `--eval`; the request comes on stdin and the answer goes to stdout as JSON.
 */
export const LOOK_FUNCTIONS = String.raw`import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

// Host strings keep bytes that are no UTF-8 as lone surrogates (text/host-bytes.ts).
function bytes(text) {
  return Buffer.concat([...text].map((character) => {
    const code = character.codePointAt(0);
    return code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(character);
  }));
}

function fileState(name, attributes) {
  let stat;
  try { stat = fs.lstatSync(bytes(name), { bigint: true }); } catch { return null; }
  const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'link' : 'other';
  return {
    kind,
    sha256: kind === 'file' ? createHash('sha256').update(fs.readFileSync(bytes(name))).digest('hex') : null,
    target: kind === 'link' ? fs.readlinkSync(bytes(name), 'utf8') : null,
    mode: Number(stat.mode & 0o7777n), uid: Number(stat.uid), gid: Number(stat.gid),
    sizeBytes: kind === 'folder' ? 0 : Number(stat.size), mtimeNs: String(stat.mtimeNs),
    attributes: attributes.get(name) ?? null,
  };
}

// lsattr prints attributes, a blank, and the name; it fails for links and where there are none.
function readAttributes(names) {
  const found = new Map();
  const files = names.filter((name) => { try { if (/[\n\udc80-\udcff]/.test(name)) return false; return fs.lstatSync(name).isFile(); } catch { return false; } });
  if (files.length === 0) return found;
  let printed = '';
  try {
    printed = execFileSync('lsattr', ['-d', '--', ...files], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) { printed = String(error.stdout ?? ''); }
  for (const line of printed.split('\n')) {
    const space = line.indexOf(' ');
    // Only what can be set by hand; the rest tells of the file system.
    if (space > 0) found.set(line.slice(space + 1), line.slice(0, space).replace(/[^iasu]/g, ''));
  }
  return found;
}

function readText(name) {
  try { return fs.readFileSync(bytes(name), 'latin1'); } catch { return null; }
}

function readTree(root, depth, found) {
  let entries;
  try { entries = fs.readdirSync(root, { withFileTypes: true }); } catch { return; }
  for (const entry of entries) {
    const name = path.join(root, entry.name);
    if (entry.isDirectory()) { if (depth > 1) readTree(name, depth - 1, found); continue; }
    try {
      const stat = fs.lstatSync(name);
      found[name] = [stat.size, stat.mtimeMs, stat.mode.toString(8), stat.uid, stat.gid].join(' ');
    } catch {}
  }
}

function readProcesses() {
  const found = [];
  for (const entry of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = fs.readFileSync('/proc/' + entry + '/stat', 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      let exe = null;
      try { exe = fs.readlinkSync('/proc/' + entry + '/exe'); } catch {}
      let environment = '';
      try { environment = fs.readFileSync('/proc/' + entry + '/environ', 'latin1'); } catch {}
      const part = /(?:^|\0)DRILL_PART=([^\0]*)/.exec(environment)?.[1] ?? null;
      found.push({ pid: Number(entry), part, parent: Number(fields[1]), state: fields[0], start: fields[19], exe,
        commandLine: fs.readFileSync('/proc/' + entry + '/cmdline', 'latin1').split('\0').join(' ').trim() });
    } catch {}
  }
  return found;
}

function canReach([address, port]) {
  return new Promise((resolve) => {
    const socket = net.connect({ host: address, port });
    const done = (answer) => { socket.destroy(); resolve(answer); };
    socket.setTimeout(400, () => done(false));
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

// Over /proc/PID, as the sandbox's init has them.
function mountsOver() {
  return fs.readFileSync('/proc/1/mountinfo', 'latin1').split('\n').map((line) => line.split(' ')[4] ?? '')
    .filter((point) => /^\/proc\/\d+$/.test(point));
}

// What is called so, by folders and depths.
function findNamed(name, roots) {
  const tree = {};
  for (const [root, depth] of roots) readTree(root, depth, tree);
  return Object.keys(tree).filter((found) => path.basename(found) === name);
}

async function look({ files = [], texts = [], roots = [], connects = [], traps = null }) {
  const attributes = readAttributes(files);
  const tree = {};
  for (const [root, depth] of roots) readTree(root, depth, tree);
  return {
    files: Object.fromEntries(files.map((name) => [name, fileState(name, attributes)])),
    texts: Object.fromEntries(texts.map((name) => [name, readText(name)])),
    tree,
    processes: readProcesses(),
    mountsOver: mountsOver(),
    sprung: traps === null ? [] : findNamed(...traps),
    reach: await Promise.all(connects.map(canReach)),
  };
}
`;

/**
 * Runs what follows in a mount namespace of its own without what the infection mounted over processes and without
 * what it loads into every program. The look itself takes the cover off again, so as to see that file too.
 */
export const UNDECEIVED = `
while read -r _ _ _ _ point _; do
  case $point in /proc/[0-9]*) umount -l "$point" ;; esac
done < /proc/self/mountinfo
[ ! -e /etc/ld.so.preload ] || mount -n -o bind /dev/null /etc/ld.so.preload
exec "$@"
`;

export const LOOK_SCRIPT = `${LOOK_FUNCTIONS}
try { execFileSync('umount', ['-n', '/etc/ld.so.preload'], { stdio: 'ignore' }); } catch {}
process.stdout.write(JSON.stringify(await look(JSON.parse(fs.readFileSync(0, 'utf8')))));
`;
