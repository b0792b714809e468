/**
 * Whether a dialog is open that going elsewhere would lose: a form, or a secret that is shown once. The palette is none,
 * and neither is a drawer, which has its own address.
 */
export const isFormOpen = (): boolean => document.querySelector('.mantine-Modal-content') !== null;
