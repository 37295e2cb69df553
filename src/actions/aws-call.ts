import type { CloudRequest } from '../operations/cloud.ts';
import type { CallTarget } from './cloud-deed.ts';

/** What is alike for all calls of AWS. */
export function base(risk: CallTarget['risk'], waitMs: number) {
  return { kind: 'cloud-call', provider: 'aws', risk, waitMs, before: [] } as const;
}

export function call(
  service: 'ec2' | 'iam' | 'guardduty' | 'dlm',
  action: string,
  region: string,
  parameters: CloudRequest['parameters'],
): CloudRequest {
  return { service, action, region, parameters };
}
