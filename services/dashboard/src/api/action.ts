import { useMutation } from '@tanstack/react-query'
import { ApiError } from './client'

const RETRIES = 2

/** Whether the same request may succeed a moment later: the network, or a server that is restarting. */
function isPassing(error: unknown) {
  return !(error instanceof ApiError) || error.problem.status === 503 || error.problem.code === 'request-in-progress'
}

/**
 * A write with one idempotency key for each press: a repetition after a lost answer carries the same key, so that the
 * server does the thing once.
 */
export function useAction<V, T>(
  act: (variables: V, key: string) => Promise<T>,
  options: { onDone?: (result: T, variables: V) => void; onFail?: (error: Error, variables: V) => void } = {},
) {
  const mutation = useMutation<T, Error, { variables: V; key: string }>({
    mutationFn: ({ variables, key }) => act(variables, key),
    retry: (failures, error) => failures < RETRIES && isPassing(error),
    networkMode: 'always',
    onSuccess: (result, { variables }) => options.onDone?.(result, variables),
    onError: (error, { variables }) => options.onFail?.(error, variables),
  })
  return {
    run: (variables: V) => mutation.mutate({ variables, key: crypto.randomUUID() }),
    isPending: mutation.isPending,
    error: mutation.error,
    result: mutation.data,
    reset: mutation.reset,
  }
}
