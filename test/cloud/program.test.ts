import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tourniquet } from '../end-to-end/program.ts';
import { AWS_KEY, INSTANCE, REGION, startAws } from './pretend-aws.ts';

let aws: Awaited<ReturnType<typeof startAws>>;
let folder: string;
beforeAll(async () => {
  aws = await startAws();
  folder = await mkdtemp(join(tmpdir(), 'tourniquet-cloud-'));
});
afterAll(async () => {
  await aws.close();
  await rm(folder, { recursive: true });
});

/** Not spawnSync: the pretend cloud answers from this very process. */
function run(
  args: readonly string[],
  login: Record<string, string>,
): Promise<{ code: number | null; text: string }> {
  const [file = '', ...before] = tourniquet;
  const child = spawn(file, [...before, '--incident-dir', folder, ...args], {
    env: {
      ...{ PATH: process.env.PATH, HOME: '/nonexistent', NODE_ENV: 'production' },
      ...{ AWS_ENDPOINT_URL: `http://127.0.0.1:${aws.port}`, AWS_EC2_METADATA_DISABLED: 'true' },
      ...login,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      text += bytes.toString('utf8');
    });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, text })));
}

const LOGIN = { AWS_ACCESS_KEY_ID: AWS_KEY.keyId, AWS_SECRET_ACCESS_KEY: AWS_KEY.secret };
const STEPS = ['run', 'cryptominer-aws-ec2', '--yes', '--max-risk', 'disruptive'];
const WHICH = ['--input', `instance=${INSTANCE}`, '--input', `region=${REGION}`];
const only = (...steps: string[]) => steps.flatMap((step) => ['--only', step]);

it('the program takes snapshots and isolates as the playbook says, writes no login down, and takes it back', async () => {
  const { text, code } = await run(
    [...STEPS, ...WHICH, ...only('cloud-snapshot', 'quarantine-group', 'cloud-isolate')],
    LOGIN,
  );
  expect(text).toContain('cloud-call Move eni-1');
  // Steps were left out.
  expect(code, text).toBe(3);
  expect(aws.state.snapshots.size).toBe(2);
  expect(aws.state.moves.at(-1)).toBe('eni-2: tourniquet-quarantine');
  const [incident = ''] = await readdir(folder);
  const journal = await readFile(join(folder, incident, 'journal.jsonl'), 'utf8');
  expect(journal).toContain('"kind":"cloud-call"');
  expect(journal).not.toContain(AWS_KEY.secret);
  const undone = await run(['undo', incident, '--yes'], LOGIN);
  expect(undone.code, undone.text).toBe(0);
  expect(aws.state.interfaces.get('eni-1')).toEqual(['sg-web', 'sg-ops']);
  expect(aws.state.snapshots.size).toBe(0);
  expect([...aws.state.groups.keys()]).toEqual(['sg-web', 'sg-ops']);
}, 120_000);

it('without a login the steps say what to do by hand, and nothing is called', async () => {
  aws.calls.length = 0;
  const { text } = await run([...STEPS, ...WHICH, ...only('cloud-snapshot')], {});
  expect(text).toContain('nobody there to do it by hand');
  expect(aws.calls).toEqual([]);
}, 120_000);

it('the libraries of both clouds work as they are bundled', async () => {
  const login = { ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' };
  const which = ['--input', 'instance=i-bp1', '--input', 'region=cn-hangzhou'];
  const steps = ['run', 'cryptominer-alibaba-ecs', '--yes', ...which, ...only('cloud-snapshot')];
  const before = new Set(await readdir(folder));
  const { text } = await run(steps, login);
  // A warning of Node's would stand in the middle of the screen.
  expect(text).not.toContain('Warning');
  const [incident = ''] = (await readdir(folder)).filter((name) => !before.has(name));
  const journal = await readFile(join(folder, incident, 'journal.jsonl'), 'utf8');
  expect(journal).toContain('No credentials that ecs DescribeInstances would accept');
}, 120_000);
