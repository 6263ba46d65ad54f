import { readFile } from 'node:fs/promises'
import { beforeAll, expect } from 'vitest'
import { last4, showPhone } from '@/lib/phone'
import { pictureOnFailure, story } from './browser'
import { Desk } from './desk'
import { ApiUser, aNumber, Customer, hilo, newPhone, numbers, someoneWrote } from './hilo'

let owner: ApiUser
beforeAll(async () => {
  owner = await ApiUser.signIn()
})

story('a file with bad rows is imported, and the bad rows come back with the reason', async ({ seat }) => {
  const one = await seat()
  pictureOnFailure(one, 'import')
  const desk = await Desk.signedIn(one)
  const { t, page } = desk
  const [known, unknown] = [newPhone(), newPhone()]
  await owner.post('/api/contacts', { phone_number: known, name: 'Nombre de antes' })
  const rows = [
    'Nombre;Teléfono;Ciudad',
    `Guadalupe Núñez;${known};Puebla`,
    `Íñigo Peña;${unknown.slice(3)};León`,
    'Sin teléfono;;Mérida',
    'Con letras;cincuenta y cinco;Toluca',
  ]
  await desk.goTo('/contacts/import')
  // As Excel in Mexico saves it: semicolons, and letters of Windows-1252.
  const file = {
    name: 'clientes de noviembre.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(rows.join('\r\n'), 'latin1'),
  }
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByText(t('contacts.import.map.guessed')).waitFor()
  await page.getByRole('cell', { name: 'Guadalupe Núñez' }).waitFor()
  await page
    .getByRole('button', { name: new RegExp(`^${t('contacts.import.map.submit', { rows: '' }).trim()}`) })
    .click()
  await page.getByText(t('contacts.import.state.finished')).first().waitFor()
  const count = async (name: 'created' | 'updated' | 'skipped' | 'rejected') =>
    await page
      .locator('dl > div')
      .filter({ hasText: t(`contacts.import.${name}`) })
      .locator('dd')
      .textContent()
  expect([await count('created'), await count('updated'), await count('skipped'), await count('rejected')]).toEqual([
    '1',
    '1',
    '0',
    '2',
  ])

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: t('contacts.import.rejectedCsv') }).click(),
  ])
  const rejected = (await readFile(await download.path(), 'utf8'))
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/)
  expect(rejected).toHaveLength(3)
  expect(rejected[0]).toContain('Ciudad')
  expect(rejected.join('\n')).toContain('Con letras')
  expect(rejected.join('\n')).toContain('Mérida')

  await desk.goTo(`/contacts?q=${encodeURIComponent('Guadalupe Núñez')}`)
  await page
    .getByRole('row')
    .filter({ hasText: showPhone(known) })
    .waitFor()
})

story('a number rests: it is said, kept, and taken back', async ({ seat }) => {
  const one = await seat()
  pictureOnFailure(one, 'rest')
  const desk = await Desk.signedIn(one)
  const { t, page } = desk
  const number = (await numbers(owner)).at(-1)
  if (!number) throw new Error('the house has no numbers')
  const name = last4(number.phone_number)
  const row = page.getByRole('row').filter({ hasText: showPhone(number.phone_number) })

  await desk.goTo('/numbers')
  await desk.button(t('numbers.actionsOf', { number: name }), row).click()
  await desk.choose(t('numbers.quarantine'))
  const dialog = desk.dialog(t('numbers.rest.title', { number: name }))
  await dialog.getByRole('radio', { name: t('numbers.rest.days', { n: 7 }) }).check({ force: true })
  await desk.button(t('numbers.quarantine'), dialog).click()
  await row.getByText(t('numbers.health.quarantined')).waitFor()
  await page.reload()
  await row.getByText(t('numbers.health.quarantined')).waitFor()
  expect((await numbers(owner)).find(({ id }) => id === number.id)?.health).toBe('quarantined')

  await desk.button(t('numbers.actionsOf', { number: name }), row).click()
  await desk.choose(t('numbers.release'))
  await row.getByText(t('numbers.health.ok')).waitFor()
})

story('the assistant is tried out, and nothing is sent', async ({ seat }) => {
  const one = await seat()
  pictureOnFailure(one, 'try')
  const desk = await Desk.signedIn(one)
  const { t, page } = desk
  const sent = async () => (await fetch(`${hilo.simulator}/control/ledger?summary=1`)).text()

  await desk.goTo('/assistant')
  const before = await sent()
  await page.getByLabel(t('assistant.try.text')).fill('¿A qué hora abren?')
  await desk.button(t('assistant.try.submit')).click()
  await page.getByRole('heading', { name: t('assistant.try.would.static_response', { name: 'horario' }) }).waitFor()
  await page.getByText('Abrimos de lunes a sabado').waitFor()

  await page.getByLabel(t('assistant.try.text')).fill('¿Cuánto cuesta la cama matrimonial?')
  await desk.button(t('assistant.try.submit')).click()
  await page.getByRole('heading', { name: t('assistant.try.would.assistant', { name: '' }) }).waitFor()
  await page.getByText(t('assistant.try.byAssistant')).waitFor()
  expect(await sent()).toBe(before)
})

story('the phone of the sandbox texts as a customer and shows the answer', async ({ seat }) => {
  const one = await seat()
  pictureOnFailure(one, 'phone')
  const desk = await Desk.signedIn(one)
  const { t, page } = desk
  const customer = new Customer()
  const to = await aNumber(owner)
  await desk.goTo(`/phone?${new URLSearchParams({ from: customer.phone, to: to.phone_number })}`)
  const screen = page.getByRole('region', { name: t('phone.screen', { number: showPhone(customer.phone) }) })
  await screen.getByRole('textbox', { name: t('phone.message') }).fill('¿Dónde están?')
  await desk.button(t('phone.send'), screen).click()
  await screen.getByRole('log').getByText('¿Dónde están?').waitFor()
  await screen.getByRole('log').getByText('Estamos en Avenida Cuauhtemoc 462').waitFor()
  await page.getByRole('link', { name: t('phone.open') }).click()
  await desk.bubble('¿Dónde están?').waitFor()
})

story('a label is made, worn by a conversation, renamed, and taken away', async ({ seat }) => {
  const { conversation } = await someoneWrote(owner, 'Hola')
  const one = await seat()
  pictureOnFailure(one, 'labels')
  const desk = await Desk.signedIn(one)
  const { t, page, details } = desk
  const name = `Factura ${Date.now() % 100_000}`

  await desk.goTo('/settings?tab=labels')
  await desk.button(t('settings.labels.new')).click()
  const dialog = desk.dialog(t('settings.labels.new'))
  await dialog.getByLabel(t('settings.labels.name')).fill(name)
  await dialog.getByRole('radio', { name: t('settings.labels.colors.grana') }).check({ force: true })
  await desk.button(t('settings.labels.create'), dialog).click()
  await page.getByRole('listitem').filter({ hasText: name }).waitFor()
  // The same name again is refused at its field.
  one.problems.expect(/status of 409/)
  await desk.button(t('settings.labels.new')).click()
  await dialog.getByLabel(t('settings.labels.name')).fill(name)
  await desk.button(t('settings.labels.create'), dialog).click()
  await dialog.getByText(t('problems.fields.label-exists')).waitFor()
  await page.keyboard.press('Escape')

  await desk.open(conversation)
  await desk.button(t('inbox.details.editLabels'), details).click()
  await desk.choose(name)
  await page.keyboard.press('Escape')
  await details.getByRole('listitem').filter({ hasText: name }).waitFor()

  await desk.goTo('/settings?tab=labels')
  await desk.button(t('settings.labels.editOf', { name })).click()
  const editor = desk.dialog(t('settings.labels.editTitle'))
  await editor.getByLabel(t('settings.labels.name')).fill(`${name} pagada`)
  await desk.button(t('settings.labels.save'), editor).click()
  await page
    .getByRole('listitem')
    .filter({ hasText: `${name} pagada` })
    .waitFor()
  await desk.open(conversation)
  await details
    .getByRole('listitem')
    .filter({ hasText: `${name} pagada` })
    .waitFor()

  await desk.goTo('/settings?tab=labels')
  await desk.button(t('settings.labels.deleteOf', { name: `${name} pagada` })).click()
  const question = desk.dialog(t('settings.labels.deleteTitle', { name: `${name} pagada` }))
  await desk.button(t('settings.labels.delete'), question).click()
  await expect.poll(() => page.getByRole('listitem').filter({ hasText: name }).count()).toBe(0)
  await desk.open(conversation)
  await details
    .getByText(t('inbox.details.noLabels'))
    .or(details.getByText(t('inbox.details.noLabelsYet')))
    .waitFor()
})
