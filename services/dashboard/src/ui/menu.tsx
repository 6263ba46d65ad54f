import { lazy, type ReactNode, Suspense, useState } from 'react'
import { Button, type ButtonLook } from './kit'

// Half of React Aria's weight is in lists that open: the first page does without.
const bringMenu = () => import('./menu-list')
const OpenableMenu = lazy(async () => ({ default: (await bringMenu()).OpenableMenu }))

export interface MenuEntry {
  id: string
  name: string
  icon?: ReactNode
  /** A key that does the same. */
  hint?: string
  isChecked?: boolean
  isDisabled?: boolean
  /** The list stays open: several can be chosen. */
  staysOpen?: boolean
  tone?: 'bad'
  onAction: () => void
}
export interface MenuGroup {
  id: string
  title?: string
  items: MenuEntry[]
}

export type MenuButtonProps = ButtonLook & {
  /** The button's name, where its content does not say it. */
  label?: string
  children: ReactNode
  groups: MenuGroup[]
  isOpen?: boolean
  onOpenChange?: (open: boolean) => void
  isDisabled?: boolean
  placement?: 'bottom end' | 'bottom start' | 'top end' | 'top start' | 'right bottom'
}

/** A button that opens a list of actions or choices. */
export function MenuButton(props: MenuButtonProps) {
  const [isWanted, setWanted] = useState(false)
  const [isOpen, setOpen] = useState(false)
  const { label, children, groups: _, isOpen: __, onOpenChange, isDisabled, placement: ___, ...look } = props
  const open = props.isOpen ?? isOpen
  const setBoth = (next: boolean) => {
    setOpen(next)
    onOpenChange?.(next)
  }
  const closed = (
    <Button
      {...look}
      {...(label && { 'aria-label': label })}
      aria-haspopup="menu"
      isDisabled={isDisabled ?? false}
      onHoverStart={() => void bringMenu()}
      onPress={() => {
        setWanted(true)
        setBoth(true)
      }}
    >
      {children}
    </Button>
  )
  if (!isWanted && !open) return closed
  return (
    <Suspense fallback={closed}>
      <OpenableMenu {...props} isOpen={open} onOpenChange={setBoth} />
    </Suspense>
  )
}
