/**
 * For TypeScript, where no typings stand beside a file yet (`nnc types`, or a build, writes them), and for imports with
 * a query: `import { Mlp } from './mlp.nn?hidden=64&nn'`. In one file: `/// <reference types="nnc/client" />`; in a
 * `tsconfig.json`: `"types": ["nnc/client"]`.
 */
declare module '*.nn'
declare module '*&nn'
