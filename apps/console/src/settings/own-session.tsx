import { Code, List, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { type Scope, tenantScopes } from '@posthorn/domain/scopes';
import { IconCheck, IconMinus } from '@tabler/icons-react';
import { useMay, useSession } from '../shell/use-session.ts';
import { ExactTime, Time } from '../show/time.tsx';
import { scopeWords } from './scope-words.ts';

function ScopeRow({ scope }: { readonly scope: Scope }) {
  const may = useMay(scope);
  return (
    <List.Item
      icon={
        <ThemeIcon size="sm" radius="xl" variant="light" color={may ? 'green' : 'gray'}>
          {may ? (
            <IconCheck size={12} aria-label="May" role="img" />
          ) : (
            <IconMinus size={12} aria-label="May not" role="img" />
          )}
        </ThemeIcon>
      }
    >
      <Code>{scope}</Code> {scopeWords[scope]}
    </List.Item>
  );
}

/** What the key that signed in may do, and until when it is signed in. */
export function OwnSession() {
  const { expires_at: expiresAt } = useSession();
  return (
    <Stack maw={720} gap="lg">
      <Stack component="section" gap="xs">
        <Title order={2} size="h4">
          What this key may do
        </Title>
        <List spacing="xs" size="sm">
          {tenantScopes.map((scope) => (
            <ScopeRow key={scope} scope={scope} />
          ))}
        </List>
      </Stack>
      {expiresAt !== null && (
        <Stack component="section" gap="xs">
          <Title order={2} size="h4">
            This session
          </Title>
          <Text size="sm">
            It ends <Time at={expiresAt} />, on <ExactTime at={expiresAt} />, and at once when its key is revoked or
            expires. The key itself is not kept in this browser.
          </Text>
        </Stack>
      )}
      <Stack component="section" gap="xs">
        <Title order={2} size="h4">
          More keys
        </Title>
        <Text size="sm">
          The operator makes and revokes keys, here or with <Code>POST /v1/tenants/…/api-keys</Code>. Ask for one key
          per service, each with only the scopes it needs, so that one can be revoked without the others.
        </Text>
      </Stack>
    </Stack>
  );
}
