import { Menu } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { type ColorScheme, schemes } from './schemes.ts';

interface Choice {
  readonly value: ColorScheme;
  readonly onChoose: (value: ColorScheme) => void;
  /** What opens it. */
  readonly children: ReactNode;
}

/** The colours to choose from; it opens as soon as it is there. */
export function SchemeMenu({ value: chosen, onChoose, children }: Choice) {
  const [opened, setOpened] = useState(false);
  useEffect(() => setOpened(true), []);
  return (
    <Menu position="bottom-end" opened={opened} onChange={setOpened}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        {schemes.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={16} aria-hidden />}
            aria-current={value === chosen}
            onClick={() => onChoose(value)}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
