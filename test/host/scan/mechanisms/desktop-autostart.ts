import type { Pair } from './pair.ts';

export const pair: Pair = {
  tree: {
    '/home/ann/.config/autostart/pulse.desktop':
      '[Desktop Entry]\nType=Application\nExec=/dev/shm/.pulse/pulse %U\n',
    '/home/ann/.config/autostart/chat.desktop':
      '[Desktop Entry]\nType=Application\nExec=/opt/chat/chat --hidden\n',
  },
  blamed: [
    {
      path: '/home/ann/.config/autostart/pulse.desktop',
      line: 3,
      verdict: 'malicious',
      code: 'temp-folder',
      attack: 'T1547.013',
    },
  ],
  passed: ['chat.desktop'],
};
