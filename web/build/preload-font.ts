import type { Plugin } from 'vite';

const TEXT_FONT = /inter-latin-wght-normal[\w-]*\.woff2$/;

/** Lets the browser fetch the text's font with the page, before it has read the style sheet that names it. */
export function preloadFont(): Plugin {
  return {
    name: 'preload-font',
    transformIndexHtml: {
      order: 'post',
      handler(_page, { bundle = {} }) {
        const font = Object.keys(bundle).find((name) => TEXT_FONT.test(name));
        if (font === undefined) throw new Error('the build has no font for text');
        const attributes = { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `/${font}` };
        return [{ tag: 'link', attrs: attributes, injectTo: 'head-prepend' }];
      },
    },
  };
}
