import type { Endpoint } from '@posthorn/http-api/endpoint';

/** What a URL leads to, without what all of them have in common. */
export function shortUrl(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `${host}${pathname === '/' ? '' : pathname}`;
  } catch {
    return url;
  }
}

/** What people call an endpoint: its description, else where it is. */
export const nameEndpoint = ({ description, url }: Pick<Endpoint, 'description' | 'url'>): string =>
  description.trim() || shortUrl(url);
