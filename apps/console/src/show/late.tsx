import { CatchBoundary } from '@tanstack/react-router';
import { type ReactNode, Suspense } from 'react';
import { ListLoading } from './list-states.tsx';
import { RouteError } from './route-error.tsx';

interface Place {
  readonly meanwhile?: ReactNode;
  readonly children: ReactNode;
}

/** Around a part that comes late: what is there meanwhile, and when it could not come. */
export function Late({ meanwhile = <ListLoading />, children }: Place) {
  return (
    <CatchBoundary getResetKey={() => 'late'} errorComponent={RouteError}>
      <Suspense fallback={meanwhile}>{children}</Suspense>
    </CatchBoundary>
  );
}
