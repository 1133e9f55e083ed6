import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { Dialog } from '../../ui/dialog.tsx';

/** A text that the server tells once: a token, a link. It is nowhere but here. */
export function ShownOnce(props: { title: string; text: string; children: ReactNode; onClose(): void }) {
  const { title, text, children, onClose } = props;
  return (
    <Dialog
      title={title}
      isKept
      onClose={onClose}
      footer={
        <Button variant="primary" onClick={onClose}>
          I have it
        </Button>
      }
    >
      <div className="flex flex-col gap-3 text-13">
        <p className="text-2">{children}</p>
        <div>
          <CopyText text={text} />
        </div>
      </div>
    </Dialog>
  );
}
