/** Expressions for procedures that no everyday one needs, with what is assumed of their variables. */
export const RARE: readonly (readonly [text: string, assume: string])[] = [
  // Angles between sides.
  ['acos(y / sqrt(x^2 + y^2))', ''],
  ['asin(-2 * x / sqrt(4 * x^2 + y^2))', ''],
  ['0.5 * (x / y + y / x) - 1', ''],
  ['(x + y) / 2 - sqrt(x * y)', ''],
  ['x^y / (2^y + x^y)', ''],
  ['1 - x / (x + y + z)', ''],
  // Powers beside 1.
  ['x^y / (1 + x^y)', ''],
  ['1 / (1 + 10^x)', ''],
  ['log(1 + 2^x) + log(1 + x^y)', ''],
  ['(1 + exp(x))^y + 1 / sqrt(1 + exp(z))', ''],
  ['sigmoid(x)^y', ''],
  ['y * x * (1 + x)^z / ((1 + x)^z - 1)', 'x > 0, z > 0'],
  ['y * (x - y)^2 / (1 + abs(x - y))', ''],
  // Sums over axes, and their shares.
  ['exp(x) / (exp(x) + exp(y) + exp(z))', ''],
  ['log(sum[i < 3] exp(i * x))', ''],
  ['sum[i < 3] i * exp(i * x) / (sum[j < 3] exp(j * x))', ''],
  ['exp(x) / (sum[j < 3] exp(j * x))', ''],
  ['xlogy(y, sigmoid(x))', ''],
  ['sqrt(x^2 + y^2 - 2 * x * y * cos(z))', ''],
  // Odd and even functions.
  ['cbrt(-x) + tan(-y) + asin(-z)', ''],
  ['atan(-x) + sinh(-y) + cosh(-z)', ''],
  ['asinh(-x) + atanh(-y) + erf(-z)', ''],
  ['ceil(-x) + round(y + 3)', ''],
  // Inverse functions.
  ['expm1(log1p(x)) + tanh(atanh(y)) + sigmoid(logit(z))', ''],
  ['asin(sin(x)) + acos(cos(y)) + atan(tan(z))', '-1 <= x <= 1, 0 <= y <= 3, -1 <= z <= 1'],
  ['1 / erfcx(x)', ''],
  // Numbers.
  ['x * asin(1 / 2) + y * acos(1 / 2) + z * atan(1)', ''],
  ['x * atan2(1, -1) + y * cbrt(-27) + z * hypot(3, 4)', ''],
  ['x * lgamma(2) + y * softplus(0) + z * 8^(1/3)', ''],
  ['(-1)^(2n + 1) * x', 'n integer'],
  ['sin(x + pi * n) + cos(x + 2pi * n) + tan(x + pi * n)', 'n integer'],
  // Conditions and pieces.
  ['x > 0 and x > 1', ''],
  ['x > 0 or x > 1', ''],
  ['x == 0 or x != 0', ''],
  ['x * (x > 0) * (y > 1)', ''],
  ['exp(x) < exp(y)', ''],
  ['x + z < y + z', ''],
  ['max(sigmoid(x), sigmoid(y))', ''],
  ['if x > 0 then relu(x) else 0', ''],
  ['sign(x) + relu(y) + clamp(z, 0, 1)', 'x < 0, y < 0, 0 <= z <= 1'],
  ['(x^a)^b', 'x > 0'],
  ['(if x > 0 then y else 3) + 2 * (if x > 0 then z else 2y)', ''],
  [
    'y * (if x > z then max(x, z) + min(x, z) else abs(x - z)) + (if x > 0 then y else 0) - (if x <= 0 then 2 - y else 0)',
    '',
  ],
  ['if x > 1 then abs(x) + sign(x) + max(x, 0.5) else y', ''],
  ['if x <= -1 then abs(x) * sign(x) else min(x, -2)', ''],
  ['sign(x)^2 / sqrt(abs(x)) + y * (x <= 0 or x != 0)', ''],
  [
    '(sum[k < n] y^k) + 3 * (sum[j < n] cos(j * x)^2) - sum[i < n] (i * y + sin(i * x)^2)',
    'n integer, n > 0',
  ],
  // Roundings and remainders.
  ['mod(mod(x, 3) + 7, 3) + mod(y + 2pi, 2pi)', ''],
  ['2y * floor(x / y) + 2mod(x, y)', ''],
  // Sides of triangles, factorials, roots of roots.
  ['hypot(3x, -4x) + tan(atan2(y, x)) + atan2(2y, 2x)', 'x > 0'],
  ['lgamma(x + 1) - lgamma(x)', ''],
  ['exp(lgamma(x + 2) - lgamma(x)) + lgamma(y + 1) - log(y)', ''],
  ['mod(5x, 5) / 5 + y * (if y > 0 then 3z else -3z)', ''],
  ['cbrt(16) - cbrt(2) + (x^2 - 3) / (x + sqrt(3))', ''],
  ['x * sqrt(7 + 4sqrt(3))', ''],
  // Sums of angles.
  ['cos(x) * cos(y) + sin(x) * sin(y)', ''],
  ['cosh(x) * cosh(y) - sinh(x) * sinh(y)', ''],
]
