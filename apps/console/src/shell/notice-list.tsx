import { useMediaQuery } from '@mantine/hooks';
import { Notifications } from '@mantine/notifications';

/** Where notifications appear: on a phone at the bottom, as at the top they would cover what a dialog is closed by. */
export function NoticeList() {
  const isPhone = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  return <Notifications position={isPhone ? 'bottom-center' : 'top-right'} />;
}
