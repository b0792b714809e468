import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `v1a` signatures, by key pairs, have verifiers of their own. */
export type KindOfVerifier = 'secret' | 'key pair';

const page = readFileSync(join(import.meta.dirname, '../../docs/verifying-signatures.md'), 'utf8');

/** The code that docs/verifying-signatures.md shows for a profile in a language; `undefined`: it shows none. */
export function readVerifier(profile: string, language: string, kind: KindOfVerifier): string | undefined {
  const [, section = ''] = page.split(`\n### ${profile}\n`);
  const [own = ''] = section.split('\n### ');
  const blocks = [...own.matchAll(/<summary>(.*?)<\/summary>\n\n```(\w+)\n([^]*?)```/g)];
  const isWanted = (title: string, fence: string) =>
    fence === language && title.endsWith(', key pair') === (kind === 'key pair');
  return blocks.find(([, title = '', fence = '']) => isWanted(title, fence))?.[3];
}

/** The profiles that have a section on the page. */
export const profilesOnPage = (): string[] => [...page.matchAll(/^### (.+)$/gm)].map(([, name = '']) => name);
