import { Button } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import styles from './delivery-list.module.css';

interface Pill {
  readonly waiting: number;
  /** Whether more wait than are counted. */
  readonly hasMore: boolean;
  readonly onShow: () => void;
}

/** How many deliveries came while the list was scrolled away from its top or rested on; leads there. */
export function NewPill({ waiting, hasMore, onShow }: Pill) {
  if (waiting === 0 && !hasMore) return null;
  return (
    <Button
      className={styles['pill']}
      size="xs"
      radius="xl"
      leftSection={<IconArrowUp size={14} aria-hidden />}
      onClick={onShow}
    >
      {waiting}
      {hasMore && '+'} new
    </Button>
  );
}
