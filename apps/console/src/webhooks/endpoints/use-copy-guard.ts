import { useState } from 'react';

/** Asks once before something closes that was not copied and cannot be seen again. */
export function useCopyGuard(isNeeded: boolean, onClose: () => void) {
  const [copied, setCopied] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  return {
    isAsking: isAsking && !copied,
    onCopied: () => setCopied(true),
    close: () => {
      if (isNeeded && !copied && !isAsking) setIsAsking(true);
      else onClose();
    },
    forget: () => {
      setCopied(false);
      setIsAsking(false);
    },
  };
}
