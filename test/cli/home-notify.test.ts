import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { CliContext } from '../../src/cli/context.ts';
import { startChosen } from '../../src/cli/home/home-open.ts';
import { processSurroundings } from '../../src/cli/surroundings.ts';

const PLAYBOOK = `name: one-thing
title: One thing
steps:
  - id: call
    name: Call
    manual:
      do: [Call whoever is on duty.]
`;

test('an incident that is begun on the home screen is told of as well, to whom the settings name', async () => {
  const bodies: unknown[] = [];
  const server = createServer((request, response) => {
    request.on('data', (piece) => bodies.push(JSON.parse(String(piece))));
    request.on('end', () => response.end('ok'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const root = await mkdtemp(join(tmpdir(), 'tourniquet-home-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const playbookPath = join(root, 'one-thing.yaml');
  await writeFile(playbookPath, PLAYBOOK);
  const context: CliContext = {
    ...processSurroundings(),
    ...{
      root,
      responder: 'ana',
      json: false,
      plain: false,
      ascii: true,
      theme: 'dark',
      defaultPlaybook: playbookPath,
    },
    signals: { bell: false, notify: false, title: false, clipboard: false, links: false },
    ...{ version: '0.0.0', sampleMs: 100, knowledgeFolder: null },
    notifyTo: `slack:http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    notifyTemplate: '{what} {step}',
  };
  const opened = await startChosen(context, { id: 'look', playbookPath, address: null });
  await opened.handle.leave('test');
  await opened.exitCode?.();
  expect(bodies[0]).toEqual({ text: 'was opened' });
});
