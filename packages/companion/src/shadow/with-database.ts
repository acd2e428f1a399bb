/** The same URL, of another database. */
export function withDatabase(url: string, name: string): string {
  const [address = '', search] = url.split('?', 2);
  const server = /^[a-z]+:\/\/[^/]*/.exec(address)?.[0] ?? address;
  return `${server}/${encodeURIComponent(name)}${search === undefined ? '' : `?${search}`}`;
}
