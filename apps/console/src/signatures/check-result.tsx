import { Alert, Group, List, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { Diagnosis, SignatureCheck } from '@posthorn/domain/signature/diagnose-signature';
import { IconCheck, IconShieldCheck, IconShieldX, IconX } from '@tabler/icons-react';
import { ForeignText } from '../show/foreign-text.tsx';

const names: Readonly<Record<SignatureCheck['name'], string>> = {
  header: 'Signature header',
  timestamp: 'Time',
  secret: 'Secret',
  body: 'Body',
};

function CheckRow({ name, ok, message }: SignatureCheck) {
  const Icon = ok ? IconCheck : IconX;
  return (
    <List.Item
      icon={
        <ThemeIcon size="sm" radius="xl" variant="light" color={ok ? 'green' : 'red'}>
          <Icon size={14} role="img" aria-label={ok ? 'Holds:' : 'Does not hold:'} />
        </ThemeIcon>
      }
    >
      <b>{names[name]}.</b> <ForeignText text={message} />
    </List.Item>
  );
}

/** What a signature check has found. */
export function CheckResult({ diagnosis: { verdict, scheme, checks } }: { readonly diagnosis: Diagnosis }) {
  const isValid = verdict === 'valid';
  const Icon = isValid ? IconShieldCheck : IconShieldX;
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h4">
        Result
      </Title>
      <Alert
        color={isValid ? 'green' : 'red'}
        role="note"
        icon={<Icon aria-hidden />}
        title={isValid ? 'Valid: a receiver should accept this' : 'Invalid: a receiver must refuse this'}
      >
        {scheme === null ? 'No profile’s signature header is there.' : `Read by the rules of the profile ${scheme}.`}
      </Alert>
      <List
        spacing="sm"
        size="sm"
        style={{ overflowWrap: 'anywhere' }}
        styles={{ itemWrapper: { alignItems: 'flex-start' } }}
      >
        {checks.map((check) => (
          <CheckRow key={check.name} {...check} />
        ))}
      </List>
      {isValid && (
        <Group>
          <Text size="sm">
            If your receiver still refuses it, it verifies something else: most often a body that was parsed and written
            again, or an older secret.
          </Text>
        </Group>
      )}
    </Stack>
  );
}
