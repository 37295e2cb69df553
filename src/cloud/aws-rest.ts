/**
 * The services of AWS that speak REST with JSON and of which only a handful of calls is needed: described here one by one,
 * signed by the SDK's own signer. Their client packages would bring hundreds of calls each (see DECISIONS.md).
 */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { CloudRequest, CloudValue } from '../operations/cloud.ts';
import { CloudError } from './provider.ts';

export type RestService = 'guardduty' | 'dlm';
type RestRequest = CloudRequest & { readonly service: RestService };
type Credentials = () => Promise<{ readonly accessKeyId: string; readonly secretAccessKey: string }>;

interface RestCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Parts in braces are parameters, which then stand nowhere else. */
  readonly path: string;
}

/**
 * https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Operations.html and
 * https://docs.aws.amazon.com/dlm/latest/APIReference/API_Operations.html
 */
const CALLS: Readonly<Record<RestService, Readonly<Record<string, RestCall>>>> = {
  guardduty: {
    ListDetectors: { method: 'GET', path: '/detector' },
    ListFindings: { method: 'POST', path: '/detector/{DetectorId}/findings' },
    GetFindings: { method: 'POST', path: '/detector/{DetectorId}/findings/get' },
    ArchiveFindings: { method: 'POST', path: '/detector/{DetectorId}/findings/archive' },
    UnarchiveFindings: { method: 'POST', path: '/detector/{DetectorId}/findings/unarchive' },
    StartMalwareScan: { method: 'POST', path: '/malware-scan/start' },
    GetMalwareScan: { method: 'GET', path: '/malware-scan/{ScanId}' },
  },
  dlm: {
    CreateLifecyclePolicy: { method: 'POST', path: '/policies' },
    GetLifecyclePolicies: { method: 'GET', path: '/policies' },
    DeleteLifecyclePolicy: { method: 'DELETE', path: '/policies/{PolicyId}' },
  },
};

export function isRestService(service: CloudRequest['service']): service is RestService {
  return Object.hasOwn(CALLS, service);
}

/** Rejects with what went wrong, in a form that cloudError understands. */
export async function callAwsRest(
  request: RestRequest,
  credentials: Credentials,
  { readMs, signal }: { readonly readMs: number; readonly signal?: AbortSignal | undefined },
): Promise<CloudValue> {
  const { service, region } = request;
  const { method, path, query, body } = described(request);
  const endpoint = new URL(endpointOf(service, region));
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  const signed = await signer.sign({
    ...{ method, path, query, protocol: endpoint.protocol, hostname: endpoint.hostname },
    headers: { host: endpoint.host, 'content-type': 'application/json' },
    ...(body === null ? {} : { body }),
  });
  const url = new URL(path, endpoint);
  for (const [name, values] of Object.entries(query))
    for (const one of values) url.searchParams.append(name, one);
  const signals = [AbortSignal.timeout(readMs), ...(signal === undefined ? [] : [signal])];
  const answer = await fetch(url, {
    ...{ method, headers: signed.headers, body, signal: AbortSignal.any(signals), redirect: 'error' },
  }).catch((error: unknown) => {
    const { code } = ((error as { cause?: unknown }).cause ?? {}) as { code?: string };
    throw Object.assign(new Error('fetch failed'), { name: code ?? 'TimeoutError' });
  });
  const text = await answer.text();
  if (answer.ok) return text === '' ? {} : (JSON.parse(text) as CloudValue);
  throw faultOf(answer.headers.get('x-amzn-errortype'), text, answer.status);
}

function described({ service, action, parameters }: RestRequest) {
  const call = Object.hasOwn(CALLS[service], action) ? CALLS[service][action] : undefined;
  if (call === undefined)
    throw new CloudError('refused', 'unknown-action', `${action} is none of the calls that are made here.`);
  const left = { ...parameters };
  const path = call.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(left[name] ?? '');
    delete left[name];
    return encodeURIComponent(value);
  });
  const { method } = call;
  const named = service === 'guardduty' ? lowered(left) : left;
  if (method === 'POST') return { method, path, query: {}, body: JSON.stringify(named) };
  const query = Object.fromEntries(
    Object.entries(lowered(left) as Readonly<Record<string, CloudValue>>).map(([name, value]) => [
      name,
      [value].flat().map(String),
    ]),
  );
  return { method, path, query, body: null };
}

/** GuardDuty spells on the wire with a small letter what the tools and the SDKs spell with a large one. */
function lowered(value: CloudValue): CloudValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(lowered);
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      lowered(part),
    ]),
  );
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
function endpointOf(service: RestService, region: string): string {
  const { AWS_ENDPOINT_URL: forAll } = process.env;
  const own = process.env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`];
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return own ?? forAll ?? `https://${service}.${region}.${suffix}`;
}

/** https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization */
function faultOf(header: string | null, text: string, status: number): Error {
  let said: { __type?: unknown; code?: unknown; message?: unknown; Message?: unknown } = {};
  try {
    said = JSON.parse(text) as typeof said;
  } catch {
    // Not JSON: whoever stands in front of the service has answered.
  }
  const type = String(header ?? said.__type ?? said.code ?? `HTTP ${status}`);
  const name = type.replace(/:.*$/s, '').replace(/^.*#/, '');
  return Object.assign(new Error(String(said.message ?? said.Message ?? '')), { name });
}

/** What the signer wants: SHA-256, with a secret HMAC. */
class Sha256 {
  readonly #secret: Uint8Array | string | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: unknown) {
    this.#secret = secret === undefined ? undefined : bytesOf(secret);
    this.#hash = this.#fresh();
  }

  update(data: unknown): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#fresh();
  }

  #fresh(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
  }
}

function bytesOf(data: unknown): Uint8Array | string {
  if (typeof data === 'string') return data;
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Uint8Array(data as ArrayBuffer);
}
