/**
 * An array of parameters.
 */
export function isFloats(value) {
  return value instanceof Float32Array || value instanceof Float64Array;
}

/**
 * The names in nested parameters: there are numbers and arrays to be found.
 */
export function checkNested(path, params) {
  if (
    typeof params === "object" &&
    params !== null &&
    !ArrayBuffer.isView(params)
  )
    return;
  throw new TypeError(
    `${path}: expected a number, a Float32Array, a Float64Array or an object of such, got ${show(params)}`,
  );
}

/**
 * For each array and each number of nested parameters its states: zeros, as many
 * as it has entries, or 0.
 */
export function statesOf(params, states, path = "params") {
  const result = {};
  if (typeof params === "number" || isFloats(params)) {
    const like = isFloats(params) ? params : new Float64Array(1);
    for (const name in states)
      result[name] =
        states[name] === "array" ? new like.constructor(like.length) : 0;
    return result;
  }
  checkNested(path, params);
  for (const key in params)
    result[key] = statesOf(params[key], states, `${path}.${key}`);
  return result;
}

/**
 * Calls `update(parameters, gradient, states)` for each array of nested
 * parameters, and for each number as an array of one.
 */
export function updateEach(params, grads, state, states, update, path = "") {
  if (typeof params === "number") {
    const number = Float64Array.of(params);
    const gradient = Float64Array.of(readNumber(`grads${path}`, grads));
    checkStates(number, state, states, path);
    update(number, gradient, state);
    return number[0];
  }
  if (isFloats(params)) {
    const gradient = isFloats(grads)
      ? grads
      : flatten(`grads${path}`, grads, Float64Array);
    if (gradient.length !== params.length)
      throw new RangeError(
        `grads${path}: expected ${params.length} numbers like params${path}, got ${gradient.length}`,
      );
    checkStates(params, state, states, path);
    update(params, gradient, state);
    return params;
  }
  checkNested(`params${path}`, params);
  for (const key in params) {
    const updated = updateEach(
      params[key],
      grads?.[key],
      state?.[key],
      states,
      update,
      `${path}.${key}`,
    );
    if (typeof updated === "number") params[key] = updated;
  }
  return params;
}

/**
 * The states belong to parameters of this length.
 */
export function checkStates(params, state, states, path) {
  for (const name in states) {
    const own = state?.[name];
    if (own === undefined)
      throw new TypeError(
        `state${path}.${name} is missing: \`init\` makes the states`,
      );
    if (states[name] !== "array") readNumber(`state${path}.${name}`, own);
    else if (!isFloats(own) || own.length !== params.length)
      throw new TypeError(
        `state${path}.${name}: expected ${params.length} numbers like params${path}, got ${isFloats(own) ? own.length : show(own)}`,
      );
  }
}
