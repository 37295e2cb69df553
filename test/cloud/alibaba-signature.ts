import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { encode, sha256 } from './aws-signature.ts';

/**
 * Whether a request bears Alibaba Cloud's ACS3-HMAC-SHA256 signature, worked out anew from its description
 * (https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature); null: it does.
 */
export function alibabaSignatureFault(
  request: IncomingMessage,
  body: string,
  { keyId, secret }: { readonly keyId: string; readonly secret: string },
): string | null {
  const { authorization = '' } = request.headers;
  const parts =
    /^ACS3-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  if (parts === null) return `no ACS3 signature: ${authorization}`;
  const [, id = '', signedHeaders = '', signature = ''] = parts;
  if (id !== keyId) return `the key ${id} is not known`;
  const names = signedHeaders.split(';');
  for (const name of [
    'host',
    'x-acs-action',
    'x-acs-version',
    'x-acs-date',
    'x-acs-signature-nonce',
    'x-acs-content-sha256',
  ])
    if (!names.includes(name)) return `${name} is not signed`;
  if (request.headers['x-acs-content-sha256'] !== sha256(body))
    return 'the body is not the one that was hashed';
  const url = new URL(request.url ?? '/', 'http://host');
  const query = [...url.searchParams]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&');
  const headers = names.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`).join('');
  const canonical = [request.method, url.pathname, query, headers, signedHeaders, sha256(body)].join('\n');
  const expected = createHmac('sha256', secret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex');
  return expected === signature ? null : 'SignatureDoesNotMatch';
}
