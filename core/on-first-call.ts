/**
 * A function whose code is loaded at its first call: for what a process needs once an hour or never, and what its start
 * is not to wait for. A load that failed is tried again by the next call.
 */
export function onFirstCall<Input, Output>(
  load: () => Promise<(input: Input) => Promise<Output>>,
): (input: Input) => Promise<Output> {
  let loading: Promise<(input: Input) => Promise<Output>> | null = null;
  return async (input) => {
    loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return (await loading)(input);
  };
}
