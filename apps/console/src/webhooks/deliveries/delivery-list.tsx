import { useLocalStorage } from '@mantine/hooks';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, type RefObject, useRef, useState } from 'react';
import { LateDialog } from '../../show/late-dialog.tsx';
import type { RowRange } from '../../show/lay-out-rows.ts';
import { lazyPart } from '../../show/lazy-part.tsx';
import { NoRows } from '../../show/no-rows.tsx';
import { useActiveRow } from '../../show/use-active-row.ts';
import { useListKeys } from '../../show/use-list-keys.ts';
import { type DeliveryFields, type DeliveryFilter, isFiltered } from './delivery-filter.ts';
import styles from './delivery-list.module.css';
import { DeliveryListEmpty } from './delivery-list-empty.tsx';
import { DeliveryTable } from './delivery-table.tsx';
import { ListEnd } from './list-end.tsx';
import { ListHead } from './list-head.tsx';
import { LiveBar } from './live-bar.tsx';
import { NewPill } from './new-pill.tsx';
import type { BulkAction } from './plan-bulk.ts';
import { ReceiveContext } from './receive-context.ts';
import { SelectionContext } from './selection-context.ts';
import { useDeliveryPages } from './use-delivery-pages.ts';
import { useEndpointOf } from './use-endpoint-of.ts';
import { useLiveDeliveries } from './use-live-deliveries.ts';
import { useReplay } from './use-replay.tsx';
import { useRest } from './use-rest.ts';
import { useSelection } from './use-selection.ts';

const BulkDialog = lazyPart(() => import('./bulk-dialog.tsx'), 'BulkDialog');

interface List {
  readonly filter: DeliveryFilter;
  readonly fields: DeliveryFields;
  readonly onOpen: (deliveryId: string) => void;
  readonly onClear: () => void;
  readonly search: RefObject<HTMLInputElement | null>;
  /** The delivery that is open. */
  readonly children: ReactNode;
}

/** The deliveries that a filter leaves, live, with what can be done to them. Another filter is another list. */
export function DeliveryList({ filter, fields, onOpen, onClear, search, children }: List) {
  const { deliveryId } = useParams({ strict: false });
  const box = useRef<HTMLDivElement>(null);
  const reveal = useRef<(index: number) => void>(() => undefined);
  const inView = useRef<RowRange>({ first: 0, last: 0 });
  const [isAtTop, setAtTop] = useState(true);
  const [isPaused, setPaused] = useLocalStorage({
    key: 'posthorn.live-paused',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const { query, loaded, refresh, loadMore } = useDeliveryPages(fields);
  const rest = useRest();
  const mayInsert = isAtTop && !rest.isRested;
  const live = useLiveDeliveries({ fields, loaded, isPaused, mayInsert, inView, refresh });
  const { rows } = live;
  const selection = useSelection(rows);
  const [bulk, setBulk] = useState<BulkAction | null>(null);
  const replay = useReplay((made) => live.receive([made]));
  const endpointOf = useEndpointOf();
  const active = useActiveRow({ rows, reveal, box, openId: deliveryId ?? null, onOpen });
  useListKeys({
    j: () => active.move(1),
    k: () => active.move(-1),
    ...(deliveryId === undefined && {
      ArrowDown: () => active.move(1),
      ArrowUp: () => active.move(-1),
      Home: () => active.to(0),
      End: () => active.to(rows.length - 1),
      '/': () => search.current?.focus(),
      Enter: () => active.row && onOpen(active.row.id),
      x: () => active.row && selection.control.toggle(active.row.id, false),
      r: () => active.row && replay.ask(active.row, endpointOf(active.row)),
    }),
  });
  const toTop = (): void => {
    box.current?.scrollTo({ top: 0 });
    live.showNew();
    active.toFirst();
  };
  const closeBulk = (): void => {
    setBulk(null);
    // What opened it went away with the selection.
    if (selection.selected.length === 0) active.move(0);
  };
  return (
    <ReceiveContext value={live.receive}>
      <ListHead
        rows={rows.length}
        loaded={loaded}
        selected={selection.selected}
        onBulk={setBulk}
        onUnselect={selection.clear}
        onClear={isFiltered(filter) && rows.length > 0 ? onClear : null}
      >
        <LiveBar state={live.state} arrived={live.arrived} isPaused={isPaused} onPause={setPaused} />
      </ListHead>
      {rows.length === 0 && (
        <NoRows query={query} isFiltered={isFiltered(filter)} onClear={onClear}>
          <DeliveryListEmpty title="No deliveries yet" />
        </NoRows>
      )}
      {rows.length > 0 && (
        <SelectionContext value={selection.control}>
          <div className={styles['place']} {...rest.handlers}>
            {!mayInsert && <NewPill waiting={live.waiting} hasMore={live.hasMore} onShow={toTop} />}
            <DeliveryTable
              rows={rows}
              total={loaded?.isComplete ? rows.length : -1}
              activeId={active.row?.id ?? null}
              isSelected={selection.control.isSelected}
              onOpen={onOpen}
              onActivate={active.activate}
              onNearEnd={loadMore}
              onScrolled={setAtTop}
              inView={inView}
              box={box}
              reveal={reveal}
            >
              <ListEnd query={query} />
              {selection.selected.length > 0 && <div className={styles['room']} />}
            </DeliveryTable>
          </div>
        </SelectionContext>
      )}
      <LateDialog opened={bulk !== null}>
        {(opened) => (
          <BulkDialog
            action={opened ? bulk : null}
            deliveries={selection.selected}
            filter={filter}
            onClose={closeBulk}
            onChanged={(delivery) => live.receive([delivery])}
            onFinished={selection.clear}
          />
        )}
      </LateDialog>
      {replay.dialog}
      {children}
    </ReceiveContext>
  );
}
