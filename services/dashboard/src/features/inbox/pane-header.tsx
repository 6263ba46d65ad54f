import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowLeft, Ellipsis, Sparkle, UserRound } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useKeys } from '@/app/keys'
import { useMay } from '@/app/session'
import { MOMENT } from '@/i18n/formats'
import { Badge, Button, cx } from '@/ui/kit'
import { MenuButton, type MenuEntry } from '@/ui/menu'
import { useIsNarrow } from '@/ui/narrow'
import { notify } from '@/ui/toast'
import { useConversationActions } from './actions'
import type { Opened } from './conversation-pane'
import { STATUSES } from './filters'
import { OPEN_NEXT } from './list-keys'
import { nameOf, useCodeWords } from './names'
import { type Conversation, ownersQuery } from './queries'

const TONES = { active: 'good', inactive: 'neutral', blocked: 'bad' } as const

/** Whose conversation it is and what can be done with it. */
export function PaneHeader({
  conversation,
  onOpen,
  onMarkUnread,
}: {
  conversation: Conversation
  onOpen: (opened: Opened) => void
  onMarkUnread: () => void
}) {
  const t = useTranslations('inbox')
  const canWrite = useMay()('conversations:write')
  const status = conversation.conversation_status
  return (
    <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-5 py-2 max-md:px-2">
      <Link
        to="/inbox"
        search={(search) => search}
        aria-label={t('thread.back')}
        className="grid size-8 place-items-center rounded-control text-ink-2 hover:bg-sunken md:hidden"
      >
        <ArrowLeft aria-hidden="true" className="size-4" />
      </Link>
      <PaneTitle name={nameOf(conversation)} />
      {canWrite ? (
        <Controls conversation={conversation} onOpen={onOpen} onMarkUnread={onMarkUnread} />
      ) : (
        <>
          <Badge tone={TONES[status]} shape>
            {t(`status.${status}`)}
          </Badge>
          <Button size="sm" className="xl:hidden" onPress={() => onOpen('details')}>
            {t('details.title')}
          </Button>
        </>
      )}
    </header>
  )
}

/** A part of the page beside the list; on a narrow screen it is the page, and says so when it opens. */
function PaneTitle({ name }: { name: string }) {
  const isPage = useIsNarrow()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (isPage) heading.current?.focus({ preventScroll: true })
  }, [isPage])
  const Title = isPage ? 'h1' : 'h2'
  return (
    <Title
      ref={heading}
      tabIndex={-1}
      className="min-w-0 flex-1 basis-24 truncate max-md:basis-[calc(100%-3rem)] text-lg font-semibold tracking-tight outline-none!"
    >
      {name}
    </Title>
  )
}

function Controls({
  conversation,
  onOpen,
  onMarkUnread,
}: {
  conversation: Conversation
  onOpen: (opened: Opened) => void
  onMarkUnread: () => void
}) {
  const t = useTranslations('inbox')
  const { setStatus } = useConversationActions(conversation.id)
  const [isStatusOpen, setStatusOpen] = useState(false)
  const status = conversation.conversation_status

  const finish = () => {
    setStatus('inactive')
    window.dispatchEvent(new Event(OPEN_NEXT))
    const action = { name: t('did.undo'), onPress: () => setStatus(status) }
    notify({ tone: 'info', title: t('did.finished', { name: nameOf(conversation) }), action })
  }
  useKeys({ e: finish, s: () => setStatusOpen(true), u: onMarkUnread })

  const isOut = conversation.opted_out_at !== null
  const more: MenuEntry[] = [
    { id: 'unread', name: t('more.markUnread'), hint: 'u', onAction: onMarkUnread },
    { id: 'finish', name: t('more.finish'), hint: 'e', onAction: finish },
    {
      id: 'consent',
      name: isOut ? t('more.optIn') : t('more.optOut'),
      onAction: () => onOpen(isOut ? 'opt-in' : 'opt-out'),
    },
    { id: 'details', name: t('more.details'), onAction: () => onOpen('details') },
  ]
  return (
    <>
      <AssistantSwitch conversation={conversation} />
      <OwnerMenu conversation={conversation} />
      <MenuButton
        size="sm"
        label={t('statusButton', { status: t(`status.${status}`) })}
        isOpen={isStatusOpen}
        onOpenChange={setStatusOpen}
        groups={[
          {
            id: 'status',
            items: STATUSES.map((id) => ({
              id,
              name: t(`status.${id}`),
              isChecked: id === status,
              onAction: () => setStatus(id),
            })),
          },
        ]}
      >
        <span
          aria-hidden="true"
          className={cx(
            'text-[0.5rem]',
            status === 'active' ? 'text-agave' : status === 'blocked' ? 'text-grana' : 'text-ink-3',
          )}
        >
          {status === 'blocked' ? '■' : '●'}
        </span>
        {t(`status.${status}`)}
      </MenuButton>
      <MenuButton variant="plain" size="icon-sm" label={t('details.title')} groups={[{ id: 'more', items: more }]}>
        <Ellipsis aria-hidden="true" className="size-4" />
      </MenuButton>
    </>
  )
}

/** Who has the word: the assistant or a person. One press changes it. */
function AssistantSwitch({ conversation }: { conversation: Conversation }) {
  const t = useTranslations('inbox.assistant')
  const format = useFormatter()
  const { handedWhy } = useCodeWords()
  const { takeOver, handBack } = useConversationActions(conversation.id)
  const isOn = conversation.assistant === 'on'
  const toggle = isOn ? takeOver : handBack
  useKeys({ i: toggle })
  const since =
    conversation.handed_over_at &&
    t('since', {
      date: format.dateTime(new Date(conversation.handed_over_at), MOMENT),
      why: handedWhy(conversation.handed_over_why),
    })
  const state = isOn ? t('on') : t('handed_over')
  return (
    <span title={isOn ? t('onHint') : (since ?? undefined)} className="contents">
      <Button
        size="sm"
        variant="plain"
        aria-label={`${state}. ${isOn ? t('take') : t('give')}`}
        onPress={toggle}
        className={cx(
          'rounded-full!',
          isOn ? 'bg-jacaranda-soft text-jacaranda! hover:bg-jacaranda-soft' : 'bg-sunken text-ink-2',
        )}
      >
        {isOn ? <Sparkle aria-hidden="true" className="size-3" /> : <UserRound aria-hidden="true" className="size-3" />}
        <span className="md:max-lg:sr-only">{state}</span>
      </Button>
    </span>
  )
}

function OwnerMenu({ conversation }: { conversation: Conversation }) {
  const t = useTranslations('inbox.owner')
  const [isOpen, setOpen] = useState(false)
  const owners = useQuery({ ...ownersQuery, enabled: isOpen })
  const { setOwner, me } = useConversationActions(conversation.id)
  const owner = conversation.user
  useKeys({ a: () => setOpen(true) })
  const others = (owners.data ?? []).filter(({ id }) => id !== me.id)
  const people = [
    { ...me, title: t('me', { name: me.name }) },
    ...others.map((user) => ({ ...user, title: user.name })),
  ]
  return (
    <MenuButton
      size="sm"
      label={t('button', { name: owner?.name ?? t('none') })}
      isOpen={isOpen}
      onOpenChange={setOpen}
      className="max-w-40"
      groups={[
        {
          id: 'people',
          title: t('assign'),
          items: people.map(({ id, name, title }) => ({
            id,
            name: title,
            isChecked: owner?.id === id,
            onAction: () => setOwner({ id, name }),
          })),
        },
        {
          id: 'nobody',
          items: [{ id: 'none', name: t('none'), isChecked: owner === null, onAction: () => setOwner(null) }],
        },
      ]}
    >
      <span className="truncate">{owner?.name ?? t('none')}</span>
    </MenuButton>
  )
}

export function PaneHeaderSkeleton() {
  return (
    <header className="flex h-14 shrink-0 items-center border-b border-line px-5">
      <h2 className="w-40">
        <span className="skeleton block h-4" />
      </h2>
    </header>
  )
}
