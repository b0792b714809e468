import { Button, Tooltip } from '@mantine/core';
import { useZone } from '../show/use-zone.ts';

/** Times in UTC or in the browser's own zone; remembered in this browser. @param isSpare on a phone: in place of the one in the head */
export function ZoneSwitch({ isSpare = false }: { readonly isSpare?: boolean }) {
  const [zone, setZone] = useZone();
  const other = zone === 'utc' ? 'local' : 'utc';
  return (
    <Tooltip label={other === 'utc' ? 'Show times in UTC' : 'Show times in your own zone'}>
      <Button
        variant="default"
        size="xs"
        visibleFrom={isSpare ? undefined : 'xs'}
        hiddenFrom={isSpare ? 'xs' : undefined}
        onClick={() => setZone(other)}
        aria-label={`Times: ${zone === 'utc' ? 'UTC' : 'local'}`}
      >
        {zone === 'utc' ? 'UTC' : 'Local'}
      </Button>
    </Tooltip>
  );
}
