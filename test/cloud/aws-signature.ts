import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * Whether a request bears AWS's signature version 4, worked out anew from its description
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html); null: it does, else what is wrong.
 */
export function awsSignatureFault(
  request: IncomingMessage,
  body: string,
  { keyId, secret }: { readonly keyId: string; readonly secret: string },
): string | null {
  const authorization = request.headers.authorization ?? '';
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  if (parts === null) return `no signature of version 4: ${authorization}`;
  const [, id = '', date = '', region = '', service = '', signedHeaders = '', signature = ''] = parts;
  if (id !== keyId) return `the key ${id} is not known`;
  const at = String(request.headers['x-amz-date'] ?? '');
  if (!at.startsWith(date)) return 'the dates differ';
  const names = signedHeaders.split(';');
  if (!names.includes('host') || !names.includes('x-amz-date')) return 'host and date are not signed';
  const url = new URL(request.url ?? '/', 'http://host');
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const headers = names.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`).join('');
  const canonical = [request.method, url.pathname, query, headers, signedHeaders, sha256(body)].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', at, scope, sha256(canonical)].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(
    (last, part) => createHmac('sha256', last).update(part).digest(),
    `AWS4${secret}`,
  );
  const expected = createHmac('sha256', key).update(toSign).digest('hex');
  return expected === signature ? null : 'SignatureDoesNotMatch';
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** RFC 3986: all but letters, digits, `-._~`. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
