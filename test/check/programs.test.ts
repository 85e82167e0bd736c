import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileModule } from '../../src/compile.js'
import { definitionsBelow } from '../../src/check/fans.js'
import { showExpr } from '../../src/check/show.js'
import { findUnsafeRead } from '../../src/ir/prove.js'
import { check, programs, results, shapeOf } from './checking.js'

const names = readdirSync(programs).filter((name) => name.endsWith('.nn')).sort() // prettier-ignore
const load = (start: string): ReturnType<typeof check> => {
  const name = names.find((each) => each.startsWith(start))
  if (!name) throw new Error(`no program '${start}'`)
  return check(readFileSync(programs + name, 'utf8'))
}

describe.each(names)('%s', (name) => {
  const checked = check(readFileSync(programs + name, 'utf8'))

  test('has no mistakes', () => {
    expect(checked.errors).toEqual([])
    expect(checked.program.entries.length).toBeGreaterThan(0)
  })

  test('compiles', () => {
    const read = (specifier: string) => ({
      filename: specifier,
      source: readFileSync(programs + specifier, 'utf8'),
    })
    const { code, diagnostics } = compileModule(read(name).source, { filename: name, exportAll: true, read })
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(code).not.toBe('')
  })

  test('reads in range in every definition', () => {
    const { graph, program } = checked
    const unsafe: string[] = []
    for (const entry of program.entries)
      for (const def of definitionsBelow([
        ...entry.outputs.map((output) => output.def),
        ...(entry.loss ? [entry.loss] : []),
      ])) {
        if (def.kind !== 'computed' || !def.body) continue
        const read = findUnsafeRead(graph, def.body, def.reduction?.filter ?? [])
        if (read) unsafe.push(`${def.name}: ${showExpr(graph, read)}`)
      }
    expect(unsafe).toEqual([])
  })
})

test('35 programs', () => {
  expect(names.length).toBe(35)
})

describe('shapes', () => {
  test.each([
    ['10', 'narrow', 'value: [n - m + 1]'],
    ['10', 'wide', 'value: [n + m - 1]'],
    ['10', 'same', 'value: [n]'],
    ['10', 'strided', 'value: [div(n - m, 2) + 1]'],
    ['10', 'dilated', 'value: [n + D - D*m]'],
    ['11', 'pad2', 'value: [n, c, H + 2p, W + 2p]'],
    ['11', 'wide2', 'value: [n, o, H + U - 1, W + 2U - V - 1]'],
    ['11', 'transposed', 'value: [n, c, H + U - 1, W + V - 1]'],
    ['12', 'max_pool', 'value: [n, c, div(H, 2), div(W, 2)]'],
    ['13', 'LeNet5', 'probs: [n, 10]'],
    ['15', 'Lstm', 'h: [T, n, 64]; last: [n, 64]'],
    ['15', 'lstm_step', 'value0: [n, k]; c1: [n, k]'],
    ['17', 'BiRnn', 'h: [T, n, 64]'],
    ['19', 'SelfAttention', 'z: [n, T, d]'],
    ['22', 'Heat', 'field: [n]'],
    ['25', 'direction', 'value: [k, d]'],
    ['30', 'vec', 'value: [m*n]'],
    ['32', 'meta', 'gw: [d]; grate: []; value2: [d]; value3: [d]'],
  ])('%s %s', (program, entry, expected) => {
    const checked = load(program)
    expect(results(checked, entry).join('; ')).toBe(expected)
  })

  test('parameters of layers, with their fans', () => {
    const { program, graph } = load('07')
    const mlp = program.entries.find(({ name }) => name === 'Mlp')
    const described = mlp?.params.map(({ path, def, initial }) => {
      const fans =
        'fanIn' in initial ? ` ${showExpr(graph, initial.fanIn)} → ${showExpr(graph, initial.fanOut)}` : ''
      return `${path.join('.')} ${shapeOf(graph, def)} ${initial.kind}${fans}`
    })
    expect(described).toEqual([
      'l1.W [784, 512] he 784 → 512',
      'l1.b [512] zeros',
      'l2.W [512, 512] he 512 → 512',
      'l2.b [512] zeros',
      'l3.W [512, 10] he 512 → 10',
      'l3.b [10] zeros',
    ])
    expect(mlp?.sizes.map(({ size, input, axis }) => `${size.name} = ${input.name}.${axis}`)).toEqual([
      'n = x.0',
    ])
    expect(mlp?.inputs.map(({ def }) => def.bounds.map((bound) => showExpr(graph, bound)))).toEqual([
      [],
      ['10'],
    ])
  })

  test('an instance applied twice has one set of parameters', () => {
    const { program } = load('07')
    const siamese = program.entries.find(({ name }) => name === 'Siamese')
    expect(siamese?.params.map(({ path }) => path.join('.'))).toEqual(['enc.W', 'enc.b'])
  })

  test('facts that the sizes must meet are checked at the boundary', () => {
    const { program, graph } = load('10')
    const checks = (name: string): string[] =>
      program.entries.find((entry) => entry.name === name)?.checks.map(({ expr }) => showExpr(graph, expr)) ??
      []
    expect(checks('narrow')).toEqual(['n - m'])
    expect(checks('wide')).toEqual([])
    expect(checks('dilated')).toEqual(['D', 'n + D - D*m - 1'])
  })

  test('kernels: positions belong to the fan-in only', () => {
    const { program, graph } = check(
      `import { Conv2d } from "./11-conv2d.nn"
       model M(x: [n, 3, 28, 28]) { param c: Conv2d[8]; out y = c(x) }`,
    )
    const initial = program.entries[0].params[0].initial
    expect('fanIn' in initial && [showExpr(graph, initial.fanIn), showExpr(graph, initial.fanOut)]).toEqual([
      '75',
      '8',
    ])
  })
})

describe('settings from outside', () => {
  const text =
    'const hidden = 3\nmodel M[k = hidden](x: [n]) { param W: [k, hidden]; out y[s] = x[s] * sum(W) }'
  const shape = (define: Record<string, number>): string => {
    const { program, graph } = check(text, { define })
    return shapeOf(graph, program.entries[0].params[0].def)
  }
  test('replace constants and sizes of models', () => {
    expect(shape({})).toBe('[3, 3]')
    expect(shape({ hidden: 5 })).toBe('[5, 5]')
    expect(shape({ k: 7 })).toBe('[7, 3]')
  })
  test('must name one of them', () => {
    expect(check(text, { define: { hiden: 5 } }).errors).toEqual([
      "there is no constant or model size 'hiden' to set (did you mean 'hidden'?)",
    ])
  })
})

describe('imports', () => {
  test('the layers of the library', () => {
    const checked = check(
      'import { Dense } from "nnc/layers"\nmodel M(x: [n, 4]) { param l: Dense[2]; out y = l(x) }',
    )
    expect(checked.errors).toEqual([])
    expect(results(checked, 'M')).toEqual(['y: [n, 2]'])
  })
  test('a layer may be called as a function of the library is', () => {
    const checked = check(
      'import { LayerNorm } from "nnc/layers"\nmodel M(x: [n, 4]) { param norm: LayerNorm; out y = norm(x); out z = dot(x, x) }',
    )
    expect(checked.errors).toEqual([])
    expect(results(checked, 'M')).toEqual(['y: [n, 4]', 'z: [n]'])
  })
  test('a model of the library that was not imported', () => {
    expect(check('model M(x: [n, 4]) { param l: Dense[2]; out y = l(x) }').errors).toEqual([
      `1:31 'Dense' is a model of the library (write: import { Dense } from "nnc/layers")`,
    ])
    expect(check('import { Conv2d } from "nnc/layers"').errors).toEqual([
      `1:10 nnc/layers has no 'Conv2d' (it is in "nnc/convolution")`,
    ])
    expect(check('import { Dense } from "nnc/layer"').errors).toEqual([
      `1:23 the library has no file "nnc/layer" (did you mean "nnc/layers"?)`,
    ])
  })
  test('functions of the library can be imported too, under another name', () => {
    const { errors } = check(
      'import { silu as f } from "nnc/activations"\nfn silu(x) = 2x\nexport fn g(x) = f(x) + silu(x)',
    )
    expect(errors).toEqual([])
  })
  test('a circle is one mistake', () => {
    const files = {
      './a.nn': 'import { g } from "./b.nn"\nexport fn f(x) = g(x)',
      './b.nn': 'import { f } from "./a.nn"\nexport fn g(x) = f(x)',
    }
    const { errors } = check('import { f } from "./a.nn"\nexport fn h(x) = f(x)', { files })
    expect(errors).toEqual(['./b.nn:1:19 the imports form a circle: ./a.nn → ./b.nn → ./a.nn'])
  })
  test('only what is exported', () => {
    const files = { './a.nn': 'fn hidden(x) = x\nexport fn shown(x) = x' }
    expect(check('import { show } from "./a.nn"', { files }).errors).toEqual([
      "1:10 ./a.nn has no 'show' (did you mean 'shown'?)",
    ])
  })
  test('a file that cannot be read is one mistake', () => {
    const text = 'import { Dense } from "./no.nn"\nmodel M(x: [n, 3]) { param l: Dense[2]; out y = l(x) }'
    expect(check(text, { files: {} }).errors).toEqual(['1:23 cannot import "./no.nn": no such file'])
  })
})
