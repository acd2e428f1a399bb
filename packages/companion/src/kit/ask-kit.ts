import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { KitAnswer, KitMessage, KitOutcome, KitQuestion, KitStage } from './kit-question.ts';

/** How much of what the schema prints is kept, in characters. */
const PRINTED_LENGTH = 4000;

/**
 * Puts a question to drizzle-kit in a process of its own, and ends that process as soon as it has answered.
 * Resolves however it ends; rejects only when no process can be started.
 */
export function askKit<Question extends KitQuestion>(
  question: Question,
  limitMs: number,
): Promise<KitOutcome<Question>> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, childArguments(), {
      cwd: question.directory,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    let stage: KitStage = 'schema';
    let file: string | null = null;
    let printed = '';
    let unread = '';
    const state = () => ({ stage, file, printed });
    const end = (outcome: KitOutcome<Question>): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      resolve(outcome);
    };
    const timer = setTimeout(() => end({ kind: 'late', limitMs, ...state() }), limitMs);
    const keep = (text: string): void => {
      printed = (printed + text).slice(-PRINTED_LENGTH);
    };
    const hear = (text: string): void => {
      const lines = (unread + text).split('\n');
      unread = lines.pop() ?? '';
      for (const line of lines) {
        const message = JSON.parse(line) as KitMessage;
        if ('stage' in message) ({ stage, file = null } = message as { stage: KitStage; file?: string });
        else if ('answer' in message)
          end({ kind: 'answered', answer: message.answer as KitAnswer<Question> });
        else end({ kind: 'threw', thrown: message.thrown, ...state() });
      }
    };
    const [stdin, stdout, stderr, answers] = child.stdio;
    stdout.setEncoding('utf8').on('data', keep);
    stderr.setEncoding('utf8').on('data', keep);
    if (answers && 'setEncoding' in answers) answers.setEncoding('utf8').on('data', hear);
    child.on('error', reject);
    // 'close' comes when every pipe has been read: after the last line of an answer.
    child.on('close', (exitCode, signal) => end({ kind: 'ended', exitCode, signal, ...state() }));
    // A child that is gone already has its own word to say, on 'close'.
    stdin.on('error', () => undefined).end(JSON.stringify(question));
  });
}

/** Built, the child is a file beside this one; from source it is TypeScript, which Node 20 cannot run. */
function childArguments(): readonly string[] {
  if (!import.meta.url.endsWith('.ts')) return [fileURLToPath(new URL('./kit-child.js', import.meta.url))];
  const child = JSON.stringify(fileURLToPath(new URL('./kit-child.ts', import.meta.url)));
  const jiti = JSON.stringify(createRequire(import.meta.url).resolve('jiti'));
  return ['-e', `require(${jiti}).createJiti(${child}).import(${child})`];
}
