import { List, Stack, Text } from '@mantine/core';
import type { BreakingChange } from '@posthorn/domain/event-type/breaking-change';
import styles from './event-types.module.css';

const sides = [
  { side: 'senders', text: 'For senders: events that were accepted may be refused.' },
  { side: 'receivers', text: 'For receivers: events may come that could not come before.' },
] as const;

/** What a change of a schema breaks, and for whom. */
export function ChangeList({ changes }: { readonly changes: readonly BreakingChange[] }) {
  return (
    <Stack gap="sm" className={styles['changes']} tabIndex={0} role="region" aria-label="What breaks">
      {sides.map(({ side, text }) => {
        const own = changes.filter(({ breaks }) => breaks === side);
        if (own.length === 0) return null;
        return (
          <div key={side}>
            <Text size="sm" fw={600}>
              {text}
            </Text>
            <List size="sm">
              {own.map(({ path, change }) => (
                <List.Item key={`${path} ${change}`}>
                  <code>{path}</code> {change}
                </List.Item>
              ))}
            </List>
          </div>
        );
      })}
    </Stack>
  );
}
