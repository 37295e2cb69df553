import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  installerScript,
  MINER_SCRIPT,
  minerArguments,
  starterScript,
} from '../../src/drill/inside/miner-script.ts';
import { STAGE_SCRIPT } from '../../src/drill/inside/stage-script.ts';
import {
  guardedMinerScript,
  guardScript,
  guardStarter,
  renamingStarter,
  watchdogInstaller,
} from '../../src/drill/inside/watchdog-scripts.ts';
import { noisyInfection, noisyNames } from '../../src/drill/noisy-infection.ts';
import { makeRandom } from '../../src/drill/random.ts';
import { sshKey } from '../../src/drill/ssh-key.ts';
import type { Stage } from '../../src/drill/stage.ts';
import { watchdogNames } from '../../src/drill/watchdog-infection.ts';
import { runTool } from '../../src/host/run-tool.ts';

const names = noisyNames(makeRandom(1));
const pair = watchdogNames(makeRandom(1));
const scripts = {
  miner: [MINER_SCRIPT, ...minerArguments(names).slice(1)],
  starter: [starterScript(names), 'cron.d'],
  installer: [installerScript(names), 'download'],
  'guarded miner': [guardedMinerScript(pair), ...minerArguments(pair).slice(1)],
  guard: [guardScript(pair)],
  'renaming starter': [renamingStarter(pair), 'cron.d'],
  'starter of the guard': [guardStarter(pair)],
  'installer of the pair': [watchdogInstaller(pair), 'download'],
} as const;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync('/tmp/drill-harmless-');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('what plays the infection', () => {
  test.each(Object.entries(scripts))('%s refuses to run outside a sandbox', async (name, [text, ...args]) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    for (const shell of ['bash', 'sh']) {
      const run = await runTool([shell, file, ...args], { timeoutMs: 5_000 });
      expect(run.exitCode).toBe(86);
      expect(run.stderr.toString()).toContain('only runs in the sandbox of a drill');
    }
  });

  test.each(Object.entries(scripts))(
    '%s refuses even where somebody laid the marker',
    async (name, [text, ...args]) => {
      const file = join(folder, name);
      writeFileSync(file, text);
      const lay =
        'mount -t tmpfs marker /run && mkdir /run/tourniquet-drill && printf "aaaaaa\\n%s\\n" "$1" > /run/tourniquet-drill/marker || exit 1; shift; exec bash "$@"';
      const own = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
      const argv = ['unshare', ...own, '--mount', 'sh', '-c', lay, 'sh', hostname(), file, ...args];
      const run = await runTool(argv, { timeoutMs: 5_000 });
      expect(run.stderr.toString()).toContain('only runs in the sandbox of a drill');
      expect(run.exitCode).toBe(86);
    },
  );

  test('the stage is set nowhere but in a sandbox', async () => {
    const part = {
      kind: 'file',
      role: 'stage',
      what: 'x',
      path: join(folder, 'planted'),
      text: 'x',
      mode: 0o644,
    };
    const run = await runTool([process.execPath, '--input-type=module', '--eval', STAGE_SCRIPT], {
      input: JSON.stringify({ parts: [part], look: {} }),
    });
    expect(run.exitCode).not.toBe(0);
    expect(run.stderr.toString()).toContain('not the sandbox of a drill');
    expect((await runTool(['ls', folder])).stdout.toString()).not.toContain('planted');
  });
});

describe('a seed', () => {
  const stage: Stage = {
    ...{ mode: 'root', crontabs: '/var/spool/cron/crontabs', crontabGid: 105, now: 0 },
    victim: { name: 'www-data', uid: 33, gid: 33 },
  };
  const sceneOf = (seed: number) => {
    const random = makeRandom(seed);
    return JSON.stringify(noisyInfection(noisyNames(random), stage, random));
  };

  test('makes the same scene again', () => {
    fc.assert(fc.property(fc.nat(0xffffffff), (seed) => void expect(sceneOf(seed)).toBe(sceneOf(seed))));
  });

  test('another makes another', () => {
    expect(new Set([1, 2, 3, 4].map(sceneOf)).size).toBe(4);
  });

  test('always gives a wallet by form, addresses for documentation only, and keys that parse', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (seed) => {
        const random = makeRandom(seed);
        const scene = sceneOf(seed);
        expect(noisyNames(random).wallet).toMatch(/^[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}$/);
        for (const address of scene.match(/\b\d+\.\d+\.\d+\.\d+\b/g) ?? []) {
          expect(address).toMatch(/^(203\.0\.113\.\d+|198\.51\.100\.\d+|0\.0\.0\.0|127\.\d+\.\d+\.\d+)$/);
        }
        for (const type of ['ssh-rsa', 'ssh-ed25519'] as const) {
          const [name, text] = sshKey(type, random).split(' ');
          const blob = Buffer.from(text ?? '', 'base64');
          expect(name).toBe(type);
          expect(blob.subarray(4, 4 + blob.readUInt32BE(0)).toString()).toBe(type);
        }
      }),
      { numRuns: 50 },
    );
  });
});
