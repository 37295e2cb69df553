import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPty } from '../support/pty.ts';
import { Incidents, run, tourniquet } from './program.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Lines of the shell blocks of a document, without comments, continued lines joined. */
function commandsOf(document: string): string[] {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block ?? '');
  return blocks
    .flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}

test('the cron line and the unit of README.md start what its commands are', () => {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const block = (kind: string) => new RegExp(`^\`\`\`${kind}\\n(.*?)^\`\`\``, 'ms').exec(text)?.[1] ?? '';
  const [, command] = /^(?:\S+ ){5}root (tourniquet [^|]*?) \|\|/.exec(block('crontab')) ?? [];
  expect(commandsOf('README.md')).toContain(command);
  const [, started] = /^ExecStart=\/usr\/local\/bin\/(.*)$/m.exec(block('ini')) ?? [];
  expect(commandsOf('README.md')).toContain(started);
});

describe('every command of the documents', () => {
  let incidents: Incidents;
  let id: string;
  beforeAll(async () => {
    incidents = await Incidents.make();
    // A drill that stops before it would change anything: something to list, show, hand over and undo.
    expect(run(['--incident-dir', incidents.folder, 'drill', '--yes']).code).toBe(4);
    id = incidents.newest();
  }, 120_000);
  afterAll(() => incidents.end());
  const verb = (...args: string[]) => run(['--incident-dir', incidents.folder, ...args]);

  const bundle = () => join(incidents.folder, 'handed.incident.tar.zst');
  const bundled = () =>
    verb('bundle', id, '--case-number', 'C-7', '--hand-to', 'CERT', '--no-sign', '-o', bundle());

  /** How each documented command is run here; a command that is not in the list fails the test by name. */
  const checks: Readonly<Record<string, () => void | Promise<void>>> = {
    'npm ci && npm run drill': () => expect(packageScript('drill')).toContain('launcher.mjs drill'),
    // What these do is done on a host without Node in portable.test.ts.
    'npm ci && npm run portable': () => expect(packageScript('portable')).toContain('src/portable.mjs'),
    'ssh root@web-07 tar -xzf - -C /root < dist/tourniquet-linux-x64.tar.gz': isPlayedAt('portable'),
    'ssh -t root@web-07 /root/tourniquet/tourniquet': isPlayedAt('portable'),
    'tourniquet run --host "ssh root@web-07 /root/tourniquet/tourniquet agent"': isPlayedAt('portable'),
    'npm ci && npm test': () => expect(packageScript('test')).toContain('test/run.mjs'),
    tourniquet: async () => {
      const program = startPty([...tourniquet, '--incident-dir', incidents.folder]);
      await program.waitFor('Practise');
      await program.waitFor(id);
      program.press('q');
      expect(await program.waitExit()).toBe(0);
    },
    'tourniquet scan': () =>
      expect(verb('scan', '--only', 'hosts-file').stdout).toMatch(/\d+ malicious, \d+ suspicious/),
    'tourniquet run': async () => {
      const program = startPty([...tourniquet, '--incident-dir', incidents.folder, 'run']);
      await program.waitFor('Checklist', 60_000);
      program.press('\x03\x03');
      expect(await program.waitExit()).toBe(0);
    },
    'tourniquet resume': () => expect(verb('resume', id).code).toBe(4),
    'tourniquet incidents': () => expect(verb('incidents').stdout).toContain(id),
    'tourniquet transcript ID': () => expect(verb('transcript', id).stdout).toContain(`# Incident ${id}`),
    'tourniquet transcript ID --format html -o report.html': () => {
      const file = join(incidents.folder, 'report.html');
      expect(verb('transcript', id, '--format', 'html', '-o', file).code).toBe(0);
      expect(readFileSync(file, 'utf8')).toContain('<section id="summary">');
    },
    'tourniquet transcript ID --redact all': () => {
      const { stdout } = verb('transcript', id, '--redact', 'all');
      expect(stdout).toContain('Placeholders stand for names');
      expect(stdout).not.toContain(id);
      expect(statSync(join(incidents.folder, id, 'redacted-names.json')).mode & 0o777).toBe(0o600);
    },
    'tourniquet bundle ID --case-number C-7 --hand-to CERT': () => expect(bundled().code).toBe(0),
    'tourniquet verify ID.incident.tar.zst': () => {
      bundled();
      expect(verb('verify', bundle()).stdout).toContain('whole: ');
    },
    'tourniquet import ID.incident.tar.zst': () => {
      bundled();
      const elsewhere = join(incidents.folder, 'elsewhere');
      expect(run(['--incident-dir', elsewhere, 'import', bundle()]).code).toBe(0);
      expect(run(['--incident-dir', elsewhere, 'show', id]).stdout).toContain(id);
    },
    'tourniquet report --compare ID OTHER': () =>
      expect(verb('report', '--compare', id, id).stdout).toContain('2 incidents compared'),
    'tourniquet playbook from-incident ID': () =>
      expect(verb('playbook', 'from-incident', id).stdout).toContain('Draft from incident'),
    'tourniquet playbook export cryptominer-linux': () =>
      expect(JSON.parse(verb('playbook', 'export', 'cryptominer-linux').stdout).spec_version).toBe(
        'cacao-2.0',
      ),
    'tourniquet undo ID': () => expect(verb('undo', id).stdout).toContain('Nothing in it can be undone'),
    'tourniquet watch ID --once': () => {
      const watched = verb('watch', id, '--once');
      expect(watched.stdout).toContain('nothing came back (1 look)');
      expect(watched.code).toBe(0);
    },
    // The same with a shorter time; eight days are played in test/runner/watch-pace.test.ts.
    'tourniquet watch ID --for 8d': () => expect(verb('watch', id, '--for', '1s').code).toBe(0),
    'tourniquet verify ID': () => expect(verb('verify', id).stdout).toContain('whole:'),
    'tourniquet completion bash > /etc/bash_completion.d/tourniquet': () =>
      expect(verb('completion', 'bash').stdout).toContain('complete -F _tourniquet tourniquet'),
    'tourniquet man | man -l -': () => expect(verb('man').stdout).toMatch(/^\.TH TOURNIQUET 8/),
    'npm run benchmark': () => expect(packageScript('benchmark')).toContain('test/benchmark/run.ts'),
    'tourniquet playbook check FILE': () =>
      expect(verb('playbook', 'check', join(ROOT, 'playbooks/cryptominer-linux.yaml')).code).toBe(0),
    'tourniquet playbook list': () => expect(verb('playbook', 'list').stdout).toContain('cryptominer-linux'),
    'tourniquet playbook show cryptominer-linux': () =>
      expect(verb('playbook', 'show', 'cryptominer-linux').stdout).toContain('purge-persistence'),
    'tourniquet playbook schema': () =>
      expect(() => JSON.parse(verb('playbook', 'schema').stdout)).not.toThrow(),
  };

  for (const command of new Set(commandsOf('README.md'))) {
    test(`README.md: ${command}`, async () => {
      const check = checks[command];
      expect(check, `no check for: ${command}`).toBeDefined();
      await check?.();
    }, 120_000);
  }

  test('the journal can be checked with nothing but the shell, as its format says', async () => {
    const script = /^```sh\n(prev=.*?)^```/ms.exec(
      readFileSync(join(ROOT, 'src/journal/FORMAT.md'), 'utf8'),
    )?.[1];
    const { spawnSync } = await import('node:child_process');
    const folder = join(incidents.folder, id);
    const result = spawnSync('sh', ['-c', script ?? 'exit 9'], { cwd: folder, encoding: 'utf8' });
    expect(result).toMatchObject({ status: 0, stdout: '', stderr: '' });
    const altered = spawnSync('sh', ['-c', `sed -i 's/"by":"/"by":"x/' journal.jsonl\n${script}`], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(altered.stdout).toContain('altered:');
  });
});

/** The archive is made and unpacked there, and the program started from that folder, here and by an agent. */
function isPlayedAt(test: string): () => void {
  const text = readFileSync(join(import.meta.dirname, `${test}.test.ts`), 'utf8');
  return () => {
    for (const part of ["'/root/tourniquet/tourniquet'", "'tar', '-xzf', '-', '-C', '/root'", '--host'])
      expect(text).toContain(part);
  };
}

function packageScript(name: string): string {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  return scripts[name] ?? '';
}
