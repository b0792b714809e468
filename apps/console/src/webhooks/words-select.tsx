import { MultiSelect } from '@mantine/core';
import type { RefObject } from 'react';
import { grows } from './filter-sizes.ts';

/** At its widest while it holds no more than one. */
const ONE_PX = 160;
/** How much it may be narrower than its widest before it takes a line of its own. */
const SHRINKS_PX = 30;

interface Props<Word extends string> {
  readonly label: string;
  /** What holds while nothing is chosen. */
  readonly anyLabel: string;
  readonly words: readonly Word[];
  /** What each is called; as it is, unless given. */
  readonly names?: Readonly<Record<Word, string>>;
  readonly chosen: readonly Word[];
  /** Told the chosen words with commas between; `undefined`: none. */
  readonly onChange: (words: string | undefined) => void;
  /** px, while several are chosen. */
  readonly widestPx: number;
  readonly field?: RefObject<HTMLInputElement | null>;
}

/** Several of a few words. */
export function WordsSelect<Word extends string>(props: Props<Word>) {
  const { label, anyLabel, words, names, chosen, onChange, widestPx, field } = props;
  return (
    <MultiSelect
      {...(field && { ref: field })}
      aria-label={label}
      placeholder={chosen.length === 0 ? anyLabel : undefined}
      clearable
      clearButtonProps={{ 'aria-label': anyLabel }}
      style={chosen.length < 2 ? grows : { flex: `1 1 ${widestPx - SHRINKS_PX}px` }}
      maw={chosen.length < 2 ? ONE_PX : widestPx}
      data={words.map((value) => ({ value, label: names?.[value] ?? value }))}
      value={[...chosen]}
      onChange={(picked) => onChange(picked.length === 0 ? undefined : picked.join(','))}
    />
  );
}
