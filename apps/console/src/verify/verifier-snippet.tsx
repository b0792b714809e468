import { Group, Select, Stack, Tabs, Text } from '@mantine/core';
import type { Endpoint } from '@posthorn/http-api/endpoint';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { profilesQuery } from '../api/profiles.ts';
import { TextBlock } from '../show/text-block.tsx';
import { type Snippet, writeSnippets } from './snippets.ts';
import { ToClipboard } from './to-clipboard.tsx';

function Code({ title, label, text }: { readonly title: string; readonly label: string; readonly text: string }) {
  return (
    <Stack gap={4}>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" fw={500}>
          {title}
        </Text>
        <ToClipboard text={text} what="Code" />
      </Group>
      <TextBlock text={text} label={label} maxHeight={260} />
    </Stack>
  );
}

const CodeOf = ({ name, code, usage }: Snippet) => (
  <Stack gap="sm" pt="sm">
    <Code title="The verifier" label={`Verifier for ${name}`} text={code} />
    <Code title="How to call it, with the body’s raw bytes" label={`Call for ${name}`} text={usage} />
  </Stack>
);

/** Code that verifies what an endpoint is sent, in five languages, as its profile signs. */
export function VerifierSnippet({
  profile,
  algorithm,
}: {
  readonly profile: string;
  readonly algorithm: Endpoint['signature_algorithm'];
}) {
  const profiles = useQuery(profilesQuery);
  const [chosen, setChosen] = useState<string>('typescript');
  const signature = profiles.data?.find(({ name }) => name === profile)?.signature;
  if (!signature) {
    return (
      <Text size="sm">
        {profiles.isPending
          ? 'The verifier is being written…'
          : 'The verifier cannot be shown now: load the page again.'}
      </Text>
    );
  }
  const snippets = writeSnippets(signature, algorithm);
  return (
    <>
      <Select
        hiddenFrom="xs"
        label="Language"
        data={snippets.map(({ language, name }) => ({ value: language, label: name }))}
        value={chosen}
        onChange={(value) => setChosen(value ?? chosen)}
        allowDeselect={false}
      />
      <Tabs value={chosen} onChange={(value) => setChosen(value ?? chosen)} keepMounted={false}>
        <Tabs.List visibleFrom="xs" aria-label="Language of the verifier">
          {snippets.map(({ language, name }) => (
            <Tabs.Tab key={language} value={language}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {snippets.map((snippet) => (
          <Tabs.Panel key={snippet.language} value={snippet.language}>
            <CodeOf {...snippet} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
