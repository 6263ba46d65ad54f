import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Guard } from '@/app/guard'
import { useMay } from '@/app/session'
import { Empty, ErrorState } from '@/ui/empty'
import { Button } from '@/ui/kit'
import { Page } from '@/ui/page'
import { AddDialog } from './add-dialog'
import { EditDialog } from './edit-dialog'
import { NumbersTable } from './numbers-table'
import { numbersQuery, type PoolNumber } from './queries'
import { RestDialog } from './rest-dialog'

type Open = { dialog: 'edit' | 'rest'; number: PoolNumber } | { dialog: 'add' } | null

export function NumbersPage() {
  const t = useTranslations('numbers')
  const may = useMay()
  const { data } = useQuery({ ...numbersQuery, enabled: may('numbers:read') })
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const inRotation = data?.items.filter((n) => n.health === 'ok').length ?? 0
  const add = may('numbers:write') && (
    <Button variant="primary" onPress={() => setOpen({ dialog: 'add' })}>
      <Plus aria-hidden="true" className="size-4" />
      {t('add')}
    </Button>
  )
  return (
    <Page
      title={t('title')}
      description={
        <>
          <p>{t('lead')}</p>
          {data && data.items.length > 0 && (
            <p className="tnum">{t('count', { n: data.items.length, open: inRotation })}</p>
          )}
        </>
      }
      actions={add}
    >
      <Guard need="numbers:read">
        <Pool add={add} onOpen={(dialog, number) => setOpen({ dialog, number })} />
      </Guard>
      {open?.dialog === 'add' && <AddDialog onClose={close} />}
      {open?.dialog === 'edit' && <EditDialog number={open.number} onClose={close} />}
      {open?.dialog === 'rest' && <RestDialog number={open.number} onClose={close} />}
    </Page>
  )
}

function Pool({
  add,
  onOpen,
}: {
  add: React.ReactNode
  onOpen: (dialog: 'edit' | 'rest', number: PoolNumber) => void
}) {
  const t = useTranslations('numbers')
  const { data, error, isPending, refetch } = useQuery(numbersQuery)
  if (error && !data) return <ErrorState error={error} title={t('error')} onRetry={() => void refetch()} />
  if (data?.items.length === 0) return <Empty title={t('empty')} hint={t('emptyHint')} action={add} />
  return <NumbersTable numbers={data?.items ?? []} isLoading={isPending} onOpen={onOpen} />
}
