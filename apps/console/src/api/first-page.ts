import type { InfiniteData } from '@tanstack/react-query';

/**
 * What is kept of a list that is read anew: reading all pages again would be a request for each. The first is read, the
 * others come as they are asked for.
 */
export const firstPage = <Page, Place>({
  pages,
  pageParams,
}: InfiniteData<Page, Place>): InfiniteData<Page, Place> => ({
  pages: pages.slice(0, 1),
  pageParams: pageParams.slice(0, 1),
});
