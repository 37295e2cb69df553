/** A list of a hundred rows as Ink draws it by itself: what ours is held against. ↓ moves, q leaves. */
import { Box, render, Text, useApp, useInput } from 'ink';
import { useState } from 'react';

function List() {
  const { exit } = useApp();
  const [at, setAt] = useState(0);
  useInput((input, key) => {
    if (key.downArrow) setAt((now) => Math.min(99, now + 1));
    if (key.upArrow) setAt((now) => Math.max(0, now - 1));
    if (input === 'q') exit();
  });
  const height = (process.stdout.rows ?? 24) - 2;
  const top = Math.max(0, Math.min(at - Math.floor(height / 2), 100 - height));
  return (
    <Box flexDirection="column" borderStyle="single" height={height + 2}>
      {Array.from({ length: height }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its place.
        <Text key={row} inverse={top + row === at}>
          {`· Look at part ${top + row + 1} of the host`}
        </Text>
      ))}
    </Box>
  );
}

render(<List />, { alternateScreen: true, maxFps: 60 });
