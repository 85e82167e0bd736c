/**
 * The loop program: what `schedule` makes of definitions and what a target prints. Statements over scalars, locals and
 * buffers; no tensors, no index notation, and nothing that belongs to one target.
 */
import type { Def, Expr, InputDef, Size } from '../ir/expr.js'
import type { Entry } from '../ir/program.js'
import type { Routine } from '../ops/matrix.js'
import type { OperatorName } from '../ops/signatures.js'

// ── Storage ────────────────────────────────────────────────────────────────────────────────────────────────

export type ElementType = 'f32' | 'f64' | 'i32'

/** A flat, row-major array. Scalar data are no buffers but locals: see `Method.scalars`. */
export interface Buffer {
  /** A hint made of letters, digits and `_`, not unique. */
  readonly name: string
  readonly role: 'input' | 'param' | 'table' | 'temp' | 'result'
  readonly element: ElementType
  /** The definition whose elements (or a row of them) it holds. */
  readonly def: Def
  /** The number of elements: the product of these, over sizes and whole-numbered scalar inputs. */
  readonly extents: readonly Expr[]
  /** What is used for a while only: such buffers of one kind may share memory. */
  readonly scratch?: 'panel' | 'left' | 'row' | 'copy'
}

export type ScalarType = 'real' | 'integer' | 'condition'

/** A scalar variable: a size, a scalar argument, a loop index, a temporary. Identity counts; the name is a hint. */
export interface Local {
  readonly name: string
  readonly type: ScalarType
  /** How many loops enclose its declaration. */
  readonly depth: number
  /** Known to be a whole number >= 0: sizes, loop indices, and what is made of them. */
  readonly natural?: boolean
}

// ── Scalars ────────────────────────────────────────────────────────────────────────────────────────────────

/** Scalar expressions, interned per method: equal ones are one object, operands have smaller ids. */
export type Scalar = NumberScalar | LocalScalar | Load | Applied

interface Node {
  readonly id: number
  readonly type: ScalarType
  /** The depth of the deepest local it is made of. */
  readonly depth: number
  /** Whether a buffer is read. */
  readonly loads: boolean
}

/** Any binary64 number: π, infinities and NaN included. */
export interface NumberScalar extends Node {
  readonly kind: 'number'
  readonly value: number
}

export interface LocalScalar extends Node {
  readonly kind: 'local'
  readonly local: Local
}

export interface Load extends Node {
  readonly kind: 'load'
  readonly buffer: Buffer
  readonly offset: Scalar
  /** What is there before a store adds to it. All other loads of an entry are one value, which may be read early. */
  readonly partial: boolean
}

/**
 * An operator of the table. `and`, `or`, `select` evaluate their later operands only where they need to. A number in the
 * place of a condition holds unless it is 0 or NaN; a condition in the place of a number is 0 or 1.
 */
export interface Applied extends Node {
  readonly kind: 'apply'
  readonly operator: OperatorName
  readonly args: readonly Scalar[]
}

// ── Statements ─────────────────────────────────────────────────────────────────────────────────────────────

export type Statement =
  | Constant
  | Variable
  | Assign
  | Accumulate
  | Store
  | Fill
  | Copy
  | RunRoutine
  | AddProduct
  | Loop
  | Branch
  | Title
  | Remark
  | Call

/** A local that keeps its value. */
export interface Constant {
  readonly kind: 'constant'
  readonly local: Local
  readonly value: Scalar
}

/** A local that is assigned to later; without a value it is assigned before it is read. */
export interface Variable {
  readonly kind: 'variable'
  readonly local: Local
  readonly value: Scalar | undefined
}

export interface Assign {
  readonly kind: 'assign'
  readonly local: Local
  readonly value: Scalar
}

/** `local = local operator value`; `max` and `min` as the operators of the table, so NaN stays. */
export interface Accumulate {
  readonly kind: 'accumulate'
  readonly local: Local
  readonly operator: 'add' | 'mul' | 'max' | 'min'
  readonly value: Scalar
}

export interface Store {
  readonly kind: 'store'
  readonly buffer: Buffer
  readonly offset: Scalar
  readonly value: Scalar
  /** Adds to what is there. */
  readonly accumulate: boolean
}

/** Zeros in `from … from + count - 1`, or in the whole buffer. */
export interface Fill {
  readonly kind: 'fill'
  readonly buffer: Buffer
  readonly range: { readonly from: Scalar; readonly count: Scalar } | undefined
}

/** The whole of one buffer into another of the same length, rounded to its element type. */
export interface Copy {
  readonly kind: 'copy'
  readonly from: Buffer
  readonly to: Buffer
}

/** A routine of the runtime works on a matrix in place: `rows` rows, of `columns` entries each, row-major. */
export interface RunRoutine {
  readonly kind: 'routine'
  readonly routine: Routine
  readonly on: MatrixPlace
  /** A vector has one column; factors have the rows of their matrix. */
  readonly rows: Scalar
  readonly columns: Scalar
  /** The factors that it reads. */
  readonly factors: MatrixPlace | undefined
  /** What messages call the matrix. */
  readonly subject: string
}

export interface MatrixPlace {
  readonly buffer: Buffer
  readonly offset: Scalar
}

/**
 * The product of two matrices, added to a panel of sums: `panel[r, c] += Σ_k left[r, k] · right[k, c]`. What makes the
 * operands and what is done with the sums are statements around it. Targets have kernels for it.
 */
export interface AddProduct {
  readonly kind: 'product'
  /** One of the steps is 1. */
  readonly panel: MatrixPlace & { readonly rowStep: Scalar; readonly columnStep: Scalar }
  readonly left: MatrixPlace & { readonly rowStep: Scalar; readonly depthStep: Scalar }
  /** The entries of a row lie side by side, or those of a column where the machine reads them so (`Machine.transposed`). */
  readonly right: MatrixPlace & { readonly depthStep: Scalar; readonly columnStep: Scalar }
  /** At most those of a block (`Machine.blockRows`). */
  readonly rows: Scalar
  readonly depth: Scalar
  readonly columns: Scalar
}

/**
 * `from <= index < to` in steps of `step`; `to - from` is a multiple of `step` where that is not 1, unless the body minds the rest.
 * Descending loops run from `to - 1` down to `from`, one at a time.
 */
export interface Loop {
  readonly kind: 'loop'
  readonly index: Local
  readonly from: Scalar
  readonly to: Scalar
  readonly step: number
  /** The last step may be cut short by `to`. */
  readonly ragged?: boolean
  readonly descending: boolean
  readonly body: readonly Statement[]
}

export interface Branch {
  readonly kind: 'branch'
  readonly condition: Scalar
  readonly consequent: readonly Statement[]
  readonly alternate: readonly Statement[]
}

/** The statements after it compute a definition: targets print its equation and map them to its origin. */
export interface Title {
  readonly kind: 'title'
  readonly def: Def
  /** The name of what it computes: that of the result if it goes straight into one. */
  readonly name: string
}

/** A line about the statements after it. */
export interface Remark {
  readonly kind: 'remark'
  readonly text: string
}

/** A part of a body that was too long for one function. It shares the state of its method. */
export interface Call {
  readonly kind: 'call'
  readonly part: Part
}

export interface Part {
  readonly name: string
  readonly body: readonly Statement[]
}

// ── Methods ────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Of functions `value`, `valueAndGrad` (one scalar result) and `grad` (if all is numbers), `vjp` (otherwise) and `jvp` (if asked
 * for); of models `forward`, and `loss` and `backward` where there is a loss, or `vjp`.
 */
export type MethodName = 'forward' | 'loss' | 'backward' | 'value' | 'grad' | 'valueAndGrad' | 'vjp' | 'jvp'

/** One computation: reads inputs, parameters and tables, fills its results. The target allocates all buffers. */
export interface Method {
  readonly name: MethodName
  readonly entry: Entry
  readonly body: readonly Statement[]
  /** The size symbols that the body or the extents of its buffers mention. */
  readonly sizes: readonly { readonly size: Size; readonly local: Local }[]
  /** Scalar inputs and parameters that the body reads. */
  readonly scalars: readonly { readonly def: Def; readonly local: Local }[]
  /** Every buffer that the body touches; of those that share memory the one that they share. */
  readonly buffers: readonly Buffer[]
  /** Buffers that lie in the memory of another. */
  readonly sharing: ReadonlyMap<Buffer, Buffer>
  /** In which steps of the body buffers are used, counted without its division into parts. */
  readonly lifetimes: ReadonlyMap<Buffer, Lifetime>
  /** Extra inputs: the cotangents of `vjp`, the tangents of `jvp`. */
  readonly seeds: readonly InputDef[]
  readonly results: readonly MethodResult[]
  /** Recurrences that keep all their states although only some were to be kept. */
  readonly remarks: readonly { readonly def: Def; readonly because: string }[]
  /**
   * Inputs whose gradients are computed only if the caller asks for them (`backward` of models): each local is a condition
   * that the target sets.
   */
  readonly optional: readonly { readonly input: InputDef; readonly flag: Local }[]
  /** The parts of a long body, and the locals that live in an array of 64-bit numbers because several parts use them. */
  readonly parts: readonly Part[]
  readonly state: ReadonlyMap<Local, number>
}

/** From the first step of a method that uses a buffer to the last one. */
export interface Lifetime {
  readonly from: number
  readonly until: number
  /** It is used only if one of these flags is set; without flags always. */
  readonly flags: readonly Local[]
}

export interface MethodResult {
  /** An out, the loss, the gradient of a parameter or input, or the tangent of an out. */
  readonly kind: 'output' | 'loss' | 'gradient' | 'tangent'
  /** The out's name; of gradients the parameter's path or the input's name. */
  readonly path: readonly string[]
  /** What has the shape of the result. */
  readonly like: Def
  /** The flag under which it is computed, if it is optional. */
  readonly flag: Local | undefined
  readonly value:
    | { readonly kind: 'buffer'; readonly buffer: Buffer }
    /** A result without axes; valid at the end of the body. */
    | { readonly kind: 'scalar'; readonly value: Scalar }
    /** Structurally zero. */
    | { readonly kind: 'zero' }
}

export interface ScheduledEntry {
  readonly entry: Entry
  readonly methods: readonly Method[]
}
