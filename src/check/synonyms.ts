/** Names under which functions of the language or its library are known elsewhere. */
export const SYNONYMS: ReadonlyMap<string, string> = new Map(Object.entries({
  σ: 'sigmoid', expit: 'sigmoid', ReLU: 'relu', heaviside: 'step', sgn: 'sign', signum: 'sign', fabs: 'abs', ceiling: 'ceil',
  lg: 'log10', lb: 'log2', tg: 'tan', ctg: 'cot', arctg: 'arctan', cosec: 'csc',
  arcsinh: 'asinh', arccosh: 'acosh', arctanh: 'atanh', arctan2: 'atan2',
  Φ: 'normal_cdf', φ: 'normal_pdf', loggamma: 'lgamma', lnΓ: 'lgamma', ψ: 'digamma',
  avg: 'mean', average: 'mean', std: 'standard_deviation', var: 'variance', tr: 'trace', inverse: 'inv', lse: 'logsumexp',
})) // prettier-ignore
