/**
 * The terminal interface on a scripted incident, to look at and to press keys in:
 *   node src/launcher.mjs --run test/tui/demo.mjs [home|incident|slow]
 */
import { UserError } from '../../src/text/user-error.ts';
import { runTui } from '../../src/tui/run-tui.tsx';
import { HOME } from './home-fixture.ts';
import { script } from './script.ts';
import { ScriptedHandle } from './scripted-handle.ts';

const [, , what = 'home'] = process.argv;

function handle(): ScriptedHandle {
  const made = new ScriptedHandle(script({ confirmBefore: Date.now() + 60_000 }), {
    nowMs: Date.now(),
    held: what === 'slow' ? ['perform:update.1.1'] : [],
  });
  made.setOutput(
    'update.1.1',
    Array.from(
      { length: 100_000 },
      (_, index) => `Get:${index} http://deb.example/ package-${index} \u001b[31mred\u001b[0m`,
    ).join('\n'),
  );
  return made;
}

const result = await runTui({
  start: what === 'home' ? { kind: 'home', home: HOME } : { kind: 'incident', handle: handle() },
  stdin: process.stdin,
  stdout: process.stdout,
  environment: process.env,
  settings: {},
  callbacks: {
    openIncident: async () => handle(),
    startIncident: async ({ id }) => {
      if (id === 'here') return handle();
      throw new UserError('no-namespaces', 'The sandbox cannot be made: user namespaces are off.', {
        hint: 'Run it as root.',
      });
    },
    saveOutput: async (_handle, _operationId, path) => path,
    openShell: null,
    editText: async (_handle, text) => text,
    exportTranscript: async () => '/var/lib/tourniquet/incidents/web-07-20261123-0412/transcript.md',
  },
});
process.stderr.write(`${result.kind}\n`);
process.exit(0);
