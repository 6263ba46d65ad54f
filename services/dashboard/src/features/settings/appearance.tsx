import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { setSingleKeys, singleKeysAreOn } from '@/app/keys'
import { useTheme } from '@/app/theme'
import { useLanguage } from '@/i18n'
import { Radios, Switch } from '@/ui/choices'
import { Card } from '@/ui/section-form'

const THEMES = ['system', 'light', 'dark'] as const
const DENSITIES = ['cozy', 'compact'] as const
type Theme = (typeof THEMES)[number]
type Density = (typeof DENSITIES)[number]
const storedTheme = (): Theme => THEMES.find((id) => id === localStorage.getItem('theme')) ?? 'system'
const shownDensity = (): Density => (document.documentElement.dataset.density === 'compact' ? 'compact' : 'cozy')

/** How the pages look in this browser; public/theme.js reads it before the first paint. */
export function Appearance() {
  const t = useTranslations('settings.appearance')
  const languages = useTranslations('app.language')
  const { locale, setLocale } = useLanguage()
  const { setTheme } = useTheme()
  const [theme, showTheme] = useState(storedTheme)
  const [density, showDensity] = useState(shownDensity)
  const [keysOn, showKeys] = useState(singleKeysAreOn)
  const chooseTheme = (chosen: Theme) => {
    setTheme(chosen === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark')
    if (chosen === 'system') localStorage.removeItem('theme')
    showTheme(chosen)
  }
  const chooseDensity = (chosen: Density) => {
    document.documentElement.dataset.density = chosen
    localStorage.setItem('density', chosen)
    showDensity(chosen)
  }
  return (
    <Card title={t('title')} description={t('lead')}>
      <div className="grid gap-6 sm:grid-cols-2">
        <Radios<Theme>
          label={t('theme')}
          value={theme}
          onChange={chooseTheme}
          options={THEMES.map((id) => ({ id, name: t(id) }))}
        />
        <Radios<Density>
          label={t('density')}
          value={density}
          onChange={chooseDensity}
          options={DENSITIES.map((id) => ({ id, name: t(id) }))}
        />
        <Radios<'es-MX' | 'en'>
          label={t('language')}
          value={locale}
          onChange={setLocale}
          options={(['es-MX', 'en'] as const).map((id) => ({ id, name: languages(id) }))}
        />
      </div>
      <Switch
        isSelected={keysOn}
        onChange={(on) => {
          setSingleKeys(on)
          showKeys(on)
        }}
        hint={t('keysHint')}
      >
        {t('keys')}
      </Switch>
    </Card>
  )
}
