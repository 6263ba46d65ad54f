import { getRouteApi, Link } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Guard } from '@/app/guard'
import { cx } from '@/ui/kit'
import { Page } from '@/ui/page'
import { FileStep } from './import-file'
import { ImportList } from './import-list'
import { MapStep } from './import-map'
import type { Peek } from './import-peek'
import { ImportProgress } from './import-progress'

const route = getRouteApi('/shell/contacts/import')
const STEPS = ['file', 'map', 'run'] as const
type Step = (typeof STEPS)[number]

/** Chosen and read, not yet sent. */
interface Chosen {
  file: File
  peek: Peek
}

export function ImportPage() {
  const t = useTranslations('contacts.import')
  return (
    <Page
      title={t('title')}
      description={
        <Link to="/contacts" className="-ml-1 inline-flex items-center gap-0.5 rounded-control hover:text-ink">
          <ChevronLeft aria-hidden="true" className="size-4" />
          {t('back')}
        </Link>
      }
      width="narrow"
    >
      <Guard need="contacts:import">
        <Import />
      </Guard>
    </Page>
  )
}

function Import() {
  const { id } = route.useSearch()
  const navigate = route.useNavigate()
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const again = () => {
    setChosen(null)
    void navigate({ search: {} })
  }
  const step: Step = id ? 'run' : chosen ? 'map' : 'file'
  return (
    <>
      <Steps at={step} />
      {id ? (
        <ImportProgress key={id} id={id} onAgain={again} />
      ) : chosen ? (
        <MapStep
          file={chosen.file}
          peek={chosen.peek}
          onBack={() => setChosen(null)}
          onStarted={(started) => {
            setChosen(null)
            void navigate({ search: { id: started.id } })
          }}
        />
      ) : (
        <FileStep onChosen={(file, peek) => setChosen({ file, peek })} />
      )}
      <ImportList current={id} />
    </>
  )
}

function Steps({ at }: { at: Step }) {
  const t = useTranslations('contacts.import')
  const place = STEPS.indexOf(at)
  return (
    <ol aria-label={t('stepsLabel')} className="flex gap-1.5">
      {STEPS.map((step, i) => (
        <li
          key={step}
          aria-current={i === place ? 'step' : undefined}
          className={cx(
            'flex-1 border-t-2 pt-1.5 text-sm',
            i <= place ? 'border-agave' : 'border-line',
            i === place ? 'font-medium' : 'text-ink-2',
          )}
        >
          <span aria-hidden="true" className="pr-1.5 tnum">
            {i + 1}
          </span>
          {t(`steps.${step}`)}
        </li>
      ))}
    </ol>
  )
}
