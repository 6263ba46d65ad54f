import { queryOptions } from '@tanstack/react-query'
import { api, data, type Schemas } from '@/api/client'

export type Profile = Schemas['Profile']
export type Rule = Schemas['Rule']
export type Trial = Schemas['Trial']
/** What of a profile is written; the rest is told by the server. */
export type ProfileInput = Omit<Profile, 'updated_at' | 'replies_today' | 'tokens_today' | 'model'>
export type RuleInput = Omit<Rule, 'id' | 'segments'>

export const profileQuery = queryOptions({
  queryKey: ['assistant', 'profile'] as const,
  queryFn: ({ signal }) => data(api.GET('/api/assistant', { signal })),
})

export const rulesQuery = queryOptions({
  queryKey: ['assistant', 'rules'] as const,
  queryFn: ({ signal }) => data(api.GET('/api/static-responses', { signal })),
})

export function inputOf(profile: Profile): ProfileInput {
  const { updated_at: _at, replies_today: _replies, tokens_today: _tokens, model: _model, ...input } = profile
  return input
}
