import { ApplicationFailure } from '@temporalio/common';
import { evaluateCondition } from '#config/pipeline/expression.ts';
import { readSealed } from '#core/sealed-text.ts';
import type { Activities } from '../contract.ts';

/** A condition over outputs, results and `success()` … when all it looks at has ended (LANGUAGE §6). */
export const evaluateLateCondition: Activities['evaluateCondition'] = async ({ expression, facts, values, state }) => {
  const secret = Object.entries(values).find(([, value]) => readSealed(value) !== null);
  if (secret) {
    const message = `${secret[0]} is a secret output, which no condition may read`;
    throw ApplicationFailure.nonRetryable(message, 'condition-failed');
  }
  const result = evaluateCondition(expression, facts, { values, functions: state });
  if (result.kind === 'error') throw ApplicationFailure.nonRetryable(result.message, 'condition-failed');
  return { value: result.value, values: result.values };
};
