/** Random tests: `npm run fuzz -- [kinds…] --seed N --seconds S`. Prints what fails, shrunken; exits with 1 if something does. */
import { parseArgs } from 'node:util'
import { Random } from '../../src/verify/random.js'
import { KINDS } from './kinds.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '10' },
    /** So many cases of each kind, whatever time they take. */
    count: { type: 'string' },
  },
})

const first = Number(values.seed)
const kinds = KINDS.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
if (kinds.length === 0) for (const { name, doc } of KINDS) console.log(`${name}: ${doc}`)

let failures = 0
for (const kind of kinds) {
  const end = performance.now() + 1000 * Number(values.seconds)
  let cases = 0
  let compared = 0
  const known = new Set<string>()
  const isDone = () => (values.count === undefined ? performance.now() > end : cases >= Number(values.count))
  for (let seed = first; !isDone(); seed++) {
    // Each case has a seed of its own, with which it can be run alone.
    const outcome = await kind.run(new Random(Math.imul(seed, 0x9e3779b1)))
    cases++
    compared += outcome.compared
    const { failure } = outcome
    if (!failure || known.has(failure.input)) continue
    known.add(failure.input)
    failures++
    console.log(`${kind.name} --seed ${seed} --count 1\n  ${failure.input}\n  ${failure.what}`)
  }
  console.log(`${kind.name}: ${cases} cases, ${compared} values compared, ${known.size} different failures`)
}
if (failures > 0 || kinds.length === 0) process.exitCode = 1
