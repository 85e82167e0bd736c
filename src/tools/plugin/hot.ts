/** Hot replacement: the functions of a module change in the running page, and whatever it has trained stays. */
import type { ModuleInterface } from '../../../codegen/js/interface.js'

/** Vite hands the new module to the old one. Under webpack and Rspack the new one finds what the old one has left. */
export type HotApi = 'vite' | 'webpack'

/**
 * A module that replaces itself. Importers see exported bindings live, so that the modules that are replaced take the
 * functions of the newest; what `bind` returned is filled again. Where names or shapes of parameters have
 * changed, the importers run again, as without hot replacement.
 */
export function withHotReplacement(
  code: string,
  { exports, parameters }: ModuleInterface,
  api: HotApi,
): string {
  // Names that JavaScript reserves are exported in a list of their own: those modules are replaced with their importers.
  if (/^export \{/m.test(code)) return code
  const shape = JSON.stringify(JSON.stringify({ exports: [...exports].sort(), parameters }))
  const lines = (api === 'vite' ? forVite : forWebpack)(exports, Object.keys(parameters), shape)
  return `${code.replace(/^export const /gm, 'export let ')}\n${lines.join('\n')}\n`
}

/** Models remember what they have bound, in the list that is named. */
const heldModels = (models: readonly string[], list: string): string[] => [
  '  const held = (bind, name) => (sizes) => {',
  '    const model = bind(sizes);',
  `    ${list}.push({ model: new WeakRef(model), name, sizes });`,
  '    return model;',
  '  };',
  ...models.flatMap((model) => [
    `  bind${model} = held(bind${model}, "bind${model}");`,
    `  ${model} = Object.freeze({ ...${model}, bind: bind${model} });`,
  ]),
]

function forVite(exports: readonly string[], models: readonly string[], shape: string): string[] {
  return [
    'if (import.meta.hot) {',
    '  const { data } = import.meta.hot;',
    `  const shape = ${shape};`,
    '  data.shape = shape;',
    '  data.bound ??= [];',
    '  data.replacements ??= [];',
    '  data.replacements.push((next) => {',
    ...exports.map((name) => `    ${name} = next.${name};`),
    '  });',
    ...heldModels(models, 'data.bound'),
    // In full: Vite reads this call off the text.
    '  import.meta.hot.accept((next) => {',
    '    if (!next) return;',
    '    const { bound } = data;',
    '    data.bound = [];',
    '    try {',
    '      if (data.shape !== shape) throw new RangeError("names or shapes of parameters have changed");',
    '      for (const replace of data.replacements) replace(next);',
    '      for (const { model, name, sizes } of bound) {',
    '        const object = model.deref();',
    '        if (object === undefined) continue;',
    '        Object.assign(object, next[name](sizes));',
    '        data.bound.push({ model, name, sizes });',
    '      }',
    '    } catch (reason) {',
    '      data.replacements = data.replacements.slice(-1);',
    '      import.meta.hot.invalidate(reason.message);',
    '    }',
    '  });',
    '}',
  ]
}

function forWebpack(exports: readonly string[], models: readonly string[], shape: string): string[] {
  return [
    // In full: webpack and Rspack take this for `false` where nothing is replaced.
    'if (import.meta.webpackHot) {',
    '  const hot = import.meta.webpackHot;',
    `  const left = { shape: ${shape}, bound: [], replacements: [] };`,
    ...heldModels(models, 'left.bound'),
    '  left.replacements.push((next) => {',
    ...exports.map((name) => `    ${name} = next.${name};`),
    '  });',
    '  const before = hot.data;',
    '  if (before?.shape === left.shape) {',
    `    const next = { ${exports.join(', ')} };`,
    '    for (const replace of before.replacements) replace(next);',
    '    left.replacements.push(...before.replacements);',
    '    for (const { model, name, sizes } of before.bound) {',
    '      const object = model.deref();',
    '      if (object === undefined) continue;',
    '      Object.assign(object, next[name](sizes));',
    '      left.bound.push({ model, name, sizes });',
    '    }',
    '  } else if (before?.shape !== undefined) {',
    '    hot.invalidate();',
    '  }',
    '  hot.dispose((data) => {',
    '    Object.assign(data, left);',
    '  });',
    '  hot.accept();',
    '}',
  ]
}
