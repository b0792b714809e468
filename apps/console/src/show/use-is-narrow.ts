import { useMediaQuery } from '@mantine/hooks';

/** Whether there is a phone's width alone; a table then has one column. */
export const useIsNarrow = (): boolean =>
  useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
