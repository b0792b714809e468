import type { BreakingChange } from '@posthorn/domain/event-type/breaking-change';
import { compareSchemas } from '@posthorn/domain/event-type/compare-schemas';
import { runWithBudget } from './run-with-budget.ts';

const COMPARE_BUDGET_MS = 200;

const change = 'is too large to be compared and may break';
const tooSlow: readonly BreakingChange[] = [
  { path: 'data', change: `${change} senders`, breaks: 'senders' },
  { path: 'data', change: `${change} receivers`, breaks: 'receivers' },
];

/**
 * What breaks when one schema takes the place of another.
 *
 * @param older JSON text; `null` accepts any JSON
 * @param budgetMs after which it gives up and says that both may break
 */
export function compareSchemaTexts(
  older: string | null,
  newer: string | null,
  budgetMs = COMPARE_BUDGET_MS,
): readonly BreakingChange[] {
  if (older === newer) return [];
  const [before, after] = [older ?? 'true', newer ?? 'true'].map((text) => JSON.parse(text) as unknown);
  const compared = runWithBudget(() => compareSchemas(before, after), budgetMs);
  return compared.done ? compared.result : tooSlow;
}
