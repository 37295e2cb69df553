// An intruder that fights back: puts other things in the place of a file, or of its folder, as fast as it can.
// argv: how, path of the file, path of what must never be touched.
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';

const [how, path, victim] = process.argv.slice(2);
const aside = `${path}.aside`;
const folder = dirname(path);

function attempt(act) {
  try {
    act();
  } catch {
    // The other side was quicker this time.
  }
}

const rounds = {
  link() {
    attempt(() => renameSync(path, aside));
    attempt(() => symlinkSync(victim, path));
    attempt(() => rmSync(path));
    attempt(() => renameSync(aside, path));
  },
  hard() {
    attempt(() => renameSync(path, aside));
    attempt(() => linkSync(victim, path));
    attempt(() => rmSync(path));
    attempt(() => renameSync(aside, path));
  },
  decoy() {
    attempt(() => writeFileSync(`${path}.decoy`, 'decoy'));
    attempt(() => linkSync(path, aside));
    attempt(() => renameSync(`${path}.decoy`, path));
    attempt(() => renameSync(aside, path));
  },
  folder() {
    attempt(() => renameSync(folder, `${folder}.aside`));
    attempt(() => symlinkSync(dirname(victim), folder));
    attempt(() => rmSync(folder));
    attempt(() => renameSync(`${folder}.aside`, folder));
  },
  // A second system call away from root's own files: what is at the name is another one, without any name having changed.
  mount() {
    attempt(() => call('mount', '-n', '--bind', victim, path));
    attempt(() => call('umount', '-n', '-l', path));
  },
  'mount-folder'() {
    attempt(() => call('mount', '-n', '--bind', dirname(victim), folder));
    attempt(() => call('umount', '-n', '-l', folder));
  },
  // A link under the name that a new file beside it is known to get.
  foretold() {
    for (const name of [`.${basename(path)}.tourniquet`, `${basename(path)}.new`]) {
      attempt(() => symlinkSync(victim, `${folder}/${name}`));
      attempt(() => rmSync(`${folder}/${name}`));
    }
  },
  fill() {
    attempt(() => renameSync(path, aside));
    attempt(() => mkdirSync(path));
    attempt(() => writeFileSync(`${path}/inside`, 'x'));
    attempt(() => rmSync(path, { recursive: true }));
    attempt(() => renameSync(aside, path));
  },
};
function call(...argv) {
  execFileSync(argv[0], argv.slice(1), { stdio: 'ignore' });
}

// Started by fork() it is told of its end by a closed channel, otherwise by a closed input.
if (process.send) {
  process.send('ready');
  process.on('disconnect', () => process.exit());
} else {
  process.stdout.write('ready\n');
  process.stdin.on('end', () => process.exit()).resume();
}
const atOnce = how.startsWith('mount') ? 2 : 50;
const round = () => {
  for (let count = 0; count < atOnce; count += 1) rounds[how]();
  setImmediate(round);
};
round();
