import { type ReactNode, useEffect, useState } from 'react';
import { Late } from './late.tsx';

interface Opening {
  readonly opened: boolean;
  /** The dialog, open or not. */
  readonly children: (opened: boolean) => ReactNode;
}

/** A dialog whose code comes when it is first opened. From then on it stays, so that its closing is seen. */
export function LateDialog({ opened, children }: Opening) {
  const [isWanted, setWanted] = useState(opened);
  if (opened && !isWanted) setWanted(true);
  if (!isWanted) return null;
  return (
    <Late meanwhile={null}>
      <ClosedFirst opened={opened}>{children}</ClosedFirst>
    </Late>
  );
}

/** A dialog notes what had the focus when it opens, not when it comes into being. */
function ClosedFirst({ opened, children }: Opening) {
  const [isThere, setThere] = useState(false);
  useEffect(() => setThere(true), []);
  return children(opened && isThere);
}
