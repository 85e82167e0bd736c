// @ts-check

/**
 * The remainder x - y floor(x / y), exact but for one rounding; it has the sign
 * of y.
 * @param {number} x
 * @param {number} y
 * @returns {number}
 */
export function mod(x, y) {
  const r = x % y;
  if (r === 0) return 0;
  return r < 0 === y < 0 ? r : r + y;
}

/**
 * floor(x / y).
 * @param {number} x
 * @param {number} y
 * @returns {number}
 */
export function idiv(x, y) {
  return Math.floor(x / y);
}

/**
 * max(x, 0); NaN stays NaN.
 * @param {number} x
 * @returns {number}
 */
export function relu(x) {
  return x <= 0 ? 0 : x;
}

/**
 * x moved into [low, high]; NaN stays NaN.
 * @param {number} x
 * @param {number} low
 * @param {number} high
 * @returns {number}
 */
export function clamp(x, low, high) {
  return Math.min(Math.max(x, low), high);
}

/**
 * √(x² + y²): squares that would overflow or underflow are scaled by a power of
 * two. Error below 2 ulp.
 * @param {number} x
 * @param {number} y
 * @returns {number}
 */
export function hypot(x, y) {
  const square = x * x + y * y;
  if (square > 1e-280 && square < Infinity) return Math.sqrt(square);
  const largest = Math.max(Math.abs(x), Math.abs(y));
  if (!(largest > 0 && largest < Infinity)) return largest;
  const scale = largest > 1 ? 2 ** -600 : 2 ** 600;
  const a = x * scale;
  const b = y * scale;
  return Math.sqrt(a * a + b * b) / scale;
}
