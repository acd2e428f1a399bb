const URL_LOGIN = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:@/"'`]*):[^\s"'`]*@/gi;
const PARAMETER = /([?&](?:password|sslpassword|pass)=)[^&\s"'`]*/gi;
const KEYWORD = /(?<![?&])\b(password=)(?:'(?:[^'\\]|\\.)*'|[^\s'",;]+)/gi;

/**
 * Any text with the passwords of URLs and connection strings taken out. Greedy on purpose: a password that
 * holds an unencoded `@` or `/` goes whole, at the price of a host name now and then.
 */
export function redact(text: string): string {
  return text.replace(URL_LOGIN, '$1:***@').replace(PARAMETER, '$1***').replace(KEYWORD, '$1***');
}
