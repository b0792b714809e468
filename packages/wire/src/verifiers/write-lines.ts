/** A line of code, several, or nothing where a scheme has no need of it. */
type Lines = string | readonly Lines[] | false | null;

const flatten = (lines: Lines): string[] => {
  if (typeof lines === 'string') return [lines];
  return lines ? lines.flatMap(flatten) : [];
};

/** A file's text. */
export const writeLines = (...lines: Lines[]): string => `${flatten(lines).join('\n')}\n`;
