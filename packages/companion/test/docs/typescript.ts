import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import type { Project } from './project.ts';

/** Runs TypeScript in the project, compiled as its build would; resolves to standard output, rejects on a bad exit. */
export async function runTypeScript(project: Project, source: string): Promise<string> {
  const file = 'src/snippet.js';
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
  project.folder.write(file, ts.transpileModule(source, { compilerOptions }).outputText);
  const { stdout } = await promisify(execFile)(process.execPath, [file], {
    cwd: project.folder.path,
    env: project.env,
    timeout: 20_000,
  });
  return stdout;
}

/** What the compiler says about files in `folder`, as strict as a careful user's own settings. */
export function typeCheck(folder: string, files: readonly string[]): readonly string[] {
  const program = ts.createProgram(
    files.map((file) => join(folder, file)),
    {
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      moduleDetection: ts.ModuleDetectionKind.Force,
      types: ['node'],
      typeRoots: [join(folder, 'node_modules/@types')],
    },
  );
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const { file, start, messageText } = diagnostic;
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${file?.fileName ?? ''}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}
