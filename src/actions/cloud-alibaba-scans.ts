import { INFECTIONS_OF } from '../operations/cloud-names.ts';
import type { ActionPlan } from './action.ts';
import { base, call, clientToken } from './alibaba-call.ts';
import {
  type CallTarget,
  type DeedInput,
  leftToYou,
  nothing,
  planOf,
  SCAN_WAIT_MS,
  toldAlerts,
} from './cloud-deed.ts';

/**
 * What there is, and whether the cloud has shut the server down. No API unlocks it: the page on what a lock does to each
 * call names none (https://www.alibabacloud.com/help/en/ecs/developer-reference/api-behavior-when-an-instance-is-locked-for-security-reasons),
 * and the guide sends one to the console.
 */
export function readAlerts(input: DeedInput): ActionPlan {
  const { machine, facts } = input;
  const alerts =
    machine.scannedAs === null
      ? [NOT_SCANNED]
      : machine.alerts.length === 0
        ? ['Security Center has no open alert of this server.']
        : toldAlerts(machine);
  if (machine.locks.includes('security'))
    return leftToYou(
      input,
      `${facts.instance} is locked: the cloud has shut it down for mining or another violation. It can be unlocked once; a second detection locks it for good.`,
      'Locked, it cannot be started, joined to or taken out of groups; its disks can be looked at by snapshots made before, and its system disk be replaced.',
      ...alerts,
    );
  return nothing(
    machine.locks.length === 0
      ? `${facts.instance} is not locked.`
      : `${facts.instance} is locked, though not for a violation: ${machine.locks.join(', ')}.`,
    ...alerts,
  );
}

/** Those of the alerts that speak of mining, or that were named; the rest is shown. */
export function handleAlerts(input: DeedInput): ActionPlan {
  const { machine, alerts } = input;
  if (machine.scannedAs === null) return nothing(NOT_SCANNED);
  const mine = machine.alerts.filter(({ id, isMining }) =>
    alerts.length === 0 ? isMining : alerts.includes(id),
  );
  const remarks = toldAlerts({ ...machine, alerts: machine.alerts.filter((alert) => !mine.includes(alert)) });
  if (mine.length === 0)
    return nothing('Security Center has no open alert that speaks of mining.', ...remarks);
  return planOf(
    mine.map((alert) => handle(alert.id, alert.name, alert.type, input)),
    'Security Center says that each was handled',
    remarks,
  );
}

/** Quick scan; what it finds becomes an alert. */
export function scanVirus(input: DeedInput): ActionPlan {
  const { scannedAs, name } = input.machine;
  if (scannedAs === null) return nothing(NOT_SCANNED);
  const { instance, region } = input.facts;
  const target = [{ type: 'uuid', name: name || instance, target: scannedAs }];
  return planOf(
    [
      {
        ...base('read-only', SCAN_WAIT_MS),
        title: `Virus scan of ${instance}`,
        requests: [call('sas', 'StartVirusScanTask', region, { TargetInfo: JSON.stringify(target) })],
        after: {
          request: call('sas', 'DescribeScanTaskProgress', region, { TaskId: { $result: 'ScanTaskId' } }),
          at: 'ScanTaskProgress',
          is: ['Success'],
          pending: ['init', 'Processing'],
        },
        undo: [],
        undoNote: 'A scan changes nothing: there is nothing to undo.',
      },
    ],
    'Security Center says that the scan is through',
    ['What it finds becomes an alert: take up the step that handles alerts again afterwards.'],
  );
}

/**
 * For what virus scans found: start entries and scheduled tasks as well, and clears them. Followed by what is left.
 * https://alibabacloud.com/help/en/security-center/developer-reference/api-sas-2018-12-03-operatevirusevents
 */
export function deepScan({ machine, facts }: DeedInput): ActionPlan {
  const { scannedAs, infections = [] } = machine;
  if (scannedAs === null) return nothing(NOT_SCANNED);
  if (infections.length === 0) return nothing('Virus scans have found nothing on it that is not dealt with.');
  const { instance, region } = facts;
  const OperationRange = JSON.stringify([{ type: 'machine', list: [scannedAs] }]);
  return planOf(
    [
      {
        ...base('irreversible', SCAN_WAIT_MS),
        title: `Deep scan of ${instance} for ${infections.join(', ')}`,
        requests: [
          call('sas', 'OperateVirusEvents', region, {
            ...{ OperationAll: 0, OperationCode: 'default', OperationRange },
          }),
        ],
        after: {
          request: call('sas', 'ListVirusScanMachineEvent', region, INFECTIONS_OF(scannedAs)),
          at: 'PageInfo.TotalCount',
          is: ['0'],
        },
        undo: [],
        undoNote:
          'What it takes away is in Security Center’s quarantine for 30 days, and can be restored there.',
      },
    ],
    'nothing is left of what the scan had found',
    ['What the steps on the host have taken away already it no longer finds, which is as it should be.'],
  );
}

/** Goes through a snapshot of the disks, without anything on the host. */
export function scanAgentless(input: DeedInput): ActionPlan {
  const { scannedAs } = input.machine;
  if (scannedAs === null) return nothing(NOT_SCANNED);
  const { instance, region, label } = input.facts;
  return planOf(
    [
      {
        ...base('read-only', SCAN_WAIT_MS),
        title: `Agentless detection on the disks of ${instance}, by a snapshot`,
        requests: [
          call('sas', 'CreateAgentlessScanTask', region, {
            ...{ TargetType: 1, UuidList: [scannedAs], ScanDataDisk: true, ReleaseAfterScan: true },
            ...{ AutoDeleteDays: 1, ClientToken: clientToken(label, scannedAs) },
          }),
        ],
        after: {
          request: call('sas', 'ListAgentlessTask', region, {
            ...{ RootTaskId: { $result: 'TaskId' }, RootTask: false, CurrentPage: 1, PageSize: 50 },
          }),
          at: 'List[].Status',
          is: ['2'],
          pending: ['1'],
        },
        undo: [],
        undoNote: 'A scan changes nothing: there is nothing to undo.',
      },
    ],
    'Security Center says that each disk was gone through',
    ['It has to be switched on in the account, costs by the gigabyte, and finds without repairing anything.'],
  );
}

const NOT_SCANNED =
  'Security Center does not know this instance, or does not tell you: its client may be off, the edition too small, or your account lacks yundun-sas:DescribeCloudCenterInstances.';

/**
 * What the console does: stop the process and quarantine its file, or for a connection block the address. See
 * https://help.aliyun.com/document_detail/151742.html for the codes.
 */
function handle(id: string, name: string, type: string, { facts, similar }: DeedInput): CallTarget {
  const { region, at } = facts;
  const isConnection = /network|网络|connection|pool|矿池/i.test(`${name} ${type}`);
  const OperationCode = isConnection ? 'block_ip' : 'kill_and_quara';
  const expireTime = Date.parse(at) + BLOCK_FOR_MS;
  const OperationParams = JSON.stringify(
    isConnection ? { expireTime } : { subOperation: 'killAndQuaraFileByMd5andPath' },
  );
  return {
    ...base('irreversible', 10 * 60_000),
    title: `${isConnection ? 'Block the address of' : 'Stop and quarantine'} alert ${id}: ${name}`,
    requests: [
      call('sas', 'HandleSecurityEvents', region, {
        SecurityEventIds: [id],
        OperationCode,
        OperationParams,
        ...(similar ? { MarkBatch: 'true' } : {}),
      }),
    ],
    after: {
      request: call('sas', 'DescribeSecurityEventOperationStatus', region, { SecurityEventIds: [id] }),
      at: `SecurityEventOperationStatusResponse.SecurityEventOperationStatuses[SecurityEventId=${id}].Status`,
      is: ['Success'],
      pending: ['Processing', 'Pending'],
    },
    undo: [],
    undoNote: isConnection
      ? 'Taken back in the console: Security Center, IP blocking policies.'
      : 'A stopped process does not come back; the file can be restored in the console (Quarantine, for 30 days).',
  };
}

const BLOCK_FOR_MS = 30 * 24 * 60 * 60_000;
