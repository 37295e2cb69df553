import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPty } from '../support/pty.ts';
import { inTurn, type Measurement, ms } from './measure.ts';
import { cpuMs } from './press.ts';
import { tourniquet } from './program.ts';

const BARE = [process.execPath, '-e', 'process.stdout.write("abc");setTimeout(()=>{},9e3)'];

/** CPU time from the start until something is on the screen: unlike wall time it does not depend on what else runs. */
export async function startUp(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tourniquet-start-'));
  try {
    mkdirSync(join(folder, 'none'));
    const home = [...tourniquet, '--incident-dir', join(folder, 'none')];
    return [
      await untilSeen('CPU time until the first line', home, /^ tourniquet/m),
      await untilSeen('CPU time until the whole home screen', home, /Practise/),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function untilSeen(what: string, argv: readonly string[], text: RegExp): Promise<Measurement> {
  const once = async (command: readonly string[], wanted: RegExp) => {
    const program = startPty(command);
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
