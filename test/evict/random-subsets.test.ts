import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Action, PlannedOperation } from '../../src/actions/action.ts';
import { purgePersistence } from '../../src/actions/purge-persistence.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { mechanismNotes } from '../../src/findings/scope-notes.ts';
import type { Host, OperationContext } from '../../src/host/host.ts';
import { connectHost } from '../../src/host/remote.ts';
import { describeOperation } from '../../src/operations/describe.ts';
import type { Operation } from '../../src/operations/operation.ts';
import type { Receipt } from '../../src/operations/receipt.ts';
import { startDebian } from '../support/debian.ts';
import { report, runs } from '../support/length.ts';
import { planFacts } from '../support/plan-facts.ts';
import { LEFT_OUT } from './plants/left-out.ts';
import type { Plant } from './plants/plant.ts';
import { allPlants } from './plants/plants.ts';

/**
 * Ways of staying in any choice and order: planted, found by the scan, planned by the purge, taken away, no longer
 * found, put back. Then the host must be bit for bit as it was: bytes, owner, mode, time, extended attributes and ACLs,
 * flags, and what systemd says of the units. On a Debian with its systemd as process 1, and on one without.
 */
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

const STATE = `
cd /
roots='/etc /usr /var /root /home /tmp /opt /srv /boot'
# Caches, logs, what systemd keeps, our own quarantine, and what the tools for accounts keep beside their files.
passing() { grep -vE '^(/etc/ld.so.cache|/etc/(passwd|shadow)-|/var/(log|cache|lib/systemd|lib/tourniquet|tmp/systemd-private)|/tmp/systemd-private|/var/lib d )'; }
find $roots -xdev -printf '%p %y %m %U:%G %T@ %l\\n' | sort | passing
find /etc /var/spool /var/tmp /var/www /root /home /tmp /usr/local /usr/lib/systemd /opt /srv -xdev -type f | passing | sort | tr '\\n' '\\0' | xargs -0 sha256sum
getfattr -R -P -h -d -m - -e hex /etc /usr /var/spool /var/tmp /root /home /tmp /opt 2>/dev/null | tr '\\n' '\\r' | sed 's/\\r\\r/\\n/g' | sort
lsattr -R -a /etc /usr/local /var/spool /var/tmp /root /home 2>/dev/null | sed 's/^\\([^ ]*\\)e/\\1-/' | grep -E '^[-a-z]*[ia]' || :
nft list ruleset
`;

const unitState = (plants: readonly Plant[]): string =>
  plants
    .flatMap(({ unit }) => (unit === undefined ? [] : [unit]))
    .map((unit) => `systemctl show -p LoadState,ActiveState,UnitFileState ${unit}; `)
    .join('');

test('has a plant for every mechanism of the scan, or the reason why none, and where it is shown instead', async () => {
  const planted = new Set((await allPlants()).map(({ mechanism }) => mechanism));
  expect([...planted, ...Object.keys(LEFT_OUT)].toSorted()).toEqual(
    mechanismNotes()
      .map(({ name }) => name)
      .toSorted(),
  );
  for (const { paths, isAbout: isIt, mechanism } of await allPlants())
    expect(paths.length > 0 || isIt !== undefined, mechanism).toBe(true);
  for (const { shownBy } of Object.values(LEFT_OUT))
    if (shownBy !== undefined)
      expect(existsSync(fileURLToPath(new URL(`../../${shownBy}`, import.meta.url))), shownBy).toBe(true);
});

test.for(['none', 'systemd'] as const)(
  'whatever of it is planted and in whatever order it goes, it is found, goes, stays away, and comes back bit for bit: process 1 is %s',
  { timeout: 1_800_000 },
  async (processOne) => {
    const usable = new Map(
      (await allPlants())
        .filter(({ needsSystemd }) => processOne === 'systemd' || !needsSystemd)
        .map((plant) => [plant.name, plant]),
    );
    // By name: what fails is told in few words.
    const subsets = fc.shuffledSubarray([...usable.keys()], { minLength: 1 });
    let tries = 0;
    await fc.assert(
      fc.asyncProperty(subsets, async (names) => {
        tries += 1;
        await evictAndUndo(
          processOne,
          names.flatMap((name) => usable.get(name) ?? []),
        );
      }),
      // All at once first: what one way of staying does to another shows there.
      { numRuns: runs(2, 20), examples: [[[...usable.keys()].reverse()]], endOnFailure: true },
    );
    report({
      suite: `evicted and undone, process 1 ${processOne}`,
      runs: tries,
      faults: tries,
      lost: 0,
      escaped: 0,
    });
  },
);

async function evictAndUndo(processOne: 'systemd' | 'none', plants: readonly Plant[]): Promise<void> {
  const debian = await startDebian(processOne);
  const evidence = mkdtempSync(join(tmpdir(), 'tourniquet-evict-'));
  let host: Host | null = null;
  try {
    debian.shell('useradd -m -u 1000 -s /bin/bash ann');
    for (const { plant } of plants) debian.shell(plant);
    host = await connectHost(debian.command([process.execPath, MAIN, 'agent']));
    const hasAccount = plants.some(({ mechanism }) => mechanism === 'account');
    const state = () => {
      const text = `${debian.shell(STATE)}${processOne === 'systemd' ? debian.shell(unitState(plants)) : ''}`;
      // The tools for accounts write their files anew each time: the same bytes, at another time.
      return hasAccount ? text.replace(/^(\/etc(?:\/passwd|\/shadow)? [df] \d+ \S+) \S+/gm, '$1') : text;
    };
    const before = state();
    const facts = await host.facts();
    const found = await look(host, plants);
    expect(state()).toBe(before);
    const beside = plants.flatMap(({ beside = [] }) => beside);
    const neighbours = () => debian.shell(`sha256sum ${beside.map(quoted).join(' ')} </dev/null`);
    const ordinary = neighbours();

    const planned = plants.map((plant) => {
      const by = actionOf(plant);
      const findings = found.get(by) ?? [];
      const chosen = findings.filter((finding) => isAbout(finding, plant));
      const parameters = by.parameters.parse(plant.parameters ?? {});
      const input = { chosen, findings, parameters, command: null, facts: planFacts(facts) };
      const ids = new Set(chosen.map(({ id }) => id));
      return {
        name: plant.name,
        plant,
        ids,
        operations: chosen.length === 0 ? [] : by.plan(input).operations,
      };
    });
    const missing = planned.filter(({ operations }) => operations.length === 0);
    expect(missing.map(({ name }) => name)).toEqual([]);
    const done: { operation: Operation; receipt: Receipt }[] = [];
    for (const [index, { operations }] of planned.entries())
      for (const one of operations) done.push(await perform(host, numbered(one, index, done.length)));
    const after = await look(host, plants);
    const left = planned.flatMap(({ plant, ids }) => {
      const still = (after.get(actionOf(plant)) ?? []).filter(({ id }) => ids.has(id));
      return plant.isStillShown ? [] : still.map(({ title }) => `${plant.name}: ${title}`);
    });
    expect(left).toEqual([]);
    expect(neighbours()).toBe(ordinary);

    // Freezing was only the way to the kill, which is what cannot be taken back.
    const undoable = done.filter(
      ({ operation }) => describeOperation(operation).canUndo !== 'no' && operation.kind !== 'freeze-process',
    );
    // As `tourniquet undo` does: what needs something that an older one took is taken back once that is there again.
    const early: typeof done = [];
    for (const each of undoable.toReversed()) {
      const outcome = await host.undo(each.operation, each.receipt, context());
      if (outcome.status === 'failed' && outcome.message.includes('is not there; take this back again'))
        early.push(each);
      else expect(outcome, `${each.operation.kind}: ${outcome.message}`).toMatchObject({ status: 'done' });
    }
    for (const { operation, receipt } of early) {
      const outcome = await host.undo(operation, receipt, context());
      expect(outcome, `${operation.kind}: ${outcome.message}`).toMatchObject({ status: 'done' });
    }
    expect(state()).toBe(before);
  } finally {
    await host?.close();
    await debian.end();
    rmSync(evidence, { recursive: true, force: true });
  }
}

const actionOf = ({ by }: Plant): Action => by ?? purgePersistence;

/** What each step would be shown, by a look of its own. */
async function look(host: Host, plants: readonly Plant[]): Promise<ReadonlyMap<Action, readonly Finding[]>> {
  const seen = new Map<Action, readonly Finding[]>();
  for (const action of new Set(plants.map(actionOf))) {
    // What asks the package manager for long is of no use here.
    const scopes = action.scopes.filter((scope) => scope !== 'packages');
    const { findings } = await host.scan({ scopes, sampleMs: 50 }, {});
    seen.set(
      action,
      findings.filter((finding) => action.concerns(finding)),
    );
  }
  return seen;
}

/** What is found of a plant that a step is to take away; of its neighbours nothing is. */
function isAbout({ subject, places, verdict }: Finding, plant: Plant): boolean {
  if (plant.isAbout !== undefined) return plant.isAbout(subject);
  const { paths } = plant;
  const at = [
    ...places.flatMap(({ path, line }) => [path, `${path}:${line ?? ''}`]),
    ...('file' in subject ? [subject.file.path] : []),
    ...(subject.kind === 'setting' ? [subject.name] : []),
  ].map((path) => path.replace(/^(?:\/usr)?\/lib\/modules\/[^/]+/, 'MODULES'));
  // One that only a person would choose is named by its line.
  return paths.some((path) => at.includes(path) && (verdict !== 'benign' || /:\d+$/.test(path)));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function numbered({ target, because }: PlannedOperation, plant: number, index: number): Operation {
  return { ...target, id: `purge.${plant + 1}.${index + 1}`, because };
}

async function perform(host: Host, operation: Operation) {
  const prepared = await host.prepare(operation, context());
  if (prepared.status === 'refused') throw new Error(`${operation.kind}: ${prepared.refusal.message}`);
  const outcome = await host.perform(operation, prepared.receipt, context());
  expect(outcome, `${operation.kind}: ${outcome.message}`).toMatchObject({ status: 'done' });
  for (const receipt of [prepared.receipt, outcome.receipt])
    expect(await host.verify(operation, receipt)).toMatchObject({ status: 'holds' });
  return { operation, receipt: outcome.receipt };
}

function context(): OperationContext {
  return {
    incidentId: 'evict',
    secrets: {},
    onOutput: () => undefined,
    onProgress: () => undefined,
    evidence: {
      open: async (name, source) => {
        let sizeBytes = 0;
        return {
          write: async (bytes) => {
            sizeBytes += bytes.length;
          },
          close: async () => ({ name, source, sizeBytes, sha256: '0'.repeat(64) }),
        };
      },
    },
  };
}
