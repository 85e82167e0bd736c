import type { CompileOptions } from '../../compile.js'

/** What `:set` changes. */
export const SETTINGS = {
  digits: { doc: 'significant digits of numbers', initial: 12, values: 'a whole number from 1 to 17' },
  seed: { doc: 'where the random points of :check start', initial: 1, values: 'a whole number' },
  points: { doc: 'random points of :check', initial: 2, values: 'a whole number from 1 on' },
  width: {
    doc: 'columns of plots and tables; 0 is as wide as the terminal',
    initial: 0,
    values: 'a whole number',
  },
  checkpoint: {
    doc: '1: gradients of recurrences in :js keep about √T of T states and compute the others again',
    initial: 0,
    values: '0 or 1',
  },
  dtype: {
    doc: 'bits of the numbers in arrays of :js; 0 is 32 in models and 64 in functions',
    initial: 0,
    values: '0, 32 or 64',
  },
} as const satisfies Record<string, { doc: string; initial: number; values: string }>

export type SettingName = keyof typeof SETTINGS
export type Settings = Record<SettingName, number>

/** Whether a setting can have a value. */
export function isAllowed(name: SettingName, value: number): boolean {
  switch (name) {
    case 'digits':
      return value >= 1 && value <= 17
    case 'points':
      return value >= 1
    case 'seed':
    case 'width':
      return value >= 0
    case 'checkpoint':
      return value === 0 || value === 1
    case 'dtype':
      return value === 0 || value === 32 || value === 64
  }
}

/** What the settings say to the compiler. */
export const compilation = ({
  checkpoint,
  dtype,
}: Settings): Pick<CompileOptions, 'checkpoint' | 'dtype'> => ({
  checkpoint: checkpoint === 1 ? 'sqrt' : undefined,
  ...(dtype === 0 ? {} : { dtype: dtype === 32 ? 'f32' : 'f64' }),
})

export const isSetting = (name: string): name is SettingName => Object.hasOwn(SETTINGS, name)

export const initialSettings = (): Settings => ({
  digits: SETTINGS.digits.initial,
  seed: SETTINGS.seed.initial,
  points: SETTINGS.points.initial,
  width: SETTINGS.width.initial,
  checkpoint: SETTINGS.checkpoint.initial,
  dtype: SETTINGS.dtype.initial,
})

/** A number as people write it, in as many digits as asked for. */
export function showNumber(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '0'
  return String(Number(value.toPrecision(Math.min(17, Math.max(1, digits)))))
}
