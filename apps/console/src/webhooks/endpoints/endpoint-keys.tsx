import { Accordion, Badge, Group, Stack, Text } from '@mantine/core';
import type { Certificate, Endpoint } from '@posthorn/http-api/endpoint';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { Late } from '../../show/late.tsx';
import { lazyPart } from '../../show/lazy-part.tsx';
import { ExactTime } from '../../show/time.tsx';
import { useNow } from '../../show/use-now.ts';
import { type CertificateState, certificateState } from './describe-endpoint.ts';
import { OverlapNotice } from './overlap-notice.tsx';
import { PublicKeys } from './public-keys.tsx';
import { Section } from './section.tsx';

const VerifierSnippet = lazyPart(() => import('../../verify/verifier-snippet.tsx'), 'VerifierSnippet');

const colors: Readonly<Record<CertificateState, string>> = { valid: 'green', soon: 'orange', expired: 'red' };

function CertificateLine({ certificate }: { readonly certificate: Certificate }) {
  const { state, text } = certificateState(certificate.not_after, useNow());
  const Icon = state === 'valid' ? IconCheck : IconAlertTriangle;
  return (
    <Stack gap={2}>
      <Group gap="xs">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {certificate.subject}
        </Text>
        <Badge color={colors[state]} variant="light" tt="none" leftSection={<Icon size={12} aria-hidden />}>
          {text}
        </Badge>
      </Group>
      <Text size="xs" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
        {certificate.fingerprint}
      </Text>
      <Text size="sm" component="div">
        Valid until <ExactTime at={certificate.not_after} />
      </Text>
    </Stack>
  );
}

function Keys({ endpoint }: { readonly endpoint: Endpoint }) {
  const { public_keys: keys, signature_algorithm: algorithm } = endpoint;
  return (
    <Stack gap="xs">
      <Text size="sm">
        {algorithm === 'ed25519'
          ? 'Signed with a key pair (ed25519). Receivers verify with the public key.'
          : 'Signed with a shared secret (hmac-sha256). It is kept sealed and cannot be seen again; when it is lost, rotate it.'}
      </Text>
      {keys.length > 0 && <PublicKeys keys={keys} />}
      <OverlapNotice endpoint={endpoint} />
    </Stack>
  );
}

function Verifier({ endpoint }: { readonly endpoint: Endpoint }) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Accordion variant="contained" value={open} onChange={setOpen}>
      <Accordion.Item value="verifier">
        <Accordion.Control>A receiver’s code</Accordion.Control>
        <Accordion.Panel>
          {open !== null && (
            <Late>
              <VerifierSnippet profile={endpoint.profile} algorithm={endpoint.signature_algorithm} />
            </Late>
          )}
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

/** How an endpoint's deliveries are signed, and verified. */
export const EndpointSigning = ({ endpoint }: { readonly endpoint: Endpoint }) => (
  <Section title="Signing">
    <Stack>
      <Keys endpoint={endpoint} />
      <Verifier endpoint={endpoint} />
    </Stack>
  </Section>
);

/** Whom an endpoint must be certified by, and who Posthorn is to it; nothing where neither was said. */
export function EndpointCertificates({ endpoint }: { readonly endpoint: Endpoint }) {
  const { ca_certificate: authorities, client_certificate: client } = endpoint;
  if (authorities === null && client === null) return null;
  return (
    <Section title="Certificates">
      <Stack>
        {authorities !== null && (
          <Stack gap="sm">
            <Text size="sm">Its own must be issued by:</Text>
            {authorities.map((certificate) => (
              <CertificateLine key={certificate.fingerprint} certificate={certificate} />
            ))}
          </Stack>
        )}
        {client !== null && (
          <Stack gap="sm">
            <Text size="sm">Posthorn shows itself with:</Text>
            <CertificateLine certificate={client} />
          </Stack>
        )}
      </Stack>
    </Section>
  );
}
