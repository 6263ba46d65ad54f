import { useTranslations } from 'use-intl'
import type problems from '@/i18n/messages/problems.es-MX.json'
import { ApiError } from './client'

export type ProblemKey = Exclude<keyof typeof problems, 'fields'>
export type FieldKey = keyof (typeof problems)['fields']

/** The message key of what went wrong, given the codes that have words. */
export function problemKey(error: unknown, known: (key: string) => boolean): ProblemKey {
  if (!(error instanceof ApiError)) return 'offline'
  const { code, status } = error.problem
  if (known(code)) return code as ProblemKey
  if (status === 401) return 'identity-required'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not-found'
  if (status === 422 || status === 400) return 'invalid'
  if (status === 429) return 'too-many-requests'
  return status >= 500 ? 'server' : 'unknown'
}

/** The fields that the server refused: path to code. */
export function refusedFields(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {}
  return Object.fromEntries((error.problem.fields ?? []).map(({ path, code }) => [path, code]))
}

/** The request id to quote to support, when the server gave one. */
export function requestId(error: unknown): string | undefined {
  return error instanceof ApiError ? (error.problem.request_id ?? undefined) : undefined
}

/** Words for what went wrong, and for each refused field. */
export function useProblem() {
  const t = useTranslations('problems')
  const words = (error: unknown) =>
    t(
      problemKey(error, (key) => t.has(key as ProblemKey)),
      { seconds: (error instanceof ApiError && error.retryAfter) || 0 },
    )
  const field = (error: unknown, path: string) => {
    const code = refusedFields(error)[path]
    if (code === undefined) return undefined
    const key = `fields.${code}` as `fields.${FieldKey}`
    return t.has(key) ? t(key) : t('fields.invalid')
  }
  return { words, field }
}
