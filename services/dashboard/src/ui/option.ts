/** The looks that lists which open have in common. */
export const popoverClass = 'rounded-card border border-line bg-surface p-1 shadow-pop outline-none'
export const optionClass =
  'flex min-h-7 cursor-default items-center gap-2 rounded-control px-2 py-1 text-sm text-ink outline-none focus:bg-sunken selected:font-medium disabled:opacity-50'
