import { useState } from 'react';
import { Button } from './button.js';

/** Puts a text on the clipboard and says so. Where there is no clipboard, the text beside it can be marked by hand. */
export function CopyButton({ text, children }: { text: string; children: string }) {
  const [said, setSaid] = useState('');
  const copy = () => {
    const done = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'));
    done.then(
      () => setSaid('Copied.'),
      () => setSaid('Your browser does not allow that: mark the text and copy it.'),
    );
  };
  return (
    <>
      <Button onClick={copy}>{children}</Button>
      <span className="quiet" role="status">
        {said}
      </span>
    </>
  );
}
