/** How a secret may look where it should not be: as it is, in JSON, in a URL, encoded, or as the bytes it stands for. */
function formsOf(secret: string): string[] {
  const bytes = [Buffer.from(secret)];
  const [, encoded] = /^wh(?:sec|sk)_(.+)$/.exec(secret) ?? [];
  if (encoded !== undefined) bytes.push(Buffer.from(encoded, 'base64'));
  if (/^[A-Za-z0-9+/]{43}=$/.test(secret)) bytes.push(Buffer.from(secret, 'base64'));
  const forms = bytes.flatMap((each) => [
    each.toString('hex'),
    // Without its last characters, which depend on what follows.
    each.toString('base64').replace(/.?=*$/, ''),
    each.toString('base64url').slice(0, -1),
  ]);
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...forms];
}

/** Collects secrets under names that may be told, and finds them in texts. */
export function createLeakFinder() {
  const forms = new Map<string, string>();
  const added = new Set<string>();
  return {
    /** @returns the secret, so that it can be used where it is added */
    add(name: string, secret: string): string {
      if (secret.length < 8) throw new Error(`${name} is too short to be looked for`);
      // Of a text with lines (PEM) each line is enough to be one too many.
      const lines = secret.split('\n').filter((line) => line.length >= 32 && !line.startsWith('-----'));
      for (const part of lines.length > 1 ? lines : [secret]) for (const form of formsOf(part)) forms.set(form, name);
      added.add(secret);
      return secret;
    },
    /** How many secrets there are to look for. */
    count: () => added.size,
    /** @returns each leak as the secret's name, the place's name, and what stands before it */
    find(places: ReadonlyMap<string, string>): string[] {
      return [...places].flatMap(([place, text]) =>
        [...forms].flatMap(([form, name]) => {
          const at = text.indexOf(form);
          return at < 0 ? [] : [`${name} in ${place}, after: ${text.slice(Math.max(0, at - 80), at)}`];
        }),
      );
    },
  };
}
