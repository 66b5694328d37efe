// A plain Lambda function: arguments in, JSON out. What it throws becomes a result the model can read.

export const handler = async ({ url }) => {
  if (!URL.canParse(url)) throw new TypeError("`url` is no absolute URL; send one such as https://example.com/a?b=c");
  const { href, protocol, hostname, port, pathname, searchParams, hash } = new URL(url);
  const parameters = [...searchParams].map(([name, value]) => ({ name, value }));
  return { href, scheme: protocol.slice(0, -1), host: hostname, port, path: pathname, parameters, fragment: hash.slice(1) };
};
