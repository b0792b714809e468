import { Alert, Button, Group, List, Modal, Progress, Stack, Text } from '@mantine/core';
import type { Delivery } from '@posthorn/http-api/delivery';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { cancelDelivery, replayDelivery } from '../../api/deliveries.ts';
import { type BulkAction, type BulkPlan, planBulk } from './plan-bulk.ts';
import { countRefused, type RunProgress, runBounded } from './run-bounded.ts';

const AT_ONCE = 4;

const words = {
  replay: {
    title: 'Recover deliveries',
    act: replayDelivery,
    button: 'Recover',
    done: 'replayed',
    says: 'Each is sent again as a new delivery: the same payload, a fresh timestamp and signature, its own attempts.',
    leftOut: 'still being tried: left out',
  },
  cancel: {
    title: 'Cancel deliveries',
    act: cancelDelivery,
    button: 'Cancel them',
    done: 'cancelled',
    says: 'They are not tried again. A request that is under way now is not called back.',
    leftOut: 'final already: left out',
  },
} as const;

interface Dialog {
  /** null: closed. */
  readonly action: BulkAction | null;
  readonly deliveries: readonly Delivery[];
  readonly onClose: () => void;
  readonly onChanged: (delivery: Delivery) => void;
  /** All is done, or as much as was before Stop. */
  readonly onFinished: () => void;
}

/** Says what a bulk change will do, does it, and says what came of it. */
export function BulkDialog({ action, deliveries, onClose, onChanged, onFinished }: Dialog) {
  const [isBusy, setBusy] = useState(false);
  return (
    <Modal
      opened={action !== null}
      onClose={onClose}
      title={action && words[action].title}
      closeOnEscape={!isBusy}
      closeOnClickOutside={!isBusy}
      withCloseButton={!isBusy}
    >
      {action && (
        <Run
          action={action}
          deliveries={deliveries}
          onClose={onClose}
          onChanged={onChanged}
          onFinished={onFinished}
          onBusy={setBusy}
        />
      )}
    </Modal>
  );
}

interface RunProps extends Dialog {
  readonly action: BulkAction;
  readonly onBusy: (isBusy: boolean) => void;
}

function Run({ action, deliveries, onClose, onChanged, onFinished, onBusy }: RunProps) {
  // What was told is what is done, also when the rows change meanwhile.
  const [plan] = useState(() => planBulk(action, deliveries));
  const [progress, setProgress] = useState<RunProgress | null>(null);
  const [isOver, setOver] = useState(false);
  const stop = useRef(new AbortController());
  const queryClient = useQueryClient();
  const begin = async (): Promise<void> => {
    onBusy(true);
    setProgress({ done: 0, refusals: new Map() });
    const act = async (id: string): Promise<void> => onChanged(await words[action].act(id));
    await runBounded(plan.ids, act, { atOnce: AT_ONCE, signal: stop.current.signal, onProgress: setProgress });
    onBusy(false);
    setOver(true);
    onFinished();
    await queryClient.invalidateQueries({ queryKey: ['delivery'] });
  };
  if (!progress) return <Preview action={action} plan={plan} onBegin={() => void begin()} onClose={onClose} />;
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
          : `${progress.done + refused} of ${plan.ids.length}`}
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
      <Group justify="flex-end">
        {isOver ? (
          <Button data-autofocus onClick={onClose}>
            Done
          </Button>
        ) : (
          <Button variant="default" onClick={() => stop.current.abort()}>
            Stop
          </Button>
        )}
      </Group>
    </Stack>
  );
}

interface PreviewProps {
  readonly action: BulkAction;
  readonly plan: BulkPlan;
  readonly onBegin: () => void;
  readonly onClose: () => void;
}

function Preview({ action, plan, onBegin, onClose }: PreviewProps) {
  const { button, says, leftOut } = words[action];
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
        {plan.leftOut > 0 && (
          <List.Item>
            {plan.leftOut} {leftOut}
          </List.Item>
        )}
      </List>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button data-autofocus disabled={plan.ids.length === 0} onClick={onBegin}>
          {button} ({plan.ids.length})
        </Button>
      </Group>
    </Stack>
  );
}
