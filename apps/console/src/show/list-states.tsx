import { Alert, Button, Center, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { ForeignText } from './foreign-text.tsx';

const SKELETON_ROWS = 8;

/** What a list is while it has no rows to show: loading, failed, empty (with the next step), or without a result. */
export function ListLoading() {
  return (
    <Stack gap="xs" aria-busy="true" aria-label="Loading">
      {Array.from({ length: SKELETON_ROWS }, (_, index) => (
        <Skeleton key={index} height={36} />
      ))}
    </Stack>
  );
}

export function ListFailed({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  return (
    <Alert color="red" title="This could not be loaded" role="alert">
      <Stack align="flex-start" gap="sm">
        <Text size="sm">
          <ForeignText text={error.message} />
        </Text>
        <Button size="xs" variant="default" onClick={onRetry}>
          Try again
        </Button>
      </Stack>
    </Alert>
  );
}

interface Empty {
  readonly title: string;
  /** What to do next. */
  readonly children: ReactNode;
}

export function ListEmpty({ title, children }: Empty) {
  return (
    <Center py="xl">
      <Stack align="center" gap="sm" maw={520} ta="center">
        <Title order={2} size="h4">
          {title}
        </Title>
        {children}
      </Stack>
    </Center>
  );
}

/** For an address that somebody wrote by hand, or that a mail program broke. */
export function RefusedFilter({ onClear }: { readonly onClear: () => void }) {
  return (
    <Alert color="red" title="A filter in the address is not valid" role="alert">
      <Button size="xs" variant="default" onClick={onClear}>
        Clear the filters
      </Button>
    </Alert>
  );
}

export function NoResult({ onClear }: { readonly onClear: () => void }) {
  return (
    <ListEmpty title="Nothing matches these filters">
      <Button variant="default" onClick={onClear}>
        Clear the filters
      </Button>
    </ListEmpty>
  );
}
