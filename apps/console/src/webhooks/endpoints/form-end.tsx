import { Alert, Button, Group, Stack, Text } from '@mantine/core';

/** What was wrong with a form as a whole, and its two buttons. */
export function FormEnd({
  errors,
  label,
  isPending,
  isDisabled = false,
  isDangerous = false,
  onCancel,
}: {
  readonly errors: readonly string[];
  /** On the button that sends. */
  readonly label: string;
  readonly isPending: boolean;
  readonly isDisabled?: boolean;
  /** The focus begins on Cancel then, if on no field. */
  readonly isDangerous?: boolean;
  readonly onCancel: () => void;
}) {
  return (
    <Stack gap="sm" mt="md">
      {errors.length > 0 && (
        <Alert color="red" role="alert" title="That did not work">
          {errors.map((text) => (
            <Text key={text} size="sm">
              {text}
            </Text>
          ))}
        </Alert>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" data-autofocus={isDangerous || undefined} onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={isPending} disabled={isDisabled} {...(isDangerous && { color: 'red.9' })}>
          {label}
        </Button>
      </Group>
    </Stack>
  );
}
