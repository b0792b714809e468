/** Names under these never lead to a public address, or lead to one inside somebody's network. */
const PRIVATE_SUFFIXES = [
  'localhost',
  'local',
  'localdomain',
  'internal',
  'lan',
  'home',
  'home.arpa',
  'corp',
  'intranet',
  'onion',
  'svc',
  'cluster.local',
];
/** Names with a public suffix under which clouds serve credentials to their own machines. */
const METADATA_NAMES = [
  'metadata.goog',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
  'metadata.packet.net',
  'api.metadata.cloud.ibm.com',
];

const withoutRoot = (host: string): string => host.toLowerCase().replace(/\.$/, '');

/** Whether a host name says by itself that it is a private one: without a dot, under a private suffix, or a cloud's metadata. */
export function isPrivateName(host: string): boolean {
  const name = withoutRoot(host);
  const isUnder = (suffix: string) => name === suffix || name.endsWith(`.${suffix}`);
  return !name.includes('.') || PRIVATE_SUFFIXES.some(isUnder) || METADATA_NAMES.some(isUnder);
}

/** Whether the name means this machine, whatever DNS says of it (RFC 6761). */
export const isLocalhost = (host: string): boolean => /^(.+\.)?localhost$/.test(withoutRoot(host));

const LABEL_MAX_CHARACTERS = 63;
const NAME_MAX_CHARACTERS = 253;

/** Whether DNS can hold the name: labels of 1 to 63 characters, 253 in all. */
export function isResolvableName(host: string): boolean {
  const name = withoutRoot(host);
  const labels = name.split('.');
  return (
    name.length <= NAME_MAX_CHARACTERS && labels.every(({ length }) => length > 0 && length <= LABEL_MAX_CHARACTERS)
  );
}
