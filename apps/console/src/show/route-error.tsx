import { Alert, Button, Stack, Text } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useState } from 'react';
import { startPage } from '../api/start-page.ts';
import { LostPart } from './import-part.ts';
import { retryParts } from './lazy-part.tsx';

/** In the place of a view that failed, or that could not be loaded. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const [isTrying, setTrying] = useState(false);
  const tryAgain = async (): Promise<void> => {
    if (error instanceof LostPart && error.gone !== null) return startPage();
    setTrying(true);
    await retryParts();
    setTrying(false);
    reset();
  };
  const title = error instanceof LostPart ? 'This view could not be loaded' : 'This view failed';
  return (
    <Alert color="red" title={title} role="alert" m="md">
      <Stack align="flex-start" gap="sm">
        <Text size="sm">{error instanceof Error ? error.message : String(error)}</Text>
        <Button size="xs" variant="default" loading={isTrying} onClick={() => void tryAgain()}>
          Try again
        </Button>
      </Stack>
    </Alert>
  );
}
