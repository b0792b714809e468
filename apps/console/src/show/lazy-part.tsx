import { type ComponentType, type FunctionComponent, use, useEffect } from 'react';
import { startPage } from '../api/start-page.ts';
import { importPart, LostPart } from './import-part.ts';

/** For which file the page was loaded anew already, so that it does not go on and on. */
const RELOADED_KEY = 'posthorn.reloaded-for';

/** A component whose code comes when it is first needed. */
export type LazyPart<Props> = FunctionComponent<Props> & {
  readonly preload: () => Promise<void>;
  readonly isLoaded: () => boolean;
};

/** What a component returns is left open: to find out, the compiler would need the router that it is a part of. */
type PropsOf<Component> = Component extends (props: infer Props extends object) => void ? Props : never;

/** Parts that are not loaded yet, and those of them that could not be. */
const missing = new Set<() => Promise<void>>();
const failed = new Set<() => Promise<void>>();

/** Loads the next part that nobody asked for yet. @returns whether there may be more */
export async function loadNextPart(): Promise<boolean> {
  const [load] = missing;
  await load?.();
  return load !== undefined && !failed.has(load);
}

/** Tries those again that could not be loaded. */
export const retryParts = (): Promise<unknown> => Promise.all([...failed].map((load) => load()));

function StartPage({ file }: { readonly file: string }) {
  useEffect(() => {
    sessionStorage.setItem(RELOADED_KEY, file);
    startPage();
  }, [file]);
  return null;
}

/**
 * Like the router's own, but a part that cannot be fetched is an error in its place, to be tried again. The page is loaded
 * anew only when the server no longer has the part.
 */
export function lazyPart<Module, Name extends keyof Module>(
  importer: () => Promise<Module>,
  name: Name,
): LazyPart<PropsOf<Module[Name]>> {
  type Props = PropsOf<Module[Name]>;
  let View: ComponentType<Props> | null = null;
  let failure: Error | null = null;
  let loading: Promise<void> | null = null;
  const load = (): Promise<void> => {
    loading ??= importPart(importer).then(
      (loaded) => {
        View = loaded[name] as ComponentType<Props>;
        failure = null;
        missing.delete(load);
        failed.delete(load);
      },
      (error: unknown) => {
        failure = error instanceof Error ? error : new Error(String(error));
        loading = null;
        failed.add(load);
      },
    );
    return loading;
  };
  missing.add(load);
  function Part(props: Props) {
    if (View) return <View {...props} />;
    if (failure instanceof LostPart && failure.gone !== null && sessionStorage.getItem(RELOADED_KEY) !== failure.gone) {
      return <StartPage file={failure.gone} />;
    }
    if (failure) throw failure;
    use(load());
    return null;
  }
  return Object.assign(Part, { preload: load, isLoaded: () => View !== null });
}
