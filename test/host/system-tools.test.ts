import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTool } from '../../src/host/run-tool.ts';
import { commandText, ensureTools, packagesFor } from '../../src/host/system-tools.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');

/** In a mount namespace of its own: a pretend apt-get, a /usr/sbin that forgets. */
async function inNamespace(...tools: string[]) {
  const isRoot = process.geteuid?.() === 0;
  const result = await runTool([
    'unshare',
    ...(isRoot ? [] : ['--user', '--map-root-user']),
    ...['--mount', '--propagation', 'private', 'sh', '-c'],
    [
      'set -e',
      'mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work',
      'mount -t overlay -o lowerdir=/usr/sbin,upperdir=/mnt/upper,workdir=/mnt/work overlay /usr/sbin',
      'apt=$(command -v apt-get || echo /usr/sbin/apt-get); [ -e "$apt" ] || : > "$apt"',
      'mount --bind "$2/pretend-apt-get" "$apt"',
      'node=$1 fixtures=$2; shift 2',
      '"$node" "$fixtures/ensure-tools.ts" "$@"',
      'echo; cat /mnt/apt-get.log 2>/dev/null || :',
    ].join('\n'),
    ...['sh', process.execPath, FIXTURES, ...tools],
  ]);
  expect(result.stderr.toString()).toBe('');
  const [json = '', ...log] = result.stdout.toString().trimEnd().split('\n');
  return { ...(JSON.parse(json) as { missing: string[]; installedPackages: string[]; said: string[] }), log };
}

describe('ensureTools', () => {
  it('says nothing and installs nothing when all is there', async () => {
    const said: string[] = [];
    const result = await ensureTools(['sh', 'cat'], { install: true, say: (line) => said.push(line) });
    expect(result).toEqual({ missing: [], installedPackages: [] });
    expect(said).toEqual([]);
  });

  it('says in one line what to install when it may not install', async () => {
    const said: string[] = [];
    const tools = ['sh', 'no-such-tool-1', 'no-such-tool-2'];
    const result = await ensureTools(tools, { install: false, say: (line) => said.push(line) });
    expect(result.missing).toEqual(['no-such-tool-1', 'no-such-tool-2']);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^Not on this machine: no-such-tool-1, no-such-tool-2\. Install /);
  });

  it('installs what is missing after saying so, without asking', async () => {
    const { missing, installedPackages, said, log } = await inNamespace('sh', 'drill-one', 'drill-two');
    expect(missing).toEqual([]);
    expect(installedPackages).toEqual(['drill-one', 'drill-two']);
    expect(said).toEqual(['Not on this machine: drill-one, drill-two. Installing: drill-one drill-two']);
    expect(log).toEqual([
      'noninteractive update -q',
      expect.stringMatching(/^noninteractive install -q -y --no-install-recommends .* drill-one drill-two$/),
    ]);
  });

  it('says what could not be installed, and why', async () => {
    const { missing, said } = await inNamespace('refused-one');
    expect(missing).toEqual(['refused-one']);
    expect(said).toHaveLength(2);
    expect(said[1]).toMatch(
      /Could not install refused-one\. .*exit code 100.*Unable to locate package refused-one/,
    );
  });
});

describe('packages', () => {
  it('are named as each distribution names them, each once', () => {
    const tools = ['ps', 'unshare', 'nsenter', 'ssh'];
    expect(packagesFor(tools, 'apt')).toEqual(['procps', 'util-linux', 'openssh-client']);
    expect(packagesFor(tools, 'dnf')).toEqual(['procps-ng', 'util-linux', 'openssh-clients']);
    expect(packagesFor(tools, 'apk')).toEqual(['procps', 'util-linux', 'openssh-client-default']);
    expect(packagesFor(['systemctl'], 'apk')).toEqual([]);
  });

  it('come with the command that a person would type', () => {
    expect(commandText('dnf', ['nftables'])).toBe('dnf install -q -y nftables');
    expect(commandText('apt', ['nftables'])).toMatch(/^apt-get update -q && apt-get install .* nftables$/);
  });
});
