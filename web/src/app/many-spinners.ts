import { useEffect } from 'react';

const MOST_TURNING = 50;
const LOOK_EVERY_MS = 1_000;

/** More than fifty things that turn at once are a flicker and cost every frame: they stand still (base.css). */
export function useStillSpinners(): void {
  useEffect(() => {
    const all = document.getElementsByClassName('spinner');
    const look = () => document.documentElement.toggleAttribute('data-many-spinners', all.length > MOST_TURNING);
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
}
