/**
 * What ours is held against, as Ink draws it by itself. ↓ moves, q leaves.
 *   list           a hundred rows
 *   stream         rows beside the last lines of an output, 20,000 a second
 */
import { Box, render, Text, useApp, useInput } from 'ink';
import { useEffect, useState } from 'react';
import './loop-gap.ts';
import { stream } from './stream-lines.ts';

const [, , what = 'list'] = process.argv;

function List() {
  const { exit } = useApp();
  const [at, setAt] = useState(0);
  useInput((input, key) => {
    if (key.downArrow) setAt((now) => Math.min(99, now + 1));
    if (key.upArrow) setAt((now) => Math.max(0, now - 1));
    if (input === 'q') exit();
  });
  const [tail, setTail] = useState<readonly string[]>([]);
  useEffect(() => {
    if (what === 'stream') return stream((lines) => setTail((before) => [...before, ...lines].slice(-200)));
    return undefined;
  }, []);
  const height = (process.stdout.rows ?? 24) - 2;
  const top = Math.max(0, Math.min(at - Math.floor(height / 2), 100 - height));
  return (
    <Box flexDirection="column" borderStyle="single" height={height + 2}>
      {Array.from({ length: height }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its place.
        <Text key={row} inverse={top + row === at}>
          {`${top + row === at ? '❯' : '·'} Look at part ${top + row + 1} of the host ${tail.at(row - height)?.slice(0, 40) ?? ''}`}
        </Text>
      ))}
    </Box>
  );
}

render(<List />, { alternateScreen: true, maxFps: 60 });
