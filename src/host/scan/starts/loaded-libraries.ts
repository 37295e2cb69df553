import { pathsLike } from '../paths-like.ts';
import { parseLines, type StartReader, type StartText } from './start-reader.ts';

/** A file of settings by which a program loads a library into itself, and how a line of it names one. */
interface LoadingFile {
  readonly paths: readonly string[];
  /** The last group that took part is the library: by its whole path, or as a name in `folders`. */
  readonly form: RegExp;
}

/** Each as the program’s manual has it. Names without a folder are looked for in the program’s own, which packages fill. */
const LOADING: readonly LoadingFile[] = [
  // config(5) of OpenSSL: engines, providers, and what is read in.
  {
    paths: [
      '/etc/ssl/openssl.cnf',
      '/etc/pki/tls/openssl.cnf',
      '/etc/pki/tls/openssl.d/*',
      '/usr/lib/ssl/openssl.cnf',
      '/usr/local/ssl/openssl.cnf',
      '/etc/ssl/openssl.cnf.d/*',
    ],
    form: /^\s*(?:\d+\.)?(?:dynamic_path|SO_PATH|module)\s*=\s*["']?(\/[^"'\s]+)|^\s*\.include\s*=?\s*["']?(\/[^"'\s]+)/,
  },
  // gconv-modules of iconv(3): `module FROM// TO// FILE COST`.
  {
    paths: [
      '/usr/lib/*-linux-*/gconv/gconv-modules',
      '/usr/lib/*-linux-*/gconv/gconv-modules.d/*.conf',
      '/usr/lib64/gconv/gconv-modules',
      '/usr/lib64/gconv/gconv-modules.d/*.conf',
    ],
    form: /^\s*module\s+\S+\s+\S+\s+(\/\S+)/,
  },
  // mech(5) of MIT Kerberos: `NAME OID LIBRARY`; krb5.conf(5), [plugins].
  { paths: ['/etc/gss/mech', '/etc/gss/mech.d/*.conf'], form: /^\s*\S+\s+[\d.]+\s+(\/\S+)/ },
  {
    paths: ['/etc/krb5.conf', '/etc/krb5.conf.d/*', '/etc/krb5kdc/kdc.conf', '/var/lib/krb5kdc/kdc.conf'],
    form: /^\s*module\s*=\s*\w+:(\/\S+)|^\s*(?:plugin_base_dir|db_module_dir)\s*=\s*(\/\S+)|^\s*include(?:dir)?\s+(\/\S+)/,
  },
  // pkcs11.conf(5) of p11-kit; `remote: |COMMAND` starts a program.
  {
    paths: ['/etc/pkcs11/modules/*', '/usr/share/p11-kit/modules/*'],
    form: /^\s*module\s*:\s*(\/\S+)|^\s*remote\s*:\s*\|\s*(\S.*)$/,
  },
  // mod_so of Apache, and load_module of nginx.
  {
    paths: [
      ...[
        '/etc/apache2/*.conf',
        '/etc/apache2/mods-enabled/*',
        '/etc/apache2/conf-enabled/*',
        '/etc/apache2/sites-enabled/*',
        '/etc/apache2/conf.d/*',
      ],
      ...['/etc/httpd/conf/*.conf', '/etc/httpd/conf.d/*.conf', '/etc/httpd/conf.modules.d/*.conf'],
    ],
    form: /^\s*(?:LoadModule\s+\S+|LoadFile)\s+["']?(\/[^"'\s]+)/i,
  },
  {
    paths: [
      '/etc/nginx/nginx.conf',
      '/etc/nginx/modules-enabled/*',
      '/etc/nginx/modules/*.conf',
      '/etc/nginx/conf.d/*.conf',
      '/usr/share/nginx/modules/*.conf',
    ],
    form: /^\s*load_module\s+["']?(\/[^"';\s]+)/,
  },
];

/** Settings by which programs that everybody uses, or servers, load a library into themselves: it runs in each of them. */
export const loadedLibraries: StartReader = {
  mechanism: 'loaded-library',
  *list(look, scope) {
    for (const { paths, form } of LOADING) {
      const parse = ({ text }: StartText) =>
        parseLines(text, (line) =>
          form
            .exec(line)
            ?.slice(1)
            .findLast((group) => group !== undefined),
        );
      for (const pattern of paths)
        for (const path of pathsLike(look, scope, pattern)) yield { path, account: null, as: 'lines', parse };
    }
  },
};
