import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useAction } from '@/api/action'
import { api, data } from '@/api/client'
import { inputOf, type Profile, type ProfileInput, profileQuery } from './queries'

/** Writes one part of the profile: the rest goes as it was last read, so that each part is saved alone. */
export function useProfileSave(profile: Profile, onDone?: () => void) {
  const client = useQueryClient()
  const [savedAt, setSavedAt] = useState<Date | null>(null)
  const action = useAction(
    (part: Partial<ProfileInput>) => {
      const latest = client.getQueryData(profileQuery.queryKey) ?? profile
      return data(api.PUT('/api/assistant', { body: { ...inputOf(latest), ...part } }))
    },
    {
      onDone: (saved) => {
        client.setQueryData(profileQuery.queryKey, (former) => ({ ...profile, ...former, ...saved }))
        setSavedAt(new Date())
        onDone?.()
      },
    },
  )
  return { ...action, savedAt }
}
