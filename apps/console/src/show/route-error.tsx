import { Alert, Button, Stack, Text } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';

/** In the place of a view that failed. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  return (
    <Alert color="red" title="This view failed" role="alert" m="md">
      <Stack align="flex-start" gap="sm">
        <Text size="sm">{error instanceof Error ? error.message : String(error)}</Text>
        <Button size="xs" variant="default" onClick={reset}>
          Try again
        </Button>
      </Stack>
    </Alert>
  );
}
