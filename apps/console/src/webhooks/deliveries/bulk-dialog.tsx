import { Alert, Anchor, Button, Group, List, Modal, Progress, Stack, Text } from '@mantine/core';
import type { Delivery } from '@posthorn/http-api/delivery';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useBlocker } from '@tanstack/react-router';
import { useContext, useRef, useState } from 'react';
import { FirstFocus } from '../../show/first-focus.tsx';
import { BulkPreview } from './bulk-preview.tsx';
import { bulkWords as words } from './bulk-words.ts';
import { type DeliveryFilter, filterOfReplays } from './delivery-filter.ts';
import { type BulkAction, planBulk } from './plan-bulk.ts';
import { ReplayedContext } from './replayed-context.ts';
import { countRefused, type RunProgress, runBounded } from './run-bounded.ts';

const AT_ONCE = 4;

interface Dialog {
  /** null: closed. */
  readonly action: BulkAction | null;
  readonly deliveries: readonly Delivery[];
  /** Of the list that they stand in. */
  readonly filter: DeliveryFilter;
  readonly onClose: () => void;
  readonly onChanged: (delivery: Delivery) => void;
  /** All is done, or as much as was before Stop. */
  readonly onFinished: () => void;
}

/** Says what a bulk change will do, does it, and says what came of it. */
export function BulkDialog(given: Dialog) {
  const { action, onClose } = given;
  const [isBusy, setBusy] = useState(false);
  // The page itself does the work: leaving it would stop half-way.
  useBlocker({ shouldBlockFn: () => true, enableBeforeUnload: true, disabled: !isBusy });
  return (
    <Modal
      opened={action !== null}
      onClose={onClose}
      title={action && words[action].title}
      closeOnEscape={!isBusy}
      closeOnClickOutside={!isBusy}
      withCloseButton={!isBusy}
    >
      {action && <Run {...given} action={action} onBusy={setBusy} />}
    </Modal>
  );
}

interface RunProps extends Dialog {
  readonly action: BulkAction;
  readonly onBusy: (isBusy: boolean) => void;
}

function Run({ action, deliveries, filter, onClose, onChanged, onFinished, onBusy }: RunProps) {
  const replayed = useContext(ReplayedContext);
  const [againSucceeded, setAgainSucceeded] = useState(false);
  // What was told is what is done, also when the rows change meanwhile.
  const [told] = useState({ deliveries, replayed: replayed.ids });
  const plan = planBulk(action, told.deliveries, { replayed: told.replayed, againSucceeded });
  const [progress, setProgress] = useState<RunProgress | null>(null);
  const [isOver, setOver] = useState(false);
  const stop = useRef(new AbortController());
  const queryClient = useQueryClient();
  const begin = async (): Promise<void> => {
    onBusy(true);
    setProgress({ done: 0, refusals: new Map() });
    const act = async (id: string): Promise<void> => {
      const changed = await words[action].act(id);
      if (action === 'replay') replayed.note(id);
      onChanged(changed);
    };
    await runBounded(plan.ids, act, { atOnce: AT_ONCE, signal: stop.current.signal, onProgress: setProgress });
    onBusy(false);
    setOver(true);
    onFinished();
    await queryClient.invalidateQueries({ queryKey: ['delivery'] });
  };
  if (!progress) {
    return (
      <BulkPreview
        action={action}
        plan={plan}
        againSucceeded={againSucceeded}
        onAgainSucceeded={setAgainSucceeded}
        onBegin={() => void begin()}
        onClose={onClose}
      />
    );
  }
  const refused = countRefused(progress);
  return (
    <Stack>
      <Progress.Root size="lg">
        <Progress.Section
          value={((progress.done + refused) / plan.ids.length) * 100}
          aria-label={`${progress.done + refused} of ${plan.ids.length}`}
        />
      </Progress.Root>
      <Text role="status" aria-live="polite">
        {isOver
          ? `${progress.done} ${words[action].done}, ${refused} refused${progress.done + refused < plan.ids.length ? `, ${plan.ids.length - progress.done - refused} left undone` : ''}.`
          : `${progress.done + refused} of ${plan.ids.length}. Keep this page open until it is done.`}
      </Text>
      {refused > 0 && (
        <Alert color="red" title="Refused">
          <List size="sm">
            {[...progress.refusals].map(([reason, count]) => (
              <List.Item key={reason}>
                {count}: {reason}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {isOver && action === 'replay' && progress.done > 0 && <WhereReplaysAre filter={filter} onFollow={onClose} />}
      <Group justify="flex-end">
        {isOver ? (
          <FirstFocus>
            <Button data-autofocus onClick={onClose}>
              Done
            </Button>
          </FirstFocus>
        ) : (
          <Button variant="default" onClick={() => stop.current.abort()}>
            Stop
          </Button>
        )}
      </Group>
    </Stack>
  );
}

interface Where {
  readonly filter: DeliveryFilter;
  readonly onFollow: () => void;
}

/** Replays are new deliveries, which a list of failed ones does not hold. */
function WhereReplaysAre({ filter, onFollow }: Where) {
  return (
    <Text size="sm">
      Each is a new delivery now.{' '}
      <Anchor
        size="sm"
        underline="always"
        renderRoot={(props) => <Link to="/webhooks" search={filterOfReplays(filter)} {...props} onClick={onFollow} />}
      >
        Show the new ones
      </Anchor>
    </Text>
  );
}
