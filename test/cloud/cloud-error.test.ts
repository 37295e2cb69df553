import { expect, it } from 'vitest';
import { cloudError } from '../../src/cloud/cloud-error.ts';

const REQUEST = {
  service: 'ecs',
  action: 'DescribeInstances',
  region: 'cn-hangzhou',
  parameters: {},
} as const;

it.each([
  ['ENOTFOUND', 'network', 'could not be reached'],
  ['ECONNREFUSED', 'network', 'could not be reached'],
  ['TimeoutError', 'network', 'could not be reached'],
  ['InvalidInstanceId.NotFound', 'missing', 'Is it another region'],
  ['Throttling.User', 'throttled', 'too many calls'],
  ['ThrottlingException', 'throttled', 'too many calls'],
  ['Forbidden.RAM', 'permission', 'lacks the permission ecs:DescribeInstances'],
  ['AccessDeniedException', 'permission', 'lacks the permission ecs:DescribeInstances'],
  ['InstanceLockedForSecurity', 'refused', 'while the cloud has the machine locked'],
  [
    'CredentialsProviderError',
    'credentials',
    'No credentials that ecs DescribeInstances would accept. Log in',
  ],
  ['ExpiredToken', 'credentials', '(ExpiredToken). Log in'],
])('%s is %s', (code, kind, said) => {
  for (const thrown of [
    { code, message: '' },
    { name: code, message: '' },
  ]) {
    const error = cloudError(thrown, REQUEST);
    expect(error.kind).toBe(kind);
    expect(error.message).toContain(said);
  }
});
