import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data } from '@/api/client'
import { useProblem } from '@/api/problem'
import { useMay } from '@/app/session'
import { leastRole } from '@/lib/permissions'
import { ConfirmDialog } from '@/ui/dialog'
import { Empty, ErrorState, Skeleton } from '@/ui/empty'
import { Button, Note } from '@/ui/kit'
import { LabelChip } from '@/ui/label-chip'
import { Card } from '@/ui/section-form'
import { notify } from '@/ui/toast'
import { LabelDialog } from './label-dialog'
import { type Label, labelsQuery } from './queries'

type Open = { dialog: 'write'; label: Label | null } | { dialog: 'delete'; label: Label } | null

/** What conversations can be marked with. */
export function Labels() {
  const t = useTranslations('settings.labels')
  const roles = useTranslations('app.roles')
  const may = useMay()
  const { data: answer, error, refetch } = useQuery(labelsQuery)
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const canWrite = may('labels:write')
  const create = canWrite && (
    <Button variant="primary" onPress={() => setOpen({ dialog: 'write', label: null })}>
      <Plus aria-hidden="true" className="size-4" />
      {t('new')}
    </Button>
  )
  return (
    <Card title={t('title')} description={t('lead')} actions={answer && answer.items.length > 0 && create}>
      {!canWrite && <Note>{t('readOnly', { role: roles(leastRole('labels:write')) })}</Note>}
      {error && !answer ? (
        <ErrorState error={error} title={t('error')} onRetry={() => void refetch()} />
      ) : !answer ? (
        <Skeleton lines={4} />
      ) : answer.items.length === 0 ? (
        <Empty title={t('empty')} hint={t('emptyHint')} action={create} level="h3" />
      ) : (
        <ul aria-label={t('title')} className="-my-2 divide-y divide-line/70">
          {answer.items.map((label) => (
            <li key={label.id} className="flex flex-wrap items-center gap-2 py-2">
              <div className="min-w-0 flex-1">
                <LabelChip name={label.name} color={label.color} />
              </div>
              {canWrite && (
                <>
                  <Button
                    size="sm"
                    aria-label={t('editOf', { name: label.name })}
                    onPress={() => setOpen({ dialog: 'write', label })}
                  >
                    {t('edit')}
                  </Button>
                  <Button
                    size="sm"
                    aria-label={t('deleteOf', { name: label.name })}
                    onPress={() => setOpen({ dialog: 'delete', label })}
                  >
                    {t('delete')}
                  </Button>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {open?.dialog === 'write' && <LabelDialog label={open.label} onClose={close} />}
      {open?.dialog === 'delete' && <DeleteDialog label={open.label} onClose={close} />}
    </Card>
  )
}

function DeleteDialog({ label, onClose }: { label: Label; onClose: () => void }) {
  const t = useTranslations('settings.labels')
  const client = useQueryClient()
  const { words } = useProblem()
  const remove = useAction((id: string) => data(api.DELETE('/api/labels/{id}', { params: { path: { id } } })), {
    onDone: () => {
      void client.invalidateQueries({ queryKey: labelsQuery.queryKey })
      // The conversations that had it are read again when they are looked at.
      void client.invalidateQueries({ queryKey: ['conversations'] })
      void client.invalidateQueries({ queryKey: ['conversation'] })
      notify({ tone: 'good', title: t('deleted') })
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t('deleteTitle', { name: label.name })}
      confirm={t('delete')}
      onConfirm={() => remove.run(label.id)}
      onClose={onClose}
      isPending={remove.isPending}
      error={remove.error ? words(remove.error) : undefined}
    >
      {t('deleteBody')}
    </ConfirmDialog>
  )
}
