// A CloudFront Function (runtime 2.0) in front of the MCP endpoint. A function URL renames WWW-Authenticate, so a
// refusal that is certain without a look at the signature is given here, in the gateway's own words
// (docs/authorization.md). It only ever refuses: whom it lets pass, the gateway still has to know.

/** Filled in by the deployment: `metadata` is a URL, or empty if it is below the distribution's own domain. */
const SETTINGS = JSON.parse('{"metadata":"","scope":"","origins":[]}');

/** What the gateway allows clocks to differ by, in seconds. */
const LEEWAY = 30;

const NO_TOKEN = { message: 'an access token is needed', code: '' };
const MALFORMED = { message: 'the token is not a JSON Web Token that is understood here', code: 'invalid_token' };
const EXPIRED = { message: 'the token has expired', code: 'invalid_token' };

function handler(event) {
  const request = event.request;
  const origin = request.headers.origin;
  // What is wrong in another way, the gateway refuses for that reason.
  const isOurs = ['POST', 'GET', 'DELETE'].indexOf(request.method) >= 0 && !request.querystring.access_token;
  const admitted = !origin || SETTINGS.origins.indexOf(origin.value.toLowerCase()) >= 0;
  const refusal = isOurs && admitted ? refusalOf(request.headers.authorization, Date.now() / 1000) : undefined;
  return refusal ? answer(refusal, event.context, origin) : request;
}

/** What is certainly wrong with a token; undefined if nothing is, or if that takes more than reading it. */
function refusalOf(header, now) {
  if (!header) {
    return NO_TOKEN;
  }
  if (header.multiValue && header.multiValue.length > 1) {
    return undefined;
  }
  const words = /^\s*([^ ]*) *(.*?)\s*$/.exec(header.value);
  if (words[1].toLowerCase() !== 'bearer' || words[2] === '') {
    return NO_TOKEN;
  }
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(words[2])) {
    return undefined;
  }
  const claims = claimsOf(words[2]);
  if (!claims) {
    return MALFORMED;
  }
  return typeof claims.exp === 'number' && claims.exp + LEEWAY < now ? EXPIRED : undefined;
}

/** What a token says, of which nothing is proven; undefined if it is no JSON Web Token. */
function claimsOf(token) {
  const parts = token.split('.');
  if (parts.length !== 3) {
    return undefined;
  }
  try {
    const claims = JSON.parse(Buffer.from(parts[1], 'base64url').toString('utf8'));
    return typeof claims === 'object' && !Array.isArray(claims) ? claims : undefined;
  } catch (_) {
    return undefined;
  }
}

function answer(refusal, context, origin) {
  const metadata =
    SETTINGS.metadata || 'https://' + context.distributionDomainName + '/.well-known/oauth-protected-resource/mcp';
  const parameters = [
    ['error', refusal.code],
    ['error_description', refusal.code && refusal.message],
    ['scope', SETTINGS.scope],
    ['resource_metadata', metadata],
  ];
  const written = parameters
    .filter((parameter) => parameter[1])
    .map((parameter) => parameter[0] + '="' + parameter[1] + '"');
  const challenge = 'Bearer ' + written.join(', ');
  const error = { code: 401, message: refusal.message, data: { wwwAuthenticate: challenge } };
  const headers = {
    'www-authenticate': { value: challenge },
    'content-type': { value: 'application/json' },
    'cache-control': { value: 'no-store' },
  };
  if (origin) {
    headers['access-control-allow-origin'] = { value: origin.value };
    headers['access-control-expose-headers'] = { value: 'WWW-Authenticate, Mcp-Session-Id' };
    headers.vary = { value: 'Origin' };
  }
  return {
    statusCode: 401,
    statusDescription: 'Unauthorized',
    headers: headers,
    body: { encoding: 'text', data: JSON.stringify({ jsonrpc: '2.0', error: error }) },
  };
}
