import type { MailPart } from './mail-parts.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const INDENT = '    ';

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

function partAsText(part: MailPart): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'facts':
      return part.facts.map(([name, value]) => `${name}: ${value}`).join('\n');
    case 'verbatim':
      return part.text.replaceAll(/^(?=.)/gm, INDENT);
  }
}

function partAsHtml(part: MailPart): string {
  switch (part.kind) {
    case 'text':
      return `<p>${escapeHtml(part.text)}</p>`;
    case 'facts': {
      const rows = part.facts.map(
        ([name, value]) => `<tr><th align="left">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
      );
      return `<table>${rows.join('')}</table>`;
    }
    case 'verbatim':
      return `<pre>${escapeHtml(part.text)}</pre>`;
  }
}

/** The same parts as plain text and as HTML. */
export function renderMail(parts: readonly MailPart[]): { text: string; html: string } {
  return {
    text: `${parts.map(partAsText).join('\n\n')}\n`,
    html: `<!doctype html><html><body>${parts.map(partAsHtml).join('\n')}</body></html>`,
  };
}
