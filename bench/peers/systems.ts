/** The systems measured, each behind the same two questions. */
import { createRequire } from 'node:module'
import { ComputeEngine } from '@cortex-js/compute-engine'
import { derivative, simplify as simplifyWithMathjs } from 'mathjs'
import { diff, evaluate, simplify, type Expr } from '../../src/expression.js'
import { fromMathJson, toMathJson, toText, type MathJson } from './translate.js'
import { valueOf, type Point, type Value } from './values.js'

export interface Answer {
  readonly text: string
  readonly value: Value
  /** Where the domain grew, if the system says so. */
  readonly conditions: readonly ((at: Point) => number)[]
}

export interface System {
  readonly differentiate: (expression: string) => Answer
  readonly simplify: (expression: string) => Answer
}

export const SYSTEM_NAMES = ['nnc', 'mathjs', '@cortex-js/compute-engine', 'nerdamer', 'algebrite'] as const
export type SystemName = (typeof SYSTEM_NAMES)[number]

const require = createRequire(import.meta.url)

const answer = (text: string): Answer => ({ text, value: valueOf(text), conditions: [] })

function ofNnc(result: Expr): Answer {
  return {
    text: String(result),
    value: (at) => evaluate(result, at),
    conditions: result.conditions.map((condition) => (at) => evaluate(condition, at)),
  }
}

const nnc = (): System => ({
  differentiate: (expression) => ofNnc(diff(expression, 'x')),
  simplify: (expression) => ofNnc(simplify(expression)),
})

function mathjs(): System {
  const has = new Set(['log10', 'cbrt'])
  return {
    differentiate: (expression) => answer(derivative(toText(expression, has), 'x').toString()),
    simplify: (expression) => answer(simplifyWithMathjs(toText(expression, has)).toString()),
  }
}

function computeEngine(): System {
  const engine = new ComputeEngine()
  const ask = (question: MathJson): Answer =>
    // Text on the way: the types of its expressions are recursive.
    answer(fromMathJson(toJson(JSON.stringify(engine.box(JSON.parse(JSON.stringify(question))).evaluate().json)))) // prettier-ignore
  return {
    differentiate: (expression) => ask(['D', toMathJson(expression, {}), 'x']),
    simplify: (expression) => ask(['Simplify', toMathJson(expression, {})]),
  }
}

function toJson(text: string): MathJson {
  const read = (value: unknown): MathJson => {
    if (typeof value === 'number' || typeof value === 'string') return value
    if (Array.isArray(value)) return value.map(read)
    // `{ num: '0.5' }`, `{ sym: 'x' }`, `{ fn: […] }`: the longer spellings.
    if (typeof value === 'object' && value !== null) {
      if ('num' in value) return Number(value.num)
      if ('sym' in value) return String(value.sym)
      if ('fn' in value) return read(value.fn)
    }
    throw new Error(`no number, symbol or function: ${JSON.stringify(value)}`)
  }
  return read(JSON.parse(text))
}

type Call = (...args: readonly unknown[]) => unknown
const isCall = (value: unknown): value is Call => typeof value === 'function'

function nerdamer(): System {
  const call: unknown = require('nerdamer')
  require('nerdamer/Algebra')
  require('nerdamer/Calculus')
  if (!isCall(call)) throw new Error('nerdamer is no function')
  const ask = (question: string): Answer => answer(String(call(question)))
  return {
    differentiate: (expression) => ask(`diff(${toText(expression, new Set())}, x)`),
    simplify: (expression) => ask(`simplify(${toText(expression, new Set())})`),
  }
}

function algebrite(): System {
  const { run }: { readonly run?: unknown } = require('algebrite')
  if (!isCall(run)) throw new Error('algebrite has no run')
  const names = {
    asin: 'arcsin', acos: 'arccos', atan: 'arctan', asinh: 'arcsinh', acosh: 'arccosh', atanh: 'arctanh', sign: 'sgn',
  } // prettier-ignore
  const ask = (question: string): Answer => {
    const text = String(run(question))
    if (/Stop:|nil|error/i.test(text)) throw new Error(text)
    return answer(text.replaceAll('...', ''))
  }
  const has = new Set(['erfc'])
  return {
    differentiate: (expression) => ask(`d(${toText(expression, has, names)}, x)`),
    simplify: (expression) => ask(`simplify(${toText(expression, has, names)})`),
  }
}

export function openSystem(name: SystemName): System {
  switch (name) {
    case 'nnc':
      return nnc()
    case 'mathjs':
      return mathjs()
    case '@cortex-js/compute-engine':
      return computeEngine()
    case 'nerdamer':
      return nerdamer()
    case 'algebrite':
      return algebrite()
  }
}
