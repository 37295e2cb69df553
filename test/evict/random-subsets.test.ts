import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlannedOperation } from '../../src/actions/action.ts';
import { purgePersistence } from '../../src/actions/purge-persistence.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { Host, OperationContext } from '../../src/host/host.ts';
import { connectHost } from '../../src/host/remote.ts';
import type { Operation } from '../../src/operations/operation.ts';
import type { Receipt } from '../../src/operations/receipt.ts';
import { startDebian } from '../support/debian.ts';
import { report, runs } from '../support/length.ts';
import { planFacts } from '../support/plan-facts.ts';
import { PLANTS, type Plant } from './plants.ts';

/**
 * Ways of staying in any choice and order: planted, found by the scan, planned by the purge, taken away, no longer
 * found, put back. Then the host must be bit for bit as it was: bytes, owner, mode, time, extended attributes and ACLs,
 * flags, and what systemd says of the units. On a Debian with its systemd as process 1, and on one without.
 */
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

const STATE = `
cd /; mkdir -p /var/www /usr/share/dbus-1
roots='/etc /usr/local /usr/bin /usr/lib/systemd /var/spool /var/tmp /var/www /usr/share/dbus-1 /root'
find $roots -xdev ! -path /etc/ld.so.cache ! -path '/var/tmp/systemd-private*' -printf '%p %y %m %U:%G %T@ %l\\n' | sort
find $roots -xdev -type f ! -path /etc/ld.so.cache -newermt 2000-01-01 ! -path '/usr/bin/*' -exec sha256sum {} + | sort -k2
getfattr -R -P -h -d -m - -e hex /etc /usr/local /usr/bin /var/spool /var/tmp /root 2>/dev/null
lsattr -R -a /etc /usr/local /var/spool /var/tmp /root 2>/dev/null | sed 's/^\\([^ ]*\\)e/\\1-/' | grep -E '^[-a-z]*[ia]' || :
`;

const unitState = (plants: readonly Plant[]): string =>
  plants
    .flatMap(({ unit }) => (unit === undefined ? [] : [unit]))
    .map((unit) => `systemctl show -p LoadState,ActiveState,UnitFileState ${unit}; `)
    .join('');

test.for(['none', 'systemd'] as const)(
  'whatever of it is planted and in whatever order it goes, it is found, goes, stays away, and comes back bit for bit: process 1 is %s',
  { timeout: 1_800_000 },
  async (processOne) => {
    const usable = PLANTS.filter(({ needsSystemd }) => processOne === 'systemd' || !needsSystemd);
    const subsets = fc.shuffledSubarray([...usable], { minLength: 1 });
    let tries = 0;
    await fc.assert(
      fc.asyncProperty(subsets, async (plants) => {
        tries += 1;
        await evictAndUndo(processOne, plants);
      }),
      // All at once first: what one way of staying does to another shows there.
      { numRuns: runs(2, 40), examples: [[[...usable].reverse()]], endOnFailure: true },
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
    for (const { plant } of plants) debian.shell(plant);
    host = await connectHost(debian.command([process.execPath, MAIN, 'agent']));
    const state = () =>
      `${debian.shell(STATE)}${processOne === 'systemd' ? debian.shell(unitState(plants)) : ''}`;
    const before = state();
    const facts = await host.facts();
    const found = (await look(host)).filter((finding) => purgePersistence.concerns(finding));
    expect(state()).toBe(before);

    const done: { operation: Operation; receipt: Receipt }[] = [];
    for (const [index, plant] of plants.entries()) {
      const chosen = found.filter((finding) => isAbout(finding, plant));
      expect(
        chosen.map(({ title }) => title),
        `${plant.name} is found`,
      ).not.toEqual([]);
      const { operations } = purgePersistence.plan({
        ...{ chosen, findings: found, parameters: {}, command: null },
        facts: planFacts(facts),
      });
      for (const planned of operations) done.push(await perform(host, numbered(planned, index, done.length)));
    }
    const after = await look(host);
    for (const plant of plants) {
      const left = after.filter((finding) => purgePersistence.concerns(finding) && isAbout(finding, plant));
      expect(
        left.filter(({ verdict }) => verdict !== 'benign').map(({ title }) => title),
        `${plant.name} is gone`,
      ).toEqual([]);
    }

    // As `tourniquet undo` does: what needs something that an older one took is taken back once that is there again.
    const early: typeof done = [];
    for (const each of done.toReversed()) {
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

async function look(host: Host): Promise<readonly Finding[]> {
  return (await host.scan({ scopes: purgePersistence.scopes, sampleMs: 100 }, {})).findings;
}

function isAbout({ subject }: Finding, { paths }: Plant): boolean {
  if (subject.kind === 'setting') return paths.includes(subject.name);
  return 'file' in subject && paths.includes(subject.file.path);
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
