import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TreeEntry } from './tree.ts';

/** A word that is in every planted secret and nowhere else. */
export const MARK = 'zQ9sEcReTzQ9';
const secret = (name: string) => `${MARK}-${name}`;

/** Keys made for this run. */
export function makeKeys() {
  const folder = mkdtempSync(join(tmpdir(), 'tourniquet-keys-'));
  const make = (name: string, passphrase: string) => {
    execFileSync('ssh-keygen', [
      '-q',
      '-t',
      'ed25519',
      '-N',
      passphrase,
      '-C',
      'c',
      '-f',
      join(folder, name),
    ]);
    const print = execFileSync('ssh-keygen', ['-l', '-f', join(folder, `${name}.pub`)]).toString();
    return {
      text: readFileSync(join(folder, name), 'utf8'),
      fingerprint: /SHA256:\S+/.exec(print)?.[0] ?? '',
    };
  };
  try {
    const rsa = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    return { open: make('open', ''), guarded: make('guarded', secret('passphrase')), tls: rsa.privateKey };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What administrators and applications leave lying about; every value that opens anything holds MARK. */
export function plantedSecrets(keys: ReturnType<typeof makeKeys>): Record<string, TreeEntry> {
  const jwt = (claims: object) =>
    ['e30', Buffer.from(JSON.stringify(claims)).toString('base64url'), secret('signature')].join('.');
  return {
    '/root/.aws/credentials': `[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = ${secret('aws')}\n\n[prod]\naws_access_key_id=AKIAI44QH8DHBEXAMPLE\naws_secret_access_key=${secret('aws2')}\n`,
    '/root/.aws/config': '[default]\nregion = eu-central-1\n',
    '/root/.aws/sso/cache/0.json': JSON.stringify({
      startUrl: 'https://x.awsapps.com/start',
      accessToken: secret('sso'),
    }),
    '/root/.config/gcloud/application_default_credentials.json': JSON.stringify({
      type: 'authorized_user',
      account: 'ann@example.net',
      refresh_token: secret('gcloud'),
    }),
    '/srv/app/deploy-sa.json': JSON.stringify({
      type: 'service_account',
      client_email: 'deploy@p.iam.gserviceaccount.com',
      private_key_id: '9f8e7d',
      private_key: secret('gcp'),
    }),
    '/home/ann/.azure/msal_token_cache.json': JSON.stringify({ RefreshToken: secret('azure') }),
    '/root/.aliyun/config.json': JSON.stringify({
      profiles: [{ name: 'default', access_key_id: 'LTAI5tExample', access_key_secret: secret('aliyun') }],
    }),
    '/root/.kube/config': `apiVersion: v1\nclusters:\n- cluster:\n    server: https://10.0.0.1\n  name: c\nusers:\n- name: admin\n  user:\n    token: ${secret('kube')}\n- name: oidc\n  user:\n    exec:\n      command: kubelogin\n`,
    '/run/secrets/kubernetes.io/serviceaccount/token': jwt({ sub: 'system:serviceaccount:prod:web' }),
    '/root/.docker/config.json': JSON.stringify({
      auths: {
        'registry.example.net': { auth: Buffer.from(`u:${secret('docker')}`).toString('base64') },
        'https://index.docker.io/v1/': {},
      },
    }),
    '/home/ann/.npmrc': `registry=https://npm.example.net/\n//npm.example.net/:_authToken=${secret('npm')}\n`,
    '/home/ann/.pypirc': `[pypi]\nusername = __token__\npassword = ${secret('pypi')}\n`,
    '/home/ann/.git-credentials': `https://ann:${secret('git')}@git.example.net\nhttps://${secret('git2')}a1:x-oauth@forge.example.net\n`,
    '/home/ann/.config/gh/hosts.yml': `github.com:\n    user: ann\n    oauth_token: ${secret('gh')}\n`,
    '/home/ann/.netrc': `machine ftp.example.net\n  login ann\n  password ${secret('netrc')}\nmachine open.example.net login anonymous\n`,
    '/root/.pgpass': `# host:port:db:user:password\ndb.example.net:5432:shop:shop:${secret('pg')}\n`,
    '/root/.my.cnf': `[client]\nuser=root\npassword=${secret('my')}\n`,
    '/srv/app/.env': `NODE_ENV=production\nDATABASE_URL=postgres://shop:${secret('url')}@db/shop\nSTRIPE_SECRET_KEY="${secret('stripe')}"\nEMPTY_TOKEN=\n`,
    '/srv/app/.env.example': 'STRIPE_SECRET_KEY=changeme\n',
    '/var/www/blog/wp-config.php': `<?php\ndefine( 'DB_NAME', 'blog' );\ndefine( 'DB_USER', 'wp' );\ndefine( 'DB_PASSWORD', '${secret('wp')}' );\n`,
    '/srv/rails/config/database.yml': `production:\n  adapter: postgresql\n  username: rails\n  password: ${secret('rails')}\n`,
    '/etc/redis/redis.conf': `bind 127.0.0.1\nrequirepass ${secret('redis')}\n`,
    '/etc/wireguard/wg0.conf': `[Interface]\nPrivateKey = ${secret('wg')}\n`,
    '/root/.ssh/id_ed25519': { text: keys.open.text, mode: 0o600 },
    '/home/ann/.ssh/work': { text: keys.guarded.text, mode: 0o600 },
    '/root/.ssh/known_hosts': 'git.example.net ssh-ed25519 AAAA\n',
    '/etc/ssl/private/web.key': { text: keys.tls, mode: 0o644 },
    '/srv/app/tls/ca.pem': '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
    '/srv/app/key.p12': `PKCS${secret('p12')}`,
    '/root/.vault-token': secret('vault'),
    '/srv/app/node_modules/x/.env': `X_SECRET=${secret('passed-over')}\n`,
  };
}
