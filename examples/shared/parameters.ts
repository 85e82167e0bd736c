/** The numbers of one parameter, or what is remembered about them. */
export type Floats = Float32Array | Float64Array

/** Parameters as a compiled model holds them: numbers and typed arrays by name, nested where models are. */
export interface Tensors {
  [name: string]: number | Floats | Tensors
}

function isFloats(value: number | Floats | Tensors): value is Floats {
  return value instanceof Float32Array || value instanceof Float64Array
}

/** How many numbers a model learns. */
export function countParameters(parameters: Tensors): number {
  return Object.values(parameters).reduce<number>(
    (count, value) =>
      count + (typeof value === 'number' ? 1 : isFloats(value) ? value.length : countParameters(value)),
    0,
  )
}
