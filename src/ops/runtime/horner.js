// @ts-check

/**
 * The polynomial Σ coefficients[k] x^k.
 * @param {number} x
 * @param {readonly number[]} coefficients
 * @returns {number}
 */
export function horner(x, coefficients) {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--)
    sum = sum * x + coefficients[k];
  return sum;
}
