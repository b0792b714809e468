import type { Endpoint } from '@posthorn/http-api/endpoint';
import { useQuery } from '@tanstack/react-query';
import { eventTypesQuery } from '../../api/event-types.ts';
import { chooseTestType } from './choose-test-type.ts';

/** The type that a test event has where none is chosen; `null` while the catalog is not known. */
export function useTestType({ events }: Pick<Endpoint, 'events'>): string | null {
  const { data } = useQuery(eventTypesQuery);
  return data
    ? chooseTestType(
        events,
        data.map(({ name }) => name),
      )
    : null;
}
