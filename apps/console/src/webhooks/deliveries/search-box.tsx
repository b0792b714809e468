import { CloseButton, Kbd, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type RefObject, useEffect, useState } from 'react';
import type { DeliveryFilter } from './delivery-filter.ts';
import { readSearch } from './read-search.ts';

interface Box {
  readonly jobId: string | undefined;
  readonly onChange: (fields: Partial<DeliveryFilter>) => void;
  readonly onOpen: (deliveryId: string) => void;
  readonly box: RefObject<HTMLInputElement | null>;
}

const FINDS = 'Exact jobId, or an id: dlv_… evt_… ep_…';

/** Takes any id as it was pasted, or a whole jobId and Enter. */
export function SearchBox({ jobId, onChange, onOpen, box }: Box) {
  const [text, setText] = useState(jobId ?? '');
  const [refusal, setRefusal] = useState<string | null>(null);
  const navigate = useNavigate();
  useEffect(() => setText(jobId ?? ''), [jobId]);
  const apply = (typed: string): void => {
    const result = readSearch(typed);
    setRefusal(result.kind === 'refused' ? result.reason : null);
    if (result.kind === 'narrow') onChange(result.fields);
    if (result.kind === 'go') void navigate({ href: result.href });
    if (result.kind !== 'open') return;
    onOpen(result.deliveryId);
    setText(jobId ?? '');
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
        placeholder={FINDS}
        title={FINDS}
        error={refusal}
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
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          setRefusal(null);
        }}
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
