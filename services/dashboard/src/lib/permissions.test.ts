import { describe, expect, it } from 'vitest'
import { byResource, leastRole, PERMISSIONS, ROLES, roleMay } from './permissions'

describe('roles', () => {
  it('include what the former roles may', () => {
    for (const permission of PERMISSIONS) {
      const may = ROLES.map((role) => roleMay(role, permission))
      expect(may).toEqual([...may].sort((a, b) => Number(a) - Number(b)))
    }
  })
  it('let a viewer look and own a session and tokens, and do nothing else', () => {
    const may = PERMISSIONS.filter((p) => roleMay('viewer', p))
    expect(may.every((p) => p.endsWith(':read') || p.endsWith(':own'))).toBe(true)
    expect(may).toHaveLength(9)
  })
  it('let an agent write to customers but not set the house up', () => {
    expect(roleMay('agent', 'conversations:send')).toBe(true)
    expect(roleMay('agent', 'numbers:write')).toBe(false)
    expect(roleMay('agent', 'audit:read')).toBe(false)
  })
  it('let an owner do everything, even what nobody told us of', () => {
    expect(PERMISSIONS.every((p) => roleMay('owner', p))).toBe(true)
    expect(leastRole('moon:write')).toBe('owner')
    expect(roleMay('admin', 'moon:write')).toBe(false)
  })
})

describe('permissions', () => {
  it('are named once each', () => expect(new Set(PERMISSIONS).size).toBe(25))
  it('are grouped by what they are about', () =>
    expect(byResource(['contacts:read', 'numbers:read', 'contacts:write'])).toEqual([
      ['contacts', ['contacts:read', 'contacts:write']],
      ['numbers', ['numbers:read']],
    ]))
})
