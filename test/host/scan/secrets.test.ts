import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MARK, makeKeys, plantedSecrets } from './planted-secrets.ts';
import { makeTree, scanTree } from './tree.ts';

const keys = makeKeys();
/** As `openssl pkey -pubout -outform DER | sha256` has it. */
const spki = `SHA256:${createHash('sha256')
  .update(execFileSync('openssl', ['pkey', '-pubout', '-outform', 'DER'], { input: keys.tls }))
  .digest('base64')
  .replace(/=+$/, '')}`;

async function lookAt(root: string) {
  const outcome = await scanTree(root, {}, ['secrets']);
  return {
    outcome,
    seen: outcome.findings.flatMap(({ subject }) =>
      subject.kind === 'secret' ? [`${subject.secret} ${subject.path}: ${subject.keyId}`] : [],
    ),
  };
}

test('names place, kind and key id of what lies about, and what holds no secret is not named', async () => {
  const { seen } = await lookAt(makeTree(plantedSecrets(keys)));
  expect(seen.toSorted()).toEqual(
    [
      'alibaba-access-key /root/.aliyun/config.json: LTAI5tExample [default]',
      'application-config /srv/rails/config/database.yml: password',
      'aws-access-key /root/.aws/credentials: AKIAI44QH8DHBEXAMPLE [prod]',
      'aws-access-key /root/.aws/credentials: AKIAIOSFODNN7EXAMPLE [default]',
      'aws-access-key /root/.aws/sso/cache/0.json: cached SSO sign-in',
      'azure-credentials /home/ann/.azure/msal_token_cache.json: null',
      'database-password /etc/redis/redis.conf: requirepass',
      'database-password /root/.my.cnf: client',
      'database-password /root/.pgpass: db.example.net:5432:shop:shop',
      'database-password /var/www/blog/wp-config.php: wp on blog',
      'environment-file /srv/app/.env: DATABASE_URL, STRIPE_SECRET_KEY',
      'gcloud-credentials /root/.config/gcloud/application_default_credentials.json: ann@example.net',
      'gcp-service-account /srv/app/deploy-sa.json: deploy@p.iam.gserviceaccount.com key 9f8e7d',
      'git-token /home/ann/.config/gh/hosts.yml: github.com',
      'git-token /home/ann/.git-credentials: git.example.net',
      'git-token /home/ann/.git-credentials: forge.example.net',
      'keystore /srv/app/key.p12: null',
      'kubeconfig /root/.kube/config: admin',
      'login-file /home/ann/.netrc: ftp.example.net',
      'package-token /home/ann/.npmrc: //npm.example.net',
      'package-token /home/ann/.pypirc: pypi',
      `private-key /etc/ssl/private/web.key: SPKI ${spki}`,
      'registry-login /root/.docker/config.json: registry.example.net',
      'service-account-token /run/secrets/kubernetes.io/serviceaccount/token: system:serviceaccount:prod:web',
      `ssh-private-key /home/ann/.ssh/work: ${keys.guarded.fingerprint}`,
      `ssh-private-key /root/.ssh/id_ed25519: ${keys.open.fingerprint}`,
      'vault-token /root/.vault-token: null',
      'vpn-key /etc/wireguard/wg0.conf: wg0',
    ].toSorted(),
  );
});

test('says whether a passphrase guards a key, whose it is, and that everybody could read it', async () => {
  const { outcome } = await lookAt(makeTree(plantedSecrets(keys)));
  const of = (path: string) => outcome.findings.find(({ places }) => places[0]?.path === path);
  expect(of('/home/ann/.ssh/work')).toMatchObject({ subject: { isEncrypted: true }, verdict: 'benign' });
  expect(of('/root/.ssh/id_ed25519')).toMatchObject({ subject: { isEncrypted: false }, verdict: 'unknown' });
  expect(of('/etc/ssl/private/web.key')?.reasons.map(({ code }) => code)).toContain('world-readable');
  expect(of('/root/.pgpass')).toMatchObject({ places: [{ line: 2 }], owner: 'root' });
  expect(of('/root/.pgpass')?.times?.mtimeNs).toMatch(/^\d+$/);
  expect(outcome.findings.every(({ verdict }) => verdict !== 'malicious' && verdict !== 'suspicious')).toBe(
    true,
  );
});

test('no secret leaves the look, in clear, in base64 or as a part of it', async () => {
  const { outcome } = await lookAt(makeTree(plantedSecrets(keys)));
  const all = JSON.stringify(outcome);
  expect(outcome.findings.length).toBeGreaterThan(20);
  for (const form of [MARK, Buffer.from(MARK).toString('hex'), 'PRIVATE KEY-----'])
    expect(all).not.toContain(form);
  const body = keys.open.text.split('\n')[3] ?? '';
  expect(body.length).toBeGreaterThan(30);
  expect(all).not.toContain(body.slice(0, 24));
  // As it stands in the file: base64 of `user:secret`.
  expect(all).not.toContain(Buffer.from(`u:${MARK}`).toString('base64').slice(4, 16));
});

test('what is hostile neither breaks nor blocks it: pipes, links, garbage, huge lines', async () => {
  const root = makeTree({
    '/root/.aws/credentials': `${'\u0000'.repeat(100)}[${'x'.repeat(5000)}]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n`,
    '/root/.docker/config.json': '{"auths":{"__proto__":{"auth":1},"r\\u001b[2J":{"auth":"x"}}',
    '/root/.kube/config': `users:\n${'- '.repeat(20_000)}`,
    '/root/.ssh/id_rsa': '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n',
    '/root/.ssh/id_ecdsa':
      '-----BEGIN EC PRIVATE KEY-----\nnot base64 at all\n-----END EC PRIVATE KEY-----\n',
    '/home/ann/secret-elsewhere': 'x',
  });
  execFileSync('mkfifo', [join(root, '/root/.vault-token')]);
  symlinkSync('/etc/shadow', join(root, '/root/.pgpass'));
  symlinkSync('.', join(root, '/home/ann/loop'));
  writeFileSync(join(root, '/root/.netrc'), 'machine '.repeat(20_000));
  const { seen } = await lookAt(root);
  expect(seen).toContain('ssh-private-key /root/.ssh/id_rsa: null');
  expect(seen.join()).not.toContain('.pgpass');
  expect(seen.join()).not.toContain('.vault-token');
});
