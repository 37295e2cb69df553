import { expect, it } from 'vitest';
import type { Finding, Subject } from '../../src/findings/finding.ts';
import { withoutSecrets } from '../../src/findings/without-secrets.ts';
import { changeLines } from '../../src/host/perform/change-lines.ts';
import { makeFile, makeFinding, makeProcess } from '../support/incident-builder.ts';

const SECRET = 'Zk4w9QvT-Lm2';
const line = (role: Extract<Subject, { kind: 'file-line' }>['role'], text: string): Subject => ({
  ...{ kind: 'file-line', role, file: makeFile('/etc/cron.d/x'), line: { number: 2, text } },
  details: { command: text },
});
const finding = (subject: Subject): Finding => ({
  ...makeFinding('x:1'),
  subject,
  title: `x --password=${SECRET}`,
});

it.each([
  ['a process', { commandLine: ['x', `--password=${SECRET}`] }],
  ['a process with the value as a word of its own', { commandLine: ['x', '--api-token', SECRET, '-v'] }],
])('%s leaves the host without what was given to it in secret', (_name, more) => {
  const subject: Subject = {
    ...{ kind: 'process', process: makeProcess(1, 'x'), parentPid: 1, uid: 0, workingFolder: null },
    ...{ cgroup: null, cpuPercent: null, sessionId: 1, ...more },
  };
  expect(JSON.stringify(withoutSecrets(finding(subject)))).not.toContain(SECRET);
  expect(withoutSecrets(finding(subject)).subject).toMatchObject({
    commandLine: expect.arrayContaining(['x']),
  });
});

it('a line leaves the host without its secrets, and is still found to be taken away, and no other is', () => {
  const text = `* * * * * root DB_PASSWORD=${SECRET} /x`;
  const { subject } = withoutSecrets(finding(line('cron-entry', text)));
  expect(JSON.stringify(subject)).not.toContain(SECRET);
  if (subject.kind !== 'file-line') throw new Error('another kind');
  const removeLines = [subject.line];
  const bytes = (other: string) => Buffer.from(`keep\n${other}\r\nkeep\n`);
  const changed = changeLines(bytes(text), { removeLines });
  expect(changed.status === 'changed' && Buffer.from(changed.bytes).toString()).toBe('keep\nkeep\n');
  expect(changeLines(bytes(text.replace('/x', '/y')), { removeLines })).toMatchObject({ status: 'stale' });
});

it('an authorized key stays whole: it is public, and by it the responder’s own is known', () => {
  const text = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI token=${SECRET}`;
  expect(withoutSecrets(finding(line('authorized-key', text))).subject).toEqual(line('authorized-key', text));
});
