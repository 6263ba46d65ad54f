import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data, once } from '@/api/client'
import { useProblem } from '@/api/problem'
import { useMay } from '@/app/session'
import { MOMENT } from '@/i18n/formats'
import { ConfirmDialog } from '@/ui/dialog'
import { ErrorState, Skeleton } from '@/ui/empty'
import { TextAreaField } from '@/ui/fields'
import { Button } from '@/ui/kit'
import { keys, notesQuery } from './queries'

/** What the team writes to itself about a conversation. */
export function Notes({ id }: { id: string }) {
  const t = useTranslations('inbox.notes')
  const format = useFormatter()
  const canWrite = useMay()('conversations:write')
  const notes = useQuery(notesQuery(id))
  const [leaving, setLeaving] = useState<string | null>(null)
  return (
    <div className="flex flex-col gap-3">
      {canWrite && <NewNote id={id} />}
      {notes.isPending && <Skeleton lines={2} />}
      {notes.isError && <ErrorState error={notes.error} onRetry={() => void notes.refetch()} />}
      {notes.data?.items.length === 0 && <p className="text-sm text-ink-2">{t('empty')}</p>}
      <ul className="flex flex-col gap-3">
        {notes.data?.items.map((note) => {
          const author = note.author?.name ?? t('system')
          return (
            <li key={note.id} className="border-l-2 border-line pl-3 text-sm">
              <p className="whitespace-pre-wrap wrap-anywhere">{note.body}</p>
              <div className="flex items-center gap-1 text-xs text-ink-2 tnum">
                <p className="min-w-0 flex-1 truncate">
                  {author} · {format.dateTime(new Date(note.created_at), MOMENT)}
                </p>
                {canWrite && (
                  <Button
                    variant="plain"
                    size="icon-sm"
                    aria-label={t('delete', { name: author })}
                    onPress={() => setLeaving(note.id)}
                  >
                    <Trash2 aria-hidden="true" className="size-3.5" />
                  </Button>
                )}
              </div>
            </li>
          )
        })}
      </ul>
      {leaving && <DeleteNote id={id} note={leaving} onClose={() => setLeaving(null)} />}
    </div>
  )
}

function NewNote({ id }: { id: string }) {
  const t = useTranslations('inbox.notes')
  const client = useQueryClient()
  const { words, field } = useProblem()
  const [body, setBody] = useState('')
  const add = useAction(
    (note: { body: string }, key) =>
      data(api.POST('/api/conversations/{id}/notes', { params: { path: { id } }, body: note, headers: once(key) })),
    {
      onDone: () => {
        setBody('')
        void client.invalidateQueries({ queryKey: keys.notes(id) })
      },
    },
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (body.trim() && !add.isPending) add.run({ body: body.trim() })
  }
  return (
    <form onSubmit={submit} className="flex flex-col items-start gap-2">
      <TextAreaField
        label={t('add')}
        hint={t('hint')}
        value={body}
        onChange={setBody}
        maxLength={4000}
        rows={2}
        error={add.error ? (field(add.error, 'body') ?? words(add.error)) : undefined}
        className="w-full"
      />
      {body.trim() && (
        <Button type="submit" size="sm" variant="primary" isPending={add.isPending}>
          {t('submit')}
        </Button>
      )}
    </form>
  )
}

function DeleteNote({ id, note, onClose }: { id: string; note: string; onClose: () => void }) {
  const t = useTranslations('inbox.notes')
  const tUi = useTranslations('ui')
  const client = useQueryClient()
  const { words } = useProblem()
  const remove = useAction(
    () => data(api.DELETE('/api/conversations/{id}/notes/{note_id}', { params: { path: { id, note_id: note } } })),
    {
      onDone: () => {
        void client.invalidateQueries({ queryKey: keys.notes(id) })
        onClose()
      },
    },
  )
  return (
    <ConfirmDialog
      title={t('deleteTitle')}
      confirm={tUi('delete')}
      isPending={remove.isPending}
      error={remove.error ? words(remove.error) : undefined}
      onConfirm={() => remove.run(undefined)}
      onClose={onClose}
    />
  )
}
