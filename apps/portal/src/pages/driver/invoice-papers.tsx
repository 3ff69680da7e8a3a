import { useState } from 'react';
import { useApi } from '../../api/api-context.js';
import { InvoicePdfDocument, InvoiceUblDocument } from '../../api/documents/invoices.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';
import { LanguageChoice } from '../../ui/language-choice.js';
import { saveFile } from '../../ui/save-file.js';
import { Notice } from '../../ui/states.js';
import { ownLanguage } from '../../words/language-words.js';

/** The invoice as files: the paper in the language of whoever reads it, and what bookkeeping programs take. Or this page on paper. */
export function InvoicePapers({ id }: { id: string }) {
  const { client } = useApi();
  const task = useTask();
  const [language, setLanguage] = useState(() => ownLanguage(navigator.languages));
  const save = (ask: () => Promise<Parameters<typeof saveFile>[0] | null | undefined>) =>
    task.run(async () => {
      const file = await ask();
      if (file) saveFile(file);
      return undefined;
    });
  const savePdf = () =>
    save(async () => {
      const variables = { id, locale: language };
      const { data } = await client.query({ query: InvoicePdfDocument, variables, fetchPolicy: 'no-cache' });
      return data?.invoice?.pdf;
    });
  const saveUbl = () =>
    save(async () => {
      const variables = { id };
      const { data } = await client.query({ query: InvoiceUblDocument, variables, fetchPolicy: 'no-cache' });
      return data?.invoice?.ubl;
    });
  const busy = task.isBusy ? 'Saving…' : undefined;
  return (
    <div className="stack">
      <div className="form-actions">
        <LanguageChoice label="Language of the PDF" language={language} onChange={setLanguage} />
        <Button busy={busy} onClick={savePdf}>
          Save as PDF
        </Button>
        <Button busy={busy} onClick={saveUbl}>
          Save for bookkeeping (UBL)
        </Button>
        <Button onClick={() => window.print()}>
          <Icon name="print" />
          Print
        </Button>
      </div>
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
    </div>
  );
}
