import { elf, type Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/tmp/.X11-unix/x': elf('m', 0o644),
    '/tmp/.ICE-unix/note': 'text',
    '/tmp/.X11-unix/.X0-lock': '',
    '/usr/lib/... /run': elf('x'),
    '/root/.ssh/config': 'Host *\n',
  },
  blamed: [
    { path: '/tmp/.X11-unix/x', verdict: 'malicious', code: 'file-among-sockets', attack: 'T1564.001' },
    { path: '/tmp/.ICE-unix/note', verdict: 'suspicious', code: 'file-among-sockets', attack: 'T1564.001' },
  ],
  passed: ['/root/.ssh/config'],
};
