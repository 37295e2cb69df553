import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OperationTarget } from '../../../src/operations/operation.ts';
import { type Driver, openDriver } from '../../support/driver.ts';
import { identifyWithin } from '../../support/identify-within.ts';
import { report, runs } from '../../support/length.ts';
import { type Namespace, openNamespace } from '../../support/namespace.ts';
import { PRIVATE_ETC } from '../../support/private-etc.ts';
import { DPKG } from './one-package.ts';

/**
 * Races of what needs an /etc, a package database and mounts of its own: a second process in the same namespace swaps links,
 * folders and mounts in, as root, for as long as an operation is prepared and performed.
 */
const LOOP = fileURLToPath(new URL('./swap-loop.mjs', import.meta.url));
const VICTIM = '/run/victim';
let namespace: Namespace;
let host: Driver;
beforeAll(async () => {
  namespace = await openNamespace(`${PRIVATE_ETC}\n${DPKG}
mkdir /run/keys /run/files ${VICTIM} /run/fresh
ssh-keygen -q -t ed25519 -N '' -C '' -f /run/fresh/key
for name in key key.pub evil tq-ps; do echo victim >${VICTIM}/$name; chmod 640 ${VICTIM}/$name; done`);
  host = openDriver(namespace);
}, 120_000);
afterAll(async () => {
  await host?.kill();
  await namespace?.end();
});

interface Raced {
  readonly operation: string;
  readonly path: string;
  /** Shell text that makes the target anew. */
  readonly plant: string;
  plan(path: string): OperationTarget;
  /** What may stand at the path when it was not done; `done` when it was. Contents, as sh -c 'cat' gives them. */
  readonly done: (contents: string) => boolean;
  readonly attempts: number;
}

const file = (path: string) => identifyWithin(namespace, path);
const KEY: Raced = {
  operation: 'host keys',
  path: '/run/keys/key',
  plant: 'rm -rf /run/keys; mkdir /run/keys; cp -p /run/fresh/key /run/fresh/key.pub /run/keys/',
  plan: (path) => ({ kind: 'replace-host-keys', keys: [file(path)] }),
  done: (text) => text.includes('PRIVATE KEY'),
  attempts: runs(3, 25),
};
const PACKAGE: Raced = {
  operation: 'a packaged file',
  path: '/run/tq/bin/tq-ps',
  plant:
    'rm -rf /run/tq/bin; mkdir /run/tq/bin; echo "a fake ps" >/run/tq/bin/tq-ps; chmod 777 /run/tq/bin/tq-ps',
  plan: (path) => ({
    kind: 'reinstall-package',
    manager: 'apt',
    package: 'tq-procps',
    files: [file(path)],
    otherwise: 'leave',
  }),
  done: (text) => text === 'the real ps\n',
  attempts: runs(2, 12),
};
const EVIL = 'rm -rf /run/files; mkdir /run/files; printf "keep\\nevil\\nkeep\\n" >/run/files/evil';
const QUARANTINE: Raced = {
  operation: 'quarantine',
  path: '/run/files/evil',
  plant: EVIL,
  plan: (path) => ({ kind: 'quarantine-file', file: file(path) }),
  done: (text) => text === '' || text === 'victim\n',
  attempts: runs(2, 40),
};
const EDIT: Raced = {
  ...QUARANTINE,
  operation: 'edit',
  plan: (path) => ({ kind: 'edit-file', file: file(path), removeLines: [{ number: 2, text: 'evil' }] }),
  done: (text) => text === 'keep\nkeep\n' || text === 'victim\n',
};
const ATTRIBUTES: Raced = {
  ...QUARANTINE,
  operation: 'attributes',
  plan: (path) => ({ kind: 'set-attributes', file: file(path), mode: 0o600 }),
  done: (text) => text === 'keep\nevil\nkeep\n' || text === 'victim\n',
};

const CASES: readonly (readonly [Raced, string])[] = [
  ...['mount', 'mount-folder'].flatMap((how) =>
    [QUARANTINE, EDIT, ATTRIBUTES, KEY, PACKAGE].map((raced) => [raced, how] as const),
  ),
  ...['link', 'hard', 'folder', 'foretold'].map((how) => [KEY, how] as const),
  ...['link', 'hard', 'folder'].map((how) => [PACKAGE, how] as const),
];

const WORDS: Readonly<Record<string, string>> = {
  mount: 'mount',
  'mount-folder': "folder's mount",
  hard: 'hard link',
  foretold: 'foretold name',
};

describe('whatever is swapped in meanwhile', () => {
  test.for(
    CASES.map(([raced, how]) => ({
      name: `${raced.operation} against ${WORDS[how] ?? how} swapping`,
      raced,
      how,
    })),
  )('nothing else is touched: $name', { timeout: 900_000 }, async ({ name, raced, how }) => {
    const { path, attempts } = raced;
    const victims = () =>
      namespace.shell(
        `cd ${VICTIM}; for name in *; do stat -c '%n %i %a %u:%g %s %.9Y' $name; sha256sum $name; done; ls -A`,
      );
    const before = victims();
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      namespace.shell(raced.plant);
      const operation = raced.plan(path);
      const outcome = await fought(raced, how, attempt % 2 === 0, operation);
      namespace.shell(UNMOUNT);
      expect(victims(), outcome?.message).toBe(before);
      const contents = namespace.shell(`if [ -e ${path} ]; then cat ${path}; fi`);
      // Who keeps the old one aside may put it back right after it was replaced; that is for the step's check to see.
      if (outcome?.status === 'done' && how !== 'link' && how !== 'hard')
        expect(raced.done(contents), contents).toBe(true);
      namespace.shell('rm -rf /run/tourniquet');
    }
    report({ suite: name, runs: attempts, faults: attempts, lost: 0, escaped: 0 });
  });
});

/** Half of the time the loop begins before the preparation, half of the time after. */
async function fought({ path }: Raced, how: string, isEarly: boolean, operation: OperationTarget) {
  const facts = { isRoot: true, packageManager: 'apt' } as const;
  let loop = isEarly ? await startLoop(how, path) : null;
  try {
    const prepared = await host.prepare(operation, facts);
    loop ??= await startLoop(how, path);
    return prepared.status === 'ready' ? await host.perform(operation, prepared.receipt, facts) : null;
  } finally {
    if (loop !== null) {
      const ended = once(loop, 'exit');
      loop.stdin?.end();
      await ended;
    }
  }
}

/** What a loop that was ended in the middle may have left. */
const UNMOUNT =
  'for point in /run/files/evil /run/files /run/keys/key /run/keys /run/tq/bin/tq-ps /run/tq/bin; do while umount -l $point 2>/dev/null; do :; done; done; for folder in /run/files /run/keys /run/tq/bin; do if [ -L $folder ]; then rm $folder; fi; if [ -d $folder.aside ]; then rm -rf $folder; mv $folder.aside $folder; fi; done';

async function startLoop(how: string, path: string) {
  const loop = namespace.start([process.execPath, LOOP, how, path, `${VICTIM}/${path.split('/').at(-1)}`]);
  if (loop.stdout === null) throw new Error('The loop has no output.');
  await once(createInterface(loop.stdout), 'line');
  return loop;
}
