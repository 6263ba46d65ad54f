/** Dates, numbers and spoken words of React Aria's parts, in the page's language. */
export { I18nProvider as AriaLocale } from 'react-aria-components/I18nProvider'
