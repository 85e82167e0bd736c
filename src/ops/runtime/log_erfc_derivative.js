// @ts-check
import { erfcx } from "./erf.js";

/** The Taylor coefficients of the slope of log(erfc(x)) at -3/8, for -1 <= x < 1/5. */
const LOG_ERFC_LEFT = [
  -0.6981988486560669, -1.0111307687567075, -0.38694552821435546,
  0.05644570508078828, 0.028135232254142918, -0.017616175180065,
  0.0010829736703617111, 0.0029314022910940877, -0.0013116453347798431,
  -7.942531140161269e-5, 0.0002937920403973731, -9.894939656300114e-5,
  -2.050276682274696e-5, 2.8156451044118236e-5, -6.989746001064438e-6,
  -2.9436439628003556e-6, 2.5882276696911424e-6, -4.306884469802648e-7,
  -3.543892931511611e-7, 2.2838562332859621e-7, -1.887440526349132e-8,
  -3.886527207101572e-8, 1.9292683572544685e-8, 2.15967015977645e-10,
  -4.002773507928213e-9, 1.548536827535655e-9, 1.9658126136848568e-10,
  -3.925751755631591e-10, 1.1626604690742134e-10, 3.3443327700146483e-11,
  -3.6907225915468927e-11, 7.893083145395991e-12, 4.352411470141373e-12,
  -3.333801892606379e-12, 4.426711536877939e-13, 5.006803604187449e-13,
  -2.8904283530584756e-13, 1.3344417414215994e-14, 5.3368767946964305e-14,
  -2.39398566068526e-14, -1.310550279134914e-15, 5.381284736547284e-15,
  -1.874702594734244e-15, -3.4664845191945873e-16,
];

/** Those at 7/8, for x < 8/5. */
const LOG_ERFC_MIDDLE = [
  -2.4302197229548383, -1.6530833866677237, -0.14068816367978476,
  0.04529335872547228, -0.01071998879566689, 0.001204728962126619,
  0.00041493704032549906, -0.0003148037060418094, 0.00010910873963069766,
  -1.9900794966442148e-5, -1.9722740407954097e-6, 3.1394657875710394e-6,
  -1.3369644588238182e-6, 3.165798339343015e-7, -9.13436034656507e-9,
  -3.0631542363950555e-8, 1.626585934974924e-8, -4.687683398535743e-9,
  5.210020181579102e-10, 2.63744600398708e-10, -1.8971988096942481e-10,
  6.513728802595339e-11, -1.1278356802913521e-11, -1.6578542337455735e-12,
  2.0883753784688e-12, -8.564203758618446e-13, 1.9366565806313637e-13,
  -8.192323174130916e-16, -2.1256481389500582e-14, 1.0697150290397983e-14,
  -2.959119374242318e-15, 2.796580670600609e-16, 1.9152772097107576e-16,
  -1.2684968393308765e-16, 4.186308321816292e-17, -6.695482155125421e-18,
];

/** Those at 9/4, for x < 3. */
const LOG_ERFC_RIGHT = [
  -4.882913810544552, -1.8697351337562333, -0.03993764518260026,
  0.011085347328744697, -0.0027742045491313794, 0.0006158267278603621,
  -0.00011622726652621044, 1.6386316194564427e-5, -6.488721615806766e-7,
  -6.162825582636913e-7, 2.9286280707113553e-7, -8.809854316869873e-8,
  2.0395358497481445e-8, -3.5447452936718164e-9, 3.1929320016010125e-10,
  7.081863753044173e-11, -4.865635823249748e-11, 1.650506725693932e-11,
  -4.156112281540484e-12, 7.965317065228174e-13, -9.420145915840043e-14,
  -6.81382738329025e-15, 8.439486330999705e-15, -3.1859758365376198e-15,
  8.571935332965049e-16, -1.7668246517306944e-16, 2.4595892605897765e-17,
  -4.29033532082033e-20, -1.431506526882173e-18, 6.11073290254463e-19,
];

/**
 * The n-th derivative of log(erfc(x)) for whole n from 1 to 200; the first, -2/√π
 * / erfcx(x), is what the inverse of Mills' ratio is a multiple of. On the left by
 * l' = -l (l + 2x), around 0 by Taylor's series up to n = 8, on the right by the
 * continued fraction of erfcx (DLMF 7.9.1), whose Taylor coefficients are those of
 * its levels. Error below 8 ulp for small n.
 * @param {number} n
 * @param {number} x
 * @returns {number}
 */
export function log_erfc_derivative(n, x) {
  if (!(n >= 1 && n <= 200 && Number.isInteger(n))) return NaN;
  if (n === 1) return -Math.sqrt(4 / Math.PI) / erfcx(x);
  if (x < -28) return 0;
  if (x >= 3 || (x >= 1 && n > 8)) return logErfcFraction(n, x);
  if (x >= -1 && n <= 8) {
    const centre = x < 0.2 ? -0.375 : x < 1.6 ? 0.875 : 2.25;
    const coefficients =
      x < 0.2 ? LOG_ERFC_LEFT : x < 1.6 ? LOG_ERFC_MIDDLE : LOG_ERFC_RIGHT;
    let sum = 0;
    for (let k = coefficients.length - 1; k >= n - 1; k--) {
      let falling = 1;
      for (let j = 0; j < n - 1; j++) falling *= k - j;
      sum = sum * (x - centre) + falling * coefficients[k];
    }
    return sum;
  }
  const slopes = [-Math.sqrt(4 / Math.PI) / erfcx(x)];
  for (let k = 0; k < n - 1; k++) {
    let sum = -2 * x * slopes[k] - (k === 0 ? 0 : 2 * k * slopes[k - 1]);
    let binomial = 1;
    for (let j = 0; j <= k; j++) {
      sum -= binomial * slopes[j] * slopes[k - j];
      binomial = (binomial * (k - j)) / (j + 1);
    }
    slopes.push(sum);
  }
  return slopes[n - 1];
}

/**
 * The same for x >= 1 and n >= 2: the slope is -2 (x + 1/2 / (x + 2/2 / (x + 3/2
 * / …))).
 * @param {number} n
 * @param {number} x
 * @returns {number}
 */
function logErfcFraction(n, x) {
  const levels = Math.ceil(20 + 160 / (x * x)) + n;
  const ratio = Math.sqrt(1 + (2 * levels) / (x * x));
  const level = [0.5 * x * (1 + ratio), 0.5 * (1 + 1 / ratio)];
  for (let k = 2; k < n; k++) level.push(0);
  const inverse = level.map(() => 0);
  for (let k = levels; k > 0; k--) {
    for (let i = 0; i < n; i++) {
      let sum = i === 0 ? 1 : 0;
      for (let j = 1; j <= i; j++) sum -= level[j] * inverse[i - j];
      inverse[i] = sum / level[0];
    }
    for (let i = 0; i < n; i++) level[i] = 0.5 * k * inverse[i];
    level[0] += x;
    level[1] += 1;
  }
  let factorial = 1;
  for (let k = 2; k < n; k++) factorial *= k;
  return -2 * factorial * level[n - 1];
}
