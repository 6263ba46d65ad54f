/** Roles from the least to the most. Each may do what the former ones may. */
export const ROLES = ['viewer', 'agent', 'admin', 'owner'] as const
export type Role = (typeof ROLES)[number]

/** Every permission under the least role that has it. An owner may also appoint and touch owners. */
const GRANTED = {
  viewer: [
    'conversations:read',
    'contacts:read',
    'numbers:read',
    'assistant:read',
    'users:read',
    'account:read',
    'live:read',
    'session:own',
    'tokens:own',
  ],
  agent: [
    'conversations:write',
    'conversations:send',
    'conversations:reassign',
    'contacts:write',
    'assistant:try',
    'sandbox:use',
  ],
  admin: [
    'labels:write',
    'contacts:import',
    'contacts:export',
    'contacts:delete',
    'numbers:write',
    'assistant:write',
    'users:write',
    'invitations:write',
    'audit:read',
    'account:write',
  ],
  owner: [],
} as const satisfies Record<Role, readonly string[]>

export type Permission = (typeof GRANTED)[Role][number]

const LEAST = new Map<string, Role>(ROLES.flatMap((role) => GRANTED[role].map((p) => [p as string, role] as const)))
export const PERMISSIONS = [...LEAST.keys()] as Permission[]

export const isPermission = (text: string): text is Permission => LEAST.has(text)
export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text)

/** The least role that has a permission; an owner's when nobody told us of it. */
export const leastRole = (permission: string): Role => LEAST.get(permission) ?? 'owner'

export const roleMay = (role: Role, permission: string): boolean =>
  ROLES.indexOf(role) >= ROLES.indexOf(leastRole(permission))

/** What a permission is about: `contacts` of `contacts:write`. */
export const resourceOf = (permission: string): string => permission.split(':', 1)[0] ?? permission

/** Permissions under what they are about, in the order of first mention. */
export function byResource<P extends string>(permissions: readonly P[]): [resource: string, permissions: P[]][] {
  const groups = new Map<string, P[]>()
  for (const permission of permissions) {
    const resource = resourceOf(permission)
    groups.set(resource, [...(groups.get(resource) ?? []), permission])
  }
  return [...groups]
}
