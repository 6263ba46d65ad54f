import { beforeAll, expect } from 'vitest'
import { pictureOnFailure, story } from './browser'
import { Desk } from './desk'
import { ApiUser, someoneWrote } from './hilo'

let owner: ApiUser
beforeAll(async () => {
  owner = await ApiUser.signIn()
})

story('somebody is invited, accepts in a browser of their own, and is on the team', async ({ seat }) => {
  const [here, there] = [await seat(), await seat()]
  pictureOnFailure(here, 'invite-here')
  pictureOnFailure(there, 'invite-there')
  const desk = await Desk.signedIn(here)
  const { t, page } = desk
  const email = `valeria-${Date.now()}@example.com`

  await desk.goTo('/people?tab=invitations')
  await desk.button(t('people.invitations.new')).first().click()
  const dialog = desk.dialog(t('people.invitations.title'))
  await dialog.getByLabel(t('people.invitations.email')).fill(email)
  await dialog.getByLabel(t('people.invitations.name')).fill('Valeria Gómez')
  await desk.button(t('people.invitations.submit'), dialog).click()
  const ready = desk.dialog(t('people.invitations.ready'))
  const link = await ready.getByRole('status', { name: t('people.invitations.link') }).textContent()

  const guest = new Desk(there.page)
  if (!link) throw new Error('there is no link')
  await there.page.goto(link)
  await there.page.getByText(email).waitFor()
  expect(await there.page.getByLabel(t('auth.invite.name')).inputValue()).toBe('Valeria Gómez')
  await there.page.getByLabel(t('auth.invite.password'), { exact: true }).fill('una frase bien larga')
  await desk.button(t('auth.invite.submit'), there.page).click()
  await there.page.waitForURL('**/inbox')
  await guest.isLive()

  await desk.button(t('people.invitations.done'), ready).click()
  await desk.goTo('/people')
  await page.getByRole('row').filter({ hasText: email }).filter({ hasText: 'Valeria Gómez' }).waitFor()

  // The link worked once.
  const late = await seat()
  late.problems.expect(/status of 404/)
  await late.page.goto(link)
  await late.page.getByRole('heading', { name: t('auth.invite.gone') }).waitFor()
})

story('a viewer sees everything and is offered nothing to change', async ({ seat }) => {
  const viewer = await owner.invite('viewer', 'Ernesto Vega')
  const { conversation } = await someoneWrote(owner, 'Hola')
  const one = await seat()
  pictureOnFailure(one, 'viewer')
  const desk = await Desk.signedIn(one, viewer)
  const { t, page, details } = desk

  await desk.open(conversation)
  await page.getByText(t('inbox.composer.readOnly')).waitFor()
  await details.getByText(t('inbox.number.title')).first().waitFor()
  expect(await page.getByRole('textbox').count(), 'only the search is there to write in').toBe(0)
  const offered = [
    t('inbox.compose'),
    t('inbox.number.reassign'),
    t('inbox.details.editLabels'),
    t('inbox.more.optOut'),
    t('inbox.scheduled.undo'),
    t('inbox.owner.button', { name: t('inbox.owner.none') }),
    t('inbox.statusButton', { status: t('inbox.status.active') }),
  ]
  for (const name of offered) expect(await desk.button(name).count(), name).toBe(0)
  // Their keys do nothing either.
  await page.keyboard.press('e')
  await page.keyboard.press('n')
  expect(await desk.dialog().count()).toBe(0)

  await desk.goTo('/numbers')
  await page.getByRole('row').nth(1).waitFor()
  expect(await desk.button(t('numbers.add')).count()).toBe(0)
  await desk.goTo('/contacts/import')
  await page.getByText(t('app.forbidden')).waitFor()
  await desk.goTo('/people?tab=audit')
  await page.getByText(t('app.forbidden')).waitFor()
  await desk.goTo('/phone')
  await page.getByText(t('app.forbidden')).waitFor()
})

story('an agent who becomes a viewer may write no more', async ({ seat }) => {
  const agent = await owner.invite('agent', 'Karen Ruiz')
  const { conversation } = await someoneWrote(owner, 'Hola')
  const [here, there] = [await seat(), await seat()]
  pictureOnFailure(here, 'role-here')
  const desk = await Desk.signedIn(here)
  const other = await Desk.signedIn(there, agent)
  const { t, page } = desk
  await other.open(conversation)
  await other.composer.waitFor()

  await desk.goTo('/people')
  const row = page.getByRole('row').filter({ hasText: agent.email })
  await row.getByRole('button', { name: t('people.users.actionsOf', { name: 'Karen Ruiz' }) }).click()
  await desk.choose(t('people.users.changeRole'))
  const dialog = desk.dialog(t('people.users.roleTitle', { name: 'Karen Ruiz' }))
  await dialog.getByRole('radio', { name: new RegExp(`^${t('app.roles.viewer')}`, 'i') }).check({ force: true })
  await desk.button(t('people.users.roleSubmit'), dialog).click()
  await row.getByText(t('app.roles.viewer')).waitFor()
  await other.page.reload()
  await other.page.getByText(t('inbox.composer.readOnly')).waitFor()
})
