/** The dark modules of a QR code as one SVG path: a run of neighbours is one stroke of a unit's height. */
export function qrPath(modules: readonly (readonly boolean[])[]): string {
  return modules
    .flatMap((row, y) => {
      const runs: string[] = []
      for (let x = 0; x < row.length; x++) {
        if (!row[x]) continue
        const from = x
        while (row[x + 1]) x++
        runs.push(`M${from} ${y}h${x - from + 1}v1h-${x - from + 1}z`)
      }
      return runs
    })
    .join('')
}
