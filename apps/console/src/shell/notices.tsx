import { useNotifications } from '@mantine/notifications';
import { Late } from '../show/late.tsx';
import { lazyPart } from '../show/lazy-part.tsx';

const NoticeList = lazyPart(() => import('./notice-list.tsx'), 'NoticeList');

/** Notifications; what shows them comes with the first. */
export function Notices() {
  const { notifications } = useNotifications();
  if (notifications.length === 0 && !NoticeList.isLoaded()) return null;
  return (
    <Late meanwhile={null}>
      <NoticeList />
    </Late>
  );
}
