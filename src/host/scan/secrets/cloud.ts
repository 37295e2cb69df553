import { isObject, parseObject, reading, type SecretReader, type SecretReading, textOf } from './reading.ts';

/**
 * Sections of `~/.aws/credentials` and `~/.aws/config` with a key in them. The access key id is shown in IAM's lists and in every
 * signed request; it opens nothing (docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html).
 */
export const awsKeys: SecretReader = (text) => {
  const out: SecretReading[] = [];
  let section = '';
  text.split('\n').forEach((line, index) => {
    section = /^\s*\[([^\]]*)\]/.exec(line)?.[1] ?? section;
    const id = /^\s*aws_access_key_id\s*=\s*([A-Z0-9]{16,32})\s*$/.exec(line)?.[1];
    if (id !== undefined) out.push(reading('aws-access-key', `${id} [${section}]`, { line: index + 1 }));
  });
  return out;
};

/** Cached sign-ins of the AWS command line: bearer tokens of hours to months. */
export const awsCache: SecretReader = (text) => {
  const object = parseObject(text);
  if (object === null || !('accessToken' in object || 'Credentials' in object)) return [];
  return [
    reading('aws-access-key', textOf(object.startUrl) === null ? 'cached sign-in' : 'cached SSO sign-in'),
  ];
};

/** Service account keys and user logins are both JSON with a `type` (cloud.google.com/docs/authentication/application-default-credentials). */
export const googleJson: SecretReader = (text) => {
  const object = parseObject(text);
  if (object?.type === 'service_account') {
    const who = [textOf(object.client_email), textOf(object.private_key_id)].filter((part) => part !== null);
    return [reading('gcp-service-account', who.join(' key ') || null, { isEncrypted: false })];
  }
  if (object?.type === 'authorized_user') return [reading('gcloud-credentials', textOf(object.account))];
  return [];
};

/** `aliyun configure`: profiles with an AccessKey id each, which RAM lists (help.aliyun.com, Alibaba Cloud CLI). */
export const aliyunProfiles: SecretReader = (text) => {
  const profiles = parseObject(text)?.profiles;
  if (!Array.isArray(profiles)) return [];
  return profiles.slice(0, 40).flatMap((profile) => {
    if (!isObject(profile) || textOf(profile.access_key_id) === null) return [];
    return [reading('alibaba-access-key', `${profile.access_key_id} [${textOf(profile.name) ?? ''}]`)];
  });
};

/** `users:` of a kubeconfig that hold a token, a password or a private key; others ask somebody else for one. */
export const kubeconfigUsers: SecretReader = (text) => {
  const out: SecretReading[] = [];
  let isInUsers = false;
  let name: string | null = null;
  let hasSecret = false;
  let line = 0;
  const flush = (): void => {
    if (hasSecret) out.push(reading('kubeconfig', name, { line }));
    hasSecret = false;
    name = null;
  };
  text.split('\n').forEach((each, index) => {
    if (/^\S/.test(each) && !each.startsWith('-')) {
      flush();
      isInUsers = /^users:/.test(each);
    }
    if (!isInUsers) return;
    if (/^\s*-\s/.test(each)) flush();
    name = /^[\s-]*name:\s*"?([^"]*?)"?\s*$/.exec(each)?.[1] ?? name;
    if (/^[\s-]*(token|client-key-data|password|client-key|refresh-token|id-token):\s*\S/.test(each)) {
      hasSecret = true;
      line = index + 1;
    }
  });
  flush();
  return out;
};

/** `sub` of a service account's token says whose it is; the rest stays where it is (RFC 7519). */
export const serviceAccountToken: SecretReader = (text) => {
  const parts = text.trim().split('.');
  if (parts.length !== 3) return [];
  const claims = parseObject(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
  return [reading('service-account-token', textOf(claims?.sub))];
};
