import type { Delivery } from '@posthorn/http-api/delivery';
import { useMemo, useState } from 'react';
import { NOTHING_SELECTED, selectTo, toggleAll, toggleRow } from './select-rows.ts';
import type { SelectionControl } from './selection-context.ts';

/** Which rows are selected. */
export function useSelection(rows: readonly Delivery[]) {
  const [selection, setSelection] = useState(NOTHING_SELECTED);
  const { ids } = selection;
  const selected = useMemo(() => (ids.size === 0 ? [] : rows.filter(({ id }) => ids.has(id))), [rows, ids]);
  const control = useMemo((): SelectionControl => {
    const order = (): string[] => rows.map(({ id }) => id);
    return {
      isSelected: (id) => ids.has(id),
      toggle: (id, extend) => setSelection((now) => (extend ? selectTo(now, id, order()) : toggleRow(now, id))),
      toggleAll: () => setSelection((now) => toggleAll(now, order())),
      all: selected.length === 0 ? 'none' : selected.length === rows.length ? 'all' : 'some',
    };
  }, [ids, rows, selected]);
  return { selected, control, clear: () => setSelection(NOTHING_SELECTED) };
}
