import { useEffect } from 'react'
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form'
import { ApiError } from './client'
import { refusedFields, useProblem } from './problem'

/**
 * Puts what the server refused onto the fields of a form, and the focus on the first of them. A problem that is about
 * one field as a whole, such as a name that is taken, is named in `byCode`. What has no field here comes back in words,
 * to stand above the buttons.
 */
export function useRefusals<T extends FieldValues>(
  form: UseFormReturn<T>,
  error: Error | null,
  fields: readonly Path<T>[],
  byCode: Record<string, Path<T>> = {},
): string | undefined {
  const { words, field } = useProblem()
  const whole = error instanceof ApiError ? byCode[error.problem.code] : undefined
  const wordsFor = (name: Path<T>) => (name === whole ? words(error) : field(error, name))
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new answer of the server puts errors on the fields.
  useEffect(() => {
    const refused = fields.filter((name) => wordsFor(name) !== undefined)
    refused.forEach((name, place) => {
      form.setError(name, { type: 'server', message: wordsFor(name) ?? '' }, { shouldFocus: place === 0 })
    })
  }, [error])
  if (!error || whole !== undefined) return undefined
  const refused = Object.keys(refusedFields(error))
  const landed = refused.length > 0 && refused.every((path) => (fields as readonly string[]).includes(path))
  return landed ? undefined : words(error)
}
