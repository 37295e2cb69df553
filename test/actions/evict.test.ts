import { describe, expect, it } from 'vitest';
import type { PlanFacts } from '../../src/actions/action.ts';
import { killProcess } from '../../src/actions/kill-process.ts';
import { purgePersistence } from '../../src/actions/purge-persistence.ts';
import { snapshot } from '../../src/actions/snapshot.ts';
import type { AssuranceSigns } from '../../src/findings/assurance.ts';
import type { Finding, ProcessSubject, Subject, Verdict } from '../../src/findings/finding.ts';
import type { FileIdentity } from '../../src/operations/identity.ts';

const NO_SIGNS: AssuranceSigns = {
  rootTouched: [],
  preload: [],
  kernel: [],
  pam: [],
  tools: [],
  left: [],
  unjudged: [],
  unknowns: [],
  badPaths: [],
  secrets: 0,
  secretsOpen: [],
  wasRoot: true,
  firstSignAt: null,
  openedAt: '2026-11-23T04:12:00.000Z',
  watchedMs: 0,
  cameBack: 0,
};
const facts: PlanFacts = {
  ...{ isRoot: true, isDrill: false, hostname: 'h', responderAddress: null, responderAccount: 'root' },
  ...{
    packageManager: 'apt',
    firewall: 'nft',
    isIsolated: false,
    openSteps: [],
    stepsBefore: [],
    signs: NO_SIGNS,
  },
};
const file = (path: string, mode = 0o644): FileIdentity => ({
  ...{
    path,
    kind: 'file',
    device: '1',
    inode: '2',
    sizeBytes: 3,
    mode,
    uid: 0,
    gid: 0,
    mtimeNs: '0',
    sha256: path,
  },
});
function finding(
  id: string,
  subject: Subject,
  verdict: Verdict = 'malicious',
  related: string[] = [],
): Finding {
  return {
    id,
    subject,
    title: id,
    verdict,
    score: 90,
    reasons: [],
    places: [],
    attack: [],
    times: null,
    owner: null,
    related,
  };
}
function process(pid: number, changes: Partial<ProcessSubject> = {}): ProcessSubject {
  return {
    kind: 'process',
    process: {
      pid,
      startTicks: '1',
      bootId: 'b',
      exePath: `/opt/${pid}/x`,
      exeInode: `1:${pid}`,
      name: `p${pid}`,
    },
    ...{
      parentPid: 1,
      uid: 0,
      commandLine: [],
      workingFolder: null,
      cgroup: null,
      cpuPercent: null,
      sessionId: pid,
    },
    ...changes,
  };
}
const plan = (
  action: typeof killProcess,
  chosen: readonly Finding[],
  more: readonly Finding[] = [],
  parameters = {},
  given = facts,
) => action.plan({ chosen, findings: [...chosen, ...more], parameters, facts: given, command: null });
const kinds = (made: ReturnType<typeof plan>) => made.operations.map(({ target }) => target.kind);

describe('kill-process', () => {
  const mount = { point: '/proc/7', fileSystem: 'tmpfs', source: 'none', root: '/', device: '0:9' };
  it('stops units and containers, reveals what is hidden, freezes all in one pass, then kills each', () => {
    const made = plan(killProcess, [
      finding('a', process(5)),
      finding('b', process(7, { mountsOver: [mount] })),
      finding('u', {
        kind: 'unit',
        unit: 'x.service',
        user: null,
        file: file('/x'),
        isEnabled: true,
        commands: [],
      }),
      finding('c', {
        kind: 'container',
        container: {
          runtime: 'docker',
          id: 'a'.repeat(64),
          name: 'n',
          image: 'i',
          restartPolicy: 'always',
          stateFolder: '/',
        },
        ...{ isRunning: true, command: [] },
      }),
    ]);
    expect(kinds(made)).toEqual([
      ...[
        'disable-unit',
        'stop-container',
        'reveal-process',
        'freeze-process',
        'kill-process',
        'kill-process',
      ],
    ]);
    expect(made.operations[3]).toMatchObject({ because: ['a', 'b'], target: { others: [{ pid: 7 }] } });
    expect(made.operations[4]?.target).not.toHaveProperty('memoryBytes');
  });

  it('keeps as much memory as the playbook says', () => {
    expect(
      plan(killProcess, [finding('a', process(5))], [], { memory: '64MiB' }).operations.at(-1)?.target,
    ).toMatchObject({
      memoryBytes: 64 * 1024 * 1024,
    });
    for (const memory of ['64', '1 GB', '-1MiB', '99999GiB', 5])
      expect(killProcess.parameters.safeParse({ memory }).success).toBe(false);
  });

  it('chooses what is only suspicious if its tie to a condemned one is strong, says which, and nothing else', () => {
    const miner = finding('miner', process(5, { cgroup: '/system.slice/x.service' }));
    const one = (id: string, changes: Partial<ProcessSubject>, more: Partial<Finding> = {}) => ({
      ...finding(id, process(6, changes), 'suspicious'),
      ...more,
    });
    const twin = { process: { ...process(6).process, exeInode: '1:5' } };
    const strong = [
      one('twin', twin, { package: null }),
      one('child in its session', { parentPid: 5, sessionId: 5 }),
      one('child in its unit', { parentPid: 5, cgroup: '/system.slice/x.service' }),
    ];
    const weak = [
      // Every shell of the host is of one program.
      one('packaged twin', twin, { package: 'bash' }),
      one('twin that was not looked up', twin),
      // What a login or a job leads away from it.
      one('child in another session', { parentPid: 5 }),
      one('child in the unit of cron', { parentPid: 5, cgroup: '/system.slice/cron.service' }),
      // The ordinary program through which it came.
      one('parent', { process: { ...process(1).process, pid: 1 } }),
      one('in its session', { sessionId: 5 }),
      one('in its unit', { cgroup: '/system.slice/x.service' }),
      one('beside it', { process: { ...process(6).process, exePath: '/opt/5/y' } }),
      { ...one('unknown child', { parentPid: 5, sessionId: 5 }), verdict: 'unknown' as const },
    ];
    const all = [miner, ...strong, ...weak];
    const chosen = all.filter((each) => killProcess.isChosenAtFirst(each, all));
    expect(chosen).toEqual([miner, ...strong]);
    const remarks = plan(killProcess, chosen).remarks.join(' ');
    expect(remarks).toContain('twin (it runs the program of p5, which no package has brought)');
    expect(remarks).toContain('child in its session (p5 started it, in its own session)');
    expect(remarks).toContain('child in its unit (p5 started it, in its own unit)');
    // Without the one that condemns them they are left alone.
    expect(strong.filter((each) => killProcess.isChosenAtFirst(each, [...strong, ...weak]))).toEqual([]);
  });

  it.each([
    ['the same program', process(6, { process: { ...process(6).process, exeInode: '1:5' } })],
    ['the same session', process(6, { sessionId: 5 })],
    ['the same unit', process(6, { cgroup: '/system.slice/x.service' })],
    ['the same folder', process(6, { process: { ...process(6).process, exePath: '/opt/5/y' } })],
    ['started by', process(6, { parentPid: 5 })],
    ['started p5', process(1)],
  ])('says who belongs together with what is killed and was not chosen: %s', (why, other) => {
    const chosen = finding('a', process(5, { cgroup: '/system.slice/x.service' }));
    const made = plan(killProcess, [chosen], [finding('other', other, 'suspicious')]);
    expect(made.remarks.join(' ')).toContain(`other (`);
    expect(made.remarks.join(' ')).toContain(why);
    const stranger = process(9, { cgroup: '/system.slice/cron.service', parentPid: 2 });
    const alone = plan(
      killProcess,
      [finding('a', process(5, { cgroup: stranger.cgroup }))],
      [finding('s', stranger, 'suspicious')],
    );
    expect(alone.remarks.join(' ')).not.toContain('belong together');
  });
});

describe('purge-persistence', () => {
  const setting = (
    id: string,
    subject: Omit<Extract<Subject, { kind: 'setting' }>, 'kind' | 'part' | 'name' | 'value' | 'advice'>,
  ) => finding(id, { kind: 'setting', part: 'set-id', name: id, value: '', advice: '', ...subject });

  it('sets attributes of one file in one operation, before lines of it are edited', () => {
    const evil = file('/etc/cron.d/x', 0o4755);
    const made = plan(purgePersistence, [
      finding('l', {
        kind: 'file-line',
        role: 'cron-entry',
        file: file('/etc/crontab'),
        line: { number: 1, text: 'x' },
        details: {},
      }),
      setting('s', { remedy: { kind: 'set-attributes', file: evil, mode: 0o755 } }),
      setting('f', { remedy: { kind: 'set-attributes', file: evil, flags: '' } }),
    ]);
    expect(kinds(made)).toEqual(['set-attributes', 'edit-file']);
    expect(made.operations[0]).toMatchObject({ because: ['s', 'f'], target: { mode: 0o755, flags: '' } });
    expect(made.watch).toMatchObject({ mustBeGone: true, scopes: ['cron', 'set-id'] });
  });

  it('puts all files of a package back at once, and leaves them where the host needs one', () => {
    const remedy = (path: string, otherwise: 'leave' | 'quarantine') =>
      ({
        kind: 'reinstall-package',
        manager: 'apt',
        package: 'procps',
        files: [file(path)],
        otherwise,
      }) as const;
    const made = plan(purgePersistence, [
      setting('ps', { remedy: remedy('/bin/ps', 'quarantine') }),
      setting('pam', { remedy: remedy('/bin/kill', 'leave') }),
      setting('suid', { remedy: { kind: 'set-attributes', file: file('/bin/ps'), mode: 0o755 } }),
    ]);
    expect(kinds(made)).toEqual(['reinstall-package']);
    expect(made.operations[0]?.target).toMatchObject({
      files: [{ path: '/bin/ps' }, { path: '/bin/kill' }],
      otherwise: 'leave',
    });
  });

  it('does nothing more to a file that goes as a whole', () => {
    const whole = file('/tmp/x', 0o4755);
    const made = plan(purgePersistence, [
      finding('w', { kind: 'file', role: 'dropped-executable', file: whole }),
      setting('s', { remedy: { kind: 'set-attributes', file: whole, mode: 0o755 } }),
    ]);
    expect(kinds(made)).toEqual(['quarantine-file']);
  });

  const tuned = (details: Record<string, string>) =>
    finding('k', {
      kind: 'file-line',
      role: 'kernel-setting',
      file: file('/etc/sysctl.d/99-x.conf'),
      line: { number: 1, text: 'x' },
      details,
    });

  it('sets a tuned kernel back with the line that tuned it, and has sysctl read the rest again', () => {
    const made = plan(purgePersistence, [tuned({ name: 'vm.nr_hugepages', value: '1280', current: '1280' })]);
    expect(made.operations.map(({ target }) => target)).toMatchObject([
      { kind: 'set-kernel-parameter', name: 'vm.nr_hugepages', from: '1280', to: '0' },
      { kind: 'edit-file', reload: ['sysctl'] },
    ]);
    // What the kernel has is not what the line says: somebody else has set it.
    expect(
      kinds(plan(purgePersistence, [tuned({ name: 'vm.nr_hugepages', value: '1280', current: '64' })])),
    ).toEqual(['edit-file']);
  });

  it('says which files what goes leads to, if they were not chosen', () => {
    const script = finding(
      '/opt/x.sh',
      { kind: 'file', role: 'script', file: file('/opt/x.sh') },
      'suspicious',
      ['l'],
    );
    const line = finding('l', {
      kind: 'file-line',
      role: 'cron-entry',
      file: file('/etc/crontab'),
      line: { number: 1, text: 'x' },
      details: {},
    });
    expect(plan(purgePersistence, [line], [script]).remarks.join()).toContain('/opt/x.sh');
    expect(plan(purgePersistence, [line, script]).remarks.join()).not.toContain('/opt/x.sh');
  });
});

describe('snapshot', () => {
  const volume = { type: 'btrfs', mountPoint: '/', source: '/dev/sda2' } as const;
  const made = (parameters: object, volumes: PlanFacts['volumes']) =>
    plan(snapshot, [], [], parameters, { ...facts, volumes: volumes ?? [] });

  it('takes a snapshot of the volume first, where there is one', () => {
    expect(kinds(made({}, [volume]))).toEqual(['snapshot-volume', 'archive-files']);
    expect(kinds(made({}, []))).toEqual(['archive-files']);
    expect(kinds(made({ volumes: [] }, [volume]))).toEqual(['archive-files']);
    expect(made({}, [volume]).remarks.join()).toContain('same disk');
  });
});
