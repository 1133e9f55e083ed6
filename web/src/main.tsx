import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './ui/base.css';

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <main className="bg-raised text-2 text-12 p-4 border border-subtle rounded-8 hover:bg-hover text-link shadow-overlay animate-turn">
        BuildIt
      </main>
    </StrictMode>,
  );
