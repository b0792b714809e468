import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';

/** Asks before a secret that nobody copied is gone. */
export function NotCopied({ onClose }: { readonly onClose: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'center' });
  }, []);
  return (
    <Alert
      ref={place}
      variant="outline"
      color="red"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title="The secret was not copied"
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          Once this is closed nobody can see it any more. Copy it first, unless you have it already.
        </Text>
        <Button color="red.9" size="xs" onClick={onClose}>
          Close anyway
        </Button>
      </Stack>
    </Alert>
  );
}
