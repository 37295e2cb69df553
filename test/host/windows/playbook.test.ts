import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PlanInput } from '../../../src/actions/action.ts';
import { actions } from '../../../src/actions/registry.ts';
import { triage } from '../../../src/actions/triage.ts';
import type { AssuranceSigns } from '../../../src/findings/assurance.ts';
import type { Finding } from '../../../src/findings/finding.ts';
import { describeOperation } from '../../../src/operations/describe.ts';
import type { Operation, OperationTarget } from '../../../src/operations/operation.ts';
import { ANSWERS, HOSTS, MINER, POOL } from './infected.ts';
import { type StandInHost, standInHost } from './stand-in-host.ts';

const NO_SIGNS: AssuranceSigns = {
  ...{ rootTouched: [], preload: [], kernel: [], pam: [], tools: [], left: [], unjudged: [], unknowns: [] },
  ...{
    badPaths: [],
    secrets: 0,
    secretsOpen: [],
    wasRoot: false,
    firstSignAt: null,
    openedAt: '',
    watchedMs: 0,
  },
  cameBack: 0,
};

let on: StandInHost;
let findings: readonly Finding[];
beforeAll(async () => {
  on = standInHost(ANSWERS);
  const scopes = [...new Set([...triage.scopes, 'entry-points', 'packages'] as const)];
  ({ findings } = await on.host.scan({ scopes, sampleMs: 0 }, {}));
});
afterAll(() => on.end());

/** What a step proposes for all that is malicious, as the runner hands it to the host. */
function planOf(name: string, parameters: Record<string, unknown> = {}): readonly Operation[] {
  const action = actions.get(name);
  if (action === undefined) throw new Error(name);
  const concerned = findings.filter((finding) => action.concerns(finding));
  const input: PlanInput = {
    chosen: concerned.filter((finding) => action.isChosenAtFirst(finding, concerned)),
    findings: concerned,
    parameters: action.parameters.parse(parameters),
    command: null,
    facts: {
      isRoot: true,
      isDrill: false,
      hostname: 'WEB-07',
      responderAddress: '198.51.100.7',
      responderAccount: 'Administrator',
      packageManager: 'none',
      firewall: 'windows',
      isIsolated: false,
      stepsBefore: [],
      signs: NO_SIGNS,
    },
  };
  return action.plan(input).operations.map(({ target, because }, at) => ({
    id: `${name}.1.${at + 1}`,
    ...(target as OperationTarget),
    because,
    platform: 'win32',
  }));
}

const titles = (operations: readonly Operation[]) => operations.map((one) => describeOperation(one).title);

it('a miner’s service is disabled, then its processes frozen, then ended', () => {
  expect(titles(planOf('kill-process'))).toEqual([
    'disable-unit WinRing0',
    'freeze-process svchost.exe (5120)',
    'kill-process svchost.exe (5120)',
  ]);
});

it('all that would start it again, shields it or sinks names is taken away', () => {
  const planned = titles(planOf('purge-persistence'));
  expect(planned).toEqual(
    expect.arrayContaining([
      'disable-entry scheduled task \\WindowsWatchdog',
      expect.stringMatching(/^disable-entry HKEY_LOCAL_MACHINE.*“Updater”$/),
      'disable-entry WMI subscription of cnsmr to fltr',
      'disable-entry Defender’s exclusion of C:\\Users\\Administrator\\AppData\\Roaming',
      `edit-file ${HOSTS} (1 line)`,
      `quarantine-file ${MINER}`,
    ]),
  );
  // Nothing of Windows' own shows or disables it: it goes by its keys.
  expect(planned).toContain('disable-entry hidden task \\WinUpdateSvc');
});

it('updates that wait are installed by their article, when they concern security', () => {
  expect(planOf('patch').map((one) => describeOperation(one).commands)).toEqual([
    ["Install-WindowsUpdate -AcceptAll -IgnoreReboot -KBArticleID 'KB5090001'"],
  ]);
});

it('the pool is blocked, and never where the responder comes from', () => {
  expect(titles(planOf('block-c2'))).toEqual([`block-address ${POOL}`]);
});

it('what a person would type is PowerShell, with values that PowerShell reads as they are', () => {
  const all = ['snapshot', 'isolate', 'block-c2', 'kill-process', 'purge-persistence'].flatMap((name) =>
    planOf(name),
  );
  const commands = all.flatMap((one) => describeOperation(one).commands);
  expect(commands).toContain('Stop-Process -Id 5120 -Force');
  expect(commands).toContain("Disable-ScheduledTask -TaskPath '\\' -TaskName 'WindowsWatchdog'");
  expect(commands.join('\n')).not.toMatch(/kill -|nft |systemctl|tar --create|sha256sum|\/proc\//);
  const hostile = { type: 'scheduled-task', path: '\\', name: "a'; Remove-Item C:\\ #" } as const;
  const [command] = describeOperation({ kind: 'disable-entry', entry: hostile }).commands;
  expect(command).toBe("Disable-ScheduledTask -TaskPath '\\' -TaskName 'a''; Remove-Item C:\\ #'");
});
