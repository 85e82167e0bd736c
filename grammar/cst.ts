import type { CstNode } from 'chevrotain'
import { Token } from './tokens.js'

/**
 * Reading of CST nodes. After an error any part may be missing, and what recovery made up is no `Token`,
 * so that it is passed over here.
 */
export function childNodes(node: CstNode | undefined, name: string): CstNode[] {
  const found: CstNode[] = []
  for (const child of node?.children[name] ?? []) if ('children' in child) found.push(child)
  return found
}

export function childNode(node: CstNode | undefined, name: string): CstNode | undefined {
  for (const child of node?.children[name] ?? []) if ('children' in child) return child
  return undefined
}

export function childTokens(node: CstNode | undefined, name: string): Token[] {
  const found: Token[] = []
  for (const child of node?.children[name] ?? []) if (child instanceof Token) found.push(child)
  return found
}

export function childToken(node: CstNode | undefined, name: string): Token | undefined {
  for (const child of node?.children[name] ?? []) if (child instanceof Token) return child
  return undefined
}
