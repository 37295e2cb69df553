import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { processSurroundings } from '../../src/cli/surroundings.ts';
import { answerAll, paperIncident, playbook, step } from '../support/paper-incident.ts';

async function signed() {
  const paper = await paperIncident();
  const runner = await paper.open(playbook([step('one')]));
  await answerAll(runner);
  await runner.leave('test');
  const { folder } = runner.view();
  const keys = await mkdtemp(join(tmpdir(), 'tourniquet-keys-'));
  onTestFinished(() => rm(keys, { recursive: true, force: true }));
  const key = join(keys, 'id');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ana', '-f', key]);
  const run = async (args: readonly string[], environment: Record<string, string> = {}) => {
    const stdout = new PassThrough();
    const surroundings = { ...processSurroundings(), stdout, environment: { HOME: keys, ...environment } };
    const argv = ['--incident-dir', dirname(folder), ...args];
    const code = await runProgram(argv, surroundings as unknown as Parameters<typeof runProgram>[1]);
    stdout.end();
    return { code, text: (await stdout.toArray()).join('') };
  };
  return { folder, id: basename(folder), key, keys, run };
}

describe('a signature', () => {
  test('by a key in a file is good until the record it was made over is altered', async () => {
    const { folder, id, key, run } = await signed();
    expect(await run(['sign', id, '--key', key])).toMatchObject({ code: 0 });
    const good = await run(['verify', id]);
    expect(good).toMatchObject({
      code: 0,
      text: expect.stringMatching(/signature over record \d+: good, SHA256:/),
    });
    const journal = join(folder, 'journal.jsonl');
    const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n');
    await writeFile(journal, `${lines.slice(0, -1).join('\n')}\n`);
    expect(await run(['verify', id])).toMatchObject({ code: 3, text: expect.stringContaining('NOT good') });
  });

  test('is of whom the allowed signers say, and of nobody else', async () => {
    const { id, key, keys, run } = await signed();
    await run(['sign', id, '--key', key]);
    const allowed = join(keys, 'allowed');
    await writeFile(allowed, `ana@example.org ${await readFile(`${key}.pub`, 'utf8')}`);
    const mine = await run(['verify', id, '--allowed-signers', allowed]);
    expect(mine).toMatchObject({ code: 0, text: expect.stringContaining('of ana@example.org') });
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(keys, 'other')]);
    await writeFile(allowed, `bo@example.org ${await readFile(join(keys, 'other.pub'), 'utf8')}`);
    const other = await run(['verify', id, '--allowed-signers', allowed]);
    expect(other).toMatchObject({ code: 3, text: expect.stringContaining('not among the allowed') });
  });

  test('is made by an agent that holds the key, without the key being there', async () => {
    const { id, key, keys, run } = await signed();
    const text = execFileSync('ssh-agent', ['-s', '-a', join(keys, 'agent')], { encoding: 'utf8' });
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(text)?.[1]);
    onTestFinished(() => void process.kill(pid));
    const environment = { SSH_AUTH_SOCK: join(keys, 'agent') };
    execFileSync('ssh-add', ['-q', key], { env: { ...process.env, ...environment } });
    await rm(key);
    expect(await run(['sign', id], environment)).toMatchObject({ code: 0 });
    expect((await run(['verify', id])).code).toBe(0);
  });

  test('is stamped with the time by a server, and the stamp is held against its authority', async () => {
    const { folder, id, key, keys, run } = await signed();
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: keys, stdio: 'pipe' });
    const config = `[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=clock\n[ext]\nextendedKeyUsage=critical,timeStamping\n
[tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_cert=tsa.pem\nsigner_key=tsa.key\nsigner_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\n`;
    await writeFile(join(keys, 'cnf'), config);
    await writeFile(join(keys, 'serial'), '01\n');
    for (const name of ['tsa', 'other'])
      openssl(
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-config',
        'cnf',
        '-extensions',
        'ext',
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.pem`,
      );
    const server = createServer(async (request, response) => {
      if (request.url === '/broken') return response.end('no stamp');
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece);
      await writeFile(join(keys, 'query'), Buffer.concat(pieces));
      openssl('ts', '-reply', '-config', 'cnf', '-section', 't', '-queryfile', 'query', '-out', 'reply');
      response.setHeader('content-type', 'application/timestamp-reply');
      response.end(await readFile(join(keys, 'reply')));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(run(['sign', id, '--key', key, '--timestamp', `${url}/broken`])).rejects.toThrow(
      /no time stamp over it/,
    );
    await expect(run(['sign', id, '--key', key, '--timestamp', 'file:///etc/passwd'])).rejects.toThrow(
      /no http/,
    );
    expect(await run(['sign', id, '--key', key, '--timestamp', url])).toMatchObject({
      code: 0,
      text: expect.stringMatching(/^stamped .* GMT$/m),
    });
    expect(await run(['verify', id])).toMatchObject({
      code: 0,
      text: expect.stringMatching(/time stamp over record \d+: .* not checked/),
    });
    const good = await run(['verify', id, '--timestamp-ca', join(keys, 'tsa.pem')]);
    expect(good).toMatchObject({
      code: 0,
      text: expect.stringMatching(/time stamp over record \d+: good, .* GMT/),
    });
    const wrong = await run(['verify', id, '--timestamp-ca', join(keys, 'other.pem')]);
    expect(wrong).toMatchObject({
      code: 3,
      text: expect.stringMatching(/time stamp over record \d+: NOT good/),
    });
    // Handed over in one file it is checked just so, and one that was put to another record is found out.
    const bundle = join(keys, 'whole.tqb');
    expect(await run(['bundle', id, '--output', bundle])).toMatchObject({ code: 0 });
    for (const [authority, code, said] of [
      ['tsa', 0, /time stamp over record \d+: good, .* GMT/],
      ['other', 3, /time stamp over record \d+: NOT good/],
    ] as const)
      expect(await run(['verify', bundle, '--timestamp-ca', join(keys, `${authority}.pem`)])).toMatchObject({
        code,
        text: expect.stringMatching(said),
      });
    expect(await run(['verify', bundle])).toMatchObject({
      code: 0,
      text: expect.stringContaining('not checked: no certificates'),
    });
    const stamps = join(folder, 'signatures');
    const [stamp = ''] = (await readdir(stamps)).filter((name) => name.endsWith('.tsr'));
    await copyFile(join(stamps, stamp), join(stamps, '1.00000000.tsr'));
    const moved = join(keys, 'moved.tqb');
    await run(['bundle', id, '--output', moved]);
    expect(await run(['verify', moved, '--timestamp-ca', join(keys, 'tsa.pem')])).toMatchObject({
      code: 3,
      text: expect.stringContaining('time stamp over record 1: NOT good: it is over something else'),
    });
    const journal = join(folder, 'journal.jsonl');
    const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n');
    await writeFile(journal, `${lines.slice(0, -1).join('\n')}\n`);
    const cut = await run(['verify', id, '--timestamp-ca', join(keys, 'tsa.pem')]);
    expect(cut.text).toMatch(/time stamp over record \d+: NOT good: it is over something else/);
  });
});
