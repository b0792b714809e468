const PROTOCOLS = new Set(['smtp:', 'smtps:']);

/** Whether a mail server can be reached with this: `smtp://` or `smtps://`, a host, and credentials that can be decoded. */
export function isSmtpUrl(text: string): boolean {
  try {
    const { protocol, hostname, username, password } = new URL(text);
    // A lone % in the password would only fail when the first mail is sent.
    decodeURIComponent(username + password);
    return PROTOCOLS.has(protocol) && hostname !== '';
  } catch {
    return false;
  }
}
