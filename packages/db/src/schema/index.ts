export * from './chat-sessions.ts';
export * from './files.ts';
export * from './groups.ts';
export * from './messages.ts';
export * from './sessions.ts';
export * from './tools.ts';
export * from './users.ts';
