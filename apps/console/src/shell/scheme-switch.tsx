import { ActionIcon, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop } from '@tabler/icons-react';
import { useState } from 'react';
import { Late } from '../show/late.tsx';
import { lazyPart } from '../show/lazy-part.tsx';
import { schemes } from './schemes.ts';

const SchemeMenu = lazyPart(() => import('./scheme-menu.tsx'), 'SchemeMenu');

/** Light, dark, or as the system has it; remembered in this browser. The menu comes when it is first opened. */
export function SchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [isWanted, setWanted] = useState(false);
  const Current = schemes.find(({ value }) => value === colorScheme)?.icon ?? IconDeviceDesktop;
  const button = (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label="Colours"
      aria-haspopup="menu"
      onClick={isWanted ? undefined : () => setWanted(true)}
    >
      <Current size={18} aria-hidden />
    </ActionIcon>
  );
  if (!isWanted) return button;
  return (
    <Late meanwhile={button}>
      <SchemeMenu value={colorScheme} onChoose={setColorScheme}>
        {button}
      </SchemeMenu>
    </Late>
  );
}
