import { Search } from 'lucide-react'
import type { ReactNode } from 'react'
import { Autocomplete } from 'react-aria-components/Autocomplete'
import { Dialog } from 'react-aria-components/Dialog'
import { Header } from 'react-aria-components/Header'
import { Input } from 'react-aria-components/Input'
import { Menu, MenuItem, MenuSection } from 'react-aria-components/Menu'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { SearchField } from 'react-aria-components/SearchField'
import { optionClass } from './option'

export interface Command {
  id: string
  name: string
  icon?: ReactNode
  detail?: ReactNode
  onAction: () => void
}
export interface CommandGroup {
  id: string
  title: string
  commands: Command[]
}

/** A search field over a list: what is typed narrows it, the arrows walk it, Enter does it. */
export function CommandList({
  label,
  placeholder,
  groups,
  value,
  onChange,
  empty,
}: {
  label: string
  placeholder: string
  /** Already narrowed to what was typed. */
  groups: CommandGroup[]
  value: string
  onChange: (value: string) => void
  empty: string
}) {
  const shown = groups.filter((group) => group.commands.length > 0)
  const commands = new Map(shown.flatMap((group) => group.commands.map((command) => [command.id, command] as const)))
  return (
    <Autocomplete inputValue={value} onInputChange={onChange}>
      <SearchField aria-label={label} autoFocus className="relative border-b border-line px-2 pb-1">
        <Search aria-hidden="true" className="absolute top-3 left-5 size-4 text-ink-3" />
        <Input
          placeholder={placeholder}
          className="h-10 w-full bg-transparent pr-3 pl-10 text-base text-ink outline-none placeholder:text-ink-3 [&::-webkit-search-cancel-button]:hidden"
        />
      </SearchField>
      <Menu
        aria-label={label}
        onAction={(key) => commands.get(String(key))?.onAction()}
        renderEmptyState={() => <p className="px-3 py-6 text-center text-sm text-ink-2">{empty}</p>}
        className="max-h-[65vh] min-h-0 overflow-y-auto p-2 outline-none"
      >
        {shown.map((group) => (
          <MenuSection key={group.id} id={group.id}>
            <Header className="px-2 pt-2 pb-1 text-xs text-ink-2">{group.title}</Header>
            {group.commands.map((command) => (
              <MenuItem key={command.id} id={command.id} textValue={command.name} className={optionClass}>
                {command.icon}
                <span className="min-w-0 flex-1 truncate">{command.name}</span>
                {command.detail}
              </MenuItem>
            ))}
          </MenuSection>
        ))}
      </Menu>
    </Autocomplete>
  )
}

/** The window that a command list floats in; the list's own field names it. */
export function CommandDialog({
  label,
  onClose,
  children,
}: {
  label: string
  onClose: () => void
  children: ReactNode
}) {
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && onClose()}
      className="fixed inset-0 z-40 flex items-start justify-center bg-[oklch(0.2_0.02_165/0.45)] p-4 pt-[12vh]"
    >
      <Modal className="w-full max-w-xl overflow-hidden rounded-card border border-line bg-surface shadow-pop">
        <Dialog aria-label={label} className="flex flex-col outline-none">
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
