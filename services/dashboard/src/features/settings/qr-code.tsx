import { useEffect, useState } from 'react'
import { qrPath } from './qr-path'

interface Drawn {
  size: number
  path: string
}

/** A text as a QR code: always dark on white with a quiet zone, since cameras do not read the other way round. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [drawn, setDrawn] = useState<Drawn | null>(null)
  useEffect(() => {
    let isWanted = true
    void import('uqr').then(({ encode }) => {
      const code = encode(text, { ecc: 'M', border: 4 })
      if (isWanted) setDrawn({ size: code.size, path: qrPath(code.data) })
    })
    return () => {
      isWanted = false
    }
  }, [text])
  return (
    <div className="size-48 overflow-hidden rounded-control border border-line">
      {drawn && (
        <svg role="img" aria-label={label} viewBox={`0 0 ${drawn.size} ${drawn.size}`} shapeRendering="crispEdges">
          <rect width={drawn.size} height={drawn.size} fill="#fff" />
          <path d={drawn.path} fill="#000" />
        </svg>
      )}
    </div>
  )
}
