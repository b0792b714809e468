import { TextInput, type TextInputProps } from '@mantine/core';
import { useEffect, useState } from 'react';

interface Props extends Omit<TextInputProps, 'label' | 'title' | 'value' | 'error' | 'onChange'> {
  readonly label: string;
  readonly value: string;
  readonly onSettle: (text: string) => void;
  /** Why a text cannot stand there; `null`: it can. */
  readonly problemOf?: (text: string) => string | null;
}

/** A field that says what it holds once it is left, or with Enter: a date that is being typed is no date yet. */
export function SettledInput({ label, value, onSettle, problemOf, ...input }: Props) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const problem = problemOf?.(text) ?? null;
  const tell = (): void => {
    if (text !== value && problem === null) onSettle(text);
  };
  return (
    <TextInput
      {...input}
      aria-label={label}
      title={label}
      value={text}
      error={problem}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={tell}
      onKeyDown={({ key, currentTarget }) => {
        if (key === 'Enter') tell();
        if (key === 'Escape') currentTarget.blur();
      }}
    />
  );
}
