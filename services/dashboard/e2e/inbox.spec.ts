import { beforeAll, describe, expect } from 'vitest'
import { showPhone } from '@/lib/phone'
import { pictureOnFailure, story } from './browser'
import { Desk } from './desk'
import { ApiUser, aNumber, Customer, conversationOf, hilo, numbers, someoneWrote } from './hilo'
import { LANGUAGES } from './words'

let owner: ApiUser
beforeAll(async () => {
  owner = await ApiUser.signIn()
})

describe.each(LANGUAGES)('in %s', (language) => {
  story('a customer writes, a person takes over and answers, and it is delivered', async ({ seat }) => {
    const one = await seat()
    pictureOnFailure(one, `answer-${language}`)
    const desk = await Desk.signedIn(one, hilo.owner, language)
    const { page, t } = desk
    await desk.stays()
    const customer = new Customer()
    const to = await aNumber(owner)

    await customer.texts(to.phone_number, 'Buenas, busco una sala')
    const row = desk.row(customer.phone)
    await row.waitFor()
    await row.click()
    await desk.bubble('Buenas, busco una sala').waitFor()
    await customer.texts(to.phone_number, '¿Y en color azul?')
    await desk.bubble('¿Y en color azul?').waitFor()

    await desk.button(`${t('inbox.assistant.on')}. ${t('inbox.assistant.take')}`).click()
    await desk.button(`${t('inbox.assistant.handed_over')}. ${t('inbox.assistant.give')}`).waitFor()

    await desk.composer.fill('Con gusto: en azul llega el jueves.')
    await desk.button(t('inbox.composer.send')).click()
    const answer = desk.bubble('Con gusto: en azul llega el jueves.')
    await answer.getByText(t('inbox.delivery.delivered'), { exact: true }).waitFor()
    expect(await desk.composer.inputValue()).toBe('')
    expect(await customer.received()).toContain('en azul llega el jueves')
    // The same number that the customer wrote to.
    await page.getByText(showPhone(to.phone_number)).first().waitFor()
    await desk.stayed()
  })
})

story('the number is changed with a reason, which is kept, and the customer sees the new one', async ({ seat }) => {
  const { customer, conversation } = await someoneWrote(owner, 'Hola')
  const one = await seat()
  pictureOnFailure(one, 'reassign')
  const desk = await Desk.signedIn(one)
  const { t, details } = desk
  await desk.open(conversation)

  await desk.button(t('inbox.number.reassign'), details).click()
  const dialog = desk.dialog(t('inbox.number.dialog.title'))
  await desk.button(t('inbox.number.dialog.submit'), dialog).click()
  await dialog.getByText(t('inbox.number.dialog.reasonShort')).waitFor()
  const other = dialog.getByRole('radio').first()
  const number = await other.evaluate((radio) => (radio as HTMLInputElement).value)
  await other.check({ force: true })
  await dialog.getByLabel(t('inbox.number.dialog.reason')).fill('El cliente prefiere la línea de su ciudad')
  await desk.button(t('inbox.number.dialog.submit'), dialog).click()
  const taken = (await numbers(owner)).find(({ id }) => id === number)
  if (!taken) throw new Error(`the dialog offered ${number}, which is not ours`)
  await desk.isTold(t('inbox.number.dialog.done', { number: showPhone(taken.phone_number) }))
  await details.getByText(showPhone(taken.phone_number)).first().waitFor()

  await desk.button(t('inbox.number.why'), details).click()
  await details.getByText(t('inbox.number.note', { note: 'El cliente prefiere la línea de su ciudad' })).waitFor()
  await details.getByText(t('inbox.number.reason.written_to')).waitFor()

  await desk.composer.fill('Le escribimos desde otra línea')
  await desk.composer.press('Control+Enter')
  await desk
    .bubble('Le escribimos desde otra línea')
    .getByText(t('inbox.delivery.delivered'), { exact: true })
    .waitFor()
  const received = await customer.received()
  expect(received).toContain('Le escribimos desde otra línea')
  expect(received).toContain(taken.phone_number)
})

story('a text is scheduled and taken back, and nothing leaves', async ({ seat }) => {
  const { customer, conversation } = await someoneWrote(owner, 'Hola')
  const one = await seat()
  pictureOnFailure(one, 'schedule')
  const desk = await Desk.signedIn(one)
  const { t } = desk
  await desk.open(conversation)

  await desk.composer.fill('Mañana le confirmo la entrega')
  await desk.button(t('inbox.composer.schedule')).click()
  const dialog = desk.dialog(t('inbox.scheduleDialog.title'))
  await dialog.getByText('Mañana le confirmo la entrega').waitFor()
  await desk.button(t('inbox.scheduleDialog.submit'), dialog).click()
  const waiting = desk.bubble('Mañana le confirmo la entrega')
  await waiting.getByText(/^Se envía/).waitFor()
  expect(await desk.composer.inputValue()).toBe('')

  await desk.button(t('inbox.scheduled.undo'), waiting).click()
  await expect.poll(() => desk.composer.inputValue()).toBe('Mañana le confirmo la entrega')
  await desk.isTold(t('inbox.scheduled.undone'))
  await expect.poll(() => waiting.getByText(/^Se envía/).count()).toBe(0)
  expect(await customer.received()).not.toContain('Mañana le confirmo')
})

story('a note, a label, an owner and a status are kept, and another tab sees them at once', async ({ seat }) => {
  const label = `Mayoreo ${Date.now() % 100_000}`
  await owner.post('/api/labels', { name: label, color: 'cielo' })
  const { conversation } = await someoneWrote(owner, 'Hola')
  const one = await seat()
  pictureOnFailure(one, 'note')
  const desk = await Desk.signedIn(one)
  const { t, details, page } = desk
  await desk.open(conversation)
  const other = new Desk(await one.context.newPage())
  await other.open(conversation)
  // Chromium draws a tab behind another one a few times a second only.
  await page.bringToFront()

  await details.getByLabel(t('inbox.notes.add')).fill('Llamar el martes antes de las 10.')
  await desk.button(t('inbox.notes.submit'), details).click()
  await details.getByText('Llamar el martes antes de las 10.').first().waitFor()
  await other.details.getByText('Llamar el martes antes de las 10.').waitFor()

  await desk.button(t('inbox.details.editLabels'), details).click()
  await desk.choose(label)
  await page.keyboard.press('Escape')
  await details.getByRole('listitem').filter({ hasText: label }).waitFor()
  await other.details.getByRole('listitem').filter({ hasText: label }).waitFor()

  await desk.button(t('inbox.owner.button', { name: t('inbox.owner.none') })).click()
  await desk.choose('Diego Salas')
  await desk.button(t('inbox.owner.button', { name: 'Diego Salas' })).waitFor()
  await desk.button(t('inbox.statusButton', { status: t('inbox.status.active') })).click()
  await desk.choose(t('inbox.status.inactive'))
  await other.button(t('inbox.statusButton', { status: t('inbox.status.inactive') })).waitFor()
  await other.button(t('inbox.owner.button', { name: 'Diego Salas' })).waitFor()

  await page.reload()
  await desk.button(t('inbox.owner.button', { name: 'Diego Salas' })).waitFor()
  await details.getByText('Llamar el martes antes de las 10.').waitFor()
  await details.getByRole('listitem').filter({ hasText: label }).waitFor()
})

story('who wants no more texts gets none: the field gives way to the reason', async ({ seat }) => {
  const { customer, conversation, to } = await someoneWrote(owner, 'Hola')
  const one = await seat()
  pictureOnFailure(one, 'opt-out')
  const desk = await Desk.signedIn(one)
  const { t, details, page } = desk
  await desk.open(conversation)

  await desk.button(t('inbox.more.optOut'), details).click()
  const dialog = desk.dialog(t('inbox.consentDialog.outTitle'))
  await dialog.getByLabel(t('inbox.consentDialog.evidence')).fill('Lo pidió por teléfono')
  await desk.button(t('inbox.consentDialog.outSubmit'), dialog).click()
  await page.getByText(t('inbox.composer.optedOut')).waitFor()
  await page.getByText(t('inbox.composer.evidence', { evidence: 'Lo pidió por teléfono' })).waitFor()
  expect(await desk.composer.count()).toBe(0)
  expect(await desk.button(t('inbox.number.reassign'), details).isDisabled()).toBe(true)

  await desk.button(t('inbox.composer.optIn'), desk.pane).click()
  const back = desk.dialog(t('inbox.consentDialog.inTitle'))
  await back.getByLabel(t('inbox.consentDialog.evidence')).fill('Volvió a escribir y pidió ofertas')
  await desk.button(t('inbox.consentDialog.inSubmit'), back).click()
  await desk.composer.waitFor()

  // By themselves, with one word, while somebody is writing to them.
  await customer.texts(to.phone_number, 'ALTO')
  await page.getByText(t('inbox.composer.optedOut')).waitFor()
  expect(await desk.composer.count()).toBe(0)
})

story('a conversation is begun with somebody new, and what they answer arrives', async ({ seat }) => {
  const one = await seat()
  pictureOnFailure(one, 'start')
  const desk = await Desk.signedIn(one)
  const { t, page } = desk
  const customer = new Customer()

  await desk.button(t('inbox.compose')).click()
  const dialog = desk.dialog(t('inbox.new.title'))
  await dialog.getByLabel(t('inbox.new.phone')).fill(customer.phone.slice(3))
  await dialog.getByLabel(new RegExp(`^${t('inbox.new.name')}`)).fill('Ximena Ibáñez')
  await dialog.getByLabel(new RegExp(`^${t('inbox.new.body')}`)).fill('Buen dia, su pedido esta listo')
  await desk.button(t('inbox.new.submitSend'), dialog).click()
  await page.waitForURL(/\/inbox\/[0-9a-f-]{36}/)
  await desk
    .bubble('Buen dia, su pedido esta listo')
    .getByText(t('inbox.delivery.delivered'), { exact: true })
    .waitFor()
  const conversation = await conversationOf(owner, customer)
  await customer.texts(conversation.from_twilio_number, 'Gracias, paso hoy')
  await desk.bubble('Gracias, paso hoy').waitFor()
})

story('what was being written is still there after another conversation was read', async ({ seat }) => {
  const first = await someoneWrote(owner, 'Hola')
  const second = await someoneWrote(owner, 'Hola')
  const one = await seat()
  const desk = await Desk.signedIn(one)
  await desk.open(first.conversation)
  await desk.composer.fill('un borrador')
  await desk.open(second.conversation)
  expect(await desk.composer.inputValue()).toBe('')
  await desk.open(first.conversation)
  expect(await desk.composer.inputValue()).toBe('un borrador')
})

story('times are those of the account, wherever the laptop is', async ({ seat }) => {
  const { conversation, customer } = await someoneWrote(owner, 'Hola')
  const one = await seat()
  const desk = await Desk.signedIn(one)
  await desk.open(conversation)
  const time = desk.row(customer.phone).locator('time')
  const at = new Date((await time.getAttribute('datetime')) ?? '')
  const clock = { timeZone: 'America/Mexico_City', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  expect(await time.textContent()).toBe(new Intl.DateTimeFormat('es-MX', clock).format(at))
})
