import { posix } from 'node:path';

/**
 * Files beside the workspace in which a stage hands something over (LANGUAGE §9), with the variable that holds each
 * one's path. All lie in one folder, empty when the attempt begins.
 */
export const EXCHANGE_FILES = {
  output: 'BUILDIT_OUTPUT',
  'secret-output': 'BUILDIT_SECRET_OUTPUT',
  stages: 'BUILDIT_STAGES',
  summary: 'BUILDIT_SUMMARY',
} as const;

export type ExchangeFile = keyof typeof EXCHANGE_FILES;

/** Those that are told of by a mark and read afterwards; small outputs travel in a mark themselves. */
export const TOLD_FILES = ['secret-output', 'stages', 'summary'] as const satisfies readonly ExchangeFile[];

/** Their variables, for a folder as the stage sees it. */
export function listExchangeVariables(folder: string): Record<string, string> {
  return Object.fromEntries(Object.entries(EXCHANGE_FILES).map(([file, name]) => [name, posix.join(folder, file)]));
}

/** The same files, empty, by their path in the folder. */
export function listEmptyExchange(): Record<string, string> {
  return Object.fromEntries(Object.keys(EXCHANGE_FILES).map((file) => [file, '']));
}
