import { existsSync } from 'node:fs';
import type { Part } from './scene.ts';

const REPORT = '/srv/reports';
const SCRIPT = `#!/bin/bash
# Renders the reports of the day (played: it waits).
exec {idle}<> <(:) && wait $! 2> /dev/null
while :; do read -r -t 60 -u "$idle"; done
`;

/** Neighbours of what hides: a preloaded allocator, a name in brackets of its own, a working folder made anew. */
export function hidesOrdinary(): Part[] {
  const library = [
    '/usr/lib/x86_64-linux-gnu/libm.so.6',
    '/usr/lib64/libm.so.6',
    '/lib/libc.musl-x86_64.so.1',
  ].find((path) => existsSync(path));
  const script = `${REPORT}/render.sh`;
  const run = (what: string, more: object): Part => ({
    ...{
      kind: 'process',
      role: 'ordinary',
      what,
      file: '/bin/bash',
      args: [script],
      workingFolder: '/',
      ...more,
    },
  });
  return [
    { kind: 'file', role: 'ordinary', what: 'report script', path: script, text: SCRIPT, mode: 0o755 },
    {
      ...{ kind: 'file', role: 'stage', what: 'folder', path: `${REPORT}/out.1`, mode: 0o755 },
      ...{ isFolder: true, isGoneInTheEnd: true },
    },
    run('process whose working folder was made anew', { workingFolder: `${REPORT}/out.1` }),
    run('process with a title of its own', { calledAs: 'render: worker (idle)' }),
    ...(library === undefined
      ? []
      : [run('process with a library of a package preloaded', { environment: { LD_PRELOAD: library } })]),
  ];
}
