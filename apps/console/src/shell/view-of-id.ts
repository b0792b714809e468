const places: Readonly<Record<string, (id: string) => string>> = {
  dlv: (id) => `/webhooks/deliveries/${id}`,
  ep: (id) => `/webhooks/endpoints/${id}`,
  evt: (id) => `/events/${id}`,
};

/** The address that shows what an id names; `null` for what is not an id of something that has a view. */
export function viewOfId(text: string): string | null {
  const [, prefix = ''] = /^([a-z]+)_[0-9a-z]{26}$/.exec(text) ?? [];
  return places[prefix]?.(text) ?? null;
}
