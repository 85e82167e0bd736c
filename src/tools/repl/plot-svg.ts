import { SAMPLES, ticks, valueRange, type Curve } from './curve.js'

const SIZE = { width: 640, height: 400, left: 56, right: 16, top: 16, bottom: 36 }
const COLOURS = ['#0b62c4', '#c4410b', '#0b8a3c', '#8a0bc4', '#c49a0b']

export function curvesAsSvg(variable: string, from: number, to: number, curves: readonly Curve[]): string {
  const { low, high } = valueRange(curves)
  const { width, height, left, right, top, bottom } = SIZE
  const px = (x: number): number => round(left + ((x - from) / (to - from)) * (width - left - right))
  const py = (y: number): number =>
    round(height - bottom - ((y - low) / (high - low)) * (height - top - bottom))
  const grid = [
    ...ticks(from, to, 6).map((x) => `<path class="grid" d="M${px(x)} ${top}V${height - bottom}"/><text x="${px(x)}" y="${height - bottom + 18}" text-anchor="middle">${x}</text>`), // prettier-ignore
    ...ticks(low, high, 5).map((y) => `<path class="grid" d="M${left} ${py(y)}H${width - right}"/><text x="${left - 8}" y="${py(y) + 4}" text-anchor="end">${y}</text>`), // prettier-ignore
  ]
  const lines = curves.flatMap(({ label, ys }, n) => {
    const colour = COLOURS[n % COLOURS.length]
    return [
      `<path d="${pathOf(ys, (at) => px(from + ((to - from) * at) / (SAMPLES - 1)), py, high - low)}" stroke="${colour}" clip-path="url(#inside)"/>`,
      `<text x="${left + 8}" y="${top + 16 + 18 * n}" style="fill:${colour}">${escaped(label)}</text>`,
    ]
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    '<style>path{fill:none;stroke-width:2}.grid{stroke:#d8dde3;stroke-width:1}text{font:13px sans-serif;fill:#345}</style>',
    `<clipPath id="inside"><rect x="${left}" y="${top}" width="${width - left - right}" height="${height - top - bottom}"/></clipPath>`,
    ...grid,
    ...lines,
    `<text x="${width - right}" y="${height - 4}" text-anchor="end">${escaped(variable)}</text>`,
    '</svg>',
    '',
  ].join('\n')
}

const round = (x: number): number => Math.round(x * 100) / 100
const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/** Broken where the curve is not defined, and at poles. */
function pathOf(
  ys: readonly number[],
  x: (at: number) => number,
  y: (value: number) => number,
  span: number,
): string {
  let path = ''
  let down = false
  for (const [at, value] of ys.entries()) {
    if (!Number.isFinite(value) || (at > 0 && Math.abs(value - ys[at - 1]) > 2 * span)) down = false
    if (!Number.isFinite(value)) continue
    path += `${down ? 'L' : 'M'}${x(at)} ${y(Math.max(-1e6, Math.min(1e6, value)))}`
    down = true
  }
  return path
}
