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
} as const satisfies Record<string, { doc: string; initial: number; values: string }>

export type SettingName = keyof typeof SETTINGS
export type Settings = Record<SettingName, number>

export const isSetting = (name: string): name is SettingName => Object.hasOwn(SETTINGS, name)

export const initialSettings = (): Settings => ({
  digits: SETTINGS.digits.initial,
  seed: SETTINGS.seed.initial,
  points: SETTINGS.points.initial,
  width: SETTINGS.width.initial,
})

/** A number as people write it, in as many digits as asked for. */
export function showNumber(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '0'
  return String(Number(value.toPrecision(Math.min(17, Math.max(1, digits)))))
}
