import { createContext } from 'react';
import type { ReactNode } from 'react';
import type { Problem } from '#core/rest.ts';

/** What helps with a problem beyond its own words: put in by who knows people and rights. */
export type ProblemHelp = (problem: Problem) => ReactNode;

/** Shown below each problem. */
export const ProblemHelpContext = createContext<ProblemHelp>(() => null);
