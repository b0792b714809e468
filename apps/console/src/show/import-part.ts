/** A part of the console that could not be loaded. */
export class LostPart extends Error {
  /** The file, where it is known; it is on the server no more, or not whole: the page itself must be loaded anew. */
  readonly gone: string | null;

  constructor(gone: string | null) {
    super(
      gone === null
        ? 'The API cannot be reached. Check your connection.'
        : 'The server no longer has this part of the console. Load the page anew.',
    );
    this.gone = gone;
  }
}

const ASSET = /\/assets\/[\w.-]+/;

/** The file that an error of an import names; Safari names none: then the page's own, which an upgrade takes away too. */
const fileOf = (error: unknown): string | null =>
  ASSET.exec(String(error))?.[0] ?? document.querySelector<HTMLScriptElement>('script[type=module][src]')?.src ?? null;

const statusOf = (file: string): Promise<number> =>
  fetch(file, { method: 'HEAD', cache: 'no-store' }).then(
    ({ status }) => status,
    () => 0,
  );

/**
 * Imports a part of the console; once more where only the way to it failed.
 *
 * @throws LostPart
 */
export async function importPart<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const file = fileOf(error);
    const status = file === null ? 0 : await statusOf(file);
    if (status === 404) throw new LostPart(file);
    if (status !== 200) throw new LostPart(null);
    // Some browsers remember that an import failed: only a new page forgets it.
    return load().catch(() => Promise.reject(new LostPart(file)));
  }
}
