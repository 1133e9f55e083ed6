import { createLucideIcon } from 'lucide-react';

/** Lucide's own draws its ground last: filled, it would cover the figure. */
export const OctagonAlert = createLucideIcon({
  name: 'octagon-alert',
  size: 24,
  node: [
    ['path', { d: 'M8 2h8l6 6v8l-6 6H8l-6-6V8z', key: 'ground' }],
    ['path', { d: 'M12 8v4m0 4h.01', key: 'figure' }],
  ],
});
