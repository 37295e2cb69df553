import { type EntryReader, replacing } from './reading.ts';

const PORTS = /tcp:\/\/([^"\s,]*?)(?::(\d+))?(?=["\s,]|$)/;
const ADVICE =
  'Whoever reaches the Docker API is root. Keep to the socket; for use from elsewhere go through SSH (docker context), or TLS with client certificates.';

/** `hosts` of daemon.json (docs.docker.com, “Configure remote access for Docker daemon”). A list on one line can be set right. */
export const readDaemonJson: EntryReader = (lines) => {
  const text = lines.join('\n');
  if (/"tlsverify"\s*:\s*true/.test(text)) return [];
  const index = lines.findIndex((line) => PORTS.test(line));
  const match = PORTS.exec(lines[index] ?? '');
  if (match === null || isLoopback(match[1] ?? '')) return [];
  const line = lines[index] ?? '';
  const list = /^(\s*"hosts"\s*:\s*\[)([^\]]*)(\].*)$/.exec(line);
  const kept = list?.[2]?.split(',').filter((item) => !item.includes('tcp://')) ?? [];
  const replaced = list === null || kept.length === 0 ? null : `${list[1]}${kept.join(',').trim()}${list[3]}`;
  return [
    {
      what: 'Docker answers over the network without TLS',
      line: index + 1,
      value: match[0],
      port: Number(match[2] ?? 2375),
      isOpenToAll: true,
      advice: ADVICE,
      ...(replaced === null ? {} : replacing(lines, index, replaced)),
    },
  ];
};

/** `-H tcp://…` on the command line of a unit or in /etc/default/docker. */
export const readDockerUnit: EntryReader = (lines) =>
  lines.flatMap((line, index) => {
    if (!/^\s*(ExecStart|DOCKER_OPTS|OPTIONS)\s*=/.test(line) || /--tlsverify(?!=false)/.test(line))
      return [];
    const match = PORTS.exec(line);
    if (match === null || isLoopback(match[1] ?? '')) return [];
    const without = line.replace(/\s+(-H|--host)[=\s]+["']?tcp:\/\/[^\s"']+["']?/g, '');
    return [
      {
        what: 'Docker answers over the network without TLS',
        line: index + 1,
        value: match[0],
        port: Number(match[2] ?? 2375),
        isOpenToAll: true,
        advice: ADVICE,
        ...(without === line ? {} : replacing(lines, index, without)),
      },
    ];
  });

function isLoopback(address: string): boolean {
  return /^(127\.|localhost|\[::1\])/.test(address);
}
