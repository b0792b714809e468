import { Badge, Box, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import type { Attempt } from '@posthorn/http-api/attempt';
import { IconCheck, IconChevronDown, IconChevronRight, IconX } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { CopyButton } from '../../show/copy-button.tsx';
import { ForeignText } from '../../show/foreign-text.tsx';
import { formatSpan } from '../../show/format-time.ts';
import { prettyJson } from '../../show/pretty-json.ts';
import { TextBlock } from '../../show/text-block.tsx';
import { ExactTime, Time } from '../../show/time.tsx';
import { explainAttempt } from './explain-attempt.ts';
import { HeaderTable } from './header-table.tsx';
import { isCut } from './show-body.ts';

interface Item {
  readonly attempt: Attempt;
  /** The last one is open until somebody closes it. */
  readonly isLast: boolean;
}

/** One attempt: how it went in a line, and all that is known of it below. */
export function AttemptItem({ attempt, isLast }: Item) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const isOpened = chosen ?? isLast;
  const body = useId();
  const { number, outcome, response_status, duration_ms, started_at } = attempt;
  const isGood = outcome === 'succeeded';
  const Chevron = isOpened ? IconChevronDown : IconChevronRight;
  return (
    <Box component="li">
      <UnstyledButton
        w="100%"
        py={6}
        aria-expanded={isOpened}
        aria-controls={body}
        onClick={() => setChosen(!isOpened)}
      >
        <Group gap="xs">
          <Chevron size={16} aria-hidden />
          <Text size="sm" fw={600}>
            Attempt {number}
          </Text>
          <Badge
            color={isGood ? 'green' : 'red'}
            variant="light"
            tt="none"
            leftSection={isGood ? <IconCheck size={12} aria-hidden /> : <IconX size={12} aria-hidden />}
          >
            {outcome}
            {response_status !== null && ` ${response_status}`}
          </Badge>
          <Text size="sm">{formatSpan(duration_ms)}</Text>
          <Time at={started_at} />
        </Group>
      </UnstyledButton>
      <Box id={body} hidden={!isOpened} pl={24} pb="sm">
        {isOpened && <AttemptBody attempt={attempt} />}
      </Box>
    </Box>
  );
}

/** Whether the recorded error would only be said twice. */
const isSaid = (what: string, error: string): boolean => what.includes(error) || /^Answered \d+$/.test(error);

function AttemptBody({ attempt }: { readonly attempt: Attempt }) {
  const { what, todo } = explainAttempt(attempt);
  return (
    <Stack gap="sm">
      <div>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          <ForeignText text={what} />
        </Text>
        {todo !== null && (
          <Text size="sm" fw={600}>
            {todo}
          </Text>
        )}
      </div>
      <Text size="sm">
        Started <ExactTime at={attempt.started_at} />, took {formatSpan(attempt.duration_ms)}
      </Text>
      {attempt.error !== null && !isSaid(what, attempt.error) && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          Recorded as: <ForeignText text={attempt.error} />
        </Text>
      )}
      <HeaderTable title="Request headers" headers={attempt.request_headers} />
      {attempt.response_status !== null && <HeaderTable title="Response headers" headers={attempt.response_headers} />}
      {attempt.response_body !== null && <ResponseBody body={attempt.response_body} />}
    </Stack>
  );
}

function ResponseBody({ body }: { readonly body: string }) {
  return (
    <Box>
      <Group justify="space-between" mb={4}>
        <Text size="sm" fw={600}>
          Response body
        </Text>
        {body !== '' && <CopyButton text={body} />}
      </Group>
      {body === '' ? (
        <Text size="sm">Empty.</Text>
      ) : (
        <TextBlock text={prettyJson(body)} label="Response body" maxHeight={220} />
      )}
      {isCut(body) && <Text size="xs">Only the first 16 KiB are kept.</Text>}
    </Box>
  );
}
