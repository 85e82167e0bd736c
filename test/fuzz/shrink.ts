import { apply, name, number, sizeOf, type Tree } from './tree.js'

const LEAVES: readonly Tree[] = [number('0'), number('1'), number('2'), name('x'), name('y')]
const MOST_TRIES = 1500

/** Trees with one part replaced by something smaller: an operand of it, or a leaf. */
function* smaller(tree: Tree): Generator<Tree> {
  if (tree.kind !== 'apply') return
  yield* tree.args
  for (const leaf of LEAVES) yield leaf
  for (const [at, arg] of tree.args.entries())
    for (const other of smaller(arg)) yield apply(tree.operator, ...tree.args.with(at, other))
}

/** A smallest tree found for which `fails` still holds, and the values of names that it fails at. */
export function shrink(tree: Tree, fails: (tree: Tree) => boolean): Tree {
  let best = tree
  let tries = 0
  for (let found = true; found && tries < MOST_TRIES;) {
    found = false
    for (const candidate of smaller(best)) {
      if (sizeOf(candidate) >= sizeOf(best)) continue
      if (++tries > MOST_TRIES) break
      if (!fails(candidate)) continue
      best = candidate
      found = true
      break
    }
  }
  return best
}
