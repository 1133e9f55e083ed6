import { layOut, type LayoutInput } from './lay-out.ts';

/** What is asked of the worker, and answered. */
export interface LayoutQuestion {
  key: string;
  input: LayoutInput;
}

addEventListener('message', ({ data }: MessageEvent<LayoutQuestion>) => {
  postMessage({ key: data.key, layout: layOut(data.input) });
});
