import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createApi } from './api/client.js';
import { App } from './app/app.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/components.css';
import './styles/lists.css';
import './styles/session.css';
import './styles/forms.css';
import './styles/people.css';
import './styles/print.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
const api = createApi();
void api.auth.start();
createRoot(root).render(
  <StrictMode>
    <App api={api} />
  </StrictMode>,
);
