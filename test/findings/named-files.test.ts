import { describe, expect, it } from 'vitest';
import { indicatorsWith } from '../../src/findings/indicators.ts';
import { judgeFile } from '../../src/findings/judge-file.ts';
import { NOTHING_KNOWN, type WantedFile } from '../../src/findings/known-bad.ts';
import type { ObservedFile, Setting } from '../../src/findings/observation.ts';

const CAME = 1_700_000_000_000_000_000n;
const LONG_AGO = CAME - 10n ** 16n;

const setting = {
  indicators: indicatorsWith(),
  protectedExeInodes: new Set(),
  foundBefore: new Map(),
  areUsersRead: true,
} as unknown as Setting;

function verdictOf(use: WantedFile['use'], bornNs: bigint | null, content: ObservedFile['content']) {
  const path = '/srv/shop/data';
  const file = {
    ...{ path, realPath: path, kind: 'file', mode: content === 'data' ? 0o644 : 0o755, package: null },
    // Touched a moment ago, by whoever wrote the bad line.
    ...{ ctimeNs: String(CAME), ...(bornNs === null ? {} : { bornNs: String(bornNs) }) },
    ...{ mtimeNs: '0', owner: 'root', content, head: '', inode: '1:2', integrity: 'not-checked' },
    identity: { path },
  } as unknown as ObservedFile;
  const title = '/etc/cron.d/x line 1';
  const wanted: WantedFile = { path, by: [], title, use, ctimeNs: String(CAME), verdict: 'malicious' };
  const known = { ...NOTHING_KNOWN, bursts: [CAME] };
  const view = { known, setting, usedBy: new Map(), isDeclared: false, id: () => 'file:1' };
  const judged = judgeFile(file, wanted, view);
  return judged === null || judged === 'identify' ? judged : judged.verdict;
}

describe('a file that a malicious line names', () => {
  it('is not condemned for a change that whoever wrote the line could make, if it was there long before', () => {
    expect(verdictOf('run', LONG_AGO, 'script')).toBe('suspicious');
    expect(verdictOf('named', LONG_AGO, 'data')).toBeNull();
  });

  it('is, if it was made with the line, or the file system does not say when', () => {
    expect(verdictOf('run', CAME, 'script')).toBe('malicious');
    expect(verdictOf('run', null, 'script')).toBe('malicious');
    expect(verdictOf('named', CAME, 'data')).toBe('malicious');
  });
});
