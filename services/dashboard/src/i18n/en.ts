import app from './messages/app.en.json'
import assistant from './messages/assistant.en.json'
import auth from './messages/auth.en.json'
import contacts from './messages/contacts.en.json'
import forms from './messages/forms.en.json'
import inbox from './messages/inbox.en.json'
import numbers from './messages/numbers.en.json'
import people from './messages/people.en.json'
import phone from './messages/phone.en.json'
import problems from './messages/problems.en.json'
import settings from './messages/settings.en.json'
import ui from './messages/ui.en.json'

/** Every message of the language, one namespace for each file. */
export default { app, assistant, auth, contacts, forms, inbox, numbers, people, phone, problems, settings, ui }
