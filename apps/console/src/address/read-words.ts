/** Those of `words` that a text names with commas between, each once and in their own order; others are passed over. */
export function readWords<Word extends string>(text: unknown, words: readonly Word[]): readonly Word[] {
  const names: readonly string[] = typeof text === 'string' ? text.split(',') : [];
  return words.filter((each) => names.includes(each));
}
