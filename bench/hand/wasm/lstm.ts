/**
 * An LSTM over T steps with the mean square of its last state as loss, in WebAssembly: products for all steps at once where nothing
 * depends on the state, one pass over the gates of a step in each direction. tanh is a quotient of polynomials, within 1e-6.
 */
import type { LstmParams, LstmSizes } from '../lstm.js'
import { assemble, countDown, get, locals, params, plus } from './assemble.js'
import type { Computed } from './dense.js'
import { load, PRODUCTS, Products, store } from './products.js'

// The quotient that Eigen and XLA use for tanh in 32 bits, up to where it rounds to 1.
const LIMIT = 7.90531110763549805
const ABOVE = [-2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8, 1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3] // prettier-ignore
const BELOW = [1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3]

const all = (value: number): string => `(v128.const f32x4 ${Array(4).fill(value).join(' ')})`
const mul = (a: string, b: string): string => `(f32x4.mul ${a} ${b})`
const add = (a: string, b: string): string => `(f32x4.add ${a} ${b})`
const sub = (a: string, b: string): string => `(f32x4.sub ${a} ${b})`
const set = (name: string, value: string): string => `(local.set ${name} ${value})`
const horner = (factors: readonly number[], square: string): string =>
  factors.slice(1).reduce((sum, factor) => add(mul(sum, square), all(factor)), all(factors[0]))

/** to = tanh(of), by way of $square. */
const tanh = (to: string, of: string): string => `
  ${set(to, `(f32x4.pmin ${all(LIMIT)} (f32x4.pmax ${all(-LIMIT)} ${of}))`)}
  ${set('$square', mul(get(to), get(to)))}
  ${set(to, `(f32x4.div ${mul(get(to), horner(ABOVE, get('$square')))} ${horner(BELOW, get('$square'))})`)}`

/** 1 / (1 + e^-x) = (1 + tanh(x / 2)) / 2 */
const sigmoid = (to: string, of: string): string => `
  ${tanh(to, mul(all(0.5), of))}
  ${set(to, add(mul(all(0.5), get(to)), all(0.5)))}`

const ONE = all(1)
const GATES = ['i', 'f', 'g', 'o']
/** y (1 - y) */
const slope = (y: string): string => mul(y, sub(ONE, y))

/** Columns in vectors, of n rows each: k and n are compiled in, as everything that an expert knows. */
function passes({ n, k }: LstmSizes): readonly string[] {
  const [row, state] = [16 * k, 4 * k]
  const at = (gate: number): number => 4 * k * gate
  /** Their vectors beside each other, one line for each gate. */
  const each = (line: (gate: string, offset: number) => string): string =>
    GATES.map((gate, position) => line(gate, at(position))).join('\n    ')
  const advance = `
    (local.set $z ${plus('$z', row)})
    (local.set $c ${plus('$c', state)})
    (local.set $y ${plus('$y', state)})
    (local.set $h ${plus('$h', state)})`
  const back = (name: string, bytes: number): string => `(local.set ${name} ${plus(name, 16 - bytes)})`
  const columns = (before: string, lines: string, after: string): string => `
  (local.set $columns (i32.const ${k / 4}))
  ${countDown('$columns', `
  ${before}
  (local.set $rows (i32.const ${n}))
  ${countDown('$rows', lines + advance)}
  ${after}
  ${back('$z', n * row)} ${back('$c', n * state)} ${back('$y', n * state)} ${back('$h', n * state)}
  (local.set $b ${plus('$b', 16)})`)}` // prettier-ignore
  return [
    // z becomes the gates; c and h have the next step n rows further.
    `
(func (export "gates") ${params('$z $b $c $y $h')} ${locals('i32', '$columns $rows')}
  ${locals('v128', '$bi $bf $bg $bo $i $f $g $o $square $cell')}
  ${columns(
    each((gate, offset) => set(`$b${gate}`, load('$b', offset))),
    `
    ${sigmoid('$i', add(load('$z', at(0)), get('$bi')))}
    ${sigmoid('$f', add(load('$z', at(1)), get('$bf')))}
    ${tanh('$g', add(load('$z', at(2)), get('$bg')))}
    ${sigmoid('$o', add(load('$z', at(3)), get('$bo')))}
    ${each((gate, offset) => store('$z', offset, get(`$${gate}`)))}
    ${set('$cell', add(mul(get('$f'), load('$c')), mul(get('$i'), get('$g'))))}
    ${store('$c', n * state, get('$cell'))}
    ${tanh('$g', get('$cell'))}
    ${store('$y', 0, get('$g'))}
    ${store('$h', n * state, mul(get('$o'), get('$g')))}`,
    '',
  )})`,
    // The gates become cotangents of z. $h are those of h, $dc of c; $b sums them over the rows.
    `
(func (export "slopes") ${params('$z $b $c $y $h $dc')} ${locals('i32', '$columns $rows')}
  ${locals('v128', '$si $sf $sg $so $i $f $g $o $tanh $d $cell')}
  ${columns(
    each((gate, offset) => set(`$s${gate}`, load('$b', offset))),
    `
    ${each((gate, offset) => set(`$${gate}`, load('$z', offset)))}
    ${set('$tanh', load('$y'))} ${set('$d', load('$h'))}
    ${set('$cell', add(load('$dc'), mul(mul(get('$d'), get('$o')), sub(ONE, mul(get('$tanh'), get('$tanh'))))))}
    ${store('$dc', 0, mul(get('$cell'), get('$f')))} (local.set $dc ${plus('$dc', state)})
    ${set('$o', mul(mul(get('$d'), get('$tanh')), slope(get('$o'))))}
    ${set('$f', mul(mul(get('$cell'), load('$c')), slope(get('$f'))))}
    ${set('$d', mul(mul(get('$cell'), get('$i')), sub(ONE, mul(get('$g'), get('$g')))))}
    ${set('$i', mul(mul(get('$cell'), get('$g')), slope(get('$i'))))}
    ${set('$g', get('$d'))}
    ${each((gate, offset) => store('$z', offset, get(`$${gate}`)))}
    ${each((gate) => set(`$s${gate}`, add(get(`$s${gate}`), get(`$${gate}`))))}`,
    `${each((gate, offset) => store('$b', offset, get(`$s${gate}`)))}
    ${back('$dc', n * state)}`,
  )})`,
  ] // prettier-ignore
}

export async function lstmByHand(
  { W, U, b }: LstmParams,
  x: Float32Array,
  sizes: LstmSizes,
): Promise<Computed<LstmParams>> {
  const { T, n, d, k } = sizes
  const machine = await assemble([...PRODUCTS, ...passes(sizes)], 2 ** 23)
  const { call, floats, holding } = machine
  const [gates, slopes] = ['gates', 'slopes'].map(call)
  const products = new Products(machine, T * n)
  const [own, input, state, bias] = [x, W, U, b].map(holding)
  // The matrix of the state in strips, and its transpose.
  const [strips, turned] = [4 * k * k, 4 * k * k].map(floats)
  // Before step 0 and after each: h and c. Of each step: z, which becomes the gates and then its cotangents, and tanh(c).
  const [h, c, z, y] = [(T + 1) * n * k, (T + 1) * n * k, T * n * 4 * k, T * n * k].map(floats)
  const [dh, dc, dW, dU, db] = [n * k, n * k, d * 4 * k, k * 4 * k, 4 * k].map(floats)
  const [row, step] = [16 * k, 4 * n * k]
  const inputs = { at: own.at, row: 4 * d }
  const states = { at: h.at, row: 4 * k }
  const whole = { at: z.at, row }

  return {
    gradients: { W: dW.view, U: dU.view, b: db.view },
    run() {
      products.times(inputs, { at: input.at, row }, whole, T * n, d, 4 * k)
      products.packRight({ at: state.at, row }, k, k / 2, strips.at)
      for (let t = 0; t < T; t++) {
        const at = z.at + 4 * t * step
        products.addPacked({ at: h.at + t * step, row: 4 * k }, strips.at, { at, row }, n, k, 4 * k)
        gates(at, bias.at, c.at + t * step, y.at + t * step, h.at + t * step)
      }
      let loss = 0
      for (let i = 0; i < n * k; i++) {
        const last = h.view[T * n * k + i]
        loss += last * last
        dh.view[i] = (2 * last) / (n * k)
      }
      dc.view.fill(0)
      db.view.fill(0)
      products.packRight({ at: state.at, row, transposed: true }, 4 * k, k / 8, turned.at)
      for (let t = T - 1; t >= 0; t--) {
        const at = z.at + 4 * t * step
        slopes(at, db.at, c.at + t * step, y.at + t * step, dh.at, dc.at)
        products.timesPacked({ at, row }, turned.at, { at: dh.at, row: 4 * k }, n, 4 * k, k)
      }
      products.times({ ...inputs, transposed: true }, whole, { at: dW.at, row }, d, T * n, 4 * k)
      products.times({ ...states, transposed: true }, whole, { at: dU.at, row }, k, T * n, 4 * k)
      return loss / (n * k)
    },
  }
}
