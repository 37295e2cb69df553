import {
  applicationConfig,
  environmentFile,
  redisPassword,
  wifiAndVpn,
  wireguardKey,
  wordpressConfig,
} from './applications.ts';
import {
  aliyunProfiles,
  awsCache,
  awsKeys,
  googleJson,
  kubeconfigUsers,
  serviceAccountToken,
} from './cloud.ts';
import {
  dockerLogins,
  forgeTokens,
  gitCredentials,
  mysqlOptions,
  netrcLogins,
  npmTokens,
  pgpassLogins,
  sectionTokens,
} from './logins.ts';
import { gnupgKey, keystore, privateKey } from './private-keys.ts';
import { lineReader, type SecretReader, whole } from './reading.ts';

/** A place and what reads it. A last part of `*`, or with one in it, stands for every file of that folder. */
export type SecretPlace = readonly [path: string, reader: SecretReader];

const jenkinsKey = whole('ci-secrets');
const infrastructure = lineReader('infrastructure-token', /"?(token)"?\s*[=:]/i, 4);

/** Under every home, of people and of programs. */
export const HOME_PLACES: readonly SecretPlace[] = [
  ['.aws/credentials', awsKeys],
  ['.aws/config', awsKeys],
  ['.aws/sso/cache/*', awsCache],
  ['.aws/cli/cache/*', awsCache],
  ['.config/gcloud/application_default_credentials.json', googleJson],
  ['.config/gcloud/credentials.db', whole('gcloud-credentials')],
  ['.config/gcloud/access_tokens.db', whole('gcloud-credentials')],
  ['.azure/msal_token_cache.json', whole('azure-credentials')],
  ['.azure/msal_token_cache.bin', whole('azure-credentials')],
  ['.azure/accessTokens.json', whole('azure-credentials')],
  ['.azure/service_principal_entries.json', whole('azure-credentials')],
  ['.aliyun/config.json', aliyunProfiles],
  ['.ossutilconfig', lineReader('alibaba-access-key', /^\s*accessKeyID\s*=\s*(\S+)/i)],
  ['.s3cfg', lineReader('aws-access-key', /^\s*access_key\s*=\s*(\S+)/)],
  [
    '.boto',
    lineReader(
      'gcloud-credentials',
      /^\s*(gs_oauth2_refresh_token|gs_secret_access_key|aws_secret_access_key)\s*=/,
    ),
  ],
  [
    '.config/rclone/rclone.conf',
    lineReader('login-file', /^\s*(pass|secret_access_key|token|client_secret)\s*=\s*\S/),
  ],
  ['.kube/config', kubeconfigUsers],
  ['.docker/config.json', dockerLogins],
  ['.config/containers/auth.json', dockerLogins],
  ['.npmrc', npmTokens],
  ['.yarnrc.yml', lineReader('package-token', /^\s*(npmAuthToken|npmAuthIdent):\s*\S/)],
  ['.pypirc', sectionTokens],
  ['.cargo/credentials', sectionTokens],
  ['.cargo/credentials.toml', sectionTokens],
  ['.gem/credentials', sectionTokens],
  ['.m2/settings.xml', lineReader('package-token', /<(password|privateKey|passphrase)>(?!\$\{)/)],
  [
    '.gradle/gradle.properties',
    lineReader('package-token', /^\s*([\w.]*(?:password|token|apiKey)[\w.]*)\s*=\s*\S/i),
  ],
  ['.composer/auth.json', whole('package-token')],
  ['.config/composer/auth.json', whole('package-token')],
  ['.git-credentials', gitCredentials],
  ['.config/git/credentials', gitCredentials],
  ['.config/gh/hosts.yml', forgeTokens],
  ['.config/glab-cli/config.yml', forgeTokens],
  ['.netrc', netrcLogins],
  ['.pgpass', pgpassLogins],
  ['.my.cnf', mysqlOptions],
  ['.mylogin.cnf', whole('database-password')],
  ['.rediscli_auth', whole('database-password')],
  ['.vault-token', whole('vault-token')],
  ['.terraform.d/credentials.tfrc.json', infrastructure],
  ['.terraformrc', infrastructure],
  ['.config/doctl/config.yaml', lineReader('infrastructure-token', /^\s*(access-token):\s*\S/)],
  ['.config/hcloud/cli.toml', lineReader('infrastructure-token', /^\s*(token)\s*=\s*\S/)],
  ['.smbcredentials', whole('login-file')],
  ['.ssh/*', privateKey],
  ['.gnupg/private-keys-v1.d/*', gnupgKey],
  ['.env', environmentFile],
];

/** At fixed places of the system. */
export const SYSTEM_PLACES: readonly SecretPlace[] = [
  ['/etc/kubernetes/*.conf', kubeconfigUsers],
  [
    '/etc/kubernetes/pki/*.key',
    () => [{ secret: 'kubernetes-key', line: null, keyId: null, isEncrypted: false }],
  ],
  ['/var/lib/kubelet/pki/*.pem', privateKeyOf('kubernetes-key')],
  ['/etc/rancher/k3s/k3s.yaml', kubeconfigUsers],
  ['/var/lib/rancher/k3s/server/node-token', whole('kubernetes-key')],
  ['/var/run/secrets/kubernetes.io/serviceaccount/token', serviceAccountToken],
  ['/run/secrets/kubernetes.io/serviceaccount/token', serviceAccountToken],
  ['/etc/ssl/private/*', privateKey],
  ['/etc/pki/tls/private/*', privateKey],
  ['/etc/nginx/ssl/*', privateKey],
  ['/etc/letsencrypt/accounts/*', privateKey],
  ['/etc/mysql/debian.cnf', mysqlOptions],
  ['/etc/mysql/conf.d/*.cnf', mysqlOptions],
  ['/etc/redis/redis.conf', redisPassword],
  ['/etc/redis.conf', redisPassword],
  ['/etc/wireguard/*.conf', wireguardKey],
  ['/etc/openvpn/*', privateKeyOf('vpn-key')],
  ['/etc/openvpn/server/*', privateKeyOf('vpn-key')],
  ['/etc/NetworkManager/system-connections/*', wifiAndVpn],
  ['/etc/ppp/chap-secrets', lineReader('vpn-key', /^\s*(?!#)("?[\w.@*-]+"?)\s+\S+\s+\S/)],
  ['/etc/ipsec.secrets', lineReader('vpn-key', /:\s*(PSK|RSA|EAP|XAUTH)\s/)],
  ['/etc/krb5.keytab', whole('keytab')],
  ['/etc/gitlab-runner/config.toml', lineReader('ci-secrets', /^\s*(token)\s*=\s*"\S/)],
  ['/etc/gitlab/gitlab-secrets.json', whole('ci-secrets')],
  ['/var/lib/jenkins/secrets/master.key', jenkinsKey],
  ['/var/lib/jenkins/credentials.xml', jenkinsKey],
  ['/var/jenkins_home/secrets/master.key', jenkinsKey],
  ['/etc/boto.cfg', awsKeys],
  ['/etc/vault.d/*.hcl', lineReader('vault-token', /^\s*(token)\s*=\s*"\S/)],
  ['/etc/environment', environmentFile],
];

/** By its name, wherever it lies in the folders of applications. */
export function readerByName(name: string): SecretReader | null {
  if (/^\.env(\.|$)|\.env$/.test(name))
    return /\.(example|sample|dist|template|tpl)$/i.test(name) ? null : environmentFile;
  if (name === 'wp-config.php') return wordpressConfig;
  if (APPLICATION_CONFIGS.has(name)) return applicationConfig;
  if (/^appsettings(\.\w+)?\.json$|^application(-\w+)?\.(ya?ml|properties)$/.test(name))
    return applicationConfig;
  if (/^id_(rsa|dsa|ecdsa|ed25519)$|\.(pem|key|ppk)$/.test(name)) return privateKey;
  if (/\.(p12|pfx|jks|keystore)$/.test(name)) return keystore;
  if (/(service[-_]?account|credentials?|[-_]sa|key)[\w.-]*\.json$/i.test(name)) return googleJson;
  if (name === '.npmrc') return npmTokens;
  if (name === '.git-credentials') return gitCredentials;
  if (name === 'kubeconfig' || name === 'kubeconfig.yaml') return kubeconfigUsers;
  if (/^terraform\.tfstate$|\.tfvars$/.test(name))
    return lineReader(
      'infrastructure-token',
      /"?([\w.-]*(?:password|secret|token)[\w.-]*)"?\s*[=:]\s*"\S/i,
      8,
    );
  return null;
}

const APPLICATION_CONFIGS: ReadonlySet<string> = new Set([
  'database.yml',
  'secrets.yml',
  'master.key',
  'settings.php',
  'configuration.php',
  'LocalSettings.php',
  'local_settings.py',
  'settings.py',
  'config.inc.php',
  'parameters.yml',
  'local.settings.json',
  'auth.json',
  'docker-compose.yml',
  'docker-compose.yaml',
  'compose.yaml',
]);

function privateKeyOf(secret: 'kubernetes-key' | 'vpn-key'): SecretReader {
  return (text, file) => privateKey(text, file).map((seen) => ({ ...seen, secret }));
}
