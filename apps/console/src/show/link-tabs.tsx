import type { ReactNode } from 'react';
import classes from './link-tabs.module.css';

interface Props {
  /** What the tabs are of, for who cannot see them. */
  readonly label: string;
  /** A link each; `classes.link` and `aria-current` are the caller's, whose router knows the addresses. */
  readonly children: readonly ReactNode[];
}

/** How each link in {@link LinkTabs} looks. */
export const tabLinkClass = classes.link;

/** Tabs that are links: each has an address, opens in a new window, and goes back with the browser's button. */
export function LinkTabs({ label, children }: Props) {
  return (
    <nav aria-label={label}>
      <ul className={classes.list}>
        {children.map((link, index) => (
          <li key={index}>{link}</li>
        ))}
      </ul>
    </nav>
  );
}
