/** Hot replacement under Vite: the functions of a module change, and whatever the page has trained stays. */
import type { ModuleInterface } from '../../../codegen/js/interface.js'

/**
 * A module that replaces itself. Importers see exported bindings live, so that the modules that are replaced take the
 * functions of the newest; what `bind` returned is filled again. Where names or shapes of parameters have
 * changed, the importers run again, as without hot replacement.
 */
export function withHotReplacement(code: string, { exports, parameters }: ModuleInterface): string {
  // Names that JavaScript reserves are exported in a list of their own: those modules are replaced with their importers.
  if (/^export \{/m.test(code)) return code
  const names = [...exports]
  const models = Object.keys(parameters)
  const lines = [
    'if (import.meta.hot) {',
    '  const { data } = import.meta.hot;',
    `  const shape = ${JSON.stringify(JSON.stringify({ exports: [...exports].sort(), parameters }))};`,
    '  data.shape = shape;',
    '  data.bound ??= [];',
    '  data.replacements ??= [];',
    '  data.replacements.push((next) => {',
    ...names.map((name) => `    ${name} = next.${name};`),
    '  });',
    '  const held = (bind, name) => (sizes) => {',
    '    const model = bind(sizes);',
    '    data.bound.push({ model: new WeakRef(model), name, sizes });',
    '    return model;',
    '  };',
    ...models.flatMap((model) => [
      `  bind${model} = held(bind${model}, "bind${model}");`,
      `  ${model} = Object.freeze({ ...${model}, bind: bind${model} });`,
    ]),
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
  return `${code.replace(/^export const /gm, 'export let ')}\n${lines.join('\n')}\n`
}
