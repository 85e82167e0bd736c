import type { TypeExpression } from '../../../grammar/ast.js'
import { printType } from '../../../grammar/print.js'

/** A shape as it is declared. */
export const shapeText = (type: TypeExpression): string => printType(type)
