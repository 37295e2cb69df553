import { type CloudRequest, permissionOf } from '../operations/cloud.ts';
import { CloudError } from './provider.ts';

/** What an SDK threw, as far as it says something about the call. */
interface Thrown {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly statusCode?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
  readonly $response?: { readonly statusCode?: unknown };
}

// Codes of https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html, of IAM's common errors, and of
// https://help.aliyun.com/document_detail/25693.html (ECS) and RAM; wildcards as both use families of codes.
const PERMISSION = /^(UnauthorizedOperation|AccessDenied|AccessDeniedException|Forbidden.*|NoPermission.*)$/i;
const CREDENTIALS =
  /CredentialsProviderError|CouldNotLoadCredentials|^(AuthFailure|InvalidClientTokenId|SignatureDoesNotMatch|ExpiredToken|RequestExpired|UnrecognizedClientException|InvalidAccessKeyId.*|InvalidSecurityToken.*|IncompleteSignature|MissingAuthenticationToken)$/i;
const THROTTLED = /^(Throttling.*|RequestLimitExceeded|TooManyRequests.*|SlowDown|ServiceUnavailable)$/i;
const MISSING = /NotFound|NoSuchEntity|EntityNotExist|InvalidInstanceID|InvalidInstanceId/i;
// https://www.alibabacloud.com/help/en/ecs/developer-reference/api-behavior-when-an-instance-is-locked-for-security-reasons
const LOCKED = /^InstanceLockedForSecurity$|^OperationDenied\.InstanceLocked/i;
const NETWORK =
  /^(ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|TimeoutError|AbortError|RequestTimeoutError|ConnectTimeout.*|ReadTimeout.*)$/i;

/** What the SDK of AWS calls it, for all clouds. */
export const NO_LOGIN = 'CredentialsProviderError';

/** Says of a call that failed what it means and what to do; never repeats what could hold a credential. */
export function cloudError(error: unknown, request: CloudRequest): CloudError {
  if (error instanceof CloudError) return error;
  const { name, code: given, message: said } = (error ?? {}) as Thrown;
  const code = String(given ?? name ?? 'unknown').replace(/^(.*)Error: /, '');
  const message = String(said ?? '').slice(0, 300);
  const call = `${request.service} ${request.action}`;
  const names = [code, String(name ?? '')];
  const is = (pattern: RegExp) => names.some((each) => pattern.test(each));
  if (
    is(CREDENTIALS) ||
    /credentials?\b.*(?:not|unable|could)|unable to (?:get|load) credentials/i.test(message)
  )
    return new CloudError(
      'credentials',
      code,
      `No credentials that ${call} would accept${code === 'Error' || code === NO_LOGIN ? '' : ` (${code})`}. Log in where you are, e.g. by the provider’s own command line tool, and look at the step again.`,
    );
  if (is(LOCKED))
    return new CloudError(
      'refused',
      code,
      `${call} is not carried out while the cloud has the machine locked (${code}). The step that unlocks it comes first; a second detection locks it for good.`,
    );
  if (is(PERMISSION))
    return new CloudError(
      'permission',
      code,
      `Your account lacks the permission ${permissionOf(request)} (${code}). Have it granted for this one action, or do the step by hand.`,
    );
  if (is(THROTTLED))
    return new CloudError(
      'throttled',
      code,
      `The provider puts ${call} off again and again (${code}): too many calls at once in this account. Wait a minute, then try again.`,
    );
  // ENOTFOUND is a name that is not found, not a machine.
  if (is(NETWORK) || /timed? ?out|socket hang up/i.test(message))
    return new CloudError(
      'network',
      code,
      `${call} in ${request.region} could not be reached (${code}). Whether it was carried out is looked up; is there a way to the provider from here?`,
    );
  if (is(MISSING))
    return new CloudError(
      'missing',
      code,
      `${call} knows nothing of it in ${request.region} (${code}). Is it another region, or another account? ${message}`,
    );
  return new CloudError('refused', code, `${call} was refused (${code}): ${message}`);
}
