import { createContext } from 'react';

/** Which deliveries were replayed since the page was opened, so that none is sent a second time by mistake. */
export interface ReplayedDeliveries {
  readonly ids: ReadonlySet<string>;
  readonly note: (id: string) => void;
}

export const ReplayedContext = createContext<ReplayedDeliveries>({ ids: new Set(), note: () => undefined });
