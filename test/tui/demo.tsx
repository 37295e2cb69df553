/**
 * The terminal interface on a scripted incident, to look at and to press keys in:
 *   node src/launcher.mjs --run test/tui/demo.mjs [home|incident|slow] [still]
 *
 * `still`: with a clock that stands, so that what changes on the screen is what a key did.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { UserError } from '../../src/text/user-error.ts';
import { runTui } from '../../src/tui/run-tui.ts';
import { HOME } from './home-fixture.ts';
import { OPENED_MS } from './opened.ts';
import { script } from './script.ts';
import type { Script } from './scripted-handle.ts';
import { ScriptedHandle } from './scripted-handle.ts';

const [, , what = 'home', how = ''] = process.argv;
const isStill = how === 'still';
const STILL_MS = OPENED_MS + 461_000;
const nowMs = () => (isStill ? STILL_MS : Date.now());

function handle(): ScriptedHandle {
  const made = new ScriptedHandle(withLongWhy(script({ confirmBefore: nowMs() + 60_000 })), {
    nowMs: isStill ? OPENED_MS : Date.now(),
    held: what === 'slow' ? ['perform:update.1.1'] : [],
  });
  made.setOutput(
    'update.1.1',
    Array.from(
      { length: 100_000 },
      (_, index) => `Get:${index} http://deb.example/ package-${index} \u001b[31mred\u001b[0m`,
    ).join('\n'),
  );
  // Whichever plan of it is carried out.
  for (const plan of [1, 2, 3, 4, 5, 6])
    for (const one of [1, 2])
      made.setOutput(
        `block-c2.${plan}.${one}`,
        `what ${one} printed
`,
      );
  return made;
}

/** More to say than any screen has room for. */
function withLongWhy(made: Script): Script {
  const [look, ...others] = made.playbook.steps;
  if (look === undefined) return made;
  const why = `${look.why} ${'Reading changes nothing on the host. '.repeat(90)}`;
  return { ...made, playbook: { ...made.playbook, steps: [{ ...look, why }, ...others] } };
}

const result = await runTui({
  start: what === 'home' ? { kind: 'home', home: HOME } : { kind: 'incident', handle: handle() },
  stdin: process.stdin,
  stdout: process.stdout,
  environment: process.env,
  settings: {},
  ...(isStill ? { readMs: nowMs, settleMs: 0 } : {}),
  callbacks: {
    openIncident: async (id) => {
      if (id === 'web-07-20261123-0412') return handle();
      throw new UserError('unread', `${id} cannot be read here.`, { hint: 'Choose another.' });
    },
    startIncident: async ({ id }) => {
      if (id === 'here') return handle();
      throw new UserError('no-namespaces', 'The sandbox cannot be made: user namespaces are off.', {
        hint: 'Run it as root.',
      });
    },
    saveOutput: async (_handle, _operationId, path) => path,
    openShell: async (_handle, _stepId, lend) => {
      await lend(async () => {
        const ended = once(spawn('sh', ['-c', 'echo in the shell; read x'], { stdio: 'inherit' }), 'exit');
        await ended;
      });
      return 'Back from the shell.';
    },
    editText: async (_handle, text, lend) => {
      await lend(async () => undefined);
      return `${text} edited`;
    },
    exportTranscript: async () => '/var/lib/tourniquet/incidents/web-07-20261123-0412/transcript.md',
  },
});
process.stderr.write(`${result.kind}\n`);
process.exit(0);
