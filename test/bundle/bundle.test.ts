import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MINER, makeIncident, run } from './make-incident.ts';

async function scratch() {
  const folder = await mkdtemp(join(tmpdir(), 'tourniquet-bundle-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function bundled(args: readonly string[] = ['--no-sign']) {
  const incident = await makeIncident();
  const away = await scratch();
  const file = join(away, 'case.incident.tar.zst');
  const made = await run(incident.root, ['bundle', incident.id, '-o', file, ...args]);
  return { ...incident, away, file, made };
}

/** As anybody would: by tar and zstd alone. */
const listed = (file: string) =>
  execFileSync('tar', ['--zstd', '-tvf', file], { encoding: 'utf8' })
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/\s+/))
    .map(([mode, , , , , name]) => ({ mode, name }));

describe('a bundle', () => {
  test('holds all of the incident under names that nothing runs, and not what stays at home', async () => {
    const { file, made, id } = await bundled();
    expect(made).toMatchObject({
      code: 0,
      stdout: `${file}\n`,
      stderr: expect.stringContaining('live malware'),
    });
    expect(listed(file)).toEqual(
      [
        'BUNDLE.json',
        'README.txt',
        'custody.json',
        'custody.txt',
        'transcript/transcript.md',
        'transcript/transcript.html',
        'transcript/transcript.json',
        'incident/evidence/kill.1.1/process-812/exe.sample',
        'incident/journal.jsonl',
        'incident/output/kill.1.2.log.sample',
        'incident/playbook.yaml',
        'incident/quarantine/kept.sample',
        'MANIFEST.json',
      ].map((name) => ({ mode: '-r--------', name: `${id}/${name}` })),
    );
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('is verified by its file alone, on any machine', async () => {
    const { file, head } = await bundled();
    const { code, stdout } = await run(await scratch(), ['verify', file]);
    expect(stdout).toContain(`whole: 13 files, `);
    expect(stdout).toContain(`head ${head}`);
    expect(stdout).toContain('not signed');
    expect(code).toBe(0);
  });

  test('has a manifest that sha256sum agrees with', async () => {
    const { file, away, id } = await bundled();
    execFileSync('tar', ['--zstd', '-xf', file, '-C', away]);
    const { files } = JSON.parse(readFileSync(join(away, id, 'MANIFEST.json'), 'utf8')) as {
      files: { name: string; sha256: string }[];
    };
    const sums = files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('');
    execFileSync('sha256sum', ['--check', '--strict', '--quiet'], { cwd: join(away, id), input: sums });
    expect(files).toHaveLength(12);
  });

  test('says who had it, under which numbers, and to whom it went', async () => {
    const { file, root, id } = await bundled([
      ...['--no-sign', '--case-number', 'C-7', '--evidence-number', 'E-1', '--hand-to', 'Bo of the CERT'],
    ]);
    const sheet = execFileSync('tar', ['--zstd', '-xOf', file, `${id}/custody.txt`], { encoding: 'utf8' });
    for (const words of ['C-7', 'E-1', 'from ana to Bo of the CERT', 'ana as root', 'web-07'])
      expect(sheet).toContain(words);
    // The next one goes on where this one ended.
    const again = join(root, 'again.incident.tar.zst');
    await run(root, ['bundle', id, '--no-sign', '-o', again]);
    const custody = execFileSync('tar', ['--zstd', '-xOf', again, `${id}/custody.json`], {
      encoding: 'utf8',
    });
    expect(JSON.parse(custody).handOvers).toMatchObject([{ to: 'Bo of the CERT' }, { to: null }]);
  });

  test('of an incident that was altered says so, and is made all the same', async () => {
    const { root, folder, id } = await makeIncident();
    await writeFile(join(folder, 'output/kill.1.2.log'), 'nothing happened\n');
    const file = join(root, 'altered.incident.tar.zst');
    const made = await run(root, ['bundle', id, '--no-sign', '-o', file]);
    expect(made).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('not whole: output/kill.1.2.log'),
    });
    expect(await run(root, ['verify', file])).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/^incident\/output\/kill\.1\.2\.log\.sample: .*journalled\n/),
    });
  });

  test('is not made when something in the folder was put there by somebody else', async () => {
    const { root, folder, id } = await makeIncident();
    await writeFile(join(folder, 'evidence', '..oops'), '');
    const made = await run(root, ['bundle', id, '--no-sign', '-o', join(root, 'x')]);
    expect(made.error).toMatchObject({ code: 'odd-file' });
    expect(readdirSync(root).filter((name) => name.startsWith('x'))).toEqual([]);
  });
});

describe('a signed bundle', () => {
  test('is good, of whom the allowed signers say, and of nobody else', async () => {
    const keys = await scratch();
    for (const name of ['ana', 'bo'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(keys, name)]);
    const { file, root } = await bundled(['--key', join(keys, 'ana')]);
    const allowed = (name: string) => join(keys, `allowed-${name}`);
    for (const name of ['ana', 'bo'])
      await writeFile(
        allowed(name),
        `${name}@example.org ${await readFile(join(keys, `${name}.pub`), 'utf8')}`,
      );
    expect(await run(root, ['verify', file])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('signed by SHA256:'),
    });
    expect(await run(root, ['verify', file, '--allowed-signers', allowed('ana')])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('of ana@example.org'),
    });
    const other = await run(root, ['verify', file, '--allowed-signers', allowed('bo')]);
    expect(other).toMatchObject({ code: 3, stdout: expect.stringContaining('NOT good') });
    const elsewhere = await scratch();
    const refused = await run(elsewhere, ['import', file, '--allowed-signers', allowed('bo')]);
    expect(refused.error).toMatchObject({ code: 'bad-signature' });
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  test('that was not signed fails where a signer was asked for; without a key of one’s own it goes unsigned', async () => {
    const { file, root, made, away } = await bundled([]);
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('NOT signed') });
    await writeFile(join(away, 'allowed'), '');
    expect((await run(root, ['verify', file, '--allowed-signers', join(away, 'allowed')])).code).toBe(3);
  });
});

describe('an encrypted bundle', () => {
  test('is read by age, and what age encrypts is read here', async () => {
    const keys = await scratch();
    const [identity, stranger] = [join(keys, 'identity'), join(keys, 'stranger')];
    for (const path of [identity, stranger]) execFileSync('age-keygen', ['-o', path], { stdio: 'ignore' });
    const recipient = execFileSync('age-keygen', ['-y', identity], { encoding: 'utf8' }).trim();
    const { file, root, id, made } = await bundled(['--no-sign', '--encrypt-to', recipient]);
    expect(made.stderr).toContain(', encrypted.');
    // Nothing of it can be seen.
    expect(readFileSync(file).includes(MINER)).toBe(false);
    const plain = join(keys, 'plain.tar.zst');
    execFileSync('age', ['-d', '-i', identity, '-o', plain, file]);
    expect(listed(plain)[0]?.name).toBe(`${id}/BUNDLE.json`);
    expect((await run(root, ['verify', file, '--identity', identity])).code).toBe(0);
    expect((await run(root, ['verify', file])).error).toMatchObject({ code: 'needs-identity' });
    expect((await run(root, ['verify', file, '--identity', stranger])).error).toMatchObject({
      code: 'not-for-us',
    });
    const theirs = join(keys, 'theirs.age');
    execFileSync('age', ['-r', recipient, '-o', theirs, plain]);
    const elsewhere = await scratch();
    expect((await run(elsewhere, ['import', theirs, '--identity', identity])).code).toBe(0);
    expect(readFileSync(join(elsewhere, id, 'evidence/kill.1.1/process-812/exe'))).toEqual(MINER);
  });

  test('that was cut off or altered on the way is refused, and nothing of it stays', async () => {
    const keys = await scratch();
    const identity = join(keys, 'identity');
    execFileSync('age-keygen', ['-o', identity], { stdio: 'ignore' });
    await writeFile(
      join(keys, 'recipients'),
      `# us\n${execFileSync('age-keygen', ['-y', identity], { encoding: 'utf8' })}`,
    );
    const { file } = await bundled(['--no-sign', '--encrypt-to', join(keys, 'recipients')]);
    const whole = await readFile(file);
    for (const bytes of [
      whole.subarray(0, -40),
      Buffer.concat([whole.subarray(0, 900), Buffer.from([whole[900] ?? 0 ^ 1]), whole.subarray(901)]),
    ]) {
      if (bytes.equals(whole)) bytes[900] = (bytes[900] ?? 0) ^ 1;
      await writeFile(file, bytes);
      const elsewhere = await scratch();
      const { error, code } = await run(elsewhere, ['import', file, '--identity', identity]);
      expect(code).not.toBe(0);
      expect(error).not.toBeNull();
      expect(readdirSync(elsewhere)).toEqual([]);
    }
  });

  test('to an SSH key or to a name is refused before anything is read', async () => {
    for (const recipient of ['ssh-ed25519 AAAAC3Nz', 'age1nonsense', '/nonexistent']) {
      const { made } = await bundled(['--no-sign', '--encrypt-to', recipient]);
      expect(made.error).toMatchObject({ code: 'bad-recipient' });
    }
  });
});

describe('an imported incident', () => {
  test('is the very one, with its own names, and tells where it came from', async () => {
    const { file, id, folder } = await bundled();
    const elsewhere = await scratch();
    const { code, stdout } = await run(elsewhere, ['import', file]);
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('not signed'),
    });
    for (const name of ['journal.jsonl', 'output/kill.1.2.log', 'evidence/kill.1.1/process-812/exe'])
      expect(await readFile(join(elsewhere, id, name))).toEqual(await readFile(join(folder, name)));
    expect((await stat(join(elsewhere, id, 'evidence/kill.1.1/process-812/exe'))).mode & 0o777).toBe(0o600);
    expect((await run(elsewhere, ['verify', id])).code).toBe(0);
    expect((await run(elsewhere, ['incidents'])).stdout).toMatch(/imported/);
    expect((await run(elsewhere, ['transcript', id])).stdout).toContain('## Summary');
  });

  test('can be read in the interface and not be written to', async () => {
    const { file, id } = await bundled();
    const elsewhere = await scratch();
    await run(elsewhere, ['import', file]);
    const journal = await readFile(join(elsewhere, id, 'journal.jsonl'));
    const read = await run(elsewhere, ['resume', id, '--plain']);
    expect(read.stdout).toContain('it came in by a bundle and can only be read');
    for (const args of [
      ['undo', id, '--yes'],
      ['resume', id, '--take-over', 'mine now'],
    ]) {
      const { error } = await run(elsewhere, args);
      if (error !== null) expect(error).toMatchObject({ code: 'imported' });
    }
    expect(await readFile(join(elsewhere, id, 'journal.jsonl'))).toEqual(journal);
  });

  test('is not put over one that is there', async () => {
    const { file, root, id } = await bundled();
    const { error } = await run(root, ['import', file]);
    expect(error).toMatchObject({ code: 'exists' });
    expect(readdirSync(root).filter((name) => name.startsWith('.import'))).toEqual([]);
    expect((await run(root, ['verify', id])).code).toBe(0);
  });

  test('can be handed on: the custody sheet tells of both hand-overs', async () => {
    const { file, id } = await bundled(['--no-sign', '--hand-to', 'Bo']);
    const elsewhere = await scratch();
    await mkdir(join(elsewhere, 'in'), { mode: 0o700 });
    await run(join(elsewhere, 'in'), ['import', file]);
    const again = join(elsewhere, 'again.incident.tar.zst');
    expect((await run(join(elsewhere, 'in'), ['bundle', id, '--no-sign', '-o', again])).code).toBe(0);
    const custody = execFileSync('tar', ['--zstd', '-xOf', again, `${id}/custody.json`], {
      encoding: 'utf8',
    });
    expect(JSON.parse(custody).handOvers).toMatchObject([
      { what: 'bundled', to: 'Bo' },
      { what: 'imported', to: 'ana' },
      { what: 'bundled', from: 'ana' },
    ]);
  });
});
