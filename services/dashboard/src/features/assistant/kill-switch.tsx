import { useTranslations } from 'use-intl'
import { useProblem } from '@/api/problem'
import { useMay } from '@/app/session'
import { Switch } from '@/ui/choices'
import { cx } from '@/ui/kit'
import { useProfileSave } from './profile-save'
import type { Profile } from './queries'

/** Turns the assistant off, at once and for everybody. */
export function KillSwitch({ profile }: { profile: Profile }) {
  const t = useTranslations('assistant.switch')
  const { words } = useProblem()
  const may = useMay()
  const save = useProfileSave(profile)
  const isOn = save.isPending ? !profile.enabled : profile.enabled
  return (
    <div
      className={cx(
        'flex flex-wrap items-center justify-between gap-3 rounded-card border px-5 py-4',
        isOn ? 'border-line bg-surface' : 'border-cempa bg-cempa-soft',
      )}
    >
      <div className="min-w-0 flex-1 basis-80">
        <Switch
          isSelected={isOn}
          isDisabled={!may('assistant:write')}
          onChange={(enabled) => save.run({ enabled })}
          hint={isOn ? t('on') : t('off')}
        >
          <span className="font-medium">{t('label')}</span>
        </Switch>
      </div>
      <p className="text-sm text-ink-2">{profile.model ? t('model', { model: profile.model }) : t('noModel')}</p>
      <p role="status" className="sr-only">
        {save.result && (save.result.enabled ? t('turnedOn') : t('turnedOff'))}
      </p>
      {save.error && (
        <p role="alert" className="w-full text-sm text-grana">
          {words(save.error)}
        </p>
      )}
    </div>
  )
}
