/** Every answer comes within 10 s, also while PostgreSQL hangs. */
export const ANSWER_BUDGET_MS = 9_000;
