// @ts-check
import { erf } from "./erf.js";
import { normal_cdf, normal_pdf } from "./normal.js";

/**
 * Taylor polynomials of functions with f'' = -curving x f' around the multiples
 * of 1/parts from first/parts to last/parts, eleven coefficients each.
 * @param {number} parts
 * @param {number} first
 * @param {number} last
 * @param {number} curving
 * @param {(t: number) => number} value
 * @param {(t: number) => number} slope
 */
export function taylorTable(parts, first, last, curving, value, slope) {
  const table = new Float64Array(11 * (last - first + 1));
  for (let n = first, at = 0; n <= last; n++, at += 11) {
    const t = n / parts;
    table[at] = value(t);
    table[at + 1] = slope(t);
    for (let k = 2; k < 11; k++)
      table[at + k] =
        (-curving *
          (t * (k - 1) * table[at + k - 1] + (k - 2) * table[at + k - 2])) /
        (k * (k - 1));
  }
  return table;
}

/**
 * erf around the multiples of 1/32 up to 6.
 */
export const ERF_TABLE = /* @__PURE__ */ taylorTable(
  32,
  -192,
  192,
  2,
  erf,
  (t) => 1.1283791670955126 * Math.exp(-t * t),
);

/**
 * erf by its Taylor polynomial around the multiple of 1/32 next to x on the side of
 * 0, within 2 ulp.
 * @param {number} x
 * @returns {number}
 */
export function fastErf(x) {
  const bounded = x > 6 ? 6 : x < -6 ? -6 : x;
  const n = (bounded * 32) | 0;
  const r = bounded - n * 0.03125;
  const s = r * r;
  const at = (n + 192) * 11;
  return (
    ERF_TABLE[at] +
    r *
      (ERF_TABLE[at + 1] +
        r * ERF_TABLE[at + 2] +
        s *
          (ERF_TABLE[at + 3] +
            r * ERF_TABLE[at + 4] +
            s *
              (ERF_TABLE[at + 5] +
                r * ERF_TABLE[at + 6] +
                s *
                  (ERF_TABLE[at + 7] +
                    r * ERF_TABLE[at + 8] +
                    s * (ERF_TABLE[at + 9] + r * ERF_TABLE[at + 10])))))
  );
}

/**
 * The normal distribution around the multiples of 1/16 from -5 to 8.5, where it
 * is 1.
 */
export const NORMAL_TABLE = /* @__PURE__ */ taylorTable(
  16,
  -80,
  136,
  1,
  normal_cdf,
  normal_pdf,
);

/**
 * The standard normal distribution by its Taylor polynomial around the multiple
 * of 1/16 next to x, within 2.5 ulp.
 * @param {number} x
 * @returns {number}
 */
export function fastNormalCdf(x) {
  if (!(x > -5)) return normal_cdf(x);
  const bounded = x > 8.5 ? 8.5 : x;
  const n = Math.floor(bounded * 16 + 0.5);
  const r = bounded - n * 0.0625;
  const s = r * r;
  const at = (n + 80) * 11;
  return (
    NORMAL_TABLE[at] +
    r *
      (NORMAL_TABLE[at + 1] +
        r * NORMAL_TABLE[at + 2] +
        s *
          (NORMAL_TABLE[at + 3] +
            r * NORMAL_TABLE[at + 4] +
            s *
              (NORMAL_TABLE[at + 5] +
                r * NORMAL_TABLE[at + 6] +
                s *
                  (NORMAL_TABLE[at + 7] +
                    r * NORMAL_TABLE[at + 8] +
                    s * (NORMAL_TABLE[at + 9] + r * NORMAL_TABLE[at + 10])))))
  );
}
