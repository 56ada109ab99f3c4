/** Draws rows, and hands keys on: everything else is in pure modules beside it. */

import { Box, Text, useInput } from 'ink';
import { useSyncExternalStore } from 'react';
import type { InkKey } from './keys.ts';
import type { Row, ScreenTone } from './rows.ts';

const STYLES: Record<ScreenTone, { color?: string; bold?: boolean; dimColor?: boolean }> = {
  plain: {},
  title: { bold: true },
  heading: { bold: true },
  good: { color: 'green' },
  bad: { color: 'red' },
  warn: { color: 'yellow' },
  dim: { dimColor: true },
  accent: { color: 'cyan' },
};

/** Ink colours wherever a terminal can, also where NO_COLOR asks for none. */
function styleOf(tone: ScreenTone) {
  const { color, ...rest } = STYLES[tone];
  return color === undefined || process.env.NO_COLOR ? rest : { ...rest, color };
}

export interface ScreenProps {
  subscribe(listener: () => void): () => void;
  /** The rows as they are now; the same value as long as nothing changed. */
  rows(): readonly Row[];
  onKey(input: string, key: InkKey): void;
}

export function Screen({ subscribe, rows, onKey }: ScreenProps) {
  const drawn = useSyncExternalStore(subscribe, rows);
  useInput(onKey);
  return <Rows rows={drawn} />;
}

/** Rows below each other, one line each. */
export function Rows({ rows }: { rows: readonly Row[] }) {
  return (
    <Box flexDirection="column">
      {rows.map((row, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen
        <Text key={i} wrap="truncate">
          {row.length === 0 || row.every(({ text }) => text === '')
            ? ' '
            : row.map(({ text, tone }, n) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a span is its place in the row
                <Text key={n} {...styleOf(tone)}>
                  {text}
                </Text>
              ))}
        </Text>
      ))}
    </Box>
  );
}
