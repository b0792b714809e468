import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type RefObject, useEffect, useState } from 'react';
import type { DeliveryFilter } from './delivery-filter.ts';
import { readSearch } from './read-search.ts';

interface Box {
  readonly jobId: string | undefined;
  readonly onChange: (fields: Partial<DeliveryFilter>) => void;
  readonly onOpen: (deliveryId: string) => void;
  readonly box: RefObject<HTMLInputElement | null>;
}

/** Takes any id as it was pasted, or a jobId and Enter. */
export function SearchBox({ jobId, onChange, onOpen, box }: Box) {
  const [text, setText] = useState(jobId ?? '');
  useEffect(() => setText(jobId ?? ''), [jobId]);
  const apply = (typed: string): void => {
    const result = readSearch(typed);
    if (result.kind === 'narrow') onChange(result.fields);
    else onOpen(result.deliveryId);
    if (result.kind === 'open' || !('jobId' in result.fields)) setText(jobId ?? '');
  };
  return (
    <form
      role="search"
      style={{ flex: '2 1 260px', maxWidth: 400 }}
      onSubmit={(event) => {
        event.preventDefault();
        apply(text);
      }}
    >
      <TextInput
        ref={box}
        aria-label="Search"
        placeholder="jobId, or an id: dlv_… ep_… evt_…"
        spellCheck={false}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={
          text === '' ? (
            <Kbd size="xs">/</Kbd>
          ) : (
            <CloseButton size="sm" aria-label="Clear the search" onClick={() => apply('')} />
          )
        }
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onPaste={(event) => {
          const pasted = event.clipboardData.getData('text');
          if (text !== '' || pasted.trim() === '') return;
          event.preventDefault();
          setText(pasted.trim());
          apply(pasted);
        }}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Escape') currentTarget.blur();
        }}
      />
    </form>
  );
}
