import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { ApiError } from '@/api/client'
import { Dialog, DialogBody } from '@/ui/dialog'
import { Empty, ErrorState } from '@/ui/empty'
import { LinkButton } from '@/ui/kit'
import { useDocumentTitle } from '@/ui/page'
import { Composer } from './composer'
import { Details } from './details'
import { nameOf } from './names'
import { PaneHeader, PaneHeaderSkeleton } from './pane-header'
import { type Conversation, conversationQuery } from './queries'
import { useReadMarks } from './read-marks'
import { Thread } from './thread'

const ReassignDialog = lazy(async () => ({ default: (await import('./reassign-dialog')).ReassignDialog }))
const ConsentDialog = lazy(async () => ({ default: (await import('./consent-dialog')).ConsentDialog }))

/** What a conversation's parts can open. */
export type Opened = 'details' | 'reassign' | 'opt-out' | 'opt-in' | null

export function ConversationPane() {
  const { id } = useParams({ from: '/shell/inbox/$id' })
  // Each conversation has its own scroll, draft and dialogs.
  return <Pane key={id} id={id} />
}

function Pane({ id }: { id: string }) {
  const t = useTranslations('inbox')
  const client = useQueryClient()
  const { data: conversation, error, refetch } = useQuery(conversationQuery(client, id))
  const [opened, open] = useState<Opened>(null)
  const markUnread = useReadMarks(conversation)
  useDocumentTitle(conversation ? nameOf(conversation) : t('title'))

  if (error && !conversation) {
    if (error instanceof ApiError && error.problem.status === 404) return <Missing />
    return <ErrorState error={error} onRetry={() => void refetch()} />
  }
  const name = conversation ? nameOf(conversation) : ''
  const close = () => open(null)
  return (
    <div className="grid min-h-0 grid-cols-[minmax(0,1fr)_17rem] grid-rows-1 max-xl:grid-cols-1">
      <section aria-label={t('thread.label', { name })} className="flex min-h-0 min-w-0 flex-col">
        {conversation ? (
          <PaneHeader conversation={conversation} onOpen={open} onMarkUnread={markUnread} />
        ) : (
          <PaneHeaderSkeleton />
        )}
        <Thread id={id} conversation={conversation} />
        {conversation && <Composer conversation={conversation} onOpen={open} />}
      </section>
      <aside
        aria-label={t('details.title')}
        className="min-h-0 overflow-y-auto border-l border-line bg-surface max-xl:hidden"
      >
        {conversation && <Details conversation={conversation} onOpen={open} />}
      </aside>
      {conversation && <Dialogs conversation={conversation} opened={opened} onOpen={open} onClose={close} />}
    </div>
  )
}

function Dialogs({
  conversation,
  opened,
  onOpen,
  onClose,
}: {
  conversation: Conversation
  opened: Opened
  onOpen: (opened: Opened) => void
  onClose: () => void
}) {
  const t = useTranslations('inbox')
  return (
    <Suspense>
      {opened === 'details' && (
        <Dialog title={t('details.title')} onClose={onClose}>
          <DialogBody className="px-0! py-0!">
            <Details conversation={conversation} onOpen={onOpen} />
          </DialogBody>
        </Dialog>
      )}
      {opened === 'reassign' && <ReassignDialog conversation={conversation} onClose={onClose} />}
      {(opened === 'opt-out' || opened === 'opt-in') && (
        <ConsentDialog conversation={conversation} kind={opened} onClose={onClose} />
      )}
    </Suspense>
  )
}

function Missing() {
  const t = useTranslations('inbox.thread')
  return (
    <Empty
      title={t('missing')}
      hint={t('missingHint')}
      action={
        <LinkButton to="/inbox" search={{}}>
          {t('toList')}
        </LinkButton>
      }
    />
  )
}
