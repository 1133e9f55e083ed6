import { useEffect, useRef, useState } from 'react';
import type { StageObject } from '#core/rest.ts';
import { STATUS_LOOKS } from '../../ui/status-look.ts';
import { stateOfStage } from './stage/stage-words.ts';

const EVERY_MS = 5_000;

/** Tells assistive technology which stages have ended, politely and at most once in five seconds. */
export function Announcer({ stages, now }: { stages: readonly StageObject[]; now: number }) {
  const ended = stages.filter(({ status }) => status.kind === 'ended');
  const told = useRef<Set<string> | null>(null);
  const [said, setSaid] = useState({ text: '', at: 0 });
  // What had ended before the page was opened is no news.
  told.current ??= new Set(ended.map(({ id }) => id));
  const known = told.current;
  useEffect(() => {
    const news = ended.filter(({ id }) => !known.has(id));
    if (news.length === 0 || now - said.at < EVERY_MS) return;
    for (const { id } of news) known.add(id);
    const words = news.map((stage) => `${stage.name} ${STATUS_LOOKS[stateOfStage(stage, now)].word.toLowerCase()}`);
    setSaid({ text: words.slice(0, 5).join(', '), at: now });
  }, [ended.length, now]);
  return (
    <p role="status" className="sr-only">
      {said.text}
    </p>
  );
}
