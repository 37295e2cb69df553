import { describe, expect, it } from 'vitest';
import { kinSignals, ownFolder } from '../../src/findings/kin-signals.ts';
import { type KnownBad, NOTHING_KNOWN } from '../../src/findings/known-bad.ts';
import { knownFrom } from '../../src/findings/known-from.ts';
import type { Linked } from '../../src/findings/links.ts';
import type { Observation, ObservedFile, ObservedProcess } from '../../src/findings/observation.ts';
import { weigh } from '../../src/findings/weigh.ts';

const CAME = 1_700_000_000_000_000_000n;

const seen = {
  process: { pid: 70, startTicks: '1', bootId: 'b', exeInode: '1:2', exePath: null, name: 'guard' },
  parentPid: 1,
  sessionId: 70,
  exe: '/usr/local/lib/netlogd/guard',
  sharesOurFiles: true,
} as unknown as ObservedProcess;

const program = (ctimeNs: bigint): ObservedFile =>
  ({ path: seen.exe, kind: 'file', package: null, ctimeNs: String(ctimeNs) }) as unknown as ObservedFile;

const known = (more: Partial<KnownBad>): KnownBad => ({ ...NOTHING_KNOWN, bursts: [CAME], ...more });
const verdict = (bad: KnownBad, process = seen, exe = program(CAME - 10n ** 15n)) =>
  weigh(kinSignals(process, exe, bad)).verdict;

describe('what a process shares with a malicious one', () => {
  const beside = known({ folders: new Map([['/usr/local/lib/netlogd', 'miner (72)']]) });

  it('condemns a program that lies beside it and came with it', () => {
    expect(verdict(beside, seen, program(CAME))).toBe('malicious');
  });

  it('only makes a program suspicious that was there long before', () => {
    expect(verdict(beside)).toBe('suspicious');
  });

  it('does not condemn the service through which it came, whose folder, session and child it is', () => {
    const all = {
      ...beside,
      parents: new Map([[70, 'miner (72)']]),
      sessions: new Map([[70, 'miner (72)']]),
    };
    expect(verdict(all)).toBe('suspicious');
  });

  it('makes what it started suspicious: one wrong verdict must not condemn all below it', () => {
    const parent = known({ processes: new Map([[72, 'miner (72)']]) });
    expect(verdict(parent, { ...seen, parentPid: 72 })).toBe('suspicious');
  });

  it('condemns what it started if that came with it', () => {
    const parent = known({ processes: new Map([[72, 'miner (72)']]) });
    expect(verdict(parent, { ...seen, parentPid: 72 }, program(CAME))).toBe('malicious');
  });

  it('says nothing of a program that a package owns', () => {
    expect(kinSignals(seen, { ...program(CAME), package: 'netlog' }, beside)).toEqual([]);
  });

  it.each([
    '/tmp/a',
    '/usr/bin/a',
    '/bin/a',
    '/usr/local/bin/a',
    '/home/ana/a',
    '/opt/a',
    '/usr/lib/x/a',
    '/a',
  ])('does not take %s for a folder of its own', (path) => expect(ownFolder(path)).toBeNull());

  it.each(['/tmp/.X19-unix/a', '/usr/local/lib/netlogd/a', '/opt/agent/bin/a', '/home/ana/.cache/a'])(
    'takes %s for one',
    (path) => expect(ownFolder(path)).toBe(path.slice(0, -2)),
  );

  it.each([
    [true, 70],
    [false, undefined],
  ])('taints who started it if it shares the host’s files: %s', (sharesOurFiles, parent) => {
    const bad = {
      finding: {
        verdict: 'malicious',
        title: 'miner (72)',
        score: 95,
        reasons: [],
        times: null,
        subject: { kind: 'process', process: { pid: 72 }, parentPid: 70, sessionId: 9 },
      },
      links: { pid: 72, files: [], addresses: [], unit: null, activates: null },
    } as unknown as Linked;
    const observation = {
      processes: [{ ...seen, process: { ...seen.process, pid: 72 }, sharesOurFiles }],
      files: new Map(),
    } as unknown as Observation;
    const { parents, sessions } = knownFrom([bad], observation);
    expect([...parents.keys()][0]).toBe(parent);
    expect(sessions.size).toBe(sharesOurFiles ? 1 : 0);
  });
});
