/**
 * Puts a text where it can be pasted from; rejects when the browser does not let this page. A page of plain http has no
 * clipboard to write to: there it answers a copy of its own.
 */
export async function writeClipboard(text: string | Promise<Blob>): Promise<void> {
  // Missing without a secure context, whatever the types say.
  const clipboard: Clipboard | undefined = navigator.clipboard;
  if (!clipboard) return answerCopy(typeof text === 'string' ? text : await (await text).text());
  if (typeof text === 'string') return clipboard.writeText(text);
  // Asked for within the press of the key: what comes later may be written all the same.
  return clipboard.write([new ClipboardItem({ 'text/plain': text })]);
}

function answerCopy(text: string): void {
  const onCopy = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  };
  document.addEventListener('copy', onCopy);
  const isCopied = document.execCommand('copy');
  document.removeEventListener('copy', onCopy);
  if (!isCopied) throw new Error('the browser does not let this page copy');
}
