import { useEffect, useRef } from 'react';
import type { LogHit } from '#core/rest-logs.ts';

const WIDTH = 6;

/** Where in the whole log the hits are, beside the scrollbar: one picture, however many. */
export function HitTicks({ hits, lines }: { hits: readonly LogHit[]; lines: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    element.height = element.clientHeight;
    context.fillStyle = getComputedStyle(element).color;
    for (const { n } of hits)
      context.fillRect(0, Math.floor(((n - 1) / Math.max(lines, 1)) * element.height), WIDTH, 2);
  }, [hits, lines]);
  return <canvas ref={canvas} width={WIDTH} aria-hidden className="log-ticks" />;
}
