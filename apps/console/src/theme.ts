import {
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

/** Brass, from light to dark. */
const brass: MantineColorsTuple = [
  '#fff7e8',
  '#faedd5',
  '#f1d9ad',
  '#e8c482',
  '#e0b25d',
  '#dba646',
  '#d9a038',
  '#b4791a',
  '#8f5f10',
  '#6f4906',
];

/** On the primary colour dark text or light, as the scheme needs: Mantine decides it by the light scheme's shade alone. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  const isPrimary = (input.color || input.theme.primaryColor) === input.theme.primaryColor;
  return input.variant === 'filled' && isPrimary
    ? { ...colors, color: 'var(--mantine-primary-color-contrast)' }
    : colors;
};

/** The cross alone says nothing to who cannot see it. */
const namedClose = { closeButtonProps: { 'aria-label': 'Close' } };

export const theme = createTheme({
  primaryColor: 'brass',
  primaryShade: { light: 8, dark: 5 },
  autoContrast: true,
  variantColorResolver,
  components: {
    // Titles in the alert's own colour are below 4.5:1 on its background.
    Alert: { styles: { title: { color: 'var(--mantine-color-text)' } } },
    Modal: { defaultProps: namedClose },
    Drawer: { defaultProps: namedClose },
    Notification: { defaultProps: namedClose, styles: { description: { color: 'var(--mantine-color-text)' } } },
  },
  colors: { brass },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
});
