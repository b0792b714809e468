import { Button, Checkbox, Group, List, Stack, Text } from '@mantine/core';
import { bulkWords } from './bulk-words.ts';
import type { BulkAction, BulkPlan } from './plan-bulk.ts';

interface Preview {
  readonly action: BulkAction;
  readonly plan: BulkPlan;
  readonly againSucceeded: boolean;
  readonly onAgainSucceeded: (again: boolean) => void;
  readonly onBegin: () => void;
  readonly onClose: () => void;
}

/** What a bulk change will do, before it is done. */
export function BulkPreview({ action, plan, againSucceeded, onAgainSucceeded, onBegin, onClose }: Preview) {
  const { button, says, leftOut } = bulkWords[action];
  const { unfit, replayed, succeeded } = plan.leftOut;
  const isStartedByEnter = plan.ids.length > 0 && !plan.isGrave;
  return (
    <Stack>
      <Text size="sm">{says}</Text>
      <List size="sm">
        {plan.counts.map(({ status, count }) => (
          <List.Item key={status}>
            {count} {status}
            {status === 'succeeded' && ': sent again although the receiver has them'}
          </List.Item>
        ))}
        {succeeded > 0 && <List.Item>{succeeded} succeeded: left out</List.Item>}
        {replayed > 0 && <List.Item>{replayed} replayed already: left out</List.Item>}
        {unfit > 0 && (
          <List.Item>
            {unfit} {leftOut}
          </List.Item>
        )}
      </List>
      {(succeeded > 0 || againSucceeded) && (
        <Checkbox
          label="Send those again too"
          description="The ones that succeeded: their receivers get them twice."
          checked={againSucceeded}
          onChange={({ currentTarget }) => onAgainSucceeded(currentTarget.checked)}
        />
      )}
      <Group justify="flex-end">
        <Button variant="default" data-autofocus={!isStartedByEnter || undefined} onClick={onClose}>
          Close
        </Button>
        <Button data-autofocus={isStartedByEnter || undefined} disabled={plan.ids.length === 0} onClick={onBegin}>
          {button} ({plan.ids.length})
        </Button>
      </Group>
    </Stack>
  );
}
