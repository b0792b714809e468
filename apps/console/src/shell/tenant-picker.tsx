import { Badge } from '@mantine/core';
import type { Session } from '@posthorn/http-api/session';
import { Late } from '../show/late.tsx';
import { lazyPart } from '../show/lazy-part.tsx';

const OperatorPicker = lazyPart(() => import('./operator-picker.tsx'), 'OperatorPicker');

/** Whose data is shown. A tenant sees its name; the operator chooses. */
export function TenantPicker({ session }: { readonly session: Session }) {
  if (session.kind === 'operator') {
    return (
      <Late meanwhile={null}>
        <OperatorPicker />
      </Late>
    );
  }
  return (
    <Badge variant="default" tt="none" visibleFrom="xs" maw={240}>
      {session.tenant_name ?? session.tenant_id}
    </Badge>
  );
}
