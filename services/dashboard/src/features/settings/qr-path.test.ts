import { encode } from 'uqr'
import { describe, expect, it } from 'vitest'
import { qrPath } from './qr-path'

describe('the path of a QR code', () => {
  it('draws runs of dark modules row by row', () =>
    expect(
      qrPath([
        [true, true, false, true],
        [false, false, false, false],
        [false, true, false, false],
      ]),
    ).toBe('M0 0h2v1h-2zM3 0h1v1h-1zM1 2h1v1h-1z'))
  it('covers as many modules as are dark', () => {
    const { data } = encode('otpauth://totp/Hilo:ana@example.mx?secret=JBSWY3DPEHPK3PXP&issuer=Hilo')
    const dark = data.flat().filter(Boolean).length
    const drawn = [...qrPath(data).matchAll(/h(\d+)v1/g)].reduce((sum, [, run]) => sum + Number(run), 0)
    expect(drawn).toBe(dark)
  })
})
