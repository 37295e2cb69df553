import { type ParsedStart, placesIn, type StartReader, type StartText } from './start-reader.ts';

/** Commands of interfaces(5): ifup runs them as root whenever an interface comes or goes. */
export const networkInterfaces: StartReader = {
  mechanism: 'network-interface',
  *list(look, scope) {
    const rest = { as: 'lines', parse: parseInterfaces } as const;
    yield { path: '/etc/network/interfaces', account: null, ...rest };
    yield* placesIn(look, scope, '/etc/network/interfaces.d', rest);
  },
};

function parseInterfaces({ text }: StartText): ParsedStart {
  const commands = text.split('\n', 5000).flatMap((line, index) => {
    const command = /^\s*(?:pre-up|up|post-up|down|pre-down|post-down)\s+(.+)$/.exec(
      line.slice(0, 4096),
    )?.[1];
    return command === undefined ? [] : [{ text: command, line: index + 1 }];
  });
  return { commands, isNothing: commands.length === 0 };
}
