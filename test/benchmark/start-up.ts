import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPty } from '../support/pty.ts';
import { makeLongJournal } from './long-journal.ts';
import { inTurn, type Measurement, ms } from './measure.ts';
import { cpuMs } from './press.ts';
import { tourniquet } from './program.ts';

const BARE = [process.execPath, '-e', 'process.stdout.write("abc");setTimeout(()=>{},9e3)'];

/** CPU time from the start until something is on the screen: unlike wall time it does not depend on what else runs. */
export async function startUp(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tourniquet-start-'));
  try {
    for (const name of ['none', 'long']) mkdirSync(join(folder, name));
    makeLongJournal(join(folder, 'long'));
    const home = (name: string) => [...tourniquet, '--incident-dir', join(folder, name)];
    return [
      await untilSeen('CPU time until the first line', home('none'), /^ tourniquet/m),
      await untilSeen('CPU time until the whole home screen', home('none'), /Practise/),
      await untilSeen(
        'the same with an open incident of 10,000 events, read before',
        home('long'),
        /Practise/,
      ),
      await untilSeen(
        'CPU time until it has answered a key pressed at the start',
        home('none'),
        / Keys/,
        '?',
      ),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function untilSeen(
  what: string,
  argv: readonly string[],
  text: RegExp,
  key = '',
): Promise<Measurement> {
  const once = async (command: readonly string[], wanted: RegExp) => {
    const program = startPty(command);
    if (key !== '' && command === argv) program.press(key);
    await program.waitFor(wanted, 60_000);
    const took = cpuMs(program.pid);
    program.kill('SIGKILL');
    await program.waitExit();
    return took;
  };
  const result = await inTurn(
    9,
    () => once(argv, text),
    () => once(BARE, /abc/),
  );
  return {
    what,
    ours: ms(result.ours),
    against: 'bare Node that writes three bytes',
    theirs: ms(result.theirs),
    ratio: result.ratio,
  };
}
