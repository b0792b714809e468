import { VisuallyHidden } from '@mantine/core';
import { createSpotlight, Spotlight, type SpotlightActionData, useSpotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { failedOutcomes } from '../webhooks/attempts/attempt-filter.ts';
import { useMay, useViews } from './use-session.ts';
import { viewOfId } from './view-of-id.ts';

const [store, palette] = createSpotlight();

/** Leads to every view, and to whatever a pasted id names. @param asked how often it was; each time it opens or closes */
export function Palette({ asked }: { readonly asked: number }) {
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const heard = useRef(0);
  useEffect(() => {
    if (heard.current !== asked) palette.toggle();
    heard.current = asked;
  }, [asked]);
  const found = viewOfId(query.trim());
  const views = useViews();
  const mayRead = useMay('webhooks:read');
  const actions: SpotlightActionData[] = [
    ...(found ? [{ id: 'id', label: `Open ${query.trim()}`, onClick: () => void navigate({ href: found }) }] : []),
    ...views.map(({ to, label, key, icon: Icon }) => ({
      id: to,
      label,
      description: `g then ${key}`,
      leftSection: <Icon size={18} aria-hidden />,
      onClick: () => void navigate({ to }),
    })),
    ...(mayRead
      ? [
          ...[
            { id: 'failed', label: 'Failed deliveries', status: 'failed' },
            { id: 'retrying', label: 'Deliveries that are retrying', status: 'retrying' },
          ].map(({ status, ...action }) => ({
            ...action,
            onClick: () => void navigate({ to: '/webhooks', search: { status } }),
          })),
          ...[
            { id: 'attempts', label: 'Attempts', search: {} },
            { id: 'failed-attempts', label: 'Failed attempts', search: { outcome: failedOutcomes } },
          ].map(({ search, ...action }) => ({
            ...action,
            onClick: () => void navigate({ to: '/webhooks/attempts', search }),
          })),
        ]
      : []),
  ];
  return (
    <>
      <Spotlight
        store={store}
        actions={actions}
        query={query}
        onQueryChange={setQuery}
        shortcut={null}
        nothingFound="Nothing of that name"
        title={<VisuallyHidden>Command palette</VisuallyHidden>}
        styles={{ header: { padding: 0, minHeight: 0 } }}
        searchProps={{
          leftSection: <IconSearch size={18} aria-hidden />,
          placeholder: 'Go to a view, or paste an id',
          'aria-label': 'Go to',
        }}
      />
      <SelectedAction />
    </>
  );
}

/** Arrow keys move a mark that only the eye sees: this says aloud what it is on. */
function SelectedAction() {
  const { opened, selected, listId } = useSpotlight(store);
  const list = opened && listId !== '' ? document.getElementById(listId) : null;
  const label =
    selected < 0 ? null : list?.querySelectorAll('[data-action] .mantine-Spotlight-actionLabel')[selected]?.textContent;
  return <VisuallyHidden role="status">{label}</VisuallyHidden>;
}
