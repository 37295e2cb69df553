import { stepAroundPreload } from '../host/step-around.ts';
import { UserError } from '../text/user-error.ts';
import { diskRefusal } from './disk-refusal.ts';
import { EXIT, exitCodeFor } from './exit-codes.ts';
import { guardSkeleton } from './skeleton.ts';
import { processSurroundings } from './surroundings.ts';

// Every file and folder is made with its whole mode named; a umask that takes the owner's own rights away would spoil that.
process.umask(process.umask() & 0o077);
// Before anything else: a library that is loaded into every program would be in this one, and show it what it likes.
await stepAroundPreload();

guardSkeleton();

// An agent is started often, and has no use for the rest.
const argv = process.argv.slice(2);
// Whoever reads the output may stop reading (`| head`). What is to be done is done all the same; nothing is left to say.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}
process.exitCode = await main();

async function main(): Promise<number> {
  try {
    if (argv[0] === 'agent' && argv.length === 1) {
      const { agent } = await import('./agent.ts');
      await agent(processSurroundings());
      return EXIT.done;
    }
    const { runProgram } = await import('./program.ts');
    return await runProgram(argv, processSurroundings());
  } catch (error) {
    if (error instanceof UserError) {
      process.stderr.write(`tourniquet: ${error.message}\n`);
      if (error.hint) process.stderr.write(`  ${error.hint}\n`);
      return exitCodeFor(error.code);
    }
    const refusal = diskRefusal(error);
    if (refusal !== null) {
      process.stderr.write(`tourniquet: ${refusal.message}\n  ${refusal.hint ?? ''}\n`);
      return exitCodeFor(refusal.code);
    }
    process.stderr.write(`tourniquet: a bug: ${error instanceof Error ? error.stack : String(error)}\n`);
    return EXIT.bug;
  }
}
