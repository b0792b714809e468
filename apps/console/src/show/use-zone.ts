import { useLocalStorage } from '@mantine/hooks';

export type Zone = 'utc' | 'local';

/** In which zone times are shown. */
export const useZone = () =>
  useLocalStorage<Zone>({ key: 'posthorn.zone', defaultValue: 'local', getInitialValueInEffect: false });
