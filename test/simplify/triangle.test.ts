/** The third side of a triangle, and its derivative in the angle, where the sides are nearly the same: values of mpmath with 50 digits. */
import { expect, test } from 'vitest'
import { compileFunction, diff } from '../../src/expression.js'

const SIDE = 'sqrt(a^2 + b^2 - 2 * a * b * cos(t))'
const [side, slope] = [SIDE, diff(SIDE, 't')].map((e) => compileFunction(e, ['a', 'b', 't']))

test.each([
  [1, 0.999999, 1e-7, 1.004987557165516e-6, 0.09950362000703894],
  [3e5, 3.00001e5, 1e-9, 1.000000045000149, 90.00029594997328],
  [2, -1.9999999, 3.1415926, 1.4658602650096708e-7, -1.4623437654942926],
  [1e-3, 1e-3, 1e-12, 1e-15, 1e-3],
  [5, 7, 2.5, 11.405264270865684, 1.8365663912887649],
])('sides %d and %d, angle %d', (a, b, t, length, moved) => {
  // The difference of the sides, and the sine of an angle next to π, are conditioned as badly.
  const condition =
    8 * 2 ** -52 * (1 + Math.abs(a / (Math.abs(a) - Math.abs(b)) || 0) + Math.abs(t / Math.sin(t)))
  expect(Math.abs(side(a, b, t) / length - 1)).toBeLessThanOrEqual(condition)
  expect(Math.abs(slope(a, b, t) / moved - 1)).toBeLessThanOrEqual(condition)
})

test('a triangle that is none has the side 0', () => expect(side(2, 2, 0)).toBe(0))

const [acos, asin] = ['acos(y / sqrt(x^2 + y^2))', 'asin(-2 * x / sqrt(4 * x^2 + y^2))'].map((text) =>
  compileFunction(text, ['x', 'y']),
)

test.each([
  [1.1e-9, 0.654, 1.6819571865443423e-9, -3.3639143730886846e-9],
  [0.037, 5.82, 0.006357302670674273, -0.012714091518326308],
  [-2.42e-12, -2.97, 3.1415926535889787, 1.6296296296296295e-12],
  [3, 0, 1.5707963267948966, -1.5707963267948966],
])('the angles of the sides %d and %d', (x, y, ofCosine, ofSine) => {
  expect(Math.abs(acos(x, y) / ofCosine - 1)).toBeLessThanOrEqual(2 ** -50)
  expect(Math.abs(asin(x, y) / ofSine - 1)).toBeLessThanOrEqual(2 ** -50)
})

test('a point has no angle', () => {
  expect(acos(0, 0)).toBeNaN()
  expect(asin(0, 0)).toBeNaN()
})
