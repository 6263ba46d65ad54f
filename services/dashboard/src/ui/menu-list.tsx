import { Check } from 'lucide-react'
import { Header } from 'react-aria-components/Header'
import { Menu as AriaMenu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { Button, cx } from './kit'
import type { MenuButtonProps, MenuEntry } from './menu'
import { optionClass, popoverClass } from './option'

/** The button and its list; menu.tsx brings it when it is first wanted. */
export function OpenableMenu({
  label,
  children,
  groups,
  isOpen,
  onOpenChange,
  isDisabled,
  placement = 'bottom end',
  ...look
}: MenuButtonProps) {
  const items = new Map(groups.flatMap((group) => group.items.map((item) => [item.id, item] as const)))
  return (
    <MenuTrigger {...(isOpen !== undefined && { isOpen })} {...(onOpenChange && { onOpenChange })}>
      <Button {...look} {...(label && { 'aria-label': label })} isDisabled={isDisabled ?? false}>
        {children}
      </Button>
      <Popover placement={placement} className={cx(popoverClass, 'max-h-96 min-w-44 overflow-y-auto')}>
        <AriaMenu onAction={(key) => items.get(String(key))?.onAction()} className="flex flex-col gap-1 outline-none">
          {groups.map((group) => (
            <MenuSection
              key={group.id}
              id={group.id}
              className="not-first:border-t not-first:border-line not-first:pt-1"
            >
              {group.title && <Header className="px-2 pt-1 pb-0.5 text-xs text-ink-2">{group.title}</Header>}
              {group.items.map((item) => (
                <Entry key={item.id} item={item} />
              ))}
            </MenuSection>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}

function Entry({ item }: { item: MenuEntry }) {
  return (
    <MenuItem
      id={item.id}
      textValue={item.name}
      isDisabled={item.isDisabled ?? false}
      shouldCloseOnSelect={!item.staysOpen}
      className={cx(optionClass, item.tone === 'bad' && 'text-grana')}
    >
      {item.isChecked !== undefined && (
        <Check aria-hidden="true" className={cx('size-3.5 shrink-0 text-agave', !item.isChecked && 'opacity-0')} />
      )}
      {item.icon}
      <span className="flex-1">{item.name}</span>
      {item.hint && (
        <span aria-hidden="true" className="kbd">
          {item.hint}
        </span>
      )}
    </MenuItem>
  )
}
