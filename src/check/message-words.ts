import type { Message } from '../base/messages.js'

export const say = (code: string, message: string, suggestion?: string): Message =>
  suggestion === undefined ? { code, message } : { code, message, suggestion }

export const didYouMean = (name: string | undefined): string | undefined =>
  name ? `did you mean '${name}'?` : undefined

export const count = (n: number, what: string): string => `${n === 0 ? 'no' : n} ${what}${n === 1 ? '' : 's'}`
