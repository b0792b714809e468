/** What is wrong with one part of a profile; `path` in the names of the API. */
export interface ProfileProblem {
  readonly path: string;
  readonly message: string;
}

/** A problem, or none: so that checks read as a list of conditions. */
export const problemIf = (wrong: boolean, path: string, message: string): ProfileProblem[] =>
  wrong ? [{ path, message }] : [];
