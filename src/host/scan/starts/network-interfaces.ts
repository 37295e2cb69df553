import { includedFiles } from './included-files.ts';
import {
  firstGroup,
  type ParsedStart,
  parseJoinedLines,
  parseLines,
  placesIn,
  type StartReader,
  type StartText,
} from './start-reader.ts';

/**
 * Commands of interfaces(5), wg-quick(8), openvpn(8), dhclient.conf(5) and dhcpcd.conf(5): run as root whenever an
 * interface, a tunnel or a lease comes or goes.
 */
export const networkInterfaces: StartReader = {
  mechanism: 'network-interface',
  *list(look, scope) {
    const rest = { as: 'lines', account: null } as const;
    const main = '/etc/network/interfaces';
    const parts = [
      ...placesIn(look, scope, '/etc/network/interfaces.d', { ...rest, parse: parseInterfaces }),
    ];
    const files = [main, ...parts.map(({ path }) => path)];
    for (const path of [...files, ...includedFiles(look, scope, files, sourcesOf)])
      yield { path, ...rest, parse: parseInterfaces };
    yield* placesIn(look, scope, '/etc/wireguard', { ...rest, name: /\.conf$/, parse: parseWireGuard });
    const tunnels = ['/etc/openvpn', '/etc/openvpn/client', '/etc/openvpn/server'].flatMap((folder) => [
      ...placesIn(look, scope, folder, { ...rest, name: /\.(conf|ovpn)$/, parse: parseTunnel }),
    ]);
    const tunnelFiles = tunnels.map(({ path }) => path);
    for (const path of [...tunnelFiles, ...includedFiles(look, scope, tunnelFiles, configsOf)])
      yield { path, ...rest, parse: parseTunnel };
    for (const path of LEASES) yield { path, ...rest, parse: parseLease };
  },
};

const LEASES = ['/etc/dhcp/dhclient.conf', '/etc/dhclient.conf', '/etc/dhcp/dhcpd.conf', '/etc/dhcpcd.conf'];

function sourcesOf(line: string): string[] {
  return /^\s*source(?:-directory)?\s+(.*)$/.exec(line)?.[1]?.trim().split(/\s+/) ?? [];
}

function configsOf(line: string): string[] {
  return /^\s*(?:--)?config\s+["']?([^\s"']+)/.exec(line)?.slice(1) ?? [];
}

const INTERFACE = /^\s*(?:(?:pre|post)-)?(?:up|down)\s+(\S.*)$|^\s*script\s+(\S+)/;

/** A backslash at the end of a line has it go on; `script` is a mapping's. */
function parseInterfaces({ text }: StartText): ParsedStart {
  return parseJoinedLines(text, (line) => firstGroup(INTERFACE.exec(line)));
}

/** wg-quick(8) takes the keys in any case. */
function parseWireGuard({ text }: StartText): ParsedStart {
  return parseLines(text, (line) => /^\s*(?:pre|post)(?:up|down)\s*=\s*(\S.*)$/i.exec(line)?.[1]);
}

/** Options may have their `--`, and arguments either kind of quotes. */
const TUNNEL =
  /^\s*(?:--)?(?:up|down|route-up|route-pre-down|ipchange|tls-verify|tls-crypt-v2-verify|auth-user-pass-verify|client-(?:dis)?connect|client-crresponse|learn-address|iproute|plugin|providers)\s+(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S.*))$/;

function parseTunnel({ text }: StartText): ParsedStart {
  return parseLines(text, (line) => {
    const plain = line.trimEnd().replace(/(["'])\s+[#;].*$/, '$1');
    return firstGroup(TUNNEL.exec(plain))?.replace(/\\(["\\])/g, '$1');
  });
}

/** `script "x";` and `execute("x", "y");` of ISC’s; `script x` of dhcpcd. */
const LEASE = /^\s*script\s+"?([^"\s;]+)|\bexecute\s*\(\s*"([^"]*)"/;

function parseLease({ text }: StartText): ParsedStart {
  return parseLines(text, (line) => firstGroup(LEASE.exec(line)));
}
