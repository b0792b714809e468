import { Alert, Anchor, Button, Checkbox, Group, List, Modal, Progress, Stack, Text } from '@mantine/core';
import type { Delivery } from '@posthorn/http-api/delivery';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useBlocker } from '@tanstack/react-router';
import { useContext, useRef, useState } from 'react';
import { cancelDelivery, replayDelivery } from '../../api/deliveries.ts';
import { FirstFocus } from '../../show/first-focus.tsx';
import { type DeliveryFilter, filterOfReplays } from './delivery-filter.ts';
import { type BulkAction, type BulkPlan, planBulk } from './plan-bulk.ts';
import { ReplayedContext } from './replayed-context.ts';
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
      <Preview
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

interface PreviewProps {
  readonly action: BulkAction;
  readonly plan: BulkPlan;
  readonly againSucceeded: boolean;
  readonly onAgainSucceeded: (again: boolean) => void;
  readonly onBegin: () => void;
  readonly onClose: () => void;
}

function Preview({ action, plan, againSucceeded, onAgainSucceeded, onBegin, onClose }: PreviewProps) {
  const { button, says, leftOut } = words[action];
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
