import type { Delivery } from '@posthorn/http-api/delivery';
import { createContext } from 'react';

/** Takes a delivery that a change answered with into the list at once, before the live stream tells of it. */
export const ReceiveContext = createContext<(news: readonly Delivery[]) => void>(() => undefined);
