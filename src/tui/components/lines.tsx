import { Box, Text } from 'ink';
import { memo } from 'react';
import { BLANK, type Row } from '../look/cells.ts';
import { paint, type Theme } from '../look/theme.ts';

/**
 * A whole screen: exactly so many rows of exactly so many columns, one <Text> each. A frame higher than the
 * terminal would scroll it, so what is too much is left out.
 */
export function Lines({
  rows,
  columns,
  height,
  theme,
}: {
  rows: readonly Row[];
  columns: number;
  height: number;
  theme: Theme;
}) {
  return (
    <Box flexDirection="column" width={columns} height={height}>
      {Array.from({ length: height }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its place.
        <Line key={index} text={paint(rows[index] ?? BLANK, columns, theme)} />
      ))}
    </Box>
  );
}

/** Drawn again only when its text is another one. */
const Line = memo(function Line({ text }: { text: string }) {
  return <Text wrap="truncate">{text}</Text>;
});
