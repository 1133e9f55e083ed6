/** On all that an engine makes in Docker: which engine it is of (ENGINE 17). */
export const INSTANCE_LABEL = 'buildit.instance';
