/** Begins anew at the same address: what the page holds is of somebody else. */
export const startPage = (): void => window.location.reload();
