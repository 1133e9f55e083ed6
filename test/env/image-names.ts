/** Busybox under the tag that the engine uses for its own auxiliary containers; `sh` in it is ash. */
export const busyboxImage = 'busybox:1.37';

/** An image with dash, bash, busybox and the GNU core tools. The tag grows when its recipe changes. */
export const shellsImage = 'buildit-test/shells:1';
