import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redact } from '../../src/text/redact.ts';

const S = 'S3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3cr';

/** Text, the secret within it, and how it reads afterwards. Tokens are put together so that no scanner takes them for real ones. */
const SECRETS: readonly (readonly [title: string, text: string, shown: string])[] = [
  [
    'a private key',
    `x -----BEGIN OPENSSH PRIVATE KEY-----\n${S}\n-----END OPENSSH PRIVATE KEY----- y`,
    'x [redacted private key] y',
  ],
  [
    'a private key cut off at its end',
    `-----BEGIN RSA PRIVATE KEY-----\n${S}\n${S}`,
    '[redacted private key]',
  ],
  [
    'a private key cut off at its beginning',
    `${S}\n${S}\n-----END RSA PRIVATE KEY-----\nrest`,
    '\n[redacted private key]\nrest',
  ],
  [
    'a private key within JSON',
    `{"k":"-----BEGIN PRIVATE KEY-----\\n${S}\\n-----END PRIVATE KEY-----\\n"}`,
    '{"k":"[redacted private key]\\n"}',
  ],
  [
    'a header',
    `GET /\nAuthorization: Bearer ${S}\nHost: x`,
    'GET /\nAuthorization: Bearer [redacted authorization]\nHost: x',
  ],
  [
    'a header on a command line',
    `curl -H 'Authorization: ${S}' http://h/`,
    "curl -H 'Authorization: [redacted authorization]' http://h/",
  ],
  ['a cookie', `Cookie: session=${S}; a=b`, 'Cookie: [redacted cookie]'],
  [
    'an address with a password',
    `git clone https://ana:${S}@git.example/x`,
    'git clone https://ana:[redacted password]@git.example/x',
  ],
  [
    'a shadow line',
    `root:$6$salt$${S}:19000:0:99999:7:::`,
    'root:[redacted password hash]:19000:0:99999:7:::',
  ],
  ['a yescrypt hash', `$y$j9T$salt$${S}:x`, '[redacted password hash]:x'],
  ['a bcrypt hash', `$2b$12$${S}`, '[redacted password hash]'],
  ['an AWS key', `${'AK'}IAABCDEFGHIJKLMNOP`, '[redacted aws key]'],
  ['an Aliyun key', `id ${'LT'}AI5tABCDEFGHIJKLMNOPQR .`, 'id [redacted aliyun key] .'],
  ['a GCP key', `${'AI'}za${'a'.repeat(35)}`, '[redacted gcp key]'],
  ['a GitHub token', `${'gh'}p_${'a'.repeat(36)}`, '[redacted github token]'],
  ['a GitLab token', `${'gl'}pat-${'a'.repeat(20)}`, '[redacted gitlab token]'],
  ['a Slack token', `${'xo'}xb-1234567890-abcdef`, '[redacted slack token]'],
  [
    'a Slack hook',
    `https://hooks.slack.com/services/T000/B000/${S}`,
    'https://hooks.slack.com/services/[redacted slack token]',
  ],
  ['a JSON web token', `ey${'J'}hbGciOiJI.eyJzdWIiOiIx.${S}`, '[redacted token]'],
  ['a variable', `DB_PASSWORD=${S} ./x`, 'DB_PASSWORD=[redacted password] ./x'],
  [
    'a YAML value',
    `aws_secret_access_key: ${S}\nregion: x`,
    'aws_secret_access_key: [redacted password]\nregion: x',
  ],
  ['a JSON value', `{"password": "${S} \\" ${S}", "a": 1}`, '{"password": [redacted password], "a": 1}'],
  ['a JSON value within JSON', `"{\\"token\\": \\"${S}\\"}"`, '"{\\"token\\": [redacted password]}"'],
  ['an option', `app --api-key ${S} -v`, 'app --api-key [redacted password] -v'],
  ['an option with =', `app --password=${S} -v`, 'app --password=[redacted password] -v'],
  ['sshpass', `sshpass -p ${S} ssh h`, 'sshpass -p [redacted password] ssh h'],
  ['mysql', `mysql -uroot -p${S} db`, 'mysql -uroot -p[redacted password] db'],
  ['curl -u', `curl -s -u ana:${S} h`, 'curl -s -u ana:[redacted password] h'],
  [
    'docker login',
    `docker login -u ana -p ${S} r.example`,
    'docker login -u ana -p [redacted password] r.example',
  ],
  ['docker config', `{"auths": {"r": {"auth": "${S}"}}}`, '{"auths": {"r": {"auth": [redacted password]}}}'],
  ['smbclient', `smbclient -U ana%${S} //h/s`, 'smbclient -U ana%[redacted password] //h/s'],
  ['chpasswd', `echo "root:${S}" | chpasswd -m`, 'echo "root:[redacted password] | chpasswd -m'],
  ['passwd --stdin', `echo ${S}|passwd ana --stdin`, 'echo [redacted password] |passwd ana --stdin'],
  ['netrc', `machine h login ana password ${S} x`, 'machine h login ana password [redacted password] x'],
  ['redis', `requirepass ${S}\nport 6379`, 'requirepass [redacted password]\nport 6379'],
  ['SQL', `CREATE USER a IDENTIFIED BY '${S}';`, 'CREATE USER a IDENTIFIED BY [redacted password];'],
  ['an environment', `A=1\0DB_PASSWORD=${S}\0HOME=/root`, 'A=1\0DB_PASSWORD=[redacted password]\0HOME=/root'],
  ['a WireGuard key', `PrivateKey = ${S}=\nAddress = x`, 'PrivateKey = [redacted password]\nAddress = x'],
  ['an address in a query', `http://h/?token=${S}&a=1`, 'http://h/?token=[redacted password]&a=1'],
];

describe('secrets are taken out and what is around them stays', () => {
  test.each(SECRETS)('%s', (_title, text, shown) => {
    expect(redact(text)).toBe(shown);
    expect(redact(text)).not.toContain('S3cr3t');
  });
});

test.each([
  'xmrig -o stratum+tcp://pool.example:3333 -u 44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A -p x',
  '{"pass": "x", "user": "wallet"}',
  'PasswordAuthentication no',
  'export TOKEN=(secret, not shown)',
  'PWD=/home/ana OLDPWD=/root',
  'expire-password ana',
  'nft add rule inet tourniquet out ip daddr 10.66.0.9 drop',
  'SHA256:uNiVztksCsDhcc0u9e8BrrJXVQp1XSZvA2eR5aWvE+s',
  'sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
])('what is evidence stays: %s', (text) => {
  expect(redact(text)).toBe(text);
});

test.each(SECRETS)('a second time changes nothing more: %s', (_title, text) => {
  expect(redact(redact(text))).toBe(redact(text));
});

test('in whatever company it stands, no secret is left', () => {
  const piece = fc.oneof(
    fc.constantFrom(...SECRETS.map(([, text]) => text)),
    fc.string({ maxLength: 12 }).filter((text) => !/["'`]/.test(text)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      expect(redact(pieces.join('\n'))).not.toContain('S3cr3t');
    }),
    { numRuns: 400 },
  );
});

test('a long hostile text takes no long time', () => {
  const startedAt = performance.now();
  for (const piece of [
    'a',
    '-----BEGIN PRIVATE KEY-----',
    'password',
    'password=',
    'x://',
    'eyJaaaaaaaa.',
    'curl -u ',
    'AAAA\n',
    '$6$',
    'mysql ',
    '--token ',
    "authorization:'",
  ]) {
    redact(piece.repeat(Math.ceil(65_536 / piece.length)));
  }
  expect(performance.now() - startedAt).toBeLessThan(8000);
});
