import { type ParsedStart, parseLines, placesIn, type StartReader, type StartText } from './start-reader.ts';

/** Commands of interfaces(5), wg-quick(8) and openvpn(8): run as root whenever an interface or a tunnel comes or goes. */
export const networkInterfaces: StartReader = {
  mechanism: 'network-interface',
  *list(look, scope) {
    const rest = { as: 'lines', parse: parseInterfaces } as const;
    yield { path: '/etc/network/interfaces', account: null, ...rest };
    yield* placesIn(look, scope, '/etc/network/interfaces.d', rest);
    for (const folder of ['/etc/wireguard', '/etc/openvpn', '/etc/openvpn/client', '/etc/openvpn/server'])
      yield* placesIn(look, scope, folder, { ...rest, name: /\.(conf|ovpn)$/ });
  },
};

const COMMAND =
  /^\s*(?:(?:pre-up|up|post-up|down|pre-down|post-down|route-up|route-pre-down|ipchange|tls-verify|auth-user-pass-verify|client-(?:dis)?connect|learn-address)\s+|(?:Pre|Post)(?:Up|Down)\s*=\s*)(?:"(.+)"|(\S.*))$/;

function parseInterfaces({ text }: StartText): ParsedStart {
  return parseLines(text, (line) => {
    const [, quoted, bare] = COMMAND.exec(line.trimEnd()) ?? [];
    return quoted ?? bare;
  });
}
