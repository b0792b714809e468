import { Fragment, type ReactNode } from 'react';
import { markInvisible } from './mark-invisible.ts';

/** A text in which each invisible character is a mark. @param isExact joiners too, wherever they stand */
export function withMarks(text: string, isExact: boolean): ReactNode {
  return markInvisible(text, isExact).map((part, index) =>
    part.isMark ? (
      <span key={index} className="invisible-mark" title="A character that cannot be seen">
        {part.text}
      </span>
    ) : (
      <Fragment key={index}>{part.text}</Fragment>
    ),
  );
}
