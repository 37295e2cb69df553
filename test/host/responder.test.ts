import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResponderFacts } from '../../src/host/host.ts';
import { runTool } from '../../src/host/run-tool.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const PRINT = `'${process.execPath}' '${join(FIXTURES, 'print-responder.ts')}'`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'responder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command in a sandbox with a real sshd; see fixtures/ssh-login. Its lines, the key's fingerprint first. */
async function withDaemon(command: string, expose: 'yes' | 'no', ...here: string[]): Promise<string[]> {
  const result = await runTool([
    ...['unshare', '--mount', '--propagation', 'private', '--net', '--pid', '--fork', '--kill-child'],
    ...['--mount-proc', join(FIXTURES, 'ssh-login'), folder, expose, command, ...here],
  ]);
  const lines = result.stdout.toString().trim().split('\n');
  if (lines.length > 1) return lines;
  throw new Error(`${result.stderr}\n${readFileSync(join(folder, 'sshd.log'), 'utf8')}`);
}

/** Logs in and has the facts about the responder printed there. */
async function loggedIn(
  command: string,
  expose: 'yes' | 'no',
  account = 'root',
): Promise<{ key: string; responder: ResponderFacts }> {
  const [key = '', json = ''] = await withDaemon(command, expose, '', account);
  return { key, responder: JSON.parse(json) };
}

// sshd as an ordinary user can let nobody in but that user, and in a user namespace not even that (setgroups).
describe.skipIf(process.geteuid?.() !== 0)('a responder who came by SSH (needs root for an sshd)', () => {
  it('is found by the socket of the sshd above, with the key that sshd tells', async () => {
    const { key, responder } = await loggedIn(PRINT, 'yes');
    expect(responder).toMatchObject({
      peerAddress: '127.0.0.1',
      localPort: 2222,
      account: 'root',
      uid: 0,
      keyFingerprint: key,
    });
    expect(responder.peerPort).toBeGreaterThan(1023);
  });

  it('is found though sudo has cleaned the environment', async () => {
    const { key, responder } = await loggedIn(`env -i ${PRINT}; exit 0`, 'yes');
    expect(responder).toMatchObject({ peerAddress: '127.0.0.1', localPort: 2222, keyFingerprint: key });
  });

  it('is found though the environment names another connection', async () => {
    const stale = 'SSH_CONNECTION="203.0.113.99 1 203.0.113.10 22"';
    const { responder } = await loggedIn(`${stale} ${PRINT}`, 'no');
    expect(responder).toMatchObject({ peerAddress: '127.0.0.1', localPort: 2222, keyFingerprint: null });
  });

  it('is found from inside tmux, whose server hangs on no connection', async () => {
    const inner = `${PRINT} > ${folder}/inner`;
    const tmux = `TERM=xterm script -qec "tmux -S ${folder}/tmux -f /dev/null new-session \\"${inner}\\"" /dev/null`;
    const { responder } = await loggedIn(`${tmux} > /dev/null 2>&1; cat ${folder}/inner`, 'no');
    expect(responder).toMatchObject({ peerAddress: '127.0.0.1', localPort: 2222 });
  });

  it('is who typed last, where others are attached to the same tmux; none of them is cut off', async () => {
    const tmux = `TERM=xterm tmux -S ${folder}/tmux -f /dev/null`;
    const clients = `tmux -S ${folder}/tmux list-clients 2>/dev/null | wc -l`;
    const [, json = ''] = await withDaemon(
      `sleep 60 | $LOGIN -b 127.0.0.2 -tt "${tmux} new-session" >/dev/null 2>&1 &
until [ "$(${clients})" = 1 ]; do sleep 0.1; done
{
  until [ "$(${clients})" = 2 ]; do sleep 0.1; done
  echo "${PRINT} >${folder}/inner.new; mv ${folder}/inner.new ${folder}/inner"
  until [ -s ${folder}/inner ]; do sleep 0.1; done
} | $LOGIN -tt "${tmux} attach" >/dev/null 2>&1 &
until [ -s ${folder}/inner ]; do sleep 0.1; done
pgrep -f '^sshd.*root@pts' | tr '\\n' ' ' >${folder}/sessions
cat ${folder}/inner`,
      'no',
      'here',
    );
    const responder: ResponderFacts = JSON.parse(json);
    expect(responder).toMatchObject({ peerAddress: '127.0.0.1', localPort: 2222 });
    const sessions = readFileSync(join(folder, 'sessions'), 'utf8').trim().split(' ').map(Number);
    expect(sessions).toHaveLength(2);
    expect(responder.protectedPids).toEqual(expect.arrayContaining(sessions));
  });

  // What a responder types who may not log in as root.
  it.each([
    ['sudo', `sudo -n ${PRINT}`],
    ['su', `sudo -n su root -c "${PRINT}"`],
    ['a login shell of su, which keeps no variable', `sudo -n su - root -c "${PRINT}"`],
    ['sudo in sudo', `sudo -n sudo -n env -i ${PRINT}`],
  ])('is found through %s, with the account that was logged in to', async (_name, command) => {
    // With a process between that waits, as an interactive shell would.
    const { responder } = await loggedIn(`${command}; exit 0`, 'no', 'ann');
    expect(responder).toMatchObject({ peerAddress: '127.0.0.1', localPort: 2222, account: 'ann', uid: 4711 });
    expect(responder.protectedPids.length).toBeGreaterThan(3);
  });

  // A variable would tell of the connection that screen was begun in, which may be long gone.
  it.each([
    ['', ''],
    [' and sudo above it', 'sudo -n '],
    [' and su above it', 'sudo -n su root -c '],
  ])('is found from inside screen%s', async (_name, above) => {
    const inner = `#!/bin/sh\nexec env -i ${PRINT} >${folder}/inner.new`;
    writeFileSync(join(folder, 'inside'), `${inner}\n`, { mode: 0o755 });
    const screen = `${above}env -u SSH_CONNECTION SCREENDIR=/run/screens screen -c /dev/null ${folder}/inside`;
    const quoted = above.endsWith('-c ') ? `${above}'${screen.slice(above.length)}'` : screen;
    const command = `TERM=xterm script -qec "${quoted}" /dev/null >/dev/null 2>&1; sudo -n cat ${folder}/inner.new`;
    const { responder } = await loggedIn(command, 'no', above === '' ? 'root' : 'ann');
    expect(responder).toMatchObject({ peerAddress: '127.0.0.1', localPort: 2222 });
  });

  it('is found by an agent that was started over SSH; a line that breaks is host-lost', async () => {
    const agent = `'${process.execPath}' '${join(FIXTURES, 'agent-local.ts')}' '${folder}/host'`;
    const client = `'${process.execPath}' '${join(FIXTURES, 'agent-over-ssh.ts')}' "${agent}"`;
    const [key, responder = '', lost = ''] = await withDaemon(client, 'yes', 'here');
    expect(JSON.parse(responder)).toMatchObject({
      peerAddress: '127.0.0.1',
      localPort: 2222,
      keyFingerprint: key,
    });
    expect(JSON.parse(lost)).toMatchObject({ code: 'host-lost', hint: expect.stringContaining('resume') });
  });
});
