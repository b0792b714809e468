import { spellInvisible } from './mark-invisible.ts';
import { withMarks } from './with-marks.tsx';

interface Foreign {
  readonly text: string;
  /** As a tooltip too, for where the text may be cut. */
  readonly isTitled?: boolean;
}

/** A text that somebody else wrote, such as a jobId or an error: nothing of it is hidden, or turns what stands around it. */
export function ForeignText({ text, isTitled = false }: Foreign) {
  return <bdi title={isTitled ? spellInvisible(text) : undefined}>{withMarks(text, false)}</bdi>;
}
