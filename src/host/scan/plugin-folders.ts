export interface PluginFolder {
  readonly patterns: readonly string[];
  /** Half a sentence. */
  readonly why: string;
  readonly isUnownedOnly?: true;
}

/** Of each all are loaded, or any by its name. Folders of servers’ modules are not here: a setting has to name one. */
export const PLUGIN_FOLDERS: readonly PluginFolder[] = [
  ...folders('sudo loads what lies there', '/usr/libexec/sudo/*.so', '/usr/lib/sudo/*.so'),
  ...folders(
    'programs that use SASL load all that lies there',
    '/usr/lib/*-linux-*/sasl2/*.so*',
    '/usr/lib64/sasl2/*.so*',
  ),
  ...folders(
    'programs that use Kerberos load all that lies there',
    '/usr/lib/*-linux-*/krb5/plugins/*/*.so',
    '/usr/lib64/krb5/plugins/*/*.so',
  ),
  ...folders(
    'programs that use GSSAPI load it by name',
    '/usr/lib/*-linux-*/gss/*.so',
    '/usr/lib64/gss/*.so',
  ),
  ...folders(
    'programs that use OpenSSL load it by name',
    '/usr/lib/*-linux-*/engines-*/*.so',
    '/usr/lib64/engines-*/*.so',
    '/usr/lib/*-linux-*/ossl-modules/*.so',
    '/usr/lib64/ossl-modules/*.so',
  ),
  ...folders(
    'programs that use GIO load all that lies there',
    '/usr/lib/*-linux-*/gio/modules/*.so',
    '/usr/lib64/gio/modules/*.so',
  ),
  {
    ...unownedOnly('programs that change character sets load it by name'),
    patterns: ['/usr/lib/*-linux-*/gconv/*.so', '/usr/lib64/gconv/*.so'],
  },
  {
    ...unownedOnly('iptables loads it by name'),
    patterns: ['/usr/lib/*-linux-*/xtables/*.so', '/usr/lib64/xtables/*.so', '/usr/lib/xtables/*.so'],
  },
];

function folders(why: string, ...patterns: readonly string[]): PluginFolder[] {
  return [{ why, patterns }];
}

function unownedOnly(why: string): Pick<PluginFolder, 'why' | 'isUnownedOnly'> {
  return { why, isUnownedOnly: true };
}
