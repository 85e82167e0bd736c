// @ts-check

/**
 * |sin(π x)| without rounding π x: x is first reduced to [-1/2, 1/2], exactly.
 * @param {number} x
 * @returns {number}
 */
export function sinOfPi(x) {
  return Math.sin(Math.PI * Math.abs(x - Math.round(x)));
}

/**
 * cot(π x) without rounding π x, accurate at its zeros too.
 * @param {number} x
 * @returns {number}
 */
export function cotOfPi(x) {
  const r = x - Math.round(x);
  const a = Math.abs(r);
  const y =
    a < 0.25 ? 1 / Math.tan(Math.PI * a) : Math.tan(Math.PI * (0.5 - a));
  return r < 0 ? -y : y;
}
