import { type FocusEvent, type PointerEvent, useState } from 'react';

/** Whether somebody rests on an element, with a pointer or with the focus of the keyboard: nothing may move under them. */
export function useRest() {
  const [isPointedAt, setPointedAt] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const handlers = {
    // A finger is gone once it has tapped.
    onPointerEnter: ({ pointerType }: PointerEvent): void => setPointedAt(pointerType !== 'touch'),
    onPointerLeave: (): void => setPointedAt(false),
    onFocus: ({ target }: FocusEvent): void => setFocused(target.matches(':focus-visible')),
    onBlur: ({ currentTarget, relatedTarget }: FocusEvent): void => {
      if (!currentTarget.contains(relatedTarget)) setFocused(false);
    },
  };
  return { isRested: isPointedAt || isFocused, handlers };
}
