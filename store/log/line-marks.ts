import { type LogMark, MARK_CANDIDATE, MARKED_CHARACTERS, markLine } from '#core/log-mark.ts';

/** Bytes of a line's beginning that are kept until its end has come. */
const KEPT_BYTES = 2 * MARKED_CHARACTERS;
/** Marks that one writer reports: an index is read whole. */
const MAX_MARKS = 4_000;

/** Looks at what is stored, line by line, for errors and sections. Bytes come in order, cut anywhere. */
export interface LineMarks {
  /** Answers how many line feeds there are. `lines` is how many line feeds lie between the bytes' begin and the line. */
  scan(bytes: Uint8Array, onMark: (mark: LogMark, lines: number) => void): number;
  /** The last line may have no line feed. */
  end(onMark: (mark: LogMark) => void): void;
}

/** Mid-line the rest of the present line is not looked at: nobody knows how it began. */
export function openLineMarks(isMidLine: boolean): LineMarks {
  let head = '';
  let isUnknown = isMidLine;
  let marks = 0;

  function judge(line: string): LogMark | null {
    if (marks >= MAX_MARKS) return null;
    const mark = markLine(Buffer.from(line, 'latin1').toString());
    if (mark) marks++;
    return mark;
  }

  function isCandidate(line: string): boolean {
    MARK_CANDIDATE.lastIndex = 0;
    return MARK_CANDIDATE.test(`\n${line}`);
  }

  return {
    scan(bytes, onMark) {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
      const firstFeed = text.indexOf('\n');
      if (firstFeed === -1) {
        if (!isUnknown) head += text.slice(0, Math.max(KEPT_BYTES - head.length, 0));
        return 0;
      }
      const firstLine = head + text.slice(0, Math.min(firstFeed, KEPT_BYTES));
      const firstMark = !isUnknown && isCandidate(firstLine) ? judge(firstLine) : null;
      if (firstMark) onMark(firstMark, 0);
      isUnknown = false;
      const lastFeed = text.lastIndexOf('\n');
      let [feeds, at] = [0, 0];
      const countTo = (end: number) => {
        for (let feed = text.indexOf('\n', at); feed !== -1 && feed < end; feed = text.indexOf('\n', feed + 1)) feeds++;
        at = end;
        return feeds;
      };
      MARK_CANDIDATE.lastIndex = firstFeed;
      while (marks < MAX_MARKS) {
        const found = MARK_CANDIDATE.exec(text);
        const start = found ? text.lastIndexOf('\n', found.index) + 1 : text.length;
        if (start > lastFeed) break;
        const end = text.indexOf('\n', start);
        const mark = judge(text.slice(start, Math.min(end, start + KEPT_BYTES)));
        if (mark) onMark(mark, countTo(start));
        MARK_CANDIDATE.lastIndex = end;
      }
      head = text.slice(lastFeed + 1, lastFeed + 1 + KEPT_BYTES);
      return countTo(text.length);
    },
    end(onMark) {
      const mark = head !== '' && isCandidate(head) ? judge(head) : null;
      if (mark) onMark(mark);
      head = '';
    },
  };
}
