import app from './messages/app.es-MX.json'
import assistant from './messages/assistant.es-MX.json'
import auth from './messages/auth.es-MX.json'
import contacts from './messages/contacts.es-MX.json'
import forms from './messages/forms.es-MX.json'
import inbox from './messages/inbox.es-MX.json'
import numbers from './messages/numbers.es-MX.json'
import people from './messages/people.es-MX.json'
import phone from './messages/phone.es-MX.json'
import problems from './messages/problems.es-MX.json'
import settings from './messages/settings.es-MX.json'
import ui from './messages/ui.es-MX.json'

/** Every message of the language, one namespace for each file. */
export default { app, assistant, auth, contacts, forms, inbox, numbers, people, phone, problems, settings, ui }
