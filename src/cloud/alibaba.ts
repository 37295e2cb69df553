import credentials from '@alicloud/credentials';
import core, { $OpenApiUtil } from '@alicloud/openapi-core';
import type { CloudRequest, CloudValue } from '../operations/cloud.ts';
import { flatten } from '../operations/cloud-commands.ts';
import { again } from './again.ts';
import { readAlibabaMachine } from './alibaba-machine.ts';
import { NO_LOGIN } from './cloud-error.ts';
import type { CloudProvider } from './provider.ts';

/** https://api.aliyun.com/product/Ecs, …/Sas, …/Ram: the version of each API, and where it is served. */
const PRODUCTS = {
  ecs: { version: '2014-05-26', endpoint: (region: string) => `ecs.${region}.aliyuncs.com` },
  // Security Center has one centre for mainland China and one for everywhere else.
  sas: {
    version: '2018-12-03',
    endpoint: (region: string) =>
      region.startsWith('cn-') && region !== 'cn-hongkong'
        ? 'tds.aliyuncs.com'
        : 'tds.ap-southeast-1.aliyuncs.com',
  },
  ram: { version: '2015-05-01', endpoint: () => 'ram.aliyuncs.com' },
  // https://alibabacloud.com/help/en/cloud-firewall/cloudfirewall/developer-reference/api-cloudfw-2017-12-07-endpoint
  cloudfw: {
    version: '2017-12-07',
    endpoint: (region: string) =>
      region === 'ap-southeast-1' ? 'cloudfw.ap-southeast-1.aliyuncs.com' : 'cloudfw.aliyuncs.com',
  },
} as const;

const CONNECT_MS = 5000;
const READ_MS = 20_000;

type Credentials = InstanceType<typeof Credential>;

export interface AlibabaOptions {
  /** Instead of the product's own, `127.0.0.1:PORT`, spoken to by plain HTTP: for tests. */
  readonly endpoint?: string;
  readonly firstPauseMs?: number;
  /** How long an answer is waited for. */
  readonly readMs?: number;
}

/**
 * Alibaba Cloud through its generic OpenAPI client, with the credentials that the provider's own tools use
 * (ALIBABA_CLOUD_ACCESS_KEY_ID and …_SECRET, ~/.alibabacloud/credentials, ~/.aliyun/config.json).
 */
export function alibabaProvider(options: AlibabaOptions = {}): CloudProvider {
  let credential: Credentials | null = null;
  const ask = async (request: CloudRequest): Promise<CloudValue> => {
    credential ??= new Credential();
    await credential.getCredential().catch(() => {
      // The library remembers where it looked last, and would look only there: somebody may log in meanwhile.
      credential = null;
      throw Object.assign(new Error(), { name: NO_LOGIN });
    });
    return once(credential, request, options);
  };
  const call = (request: CloudRequest, signal?: AbortSignal): Promise<CloudValue> =>
    again(request, () => ask(request), { signal, firstPauseMs: options.firstPauseMs });
  const ownKeyId = async () => (await new Credential().getCredential()).accessKeyId ?? '';
  return { call, machine: (question) => readAlibabaMachine(question, call, ownKeyId) };
}

// CommonJS compiled from modules: what Node gives as the default holds the real one as a member.
const Client = core.default ?? core;
const Credential = credentials.default ?? credentials;

function isProduct(service: CloudRequest['service']): service is keyof typeof PRODUCTS {
  return Object.hasOwn(PRODUCTS, service);
}

async function once(
  credential: Credentials,
  { service, action, region, parameters }: CloudRequest,
  { endpoint, readMs = READ_MS }: AlibabaOptions,
): Promise<CloudValue> {
  if (!isProduct(service)) throw new Error(`Alibaba Cloud has no ${service}`);
  const product = PRODUCTS[service];
  const client = new Client(
    new $OpenApiUtil.Config({
      credential,
      endpoint: endpoint ?? product.endpoint(region),
      protocol: endpoint === undefined ? 'HTTPS' : 'HTTP',
      regionId: region,
      connectTimeout: CONNECT_MS,
      readTimeout: readMs,
      signatureAlgorithm: 'ACS3-HMAC-SHA256',
    }),
  );
  const params = new $OpenApiUtil.Params({
    action,
    version: product.version,
    protocol: endpoint === undefined ? 'HTTPS' : 'HTTP',
    pathname: '/',
    method: 'POST',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: 'json',
  });
  // RAM and Cloud Firewall have no regions; some calls of ECS spell the parameter their own way.
  const where =
    service === 'ram' || service === 'cloudfw' || 'regionId' in parameters ? {} : { RegionId: region };
  const request = new $OpenApiUtil.OpenApiRequest({ query: { ...where, ...flatten(parameters) } });
  const { body } = await client.callApi(params, request, {} as never);
  return body as CloudValue;
}
