// @ts-check
import { horner } from "./horner.js";
import { sinOfPi } from "./reflection.js";

/**
 * (lgamma(2 - t) + t/2) / t for small t: FreeBSD msun e_lgamma_r.c, Sun
 * Microsystems 1993.
 */
const LGAMMA_TWO = [
  0.07721566490153287, 0.3224670334241136, 0.06735230105312927,
  0.020580808432516733, 0.007385550860814029, 0.0028905138367341563,
  0.0011927076318336207, 0.0005100697921535113, 0.00022086279071390839,
  0.00010801156724758394, 0.000025214456545125733, 0.000044864094961891516,
];

/** Where lgamma is smallest for x > 0. */
const LGAMMA_LOW_AT = 1.4616321449683622;

/** Its value there, rounded. */
const LGAMMA_LOW = -0.12148629053584961;

/** What that rounding lost. */
const LGAMMA_LOW_REST = 3.638676997039505e-18;

/** lgamma around its minimum from the second power on (e_lgamma_r.c). */
const LGAMMA_NEAR_LOW = [
  0.48383612272381005, -0.1475877229945939, 0.06462494023913339,
  -0.032788541075985965, 0.01797067508118204, -0.010314224129834144,
  0.006100538702462913, -0.0036845201678113826, 0.0022596478090061247,
  -0.0014034646998923284, 0.000881081882437654, -0.0005385953053567405,
  0.00031563207090362595, -0.00031275416837512086, 0.0003355291926355191,
];

/** (lgamma(1 + t) + t/2) / t for 0 <= t < 0.2316: numerator (e_lgamma_r.c). */
const LGAMMA_ONE_P = [
  -0.07721566490153287, 0.6328270640250934, 1.4549225013723477,
  0.9777175279633727, 0.22896372806469245, 0.013381091853678766,
];

/** Its denominator. */
const LGAMMA_ONE_Q = [
  1, 2.4559779371304113, 2.128489763798934, 0.7692851504566728,
  0.10422264559336913, 0.003217092422824239,
];

/** (lgamma(2 + t) - t/2) / t for 0 <= t < 1: numerator (e_lgamma_r.c). */
const LGAMMA_ABOVE_P = [
  -0.07721566490153287, 0.21498241596060885, 0.325778796408931,
  0.14635047265246445, 0.02664227030336386, 0.0018402845140733772,
  0.00003194753265841009,
];

/** Its denominator. */
const LGAMMA_ABOVE_Q = [
  1, 1.3920053346762105, 0.7219355475671381, 0.17193386563280308,
  0.01864591917156529, 0.0007779424963818936, 0.000007326684307446256,
];

/** The constant (log(2π) - 1) / 2 of Stirling's series. */
const LGAMMA_STIRLING = 0.4189385332046727;

/** What Stirling's series adds for x >= 8, times x, in 1/x² (e_lgamma_r.c). */
const LGAMMA_STIRLING_REST = [
  0.08333333333333297, -0.0027777777772877554, 0.0007936505586430196,
  -0.00059518755745034, 0.0008363399189962821, -0.0016309293409657527,
];

/**
 * lgamma(1 + t) for -0.1 <= t < 1; t is not added to 1, which would round it.
 * @param {number} t
 * @returns {number}
 */
export function lgammaOfOnePlus(t) {
  if (t >= 0.7316) {
    const s = 1 - t;
    return s * horner(s, LGAMMA_TWO) - 0.5 * s;
  }
  if (t >= 0.23164) {
    const s = t - (LGAMMA_LOW_AT - 1);
    return LGAMMA_LOW + (LGAMMA_LOW_REST + s * s * horner(s, LGAMMA_NEAR_LOW));
  }
  return t * (horner(t, LGAMMA_ONE_P) / horner(t, LGAMMA_ONE_Q) - 0.5);
}

/**
 * log |Γ(x)|. For x > 0 the error is below 4 ulp, at the zeros 1 and 2 too. For
 * x < 0, by reflection, it is below 8 (1 + |x ψ(x) / lgamma(x)|) ulp, which is
 * large only next to the zeros there.
 * @param {number} x
 * @returns {number}
 */
export function lgamma(x) {
  if (x <= 0) {
    if (x === -Infinity || Number.isInteger(x)) return Infinity;
    if (x > -1e-20) return -Math.log(-x);
    return Math.log(Math.PI / (-x * sinOfPi(x))) - lgamma(-x);
  }
  if (x < 0.9) return lgammaOfOnePlus(x) - Math.log(x);
  if (x < 2) return lgammaOfOnePlus(x - 1);
  if (x < 8) {
    let product = 1;
    let t = x - 2;
    for (; t >= 1; t--) product *= t + 1;
    const r = horner(t, LGAMMA_ABOVE_P) / horner(t, LGAMMA_ABOVE_Q);
    return t * (r + 0.5) + Math.log(product);
  }
  const z = 1 / x;
  const rest = LGAMMA_STIRLING + z * horner(z * z, LGAMMA_STIRLING_REST);
  return x === Infinity ? x : (x - 0.5) * (Math.log(x) - 1) + rest;
}
