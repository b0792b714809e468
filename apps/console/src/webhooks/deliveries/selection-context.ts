import { createContext, useContext } from 'react';

/** What the checkboxes of the list need. */
export interface SelectionControl {
  readonly isSelected: (id: string) => boolean;
  /** @param extend also all rows since the last one */
  readonly toggle: (id: string, extend: boolean) => void;
  readonly toggleAll: () => void;
  readonly all: 'none' | 'some' | 'all';
}

export const SelectionContext = createContext<SelectionControl | null>(null);

export function useSelectionControl(): SelectionControl {
  const control = useContext(SelectionContext);
  if (!control) throw new Error('There is no list around this');
  return control;
}
