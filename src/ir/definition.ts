export type {
  ComputedDef,
  Def,
  DerivativeDef,
  InputDef,
  Origin,
  ParamDef,
  ReductionHead,
  ReductionKind,
  TableDef,
} from './expr.js'
