import { Alert, Text } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { IconKey } from '@tabler/icons-react';
import { ExactTime, Time } from '../../show/time.tsx';
import { explainOverlap } from './explain-overlap.ts';
import { useOverlap } from './use-overlap.ts';
import { useSignature } from './use-signature.ts';

/** Says that a rotation is under way, until when, and what receivers get meanwhile. */
export function OverlapNotice({ endpoint }: { readonly endpoint: Endpoint }) {
  const endsAt = useOverlap(endpoint);
  const signature = useSignature(endpoint);
  if (endsAt === null) return null;
  return (
    <Alert variant="outline" icon={<IconKey aria-hidden />} title="A rotation is under way">
      <Text size="sm" component="div">
        Two secrets are valid until <ExactTime at={endsAt} /> (<Time at={endsAt} />
        ). {explainOverlap(signature)}
      </Text>
    </Alert>
  );
}
