import { Fragment, useMemo } from 'react';
import { type Block, parseBlocks } from './parse-blocks.ts';
import type { Inline } from './parse-inline.ts';

/** Markdown of others: elements that React makes of its text, never markup. */
export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => parseBlocks(text), [text]);
  return (
    <div className="max-w-180 space-y-3 text-14 wrap-anywhere text-1">
      <Blocks blocks={blocks} />
    </div>
  );
}

function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return blocks.map((block, index) => <OneBlock key={index} block={block} />);
}

const HEADINGS = {
  1: 'text-20 font-semibold',
  2: 'text-16 font-semibold',
  3: 'text-14 font-semibold',
  4: 'text-14 font-medium',
};

function OneBlock({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading':
      // One level for all: which of them a note begins with or leaves out is its author's matter.
      return (
        <h4 className={HEADINGS[block.level]}>
          <Inlines parts={block.inside} />
        </h4>
      );
    case 'paragraph':
      return (
        <p className="whitespace-pre-line">
          <Inlines parts={block.inside} />
        </p>
      );
    case 'code':
      return (
        <pre tabIndex={0} className="overflow-x-auto rounded-6 border border-subtle bg-base p-3 font-mono text-12">
          {block.text}
        </pre>
      );
    case 'quote':
      return (
        <blockquote className="space-y-2 border-l-2 border-control pl-3 text-2">
          <Blocks blocks={block.blocks} />
        </blockquote>
      );
    case 'list':
      return <ListBlock block={block} />;
    case 'table':
      return <TableBlock block={block} />;
    case 'rule':
      return <hr className="border-subtle" />;
    default:
      return block satisfies never;
  }
}

function ListBlock({ block }: { block: Extract<Block, { kind: 'list' }> }) {
  const List = block.isOrdered ? 'ol' : 'ul';
  return (
    <List className={`space-y-1 pl-6 ${block.isOrdered ? 'list-decimal' : 'list-disc'}`}>
      {block.items.map((item, index) => (
        <li key={index} className={item.isDone === null ? '' : 'relative list-none'}>
          {item.isDone === null ? null : (
            <span role="img" aria-label={item.isDone ? 'done' : 'open'} className="absolute -left-5">
              {item.isDone ? '☑' : '☐'}
            </span>
          )}
          <Blocks blocks={item.blocks} />
        </li>
      ))}
    </List>
  );
}

function TableBlock({ block }: { block: Extract<Block, { kind: 'table' }> }) {
  return (
    <div tabIndex={0} role="region" aria-label="Table" className="overflow-x-auto">
      <table className="border-collapse text-13">
        <thead>
          <tr>
            {block.head.map((cell, index) => (
              <th key={index} scope="col" className="border border-subtle px-2 py-1 text-left font-medium">
                <Inlines parts={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} className="border border-subtle px-2 py-1">
                  <Inlines parts={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Inlines({ parts }: { parts: readonly Inline[] }) {
  return parts.map((part, index) => <Fragment key={index}>{draw(part)}</Fragment>);
}

function draw(part: Inline) {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'code':
      return <code className="rounded-4 bg-hover px-1 font-mono text-12">{part.text}</code>;
    case 'strong':
      return (
        <strong className="font-semibold">
          <Inlines parts={part.inside} />
        </strong>
      );
    case 'emphasis':
      return (
        <em>
          <Inlines parts={part.inside} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Inlines parts={part.inside} />
        </s>
      );
    case 'link':
      return (
        <a href={part.href} title={part.href} className="underline" target="_blank" rel="noopener noreferrer">
          <Inlines parts={part.inside} />
        </a>
      );
    default:
      return part satisfies never;
  }
}
