/** Whether a pane stays at the end of a log that grows (UI §5.7). `unseen` counts lines since it does not. */
export type Follow = { kind: 'on' } | { kind: 'off'; unseen: number };

export type FollowEvent =
  | { kind: 'grew'; lines: number }
  /** The person moved up, by whatever means, or went to a place: a line, an error, a hit. */
  | { kind: 'left' }
  /** The person came to the end. */
  | { kind: 'reached-end' }
  | { kind: 'selected' }
  | { kind: 'toggled' };

/** What happens while something is selected never starts to scroll it away: `hasSelection` is the present state. */
export function nextFollow(follow: Follow, event: FollowEvent, hasSelection: boolean): Follow {
  switch (event.kind) {
    case 'grew':
      return follow.kind === 'on' ? follow : { kind: 'off', unseen: follow.unseen + event.lines };
    case 'left':
    case 'selected':
      return follow.kind === 'off' ? follow : { kind: 'off', unseen: 0 };
    case 'reached-end':
      return hasSelection ? follow : { kind: 'on' };
    case 'toggled':
      return follow.kind === 'off' ? { kind: 'on' } : { kind: 'off', unseen: 0 };
    default:
      return event satisfies never;
  }
}
