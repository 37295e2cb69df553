import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runTool } from '../../src/host/run-tool.ts';

const NOBODY = '65534';
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync('/tmp/drill-user-');
  chmodSync(folder, 0o755);
  // Bundled, as it is when installed: an ordinary user may not be able to read this checkout.
  await build({
    entryPoints: [join(dirname(fileURLToPath(import.meta.url)), 'ordinary-user.ts')],
    outfile: join(folder, 'main.mjs'),
    ...{ bundle: true, format: 'esm', platform: 'node', logLevel: 'error' },
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('an ordinary user can practise too, without cron and upgrades, and is told so; or is told why not', async () => {
  const isRoot = process.getuid?.() === 0;
  const as = isRoot ? ['setpriv', '--reuid', NOBODY, '--regid', NOBODY, '--clear-groups'] : [];
  let node = process.execPath;
  if ((await runTool([...as, 'test', '-x', node])).exitCode !== 0) {
    node = join(folder, 'node');
    copyFileSync(process.execPath, node);
    chmodSync(node, 0o755);
  }
  const run = await runTool([...as, node, join(folder, 'main.mjs')]);
  expect(run.stderr.toString()).toBe('');
  const seen = JSON.parse(run.stdout.toString());
  if (!seen.probe.ok) {
    console.warn(`NOT TESTED HERE: a drill as an ordinary user. ${seen.probe.reason}`);
    expect(seen.probe.reason).toMatch(/AppArmor|switched off|limited|cannot be/);
    expect(seen.probe.hint).toMatch(/root/);
    return;
  }
  expect(seen).toMatchObject({
    mode: 'user',
    before: { isWon: false, evicted: { done: 0, of: 12 }, damaged: [], contained: false },
    after: { isWon: true, evicted: { done: 12, of: 12 }, damaged: [], missed: [] },
    miner: { exe: expect.stringMatching(/^\/tmp\/\./) },
    writes: { exitCode: 0, said: '0\n' },
    left: { sandboxes: 0, folder: false },
  });
  expect(seen.before.notes.join('\n')).toContain('no cron daemon runs inside');
  expect(existsSync('/etc/drilled') || existsSync('/usr/sbin/drilled')).toBe(false);
});
