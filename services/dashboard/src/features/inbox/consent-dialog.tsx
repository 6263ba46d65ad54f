import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data, once } from '@/api/client'
import { useProblem } from '@/api/problem'
import { FormDialog } from '@/ui/dialog'
import { TextAreaField } from '@/ui/fields'
import { patchConversation } from './live'
import { type Conversation, keys } from './queries'

const SHORTEST = 3

/** Records that the person wants no texts, or wants them again: with the words that prove it. */
export function ConsentDialog({
  conversation: { id },
  kind,
  onClose,
}: {
  conversation: Conversation
  kind: 'opt-out' | 'opt-in'
  onClose: () => void
}) {
  const t = useTranslations('inbox.consentDialog')
  const client = useQueryClient()
  const { words, field } = useProblem()
  const [evidence, setEvidence] = useState('')
  const [checked, setChecked] = useState(false)
  const isOut = kind === 'opt-out'
  const record = useAction(
    (body: { evidence: string }, key) => {
      const request = { params: { path: { id } }, body, headers: once(key) }
      return data(
        isOut
          ? api.POST('/api/conversations/{id}/opt-out', request)
          : api.POST('/api/conversations/{id}/opt-in', request),
      )
    },
    {
      onDone: (conversation) => {
        patchConversation(client, conversation)
        void client.invalidateQueries({ queryKey: keys.optOuts(id) })
        onClose()
      },
    },
  )
  const problem = evidence.trim().length < SHORTEST ? t('short') : undefined
  return (
    <FormDialog
      title={isOut ? t('outTitle') : t('inTitle')}
      submit={isOut ? t('outSubmit') : t('inSubmit')}
      variant={isOut ? 'danger' : 'primary'}
      isPending={record.isPending}
      error={record.error ? words(record.error) : undefined}
      onClose={onClose}
      onSubmit={() => {
        setChecked(true)
        if (!problem) record.run({ evidence: evidence.trim() })
      }}
    >
      <p className="text-sm text-ink-2 text-pretty">{isOut ? t('outHint') : t('inHint')}</p>
      <TextAreaField
        label={t('evidence')}
        value={evidence}
        onChange={setEvidence}
        maxLength={500}
        autoFocus
        error={(checked ? problem : undefined) ?? field(record.error, 'evidence')}
      />
    </FormDialog>
  )
}
