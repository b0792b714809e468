import type { SignatureScheme } from '../src/profile.ts';
import { standardWebhooks } from '../src/profiles/standard-webhooks.ts';

/** A tenant's scheme in which every text would end a string, a pattern or a comment in some language. */
const acme: SignatureScheme = {
  ...standardWebhooks.signature,
  keyPair: null,
  secretFormat: 'utf8',
  signed: `it's "so" \\ \`\${-x}\` #{-x} $body %s ?> */ é🦊\n{timestamp}\\'{body}{event_id}"{body}\u2028\0`,
  header: 'X-Acme-Proof',
  format: 'p="{signature}"$\\',
  lead: "t='/`.+*({timestamp})?\\",
  separator: ';',
  headers: [{ name: 'X-Acme-Id', from: 'event_id' }],
};
/** Schemes of every shape, with such texts. */
export const oddSchemes: SignatureScheme[] = [
  acme,
  { ...acme, rotation: 'next-header' },
  { ...acme, encoding: 'hex', format: '${-x}#{-x}`"\'\\\\{signature}', signed: '{event_id}{timestamp}{body}' },
  { ...acme, signed: '{body}', lead: '{timestamp}', format: '{signature}' },
  { ...acme, signed: '{body}{body}', lead: '12{timestamp}', headers: [{ name: 'X-Time', from: 'timestamp' }] },
  { ...acme, signed: '{body}', lead: '', headers: [], rotation: 'next-header', separator: '' },
  { ...acme, signed: '{delivery_id}{body}', lead: '', headers: [{ name: 'X-D', from: 'delivery_id' }], separator: ' ' },
];

const keyPairOf = (format: string) => ({ algorithm: 'ed25519', format }) as const;
const acmeWithKeys: SignatureScheme = { ...acme, secretFormat: 'whsec', keyPair: keyPairOf('v1a,{signature}') };

/** The same for schemes that know key pairs. */
export const oddKeyPairSchemes: SignatureScheme[] = [
  { ...acmeWithKeys, encoding: 'hex', keyPair: keyPairOf('"`/~{signature}\'$\\') },
  { ...acmeWithKeys, signed: '{body}{event_id}', lead: '', keyPair: keyPairOf('{signature}~#{-x}') },
  { ...acmeWithKeys, rotation: 'next-header' },
  { ...acmeWithKeys, signed: '{body}', lead: '', headers: [], rotation: 'next-header', separator: '' },
  { ...standardWebhooks.signature, encoding: 'hex' },
];
