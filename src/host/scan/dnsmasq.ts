import { type Look, listFolder } from './look.ts';

/** dnsmasq.conf, and the folders that Debian, RHEL, Alpine and NetworkManager have it read. */
export function dnsmasqFiles(look: Look): string[] {
  const folders = ['/etc/dnsmasq.d', '/etc/NetworkManager/dnsmasq.d', '/etc/NetworkManager/dnsmasq-shared.d'];
  const inFolders = folders.flatMap((folder) =>
    listFolder(look, 'sources', folder)
      .filter((name) => !/^[#.]|[~]$|\.dpkg-/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  return ['/etc/dnsmasq.conf', ...inFolders];
}

/** `address=/example.org/www.example.org/0.0.0.0` (dnsmasq(8)): what hosts(5) says, of these names and all below them. */
export function parseDnsmasqAddress(line: string): { address: string; names: string[] } | null {
  const value = /^\s*(?:address|host-record)\s*=\s*(\S+)/.exec(line.replace(/#.*$/, ''))?.[1]?.toLowerCase();
  if (value === undefined) return null;
  const words = value.split(/[/,]/).filter(Boolean);
  const names = words.filter((word) => !ADDRESS.test(word));
  // No address at all means that there is none, which is as good as a sink.
  const address = words.find((word) => ADDRESS.test(word)) ?? '0.0.0.0';
  return names.length === 0 ? null : { address, names };
}

const ADDRESS = /^(\d+(\.\d+){3}|[0-9a-f]*:[0-9a-f:.]*)$/;
