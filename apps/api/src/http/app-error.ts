import type { FieldProblem, ProblemCode, ProblemMembers } from '@posthorn/http-api/problem';
import { errorCatalog } from './error-catalog.ts';

/** Wrong fields that one answer names at the most. */
export const MAX_FIELD_PROBLEMS = 20;

interface RefusalFields {
  readonly detail?: string;
  readonly errors?: readonly FieldProblem[];
  /** Members of this kind of problem alone, beside the usual ones. */
  readonly members?: Readonly<ProblemMembers>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal: the one error that reaches the outside, as problem details. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ProblemCode;
  readonly errors: readonly FieldProblem[] | undefined;
  readonly members: Readonly<ProblemMembers>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, { detail, errors, members, headers }: RefusalFields = {}) {
    super(detail ?? errorCatalog[code].detail);
    this.code = code;
    this.errors = errors;
    this.members = members ?? {};
    this.headers = headers ?? {};
  }
}

/** A refusal of the code `invalid` that names what is wrong, field by field. */
export const invalid = (...problems: readonly FieldProblem[]): AppError => invalidFields(problems, problems.length);

/** The same of many. @param total how many there are; `problems` may be the first of them */
export function invalidFields(problems: readonly FieldProblem[], total: number): AppError {
  const errors = problems.slice(0, MAX_FIELD_PROBLEMS);
  const [first] = errors;
  const more = total > 1 ? `, and ${total - 1} more` : '';
  const detail = first ? `${first.path || 'The body'} ${first.message}${more}` : errorCatalog.invalid.detail;
  return new AppError('invalid', { detail, errors });
}

export const notFound = (detail?: string): AppError =>
  new AppError('not_found', detail === undefined ? {} : { detail });

/** A refusal of the code `conflict`; `detail` says what stands in the way. */
export const conflict = (detail: string, members?: ProblemMembers): AppError =>
  new AppError('conflict', { detail, ...(members && { members }) });
