/**
 * Measures candidates against each other: all are warmed up, then run in turn, round by round, so that a machine
 * that slows down slows all of them. Gives the median milliseconds of each.
 */
export function compare(
  candidates: Readonly<Record<string, () => void>>,
  { rounds = 15, warmUp = 5 }: { readonly rounds?: number; readonly warmUp?: number } = {},
): Readonly<Record<string, number>> {
  const measured = Object.entries(candidates).map(([name, run]) => ({
    name,
    run,
    times: new Array<number>(),
  }))
  for (let round = 0; round < warmUp; round++) for (const { run } of measured) run()
  for (let round = 0; round < rounds; round++) for (const { run, times } of measured) times.push(timeOf(run))
  return Object.fromEntries(measured.map(({ name, times }) => [name, median(times)]))
}

/**
 * The same in CPU time of the process, which other work on the machine disturbs less. Short runs are repeated, so that each
 * measurement takes some milliseconds.
 */
export function compareCpu<T>(
  candidates: Readonly<Record<string, () => T>>,
  { rounds = 11, least = 15 }: { readonly rounds?: number; readonly least?: number } = {},
): Readonly<Record<string, number>> {
  const measured = Object.entries(candidates).map(([name, run]) => {
    // Until it is compiled with all optimisations.
    for (const started = performance.now(); performance.now() - started < 100 * least;) run()
    const repeats = Math.max(1, Math.round(least / cpuTimeOf(run, 3)))
    return { name, run, repeats, times: new Array<number>() }
  })
  for (let round = 0; round < rounds; round++)
    for (const { run, repeats, times } of measured) times.push(cpuTimeOf(run, repeats))
  return Object.fromEntries(measured.map(({ name, times }) => [name, median(times)]))
}

/** Milliseconds of CPU time of one run, garbage collection in other threads included. */
export function cpuTimeOf(run: () => unknown, repeats: number): number {
  const before = process.cpuUsage()
  for (let n = 0; n < repeats; n++) run()
  const { user, system } = process.cpuUsage(before)
  return Math.max(1e-3, user + system) / 1000 / repeats
}

/** Wall-clock milliseconds of one run. */
export function timeOf(run: () => void): number {
  const started = performance.now()
  run()
  return performance.now() - started
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** The exponent p where time grows as size^p between two measurements: 1 is linear. */
export function growth(before: Measured, after: Measured): number {
  return Math.log(after.time / before.time) / Math.log(after.size / before.size)
}

export interface Measured {
  readonly size: number
  readonly time: number
}

/** Prints rows in aligned columns: the first to the left, the others to the right. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)))
  for (const row of [head, ...rows])
    console.log(
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
        .join('  '),
    )
}
