import { Alert, Anchor, Button, Center, Group, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouterState, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ApiError } from '../api/client.ts';
import { sessionKey, sessionQuery, signIn } from '../api/session.ts';
import { Brand } from '../shell/brand.tsx';

/** The API's own words for a key that it does not take are for programs. */
const reasonOf = (error: Error): string =>
  error instanceof ApiError && error.status === 401
    ? 'This key is unknown, revoked or expired. Copy the whole of it, or ask the operator for a new one.'
    : error.message;

/** Signing in with an API key. It goes to the API once and is kept nowhere in the browser. */
export function SignInPage() {
  const { to = '/' } = useSearch({ from: '/sign-in' });
  const isOver = useRouterState({ select: ({ location }) => location.state.isSessionOver });
  const { data: session } = useQuery(sessionQuery);
  const queryClient = useQueryClient();
  const [apiKey, setApiKey] = useState('');
  useDocumentTitle('Sign in · Posthorn');
  const entering = useMutation({
    mutationFn: signIn,
    meta: { silent: true },
    onSuccess(entered) {
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
      queryClient.setQueryData(sessionKey, entered);
    },
  });
  if (session) return <GoOn to={to} />;
  const enter = (): void => {
    if (apiKey.trim() !== '') entering.mutate(apiKey.trim());
  };
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder shadow="sm" p="xl" w="100%" maw={420}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            enter();
          }}
        >
          <Stack>
            <Group gap="xs">
              <Brand />
            </Group>
            <Title order={1} size="h3">
              Sign in
            </Title>
            {entering.error ? (
              <Alert color="red" role="alert">
                {reasonOf(entering.error)}
              </Alert>
            ) : (
              isOver && <Alert role="status">Your session is over. Sign in again.</Alert>
            )}
            <PasswordInput
              label="API key"
              description="A key of your tenant, or the operator’s."
              placeholder="ph_…"
              autoComplete="off"
              autoFocus
              required
              withAsterisk={false}
              value={apiKey}
              onChange={(event) => setApiKey(event.currentTarget.value)}
            />
            <Button type="submit" loading={entering.isPending}>
              Sign in
            </Button>
            <Text size="sm" c="dimmed">
              No key yet? The operator makes one with <code>POST /v1/tenants</code>; see the{' '}
              <Anchor href="/docs" inherit underline="always">
                API reference
              </Anchor>
              .
            </Text>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}

/** Leads on; what follows the path of an address counts too. */
function GoOn({ to }: { readonly to: string }) {
  const navigate = useNavigate();
  useEffect(() => void navigate({ href: to, replace: true }), [navigate, to]);
  return null;
}
