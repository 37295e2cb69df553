import { expect, it } from 'vitest';
import type { Finding } from '../../src/findings/finding.ts';
import { filesFoundBefore, foundBeforeSignals } from '../../src/findings/found-before.ts';

function fileFinding(path: string, verdict: Finding['verdict'], sha256 = 'a'.repeat(64)): Finding {
  return {
    id: `file:${path}`,
    subject: {
      kind: 'file',
      role: 'dropped-executable',
      file: {
        path,
        kind: 'file',
        device: '1',
        inode: '2',
        sizeBytes: 3,
        mode: 0o755,
        uid: 0,
        gid: 0,
        mtimeNs: '0',
        sha256,
      },
    },
    title: path,
    verdict,
    score: 100,
    reasons: [
      { code: 'behind-malicious', text: 'kswapd1 (80), which is malicious, is this program', weight: 90 },
    ],
    places: [{ path }],
    attack: [],
    times: null,
    owner: 'root',
    related: [],
  };
}

it('remembers what was malicious, and only that', () => {
  const found = filesFoundBefore([
    fileFinding('/opt/.x/acpid', 'malicious'),
    fileFinding('/opt/app/agent', 'suspicious'),
    fileFinding('/opt/.x/acpid', 'malicious', 'b'.repeat(64)),
  ]);
  expect(found).toEqual([
    {
      path: '/opt/.x/acpid',
      sha256: 'b'.repeat(64),
      because: 'kswapd1 (80), which is malicious, is this program',
    },
  ]);
});

it('holds a file to its content: another one at the same path is judged anew', () => {
  const before = filesFoundBefore([fileFinding('/opt/.x/acpid', 'malicious')])[0];
  expect(foundBeforeSignals(before, 'a'.repeat(64))).toMatchObject([{ code: 'found-before', weight: 90 }]);
  expect(foundBeforeSignals(before, 'b'.repeat(64))).toEqual([]);
  expect(foundBeforeSignals(before, undefined)).toEqual([]);
  expect(foundBeforeSignals(undefined, 'a'.repeat(64))).toEqual([]);
});
