const PROTOCOLS = new Set(['http:', 'https:']);

/** Whether an HTTP proxy can be reached with this: `http://` or `https://`, a host, no path, and credentials that can be decoded. */
export function isProxyUrl(text: string): boolean {
  try {
    const { protocol, hostname, username, password, pathname, search, hash } = new URL(text);
    // A lone % in the password would only fail with the first delivery.
    decodeURIComponent(username + password);
    return PROTOCOLS.has(protocol) && hostname !== '' && pathname === '/' && search === '' && hash === '';
  } catch {
    return false;
  }
}
