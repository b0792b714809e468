import { Image, Text } from '@mantine/core';
import icon from '../icon.svg';

/** @param short on a phone's width: without the name */
export function Brand({ short = false }: { readonly short?: boolean }) {
  return (
    <>
      <Image src={icon} alt="" w={26} h={26} />
      <Text fw={700} size="lg" span visibleFrom={short ? 'xs' : undefined}>
        Posthorn
      </Text>
    </>
  );
}
