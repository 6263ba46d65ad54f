import { useTranslations } from 'use-intl'
import { Dialog, DialogBody } from '@/ui/dialog'
import { Key, Note } from '@/ui/kit'
import { KEYS, singleKeysAreOn } from './keys'

/** What `?` opens: every key, by place. */
export function KeysHelp({ onClose }: { onClose: () => void }) {
  const t = useTranslations('app.keys')
  return (
    <Dialog title={t('title')} onClose={onClose} width="lg">
      <DialogBody className="pb-6">
        {!singleKeysAreOn() && <Note>{t('off')}</Note>}
        <div className="grid grid-cols-2 gap-x-10 gap-y-6 max-md:grid-cols-1">
          {KEYS.map(({ group, keys }) => (
            <section
              key={group}
              aria-label={t(`groups.${group}`)}
              className="last:col-start-2 last:row-start-1 last:row-span-2 max-md:last:col-start-1 max-md:last:row-start-auto"
            >
              <h3 className="pb-1 text-sm font-semibold">{t(`groups.${group}`)}</h3>
              <dl>
                {keys.map(([key, does]) => (
                  <div
                    key={key}
                    className="flex items-center justify-between gap-3 border-b border-line/70 py-1 text-sm"
                  >
                    <dt className="text-ink-2">{t(`does.${does}`)}</dt>
                    <dd className="flex gap-1">
                      {key.split(' ').map((part) => (
                        <Key key={part}>{part}</Key>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </DialogBody>
    </Dialog>
  )
}
