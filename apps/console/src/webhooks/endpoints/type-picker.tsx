import { Box, Checkbox, Radio, ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { eventTypesQuery } from '../../api/event-types.ts';
import classes from './endpoints.module.css';
import { buildTypeTree, type TypeNode, toggleTypes, typesOf } from './type-tree.ts';

const SEARCHED_FROM = 12;
const MAX_HEIGHT = 260;

interface Choice {
  readonly allTypes: boolean;
  readonly types: readonly string[];
  readonly onChange: (change: { readonly allTypes?: boolean; readonly types?: readonly string[] }) => void;
}

interface Tree extends Pick<Choice, 'types' | 'onChange'> {
  readonly nodes: readonly TypeNode[];
}

function TypeList({ nodes, types, onChange }: Tree) {
  const set = (members: readonly string[], wanted: boolean) => onChange({ types: toggleTypes(types, members, wanted) });
  return (
    <ul>
      {nodes.map((node) => {
        const members = typesOf(node);
        const chosen = members.filter((type) => types.includes(type)).length;
        const isGroup = node.children.length > 0;
        return (
          <li key={node.path}>
            <Checkbox
              label={isGroup ? `${node.path} (all ${members.length})` : node.path}
              checked={chosen === members.length}
              indeterminate={chosen > 0 && chosen < members.length}
              onChange={({ currentTarget }) => set(members, currentTarget.checked)}
              styles={{ label: { overflowWrap: 'anywhere' } }}
            />
            {isGroup && (
              <TypeList
                nodes={[...(node.isType ? [{ ...node, children: [] }] : []), ...node.children]}
                types={types}
                onChange={onChange}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Types that were chosen and that the catalog no longer has: they can be left out, not chosen again. */
const goneOf = (types: readonly string[], catalog: readonly string[]): readonly string[] =>
  types.filter((type) => !catalog.includes(type));

function Catalog({ names, types, onChange }: { readonly names: readonly string[] } & Omit<Tree, 'nodes'>) {
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = names.filter((name) => name.toLowerCase().includes(wanted));
  const gone = goneOf(types, names);
  return (
    <Stack gap="xs">
      {names.length >= SEARCHED_FROM && (
        <TextInput
          aria-label="Search the types"
          placeholder="Search the types"
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
      )}
      <ScrollArea.Autosize
        mah={MAX_HEIGHT}
        viewportProps={{ tabIndex: 0, role: 'group', 'aria-label': 'Types of the catalog' }}
      >
        <Box className={classes['types'] ?? ''}>
          <TypeList nodes={buildTypeTree(found)} types={types} onChange={onChange} />
          {found.length === 0 && (
            <Text size="sm">{names.length === 0 ? 'The catalog is empty.' : 'No such type.'}</Text>
          )}
        </Box>
      </ScrollArea.Autosize>
      {gone.map((type) => (
        <Checkbox
          key={type}
          checked
          label={`${type} (no longer in the catalog)`}
          onChange={() => onChange({ types: toggleTypes(types, [type], false) })}
        />
      ))}
    </Stack>
  );
}

/** Which types an endpoint wants: all, later ones too, or some of the catalog's tree. */
export function TypePicker({ allTypes, types, onChange, error }: Choice & { readonly error: string | undefined }) {
  const catalog = useQuery({ ...eventTypesQuery, enabled: !allTypes });
  return (
    <Radio.Group
      label="Event types"
      error={error}
      value={allTypes ? 'all' : 'some'}
      onChange={(value) => onChange({ allTypes: value === 'all' })}
    >
      <Stack gap="xs" mt="xs">
        <Radio value="all" label="All types, also later ones" />
        <Radio value="some" label="Only these" />
        {!allTypes && catalog.isPending && <Text size="sm">The catalog is being read…</Text>}
        {!allTypes && catalog.error && <Text size="sm">The catalog could not be read: {catalog.error.message}</Text>}
        {!allTypes && catalog.data && (
          <Catalog names={catalog.data.map(({ name }) => name)} types={types} onChange={onChange} />
        )}
      </Stack>
    </Radio.Group>
  );
}
