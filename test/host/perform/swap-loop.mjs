// An intruder that fights back: puts other things in the place of a file, or of its folder, as fast as it can.
// argv: how, path of the file, path of what must never be touched.
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

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
  fill() {
    attempt(() => renameSync(path, aside));
    attempt(() => mkdirSync(path));
    attempt(() => writeFileSync(`${path}/inside`, 'x'));
    attempt(() => rmSync(path, { recursive: true }));
    attempt(() => renameSync(aside, path));
  },
};
process.send?.('ready');
process.on('disconnect', () => process.exit());
const round = () => {
  for (let count = 0; count < 50; count += 1) rounds[how]();
  setImmediate(round);
};
round();
