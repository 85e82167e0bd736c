// @ts-check

/**
 * 2^n for n = -1022 … 1023.
 */
export const POWERS_OF_TWO = /* @__PURE__ */ Float64Array.from(
  { length: 2046 },
  (_, at) => 2 ** (at - 1022),
);

/**
 * exp(x) = 2^n exp(r), |r| <= log(2) / 2, within 1 ulp: a polynomial that V8
 * puts into the loop around it.
 * @param {number} x
 * @returns {number}
 */
export function fastExp(x) {
  if (!(x < 709 && x > -708)) return Math.exp(x);
  const n = Math.floor(x * 1.4426950408889634 + 0.5);
  const high = x - n * 0.6931471803691238;
  const low = n * 1.9082149292705877e-10;
  const r = high - low;
  const s = r * r;
  const c =
    r -
    s *
      (0.16666666666666602 +
        s *
          (-0.0027777777777015593 +
            s *
              (0.00006613756321437934 +
                s * (-0.0000016533902205465252 + s * 4.1381367970572385e-8))));
  return POWERS_OF_TWO[n + 1022] * (1 - (low - (r * c) / (2 - c) - high));
}

/**
 * 1 / (1 + exp(-x)) within 2.5 ulp; exp(x) where exp(-x) would overflow.
 * @param {number} x
 * @returns {number}
 */
export function fastSigmoid(x) {
  return x > -708 ? 1 / (1 + fastExp(-x)) : Math.exp(x);
}

/**
 * tanh(x) = (exp(2x) - 1) / (exp(2x) + 1), where exp(2x) = 2^n (1 + p) and p is
 * exp(r) - 1 for |r| <= log(2) / 2; within 2.5 ulp.
 * @param {number} x
 * @returns {number}
 */
export function fastTanh(x) {
  if (!(x < 20 && x > -20)) return x > 0 ? 1 : x < 0 ? -1 : x;
  const n = Math.floor(x * 2.8853900817779268 + 0.5);
  const high = 2 * x - n * 0.6931471803691238;
  const low = n * 1.9082149292705877e-10;
  const r = high - low;
  const s = r * r;
  const c =
    r -
    s *
      (0.16666666666666602 +
        s *
          (-0.0027777777777015593 +
            s *
              (0.00006613756321437934 +
                s * (-0.0000016533902205465252 + s * 4.1381367970572385e-8))));
  const power = POWERS_OF_TWO[n + 1022];
  const part = power * (high - (low - (r * c) / (2 - c)));
  const below = part + (power + 1);
  return x > 3 ? 1 - 2 / below : (part + (power - 1)) / below;
}
