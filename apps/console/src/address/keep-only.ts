type Search = Record<string, unknown>;

/**
 * A view's reader of its address, made to hide what it does not let through: the router lays what a reader returns over what
 * stands in the address.
 */
export const keepOnly =
  <Read extends object>(read: (search: Search) => Read) =>
  (search: Search): Read => ({
    ...Object.fromEntries(Object.keys(search).map((name) => [name, undefined])),
    ...read(search),
  });
