import { useSession } from '../shell/use-session.ts';
import { OperatorKeys } from './operator-keys.tsx';
import { OwnSession } from './own-session.tsx';

/** The tenant's keys for the operator; what one's own key may do for everybody else. */
export function KeysPanel() {
  const { kind } = useSession();
  return kind === 'operator' ? <OperatorKeys /> : <OwnSession />;
}
