import { Button, Tooltip } from '@mantine/core';
import { useZone } from '../show/use-zone.ts';

/** Times in UTC or in the browser's own zone; remembered in this browser. */
export function ZoneSwitch() {
  const [zone, setZone] = useZone();
  const other = zone === 'utc' ? 'local' : 'utc';
  return (
    <Tooltip label={other === 'utc' ? 'Show times in UTC' : 'Show times in your own zone'}>
      <Button
        variant="default"
        size="xs"
        visibleFrom="xs"
        onClick={() => setZone(other)}
        aria-label={`Times: ${zone === 'utc' ? 'UTC' : 'local'}`}
      >
        {zone === 'utc' ? 'UTC' : 'Local'}
      </Button>
    </Tooltip>
  );
}
