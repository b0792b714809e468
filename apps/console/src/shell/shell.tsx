import { AppShell, Burger, Button, Group, NavLink, ScrollArea, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLogout } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Navigate, Outlet, useRouterState } from '@tanstack/react-router';
import { sessionKey, sessionQuery, signOut } from '../api/session.ts';
import { Brand } from './brand.tsx';
import { CommandPalette } from './command-palette.tsx';
import { PhoneMenu } from './phone-menu.tsx';
import { SchemeSwitch } from './scheme-switch.tsx';
import { ScopeGate } from './scope-gate.tsx';
import classes from './shell.module.css';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { TenantGate } from './tenant-gate.tsx';
import { TenantPicker } from './tenant-picker.tsx';
import { Unreachable } from './unreachable.tsx';
import { useLoadAhead } from './use-load-ahead.ts';
import { SessionContext, useViews } from './use-session.ts';
import { viewAt } from './views.ts';
import { ZoneSwitch } from './zone-switch.tsx';

/** What stands around every view of whoever is signed in. */
export function Shell() {
  const { data: session } = useQuery(sessionQuery);
  const [menuOpen, menu] = useDisclosure(false);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const here = useRouterState({ select: ({ location }) => location.href });
  const queryClient = useQueryClient();
  useLoadAhead();
  const leaving = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      queryClient.clear();
      queryClient.setQueryData(sessionKey, null);
    },
  });
  if (!session) {
    // This view still stands while the sign-in is on its way.
    if (path === '/sign-in') return null;
    if (leaving.isSuccess) return <Navigate to="/sign-in" replace />;
    return <Navigate to="/sign-in" search={here === '/' ? {} : { to: here }} state={{ isSessionOver: true }} replace />;
  }
  return (
    <SessionContext value={session}>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !menuOpen } }}
        padding="md"
      >
        <a href="#view" className="skip-link">
          Skip to the view
        </a>
        <AppShell.Header>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap">
            <Group gap="xs" wrap="nowrap">
              <Burger
                opened={menuOpen}
                onClick={menu.toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label="Menu"
                aria-expanded={menuOpen}
              />
              <Brand short />
            </Group>
            <Group gap="xs" wrap="nowrap" miw={0}>
              <TenantPicker session={session} />
              <ZoneSwitch />
              <SchemeSwitch />
              <Button
                variant="default"
                size="xs"
                flex="none"
                leftSection={<IconLogout size={16} aria-hidden />}
                loading={leaving.isPending}
                onClick={() => leaving.mutate()}
              >
                Sign out
              </Button>
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="xs" aria-label="Views" className={classes.navbar} mod={{ open: menuOpen }}>
          <AppShell.Section grow component={ScrollArea}>
            <ViewLinks onFollow={menu.close} />
          </AppShell.Section>
          <AppShell.Section>
            <PhoneMenu session={session} />
            <NavLink component="a" href="/docs" label="API reference" />
          </AppShell.Section>
        </AppShell.Navbar>
        <AppShell.Main id="view" tabIndex={-1}>
          <Unreachable />
          <TenantGate session={session}>
            <ScopeGate>
              <Outlet />
            </ScopeGate>
          </TenantGate>
        </AppShell.Main>
        <CommandPalette />
        <ShortcutSheet />
      </AppShell>
    </SessionContext>
  );
}

function ViewLinks({ onFollow }: { readonly onFollow: () => void }) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const current = viewAt(path);
  return (
    <Stack gap={2}>
      {useViews().map(({ to, label, icon: Icon }) => (
        <NavLink
          key={to}
          component={Link}
          to={to}
          label={label}
          leftSection={<Icon size={18} aria-hidden />}
          active={current?.to === to}
          aria-current={current?.to === to ? 'page' : undefined}
          onClick={onFollow}
        />
      ))}
    </Stack>
  );
}
