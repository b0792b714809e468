import { Paper, ScrollArea } from '@mantine/core';
import { withMarks } from './with-marks.tsx';

/** A text as it stands, however long: it scrolls within its own box and can be reached by keyboard. */
export function TextBlock({
  text,
  label,
  maxHeight = 320,
}: {
  readonly text: string;
  readonly label: string;
  readonly maxHeight?: number;
}) {
  return (
    <Paper withBorder p="xs">
      <ScrollArea.Autosize mah={maxHeight} viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': label }}>
        <pre className="text-block">{withMarks(text, true)}</pre>
      </ScrollArea.Autosize>
    </Paper>
  );
}
