import { useState } from 'react';
import type { QuotaSubject } from '../../actions/quota.ts';
import { write } from '../../data/http.ts';
import { useSubmit } from '../../data/use-submit.ts';
import { Checkbox } from '../../ui/choice.tsx';
import { TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { describeAmount, QUOTA_NAMES } from './describe-quota.ts';

/** Sets a limit, or takes it away. */
export function SetQuotaDialog({ subject: { quota }, onClose }: { subject: QuotaSubject; onClose(): void }) {
  const name = QUOTA_NAMES[quota.id];
  const [isLimited, setLimited] = useState(quota.limit !== null);
  const [text, setText] = useState(quota.limit === null ? '' : String(quota.limit));
  const isNumber = /^\d{1,15}$/.test(text);
  const form = useSubmit(
    async (key) => {
      const body = { limit: isLimited ? Number(text) : null };
      const options = { key, ifMatch: `"${quota.version}"`, query: { workspace: quota.workspace } };
      await write('PUT', `quotas/${quota.id}`, body, options);
      showToast({
        kind: 'done',
        text: isLimited ? `${name}: at most ${describeAmount(quota.id, Number(text))}` : `${name}: no limit`,
      });
      onClose();
    },
    ['quotas'],
  );
  return (
    <FormDialog
      title={`Limit: ${name}`}
      verb="Set limit"
      form={form}
      disabledReason={isLimited && !isNumber ? 'the limit is a whole number from 0 on' : null}
      onClose={onClose}
    >
      <p className="text-13 text-2">
        {describeAmount(quota.id, quota.used)} used now. A limit holds from the next start on; what runs goes on.
      </p>
      <Checkbox label="There is a limit" isChecked={isLimited} onChange={setLimited} />
      {isLimited ? (
        <TextField
          label={quota.id === 'storage-bytes' ? 'Limit, bytes' : 'Limit'}
          type="number"
          min={0}
          data-focus=""
          value={text}
          hint={quota.id === 'storage-bytes' && isNumber ? describeAmount(quota.id, Number(text)) : undefined}
          onChange={(event) => setText(event.target.value)}
        />
      ) : null}
    </FormDialog>
  );
}
