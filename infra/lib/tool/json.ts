/**
 * JSON without the white space between its tokens. What is in strings and how numbers are spelled stays as it is, which
 * parsing and writing it again would not promise.
 *
 * @param text JSON
 */
export function compact(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, string: string | undefined) => string ?? '');
}

/**
 * A JSON object with one more member, in front.
 *
 * @param object compact JSON of an object
 * @param value JSON of the new member
 */
export function withMember(object: string, name: string, value: string): string {
  const rest = object.slice(1);
  return `{${JSON.stringify(name)}:${value}${rest === '}' ? '' : ','}${rest}`;
}
