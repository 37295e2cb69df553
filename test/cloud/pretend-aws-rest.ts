/**
 * GuardDuty and the Data Lifecycle Manager as far as the product calls them: REST with JSON (shapes as in
 * https://docs.aws.amazon.com/guardduty/latest/APIReference/ and https://docs.aws.amazon.com/dlm/latest/APIReference/).
 */
import type { AwsState } from './pretend-aws.ts';
import { INSTANCE, REGION } from './pretend-aws.ts';
import type { Answer } from './pretend-cloud.ts';

export interface RestState {
  readonly findings: Map<string, { readonly type: string; readonly title: string; isArchived: boolean }>;
  readonly scans: Map<string, { looks: number }>;
  readonly lifecyclePolicies: Map<
    string,
    { readonly role: string; readonly tag: string; readonly count: number }
  >;
}

export function restState(): RestState {
  return {
    findings: new Map([
      [
        'f-1',
        {
          type: 'CryptoCurrency:EC2/BitcoinTool.B!DNS',
          title: 'Queries a name of Bitcoin',
          isArchived: false,
        },
      ],
      ['f-2', { type: 'UnauthorizedAccess:EC2/SSHBruteForce', title: 'Is tried by SSH', isArchived: false }],
      ['f-old', { type: 'Recon:EC2/Portscan', title: 'Scans', isArchived: true }],
    ]),
    scans: new Map(),
    lifecyclePolicies: new Map(),
  };
}

type Deed = (
  asked: { readonly id: string; readonly body: Body; readonly query: URLSearchParams },
  state: AwsState,
) => Answer;
type Body = Readonly<Record<string, unknown>>;

/** The action that a request is, as its path says it; null: none of these services. */
export function restActionOf(method: string, path: string): string | null {
  return ROUTES.find(([verb, pattern]) => verb === method && pattern.test(path))?.[2] ?? null;
}

export function answerRest(method: string, url: URL, body: string, state: AwsState): Answer {
  const route = ROUTES.find(([verb, pattern]) => verb === method && pattern.test(url.pathname));
  if (route === undefined) return restFault(404, 'UnknownOperationException', url.pathname);
  const [, pattern, action] = route;
  const id = pattern.exec(url.pathname)?.[1] ?? '';
  return deeds[action](
    { id, body: body === '' ? {} : (JSON.parse(body) as Body), query: url.searchParams },
    state,
  );
}

const ROUTES = [
  ['GET', /^\/detector$/, 'ListDetectors'],
  ['POST', /^\/detector\/([^/]+)\/findings$/, 'ListFindings'],
  ['POST', /^\/detector\/([^/]+)\/findings\/get$/, 'GetFindings'],
  ['POST', /^\/detector\/([^/]+)\/findings\/archive$/, 'ArchiveFindings'],
  ['POST', /^\/detector\/([^/]+)\/findings\/unarchive$/, 'UnarchiveFindings'],
  ['POST', /^\/malware-scan\/start$/, 'StartMalwareScan'],
  ['GET', /^\/malware-scan\/([^/]+)$/, 'GetMalwareScan'],
  ['POST', /^\/policies$/, 'CreateLifecyclePolicy'],
  ['GET', /^\/policies$/, 'GetLifecyclePolicies'],
  ['DELETE', /^\/policies\/([^/]+)$/, 'DeleteLifecyclePolicy'],
] as const;

const DETECTOR = '12abc34d567e8fa901bc2d34e56789f0';

const deeds: Readonly<Record<(typeof ROUTES)[number][2], Deed>> = {
  ListDetectors: () => json({ detectorIds: [DETECTOR] }),
  ListFindings({ id, body }, { findings }) {
    const { criterion } = (body.findingCriteria ?? {}) as {
      criterion?: Record<string, { equals?: string[] }>;
    };
    if (id !== DETECTOR || criterion?.['resource.instanceDetails.instanceId']?.equals?.[0] !== INSTANCE)
      return json({ findingIds: [] });
    const wantsArchived = criterion['service.archived']?.equals?.[0] === 'true';
    const found = [...findings].filter(([, { isArchived }]) => isArchived === wantsArchived);
    return json({ findingIds: found.map(([one]) => one) });
  },
  GetFindings: ({ body }, { findings }) =>
    json({
      findings: idsOf(body).flatMap((id) => {
        const one = findings.get(id);
        return one === undefined
          ? []
          : [{ id, type: one.type, title: one.title, service: { archived: one.isArchived } }];
      }),
    }),
  ArchiveFindings: ({ body }, state) => archive(body, true, state),
  UnarchiveFindings: ({ body }, state) => archive(body, false, state),
  StartMalwareScan({ body }, { scans }) {
    if (body.resourceArn !== `arn:aws:ec2:${REGION}:123456789012:instance/${INSTANCE}`)
      return restFault(400, 'BadRequestException', 'no such resource');
    scans.set('scan-1', { looks: 0 });
    return json({ scanId: 'scan-1' });
  },
  GetMalwareScan({ id }, { scans }) {
    const scan = scans.get(id);
    if (scan === undefined) return restFault(404, 'ResourceNotFoundException', id);
    return json({ scanId: id, scanStatus: ++scan.looks > 2 ? 'COMPLETED' : 'RUNNING' });
  },
  CreateLifecyclePolicy({ body }, { lifecyclePolicies }) {
    const details = body.PolicyDetails as {
      TargetTags?: { Key: string; Value: string }[];
      Schedules?: { RetainRule?: { Count?: number }; CreateRule?: { Interval?: number } }[];
    };
    const [tag] = details.TargetTags ?? [];
    const [schedule] = details.Schedules ?? [];
    if (tag === undefined || schedule?.CreateRule?.Interval !== 24)
      return restFault(400, 'InvalidRequestException', 'when and what?');
    lifecyclePolicies.set('policy-1', {
      role: String(body.ExecutionRoleArn),
      tag: `${tag.Key}=${tag.Value}`,
      count: schedule.RetainRule?.Count ?? 0,
    });
    return json({ PolicyId: 'policy-1' });
  },
  GetLifecyclePolicies({ query }, { lifecyclePolicies }) {
    const found = [...lifecyclePolicies].filter(([, { tag }]) => query.getAll('targetTags').includes(tag));
    return json({ Policies: found.map(([PolicyId]) => ({ PolicyId, State: 'ENABLED' })) });
  },
  DeleteLifecyclePolicy: ({ id }, { lifecyclePolicies }) =>
    lifecyclePolicies.delete(id) ? json({}) : restFault(404, 'ResourceNotFoundException', id),
};

function archive(body: Body, isArchived: boolean, { findings }: AwsState): Answer {
  for (const id of idsOf(body)) {
    const one = findings.get(id);
    if (one !== undefined) one.isArchived = isArchived;
  }
  return json({});
}

function idsOf({ findingIds }: Body): readonly string[] {
  return Array.isArray(findingIds) ? findingIds.map(String) : [];
}

function json(value: object): Answer {
  return { status: 200, body: JSON.stringify(value), type: 'application/json' };
}

export function restFault(status: number, code: string, message: string): Answer {
  return { status, body: JSON.stringify({ __type: code, message }), type: 'application/json' };
}
