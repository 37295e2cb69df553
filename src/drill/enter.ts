import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TRUSTED_FOLDERS } from '../host/tool-lookup.ts';
import { DROP_ARGUMENT, PEER, SANDBOX_ADDRESS } from './places.ts';
import type { SandboxRecord } from './sandbox-record.ts';

/**
 * An argv that runs `argv` inside the sandbox as its root, with a clean environment and without the capabilities
 * that reach past it. The session looks like one that came by SSH from the responder's pretend address.
 *
 * `--wdns=/`: without it the working folder stays outside. `--preserve-credentials` as an ordinary user: setgroups
 * is not allowed there, and the user is uid 0 inside already.
 */
export function enterCommand(record: SandboxRecord, argv: readonly string[]): string[] {
  return [
    locate('nsenter'),
    '--target',
    String(record.initPid),
    ...(record.mode === 'user' ? ['--user', '--preserve-credentials'] : []),
    ...['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--wdns=/', '--'],
    ...[locate('setpriv'), '--bounding-set', DROP_ARGUMENT, '--inh-caps', DROP_ARGUMENT, '--'],
    ...[
      locate('env'),
      '-i',
      ...Object.entries(INSIDE_ENVIRONMENT).map(([name, value]) => `${name}=${value}`),
    ],
    ...(process.env.TERM ? [`TERM=${process.env.TERM}`] : []),
    ...argv,
  ];
}

const INSIDE_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: TRUSTED_FOLDERS.join(':'),
  HOME: '/root',
  USER: 'root',
  LOGNAME: 'root',
  SHELL: '/bin/bash',
  LANG: 'C.UTF-8',
  SSH_CONNECTION: `${PEER.address} 50022 ${SANDBOX_ADDRESS} 22`,
};

function locate(name: string): string {
  const folder = TRUSTED_FOLDERS.find((candidate) => existsSync(join(candidate, name)));
  return folder === undefined ? name : join(folder, name);
}
