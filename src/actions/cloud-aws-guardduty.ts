import type { ActionPlan } from './action.ts';
import { base, call } from './aws-call.ts';
import {
  type CallTarget,
  type DeedInput,
  nothing,
  planOf,
  SCAN_WAIT_MS,
  SHORT_WAIT_MS,
  toldAlerts,
} from './cloud-deed.ts';

const NO_FINDINGS =
  'GuardDuty has no open finding of this instance; it may be switched off in its region, which proves nothing.';

/** What GuardDuty says of it. Nothing is changed. */
export function readFindings({ machine }: DeedInput): ActionPlan {
  return nothing(
    ...(machine.alerts.length === 0 ? [NO_FINDINGS] : toldAlerts(machine)),
    'An abuse report in the account’s mail wants an answer within a day. Look at instances in regions that you never use as well: stolen credentials start miners there.',
  );
}

/** https://docs.aws.amazon.com/guardduty/latest/APIReference/API_ArchiveFindings.html; it is for when all is done. */
export function archiveFindings({ machine, facts, alerts }: DeedInput): ActionPlan {
  const { instance, region } = facts;
  const chosen = machine.alerts.filter(
    ({ id }) => alerts.length === 0 || alerts.some((one) => id.endsWith(one)),
  );
  const [DetectorId = ''] = chosen[0]?.id.split('/') ?? [];
  const FindingIds = chosen.map(({ id }) => id.slice(id.indexOf('/') + 1));
  if (FindingIds.length === 0) return nothing(NO_FINDINGS);
  const named = { DetectorId, FindingIds };
  const target: CallTarget = {
    ...base('reversible', SHORT_WAIT_MS),
    title: `Archive ${FindingIds.length === 1 ? 'the finding' : `${FindingIds.length} findings`} of GuardDuty about ${instance}`,
    requests: [call('guardduty', 'ArchiveFindings', region, named)],
    after: {
      request: call('guardduty', 'GetFindings', region, named),
      at: 'findings[].service.archived',
      is: ['true'],
    },
    undo: [call('guardduty', 'UnarchiveFindings', region, named)],
    undoNote: 'Takes them out of the archive again.',
  };
  return planOf([target], 'GuardDuty says that each is archived', [
    ...toldAlerts({ ...machine, alerts: chosen }),
    'Archived, a new one of the same kind stands out. It changes nothing on the host: what they speak of must have been dealt with.',
  ]);
}

/**
 * Goes through snapshots of its volumes, without anything on the host.
 * https://docs.aws.amazon.com/guardduty/latest/APIReference/API_StartMalwareScan.html and API_GetMalwareScan.html
 */
export function scanMalware({ machine, facts }: DeedInput): ActionPlan {
  const { instance, region } = facts;
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  const ResourceArn = `arn:${partition}:ec2:${region}:${machine.account ?? ''}:instance/${instance}`;
  return planOf(
    [
      {
        ...base('read-only', SCAN_WAIT_MS),
        title: `GuardDuty’s malware scan of the volumes of ${instance}`,
        requests: [call('guardduty', 'StartMalwareScan', region, { ResourceArn })],
        after: {
          request: call('guardduty', 'GetMalwareScan', region, { ScanId: { $result: 'scanId' } }),
          at: 'scanStatus',
          is: ['COMPLETED'],
          pending: ['RUNNING'],
        },
        undo: [],
        undoNote: 'A scan changes nothing: there is nothing to undo.',
      },
    ],
    'GuardDuty says that the scan is completed',
    [
      'What it finds becomes a finding (Execution:EC2/MaliciousFile): take up the step that reads the findings again afterwards. It is paid by the gigabyte, and repairs nothing.',
      'GuardDuty makes a service-linked role for it in this account, if there is none.',
    ],
  );
}
