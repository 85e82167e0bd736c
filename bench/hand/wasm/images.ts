/**
 * Convolutions of 5×5 and maxima over 2×2, in WebAssembly with SIMD, along the rows of an image: eight neighbours at a time. Where in an
 * image an entry of a kernel reads is in a table, so that one loop runs over all of them, whatever the number of channels.
 */
import { countDown, get, locals, params, plus, repeat } from './assemble.js'
import { kernel, load, pick, store, type Tile } from './products.js'

export interface Shape {
  /** Channels in and out, the side of the input. */
  readonly c: number
  readonly o: number
  readonly side: number
  /** How many channels of the result a kernel computes at a time. */
  readonly rows: number
}

export const FIRST: Shape = { c: 1, o: 6, side: 28, rows: 3 }
export const SECOND: Shape = { c: 6, o: 16, side: 12, rows: 4 }

const set = (name: string, value: string): string => `(local.set ${name} ${value})`
const step = (name: string, bytes: number): string => `(local.set ${name} ${plus(name, bytes)})`

/** y[o, i, j] = Σ_taps K[tap, o] x[i + u, j + v], of one image. K lies in groups of channels, $table says where a tap reads. */
function convolve(name: string, { c, o, side, rows }: Shape): string {
  const m = side - 4
  return `
${kernel(`${name}Tile`, { rows, vectors: 2, from: 'table', to: 'rows', adds: false })}
(func (export "${name}") ${params('$K $x $table $y')} ${locals('i32', '$groups $lines $blocks')}
  (local.set $groups (i32.const ${o / rows}))
  ${countDown('$groups', `
  (local.set $lines (i32.const ${m}))
  ${countDown('$lines', `
  (local.set $blocks (i32.const ${m / 8}))
  ${countDown('$blocks', `
  (call $${name}Tile ${get('$K')} ${get('$x')} ${get('$table')} (i32.const ${25 * c}) ${get('$y')} (i32.const ${4 * m * m}))
  ${step('$x', 32)} ${step('$y', 32)}`)}
  ${step('$x', 4 * (side - m))}`)}
  ${step('$x', -4 * side * m)}
  ${step('$y', 4 * (rows - 1) * m * m)}
  ${step('$K', 4 * rows * 25 * c)}`)})` // prettier-ignore
}

/**
 * dx[c, i + u, j + v] += Σ_o K[o, c, u, v] dy[o, i, j], of one image: four taps at a time, whose sums go where the table says. K lies in
 * groups of four taps.
 */
function spread({ c, o, side }: Shape): string {
  const m = side - 4
  return `
${kernel('spreadTile', { rows: 4, vectors: 2, from: 'steps', to: 'table', adds: true })}
(func (export "spread") ${params('$K $dy $table $dx')} ${locals('i32', '$groups $lines')}
  (local.set $groups (i32.const ${Math.ceil((25 * c) / 4)}))
  ${countDown('$groups', `
  (local.set $lines (i32.const ${m}))
  ${countDown('$lines', `
  (call $spreadTile ${get('$K')} ${get('$dy')} (i32.const ${4 * m * m}) (i32.const ${o}) ${get('$dx')} ${get('$table')})
  ${step('$dy', 4 * m)} ${step('$dx', 4 * side)}`)}
  ${step('$dy', -4 * m * m)} ${step('$dx', -4 * side * m)}
  ${step('$K', 16 * o)} ${step('$table', 16)}`)})` // prettier-ignore
}

/**
 * dK[o, tap] += Σ dy[o, p] x[p + tap], over $images: some channels and two taps at a time, in vectors of positions, which are summed up
 * at the end. $first and $second are x where the taps read, $table says where its vectors are.
 */
function correlate(name: string, { c, o, side }: Shape, { rows, vectors: taps }: Tile): string {
  const m = side - 4
  const sums = Array.from({ length: rows * taps }, (_, at) => ({ name: `$c${at}`, row: Math.floor(at / taps), tap: at % taps })) // prettier-ignore
  const lane = (sum: string, at: number): string => `(f32x4.extract_lane ${at} ${get(sum)})`
  return `
(func (export "${name}") ${params('$dy $first $second $table $images $dK $apart')} ${locals('i32', '$left $at $offset')}
  ${locals('v128', '$x0 $x1 $y')} ${sums.map((sum) => locals('v128', sum.name)).join(' ')}
  ${countDown('$images', `
  (local.set $left (i32.const ${(m * m) / 4}))
  (local.set $at ${get('$table')})
  ${countDown('$left', `
  (local.set $offset (i32.load ${get('$at')}))
  ${set('$x0', `(v128.load ${plus('$first', get('$offset'))})`)}
  ${set('$x1', `(v128.load ${plus('$second', get('$offset'))})`)}
  ${repeat(rows, (r) => `${set('$y', load('$dy', 4 * m * m * r))}
  ${sums.filter(({ row }) => row === r).map((sum) => set(sum.name, `(f32x4.add ${get(sum.name)} (f32x4.mul ${get('$y')} ${get(`$x${sum.tap}`)}))`)).join('\n  ')}`)}
  ${step('$at', 4)} ${step('$dy', 16)}`)}
  ${step('$dy', 4 * m * m * (o - 1))}
  ${step('$first', 4 * c * side * side)} ${step('$second', 4 * c * side * side)}`)}
  ${repeat(taps, (t) => `
  ${sums.filter(({ tap }) => tap === t).map((sum) => `(f32.store offset=${4 * 25 * c * sum.row} ${get('$dK')} (f32.add (f32.load offset=${4 * 25 * c * sum.row} ${get('$dK')})
    (f32.add (f32.add ${lane(sum.name, 0)} ${lane(sum.name, 1)}) (f32.add ${lane(sum.name, 2)} ${lane(sum.name, 3)}))))`).join('\n  ')}
  (local.set $dK ${plus('$dK', get('$apart'))})`)})` // prettier-ignore
}

const EVEN = [0, 2, 4, 6]
const ODD = [1, 3, 5, 7]

/** Maxima over 2×2 with a bias and ReLU, four side by side, of a number of images. */
function pool(name: string, { o, side }: Shape): string {
  const m = side - 4
  return `
(func (export "${name}") ${params('$y $b $p $images')} ${locals('i32', '$channels $lines $blocks')} ${locals('v128', '$bias $left $right $x')}
  ${countDown('$images', `
  (local.set $channels (i32.const ${o}))
  ${countDown('$channels', `
  ${set('$bias', `(v128.load32_splat ${get('$b')})`)} ${step('$b', 4)}
  (local.set $lines (i32.const ${m / 2}))
  ${countDown('$lines', `
  (local.set $blocks (i32.const ${m / 8}))
  ${countDown('$blocks', `
  ${set('$left', `(f32x4.pmax ${load('$y')} ${load('$y', 4 * m)})`)}
  ${set('$right', `(f32x4.pmax ${load('$y', 16)} ${load('$y', 4 * m + 16)})`)}
  ${set('$x', `(f32x4.add (f32x4.pmax ${pick('$left', '$right', EVEN)} ${pick('$left', '$right', ODD)}) ${get('$bias')})`)}
  ${store('$p', 0, `(f32x4.pmax (v128.const f32x4 0 0 0 0) ${get('$x')})`)}
  ${step('$y', 32)} ${step('$p', 16)}`)}
  ${step('$y', 4 * m)}`)}`)}
  ${step('$b', -4 * o)}`)})` // prettier-ignore
}

/** Sends cotangents to the first of the largest of each 2×2, where ReLU lets them through, and adds those to $db. */
function unpool(name: string, { o, side }: Shape): string {
  const m = side - 4
  return `
(func (export "${name}") ${params('$dp $p $y $dy $db $images')} ${locals('i32', '$channels $lines $blocks')}
  ${locals('v128', '$d $sum $x0 $x1 $a $b $c $e $m $none')}
  ${countDown('$images', `
  (local.set $channels (i32.const ${o}))
  ${countDown('$channels', `
  ${set('$sum', '(v128.const f32x4 0 0 0 0)')}
  (local.set $lines (i32.const ${m / 2}))
  ${countDown('$lines', `
  (local.set $blocks (i32.const ${m / 8}))
  ${countDown('$blocks', `
  ${set('$d', `(v128.and ${load('$dp')} (f32x4.gt ${load('$p')} (v128.const f32x4 0 0 0 0)))`)}
  ${set('$sum', `(f32x4.add ${get('$sum')} ${get('$d')})`)}
  ${set('$x0', load('$y'))} ${set('$x1', load('$y', 16))}
  ${set('$a', pick('$x0', '$x1', EVEN))} ${set('$b', pick('$x0', '$x1', ODD))}
  ${set('$x0', load('$y', 4 * m))} ${set('$x1', load('$y', 4 * m + 16))}
  ${set('$c', pick('$x0', '$x1', EVEN))} ${set('$e', pick('$x0', '$x1', ODD))}
  ${set('$m', `(f32x4.pmax (f32x4.pmax ${get('$a')} ${get('$b')}) (f32x4.pmax ${get('$c')} ${get('$e')}))`)}
  ${set('$a', `(f32x4.eq ${get('$a')} ${get('$m')})`)}
  ${set('$b', `(v128.andnot (f32x4.eq ${get('$b')} ${get('$m')}) ${get('$a')})`)}
  ${set('$none', `(v128.or ${get('$a')} ${get('$b')})`)}
  ${set('$c', `(v128.andnot (f32x4.eq ${get('$c')} ${get('$m')}) ${get('$none')})`)}
  ${set('$none', `(v128.or ${get('$none')} ${get('$c')})`)}
  ${['$a', '$b', '$c'].map((name) => set(name, `(v128.and ${get('$d')} ${get(name)})`)).join(' ')}
  ${set('$e', `(v128.andnot ${get('$d')} ${get('$none')})`)}
  ${store('$dy', 0, pick('$a', '$b', [0, 4, 1, 5]))} ${store('$dy', 16, pick('$a', '$b', [2, 6, 3, 7]))}
  ${store('$dy', 4 * m, pick('$c', '$e', [0, 4, 1, 5]))} ${store('$dy', 4 * m + 16, pick('$c', '$e', [2, 6, 3, 7]))}
  ${step('$dp', 16)} ${step('$p', 16)} ${step('$y', 32)} ${step('$dy', 32)}`)}
  ${step('$y', 4 * m)} ${step('$dy', 4 * m)}`)}
  ${store('$db', 0, `(f32x4.add ${load('$db')} ${get('$sum')})`)}
  ${step('$db', 16)}`)}
  ${step('$db', -16 * o)}`)})` // prettier-ignore
}

export const IMAGES: readonly string[] = [
  convolve('convolve1', FIRST),
  convolve('convolve2', SECOND),
  spread(SECOND),
  correlate('correlate1', FIRST, { rows: 3, vectors: 2 }),
  correlate('correlate2', SECOND, { rows: 4, vectors: 2 }),
  pool('pool1', FIRST),
  pool('pool2', SECOND),
  unpool('unpool1', FIRST),
  unpool('unpool2', SECOND),
]
