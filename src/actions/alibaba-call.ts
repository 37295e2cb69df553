import type { CloudRequest } from '../operations/cloud.ts';
import type { CallTarget } from './cloud-deed.ts';

/** What is alike for all calls of Alibaba Cloud. */
export function base(risk: CallTarget['risk'], waitMs: number) {
  return { kind: 'cloud-call', provider: 'alibaba', risk, waitMs, before: [] } as const;
}

export function call(
  service: 'ecs' | 'sas' | 'ram' | 'cloudfw',
  action: string,
  region: string,
  parameters: CloudRequest['parameters'],
): CloudRequest {
  return { service, action, region, parameters };
}

/** At most 64 characters of ASCII: asked twice with the same, ECS does it once. */
export function clientToken(label: string, id: string): string {
  return `${id}-${label}`.replace(/[^\w-]/g, '-').slice(0, 64);
}
