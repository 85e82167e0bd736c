import { describe, expect, test } from 'vitest'
import { diff, evaluate } from '../../../src/expression.js'
import type { Files } from '../../../src/tools/repl/command.js'
import { derivationOf } from '../../../src/tools/repl/derivation.js'
import { stepsCommand } from '../../../src/tools/repl/commands/steps.js'
import { Asking } from './asking.js'

async function asked(...lines: string[]): Promise<string> {
  const asking = new Asking()
  for (const line of lines.slice(0, -1)) expect(await asking.text(line)).not.toMatch(/error/)
  return asking.text(lines[lines.length - 1])
}

test.each([
  ['d/dx', 'max(x, x^2)', 1],
  ['d²/dx²', 'sigmoid(x)', 2],
  ['d/dx', 'p*log(x) + (1 - p)*log(1 - x)', 1],
  ['d/dx', '(x^2 + 1)^3 * exp(2x)', 1],
])('%s %s reads as the library has it', async (operator, text, order) => {
  expect(await asked(`${operator} ${text}`)).toBe(String(diff(text, 'x', order)))
})

describe('names', () => {
  test('nothing is captured: letters are variables', async () => {
    expect(await asked('e + i + D + N + I + E')).toBe('D + E + I + N + e + i')
    expect(await asked('d/de e^2')).toBe('2e')
  })

  test('definitions hold wherever they stand', async () => {
    expect(await asked('z = u^2', 'u = 3x', 'z')).toBe('9x^2')
    expect(await asked('f(x) = a x^2', 'a = 3', 'f(2)')).toBe('12')
    expect(await asked('f(x) = x^2', 'f(x) = x^3', 'f(2)')).toBe('8')
  })

  test('an answer whose parts have names is typed in again, line by line', async () => {
    let tower = 'x'
    for (let level = 1; level < 12; level++) tower = `sin(${tower})*cos(${tower} + ${level})`
    const lines = (await new Asking().printed(`d/dx ${tower}`)).split('\n')
    expect(lines.length).toBeGreaterThan(5)
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^t\d+ = /)
    const last = lines.pop() ?? ''
    const value = Number(await asked(...lines, `(${last}) at x=0.1`))
    const expected = evaluate(diff(tower, 'x'), { x: 0.1 })
    expect(Math.abs(value / expected - 1)).toBeLessThan(1e-9)
  })

  test('what is differentiated by is a variable, whatever it is defined as', async () => {
    expect(await asked('x = 2', 'd/dx x^2')).toBe('2x')
    expect(await asked('z = u^2 + v^2', 'u = x y', '∂z/∂u')).toBe('2u')
    expect(await asked('z = u^2 + v^2', 'u = x y', '∂z/∂x')).toBe('2x * y^2')
  })

  test('a value at a point is asked of the names as given', async () => {
    expect(await asked('x = 2', 'x^2 at x=5')).toBe('25')
    expect(await asked('f = (x + y)z', 'f at (1, 2, 3)')).toBe('9')
  })

  test('circles are refused, and the old definition stays', async () => {
    const asking = new Asking()
    await asking.text('a = 2')
    expect(await asking.text('a = a + 1')).toMatch(/error\[cyclic-definition\]/)
    expect(await asking.text('a')).toBe('2')
    await asking.text('b = c')
    expect(await asking.text('c = b + 1')).toMatch(/'b', 'c'|'c', 'b'/)
  })

  test('the left side of a definition is a name, not a product', async () => {
    expect(await asked('xy = 3', 'xy + 1')).toBe('4')
    expect(await asked('L(w) = (w - 1)^2', "L'(3)")).toBe('4')
  })

  test('functions alone, primes, functions of the library', async () => {
    expect(await asked('f(t) = t^2', 'f')).toBe('t^2')
    expect(await asked('f(t) = t^3', "f''")).toBe('6t')
    expect(await asked("softplus'")).toBe('sigmoid(x)')
    expect(await asked('g(t) = t^2', "g'(2s)")).toBe('4s')
  })

  test(':forget', async () => {
    expect(await asked('x = 2', ':forget x', 'x + 1')).toBe('x + 1')
    expect(await asked(':forget nothing')).toMatch(/nothing is defined/)
  })
})

describe('assumptions', () => {
  test.each([
    [['assume x > 0'], 'sqrt(x^2)', 'x'],
    [['assume x < 0'], 'abs(x)', '-x'],
    [['assume 0 < p < 1'], 'abs(p - 1)', '1 - p'],
    [['assume n != 0'], 'n / n', '1'],
    [['assume x >= 0'], 'max(0, x)', 'x'],
    [['assume x > 0'], 'x < 0', '0'],
    [['assume a > 0', 'assume b < 0'], 'a b < 0', '1'],
    [['assume γ > 0'], 'γ (x - 1) < 0', 'x < 1'],
    [['assume γ < 0'], 'γ (x - 1) < 0', 'x > 1'],
    [['assume x > 0'], 'd/dx x^n', 'n * x^(n - 1)'],
    [['assume x > 0'], 'd/dx x^x', 'x^x * (log(x) + 1)'],
  ])('%j: %s is %s', async (facts, typed, expected) => {
    expect(await asked(...facts, typed)).toBe(expected)
  })

  test('conditions that are assumed are not repeated', async () => {
    const asking = new Asking()
    const [before] = await asking.results('x / x')
    expect(before).toMatchObject({ text: '1', conditions: ['x != 0'] })
    await asking.text('assume x > 0')
    const [after] = await asking.results('x / x')
    expect(after).toMatchObject({ text: '1', conditions: [] })
  })

  test('contradictions and other things than comparisons are refused', async () => {
    expect(await asked('assume x > 0', 'assume x < -1')).toMatch(/contradictory-assumption/)
    expect(await asked('assume x + y > 0')).toMatch(/not-an-assumption/)
    expect(await asked('assume sin(x)')).toMatch(/not-an-assumption/)
  })
})

describe('tensors', () => {
  test('shapes are declared or inferred, and that is said', async () => {
    const asking = new Asking()
    expect(await asking.printed('jacobian(softmax(z), z)')).toMatch(
      /^\/\/ z: \[n\] is inferred\nJ\[i, j\] = /,
    )
    await asking.text('z: [k]')
    expect(await asking.printed('jacobian(softmax(z), z)')).not.toMatch(/inferred/)
  })

  test('a gradient by several tensors', async () => {
    const asking = new Asking()
    await asking.text('W: [d, h], b: [h], x: [d]')
    await asking.text('L = sum(x @ W + b)')
    expect(await asking.texts('grad L wrt W, b')).toEqual(['d_W[i, j] = x[i]', 'd_b[i] = 1'])
    expect(await asking.texts('grad(L, W, b)')).toEqual(['d_W[i, j] = x[i]', 'd_b[i] = 1'])
  })

  test('what is made up for an answer hides no name of the session', async () => {
    const asking = new Asking()
    await asking.text('p: [d]')
    expect(await asking.printed('jacobian(softmax(q), q)')).toMatch(/where p2\[i\] = exp/)
  })
})

describe('files', () => {
  const contents = new Map<string, string>()
  const files: Files = {
    read(path) {
      const source = contents.get(path)
      if (source === undefined) throw new Error('no such file or directory')
      return { filename: path, source }
    },
    write: (path, text) => void contents.set(path, text),
  }

  test('functions and constants of a file; its mistakes', async () => {
    contents.set('a.nn', 'const width = 2\nfn bell(x) = exp(-x^2 / width)\nfn twice(x) = 2bell(x)\n')
    contents.set('b.nn', 'fn f(x) = x +\n')
    const asking = new Asking(files)
    expect(await asking.text(':load a.nn')).toBe('a.nn: width, bell, twice')
    expect(await asking.text('d/dx twice(x)')).toBe('-2x * exp(-x^2 / 2)')
    expect(await asking.text(':load b.nn')).toMatch(/b\.nn:1:\d+ error/)
    expect(await asking.text(':load c.nn')).toMatch(/cannot read 'c\.nn': no such file/)
  })

  test('a model of a file: its equations, code and check', async () => {
    contents.set('m.nn', 'model Line(x: [n], y: [n]) {\n  param w\n  loss sum[s] (w * x[s] - y[s])^2\n}\n')
    const asking = new Asking(files)
    await asking.text(':load m.nn')
    expect(await asking.text('Line')).toMatch(/loss = [^]*gradient\n[^]*d_w = /)
    expect(await asking.text(':js Line')).toMatch(/export const Line\b/)
    expect(await asking.printed(':check Line')).toMatch(/w +tape[^]*all agree/)
  })

  test('a saved session makes the same one again', async () => {
    const first = new Asking(files)
    for (const line of ['f(x) = a x^2', 'a = 3', 'assume y > 0', 'W: [d, h]', ':save session.txt'])
      await first.text(line)
    const second = new Asking(files)
    await second.text(':load session.txt')
    expect(second.session.snapshot()).toEqual(first.session.snapshot())
    expect(await second.text('f(2) sqrt(y^2)')).toBe('12y')
  })
})

describe('derivations', () => {
  test.each([
    'd/dx sin(x^2)',
    'd/dx x exp(-x)',
    'd/dx (x^2 + 1)/(x - 3)',
    'd/dx x^y',
    'd/dx y^x',
    'd/dx x^x',
    'd/dx log(1 + exp(x)) σ(x)',
    'd/dx max(x, y) - min(0, x)',
    'd/dx if x > 1 then x^3 else 1/x',
    'd/dx atan2(y, x) hypot(x, y)',
    'd/dy d/dx sin(x y)',
    'd²/dx² exp(-x^2)',
    'd/dx sqrt(x) tanh(x)/x',
    'd/dx gelu(x)',
    // A tie at the point: what both share is shared in every line.
    'd/dx max(x - y, y - 0.1)',
    'd/dx max(x, y, 1)^2',
    'd/dx sum[k < 4] (k + 1) x^(k + y)',
    'd/dx 3/x^2 - y/(2x)^y',
    'd/dx (2y x + 1)^(2y - 1)',
    'd/dx -p log(p) - (1-p) log(1-p), p = x/2',
    'd/dx 1/(1 + exp(-x)) + erf(x)',
    "tanh'(x) - asin'(x/2)",
    'd²/dx² (1/(1 + x^2) - sqrt(1 + x^2))',
    'd/dx sin(x)cos(x) - 2(3(4x))',
    'd/dx prod[k < 3] (x - k)',
  ])('%s: every line has the value of the answer', async (text) => {
    const [typed, ...definitions] = text.split(/, (?=p = )/)
    const asking = new Asking()
    const { session } = asking
    for (const definition of definitions) await asking.text(definition)
    const [parsed] = session.read(stepsCommand, typed).expressions
    const lines = derivationOf(session, stepsCommand, parsed)
    expect(lines.length).toBeGreaterThan(1)
    const at = { x: 1.3, y: 0.7 }
    const expected = evaluate(lines[lines.length - 1].text, at)
    for (const { text, rule } of lines) {
      if (text.startsWith('  ')) {
        // A step within a line: both sides are equal.
        const [before, after] = text.split(' = ').map((side) => evaluate(side, at))
        expect(Math.abs(after - before), `${text} (${rule})`).toBeLessThan(1e-10 * (1 + Math.abs(before)))
        continue
      }
      const value = Number(await asking.text(`(${text}) at x=1.3, y=0.7`))
      expect(Math.abs(value - expected), `${text} (${rule})`).toBeLessThan(1e-10 * (1 + Math.abs(expected)))
    }
  })
})

describe('traces', () => {
  test.each([
    'x^2 sin(y) / (1 + x)',
    'max(x, y) + abs(x - 2y)',
    'if x > y then x^3 else y',
    'softplus(x) gelu(y)',
    'x x x',
  ])('%s: tangents and cotangents are the gradient', async (typed) => {
    const asking = new Asking()
    const at = 'x=1.3 y=0.7'
    const [forward, reverse] = await asking.results(`:trace ${typed} ${at}`)
    if (forward.kind !== 'table' || reverse.kind !== 'table') throw new Error('no tables')
    for (const name of ['x', 'y'].filter((each) => forward.head.includes(`∂/∂${each}`))) {
      const expected = Number(await asking.text(`d(${typed}, ${name}) at x=1.3, y=0.7`))
      const tangent = Number(forward.rows.at(-1)?.[forward.head.indexOf(`∂/∂${name}`)])
      const cotangent = Number(reverse.rows.find(([row]) => row === name)?.[1])
      expect(tangent).toBeCloseTo(expected, 9)
      expect(cotangent).toBeCloseTo(expected, 9)
    }
  })

  test.each([
    ['max(0, x)', 'x=0'],
    ['min(x, 0)', 'x=0'],
    ['abs(x)', 'x=0'],
    ['max(x, y)', 'x=1 y=1'],
    ['clamp(x, 0, 1)', 'x=1'],
  ])('%s at %s: kinks are decided as everywhere', async (typed, at) => {
    const asking = new Asking()
    const [, reverse] = await asking.results(`:trace ${typed} ${at}`)
    if (reverse.kind !== 'table') throw new Error('no table')
    const expected = Number(await asking.text(`d(${typed}, x) at ${at.replace(' ', ', ')}`))
    expect(Number(reverse.rows.find(([row]) => row === 'x')?.[1])).toBe(expected)
  })
})

describe('ranges', () => {
  test.each([
    ['x^2 - 2x', '[-1, inf)'],
    ['sin(x)^2 - sin(x)', '[-0.25, 2]'],
    ['sigmoid(x)', '(0, 1]'],
    ['3 - exp(x)', '(-inf, 3]'],
  ])('%s lies in %s', async (typed, range) => {
    const asking = new Asking()
    expect(await asking.printed(`:type ${typed}`)).toContain(range)
    const [low, high] = range
      .slice(1, -1)
      .split(', ')
      .map((bound) => Number(bound.replace('inf', 'Infinity')))
    for (let x = -6; x <= 6; x += 0.37) {
      const value = evaluate(typed, { x })
      expect(value).toBeGreaterThanOrEqual(low - 1e-12)
      expect(value).toBeLessThanOrEqual(high + 1e-12)
    }
  })
})

describe('mistakes', () => {
  test.each([
    ['2x + sigmod(x)', /1:6 error\[unknown-function\][^]*\n {2}\| {6}\^{6}\n[^]*did you mean 'sigmoid'/],
    ['d/dx sigmod(x)', /1:6 error/],
    ['1 +', /an operand is missing/],
    ['(x', /never closed/],
    [':tpye x', /did you mean ':type'/],
    ['f(x)', /define it, f\(…\) = …, or write a product: f \* \(…\)/],
    ['diff(x^2, x)', /a derivative is d\(f, x\)/],
    ['dy/dx (x^2)', /the derivative of e by x is d\(e, x\)/],
    ['log(x, 2)', /to the base b is log\(x\) \/ log\(b\)/],
    ['n!', /a factorial n! is exp\(lgamma\(n \+ 1\)\)/],
    ['⌊x⌋', /floor\(x\)/],
    ['∫ x', /integrals are not found here/],
    ['\\sin x', /LaTeX is printed and not read/],
    [':eval x^2', /no value for 'x'/],
    ['x at (1, 2)', /2 values for the variables x/],
    [':plot x y', /no value for 'y'/],
    [':plot x x=3..-3', /a range goes upwards/],
    [':set digits many', /a whole number from 1 to 17/],
    [':graph x --as png', /the formats are text, dot, mermaid, svg/],
    ['d(x y)', /by which variable: x, y/],
    ['g(3)', /there is no function 'g'/],
    ['x: [n] + 1', /error/],
  ])('%s', async (typed, message) => {
    expect(await asked(typed)).toMatch(message)
  })

  test('a mistake leaves the session as it was', async () => {
    const asking = new Asking()
    await asking.text('a = 2')
    await asking.text('b = (a')
    expect(await asking.text('a')).toBe('2')
    expect(asking.session.snapshot()).toEqual(['a = 2'])
  })
})

test('what is assumed guides the points of :check', async () => {
  // Defined for 0 < p < 1 and x > 1000 alone, where points of all numbers are never drawn.
  for (const [assumed, expression] of [
    ['p > 0, p < 1e-3', 'log(p) + log(1e-3 - p)'],
    ['x > 1000', 'sqrt(x - 1000)'],
    ['W < -50', 'sum[i] log(-50 - W[i])'],
  ]) {
    const asking = new Asking()
    expect(await asking.printed(`:check ${expression}`)).toMatch(/not confirmed|no point/)
    await asking.text(`assume ${assumed}`)
    expect(await asking.printed(`:check ${expression}`)).toMatch(/all agree/)
  }
})

test('settings reach the compiler', async () => {
  const rnn = 'fn rnn(x: [T], w) { recur t < T { h[-1] = 0; h[t] = tanh(w * h[t-1] + x[t]) }; return h[T-1] }'
  const asking = new Asking()
  await asking.text(rnn)
  const plain = await asking.text(':js rnn(x, w)')
  expect(plain).toMatch(/Float64Array/)
  expect(plain).not.toMatch(/Math\.sqrt\(T/)
  await asking.text(':set checkpoint 1')
  await asking.text(':set dtype 32')
  const set = await asking.text(':js rnn(x, w)')
  expect(set).toMatch(/new Float32Array/)
  expect(set).toMatch(/Math\.sqrt\(/)
  expect(await asking.text(':set dtype 16')).toMatch(/0, 32 or 64/)
})

test('values for some of the variables leave an expression of the others', async () => {
  expect(await asked('x σ(β x) at β=0')).toBe('x / 2')
  expect(await asked('x^2 y + z at x=3')).toBe('9y + z')
  expect(await asked(':eval x^2 y + z x=3')).toMatch(/no value for 'y', 'z'/)
  expect(await asked('(x^2 - 1)/(x - 1) * y at y=2')).toBe('2x + 2')
})

test('options that a command does not have are no part of the expression', async () => {
  expect(await asked(':graph x sin(x) --dot')).toMatch(/:graph has no option '--dot'(?:.|\n)*--as, --svg/)
  expect(await asked(':eval x --y x=1 y=2')).toBe('3')
})
