import { Anchor, Center, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';

/** In the place of a view that does not exist. */
export function NotFound() {
  return (
    <Center p="xl">
      <Stack align="center" gap="sm">
        <Title order={1} size="h3">
          There is no such view
        </Title>
        <Text>The address may be mistyped, or of another version.</Text>
        <Anchor component={Link} to="/" underline="always">
          To the overview
        </Anchor>
      </Stack>
    </Center>
  );
}
