import assert from 'node:assert/strict';
import { createSign, generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import * as vm from 'node:vm';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CognitoSignIn, McpGateway, type McpGatewayProps } from '../lib/index.js';
import { all, app, REPOSITORY } from './support.js';

interface Value {
  readonly value: string;
  readonly multiValue?: readonly { readonly value: string }[];
}

interface Outcome {
  readonly statusCode?: number;
  readonly uri?: string;
  readonly headers: Record<string, Value>;
  readonly body?: { readonly data: string };
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** A token as an issuer signs it. */
function token(claims: Record<string, unknown>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', kid: 'k', typ: 'at+jwt' })}.${part({ iss: 'https://login.example.com', sub: 'ü', ...claims })}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
}

function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

/** A gateway that knows where clients reach it. */
const AT_HOME = { url: 'https://mcp.example.com' };

const codes = new Map<string, string>();

/** The code of an edge function, as the template holds it. */
function codeOf(name: string, props: Partial<McpGatewayProps>): string {
  const key = name + JSON.stringify(props);
  let code = codes.get(key);
  if (code === undefined) {
    const stack = new Stack(app(), 'Gateway');
    const scopes = ['cost:read'];
    new McpGateway(stack, 'Gateway', { name: 'dev-penstock', signIn: new CognitoSignIn(), scopes, ...props });
    const found = all(Template.fromStack(stack), 'AWS::CloudFront::Function').find(
      (fn) => fn['Name'] === `dev-penstock-${name}`,
    );
    code = String(found?.['FunctionCode']);
    codes.set(key, code);
  }
  return code;
}

/** The function in front of the MCP endpoint, or of the OAuth front, as the template holds it. */
function edge(name: 'gate' | 'viewer', props: Partial<McpGatewayProps> = AT_HOME): (event: unknown) => Outcome {
  const code = codeOf(name, props);
  assert.ok(Buffer.byteLength(code) <= 10 * 1024);
  const script = new vm.Script(`${code}; JSON.stringify(handler(event))`);
  // A context of its own for each request, with what the edge's runtime knows beside the language.
  return (event) => JSON.parse(script.runInNewContext({ Buffer, event }) as string) as Outcome;
}

/** An event as CloudFront makes it of a request. */
function event(
  headers: Record<string, Value>,
  more: { method?: string; querystring?: Record<string, Value> } = {},
): unknown {
  return {
    version: '1.0',
    context: { distributionDomainName: 'd111111abcdef8.cloudfront.net', eventType: 'viewer-request' },
    viewer: { ip: '192.0.2.7' },
    request: {
      method: 'POST',
      uri: '/mcp',
      querystring: {},
      cookies: {},
      headers: { host: { value: 'mcp.example.com' }, ...headers },
      ...more,
    },
  };
}

function bearer(value: string): Record<string, Value> {
  return { authorization: { value: `Bearer ${value}` } };
}

const METADATA = 'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"';
const SCOPE = 'scope="https://mcp.example.com/mcp/cost:read"';

function assertRefused(outcome: Outcome, challenge: string, message: string): void {
  assert.equal(outcome.statusCode, 401);
  assert.equal(outcome.headers['www-authenticate']?.value, challenge);
  assert.equal(outcome.headers['content-type']?.value, 'application/json');
  assert.deepEqual(JSON.parse(outcome.body?.data ?? ''), {
    jsonrpc: '2.0',
    error: { code: 401, message, data: { wwwAuthenticate: challenge } },
  });
}

/** the challenge has its own name here, which a function URL would take from it. */
test('a request without a token is told where to sign in', () => {
  const gate = edge('gate');
  const challenge = `Bearer ${SCOPE}, ${METADATA}`;
  assertRefused(gate(event({})), challenge, 'an access token is needed');
  assertRefused(
    gate(event({ authorization: { value: 'Basic dXNlcjpwYXNz' } })),
    challenge,
    'an access token is needed',
  );
  assertRefused(gate(event({ authorization: { value: 'Bearer ' } })), challenge, 'an access token is needed');
  for (const method of ['GET', 'DELETE']) {
    assertRefused(gate(event({}, { method })), challenge, 'an access token is needed');
  }
});

/** */
test('an expired token is refused, and one that expires now is left to the gateway', () => {
  const gate = edge('gate');
  const challenge = `Bearer error="invalid_token", error_description="the token has expired", ${SCOPE}, ${METADATA}`;
  assertRefused(gate(event(bearer(token({ exp: secondsFromNow(-60) })))), challenge, 'the token has expired');
  for (const exp of [secondsFromNow(-20), secondsFromNow(0), secondsFromNow(3600)]) {
    const passed = gate(event(bearer(token({ exp }))));
    assert.deepEqual([passed.statusCode, passed.uri], [undefined, '/mcp']);
  }
});

/** */
test('what is no JSON Web Token is refused', () => {
  const gate = edge('gate');
  const message = 'the token is not a JSON Web Token that is understood here';
  const challenge = `Bearer error="invalid_token", error_description="${message}", ${SCOPE}, ${METADATA}`;
  for (const wrong of ['opaque', 'a.b', 'a.b.c', 'a.bnVsbA.c', 'a.W10.c', `${token({})}.d`]) {
    assertRefused(gate(event(bearer(wrong))), challenge, message);
  }
});

test('what the gateway refuses for another reason reaches the gateway', () => {
  const gate = edge('gate');
  const passed = [
    event({}, { method: 'OPTIONS' }),
    event({}, { method: 'PUT' }),
    event({}, { querystring: { access_token: { value: 'x' } } }),
    event({ origin: { value: 'https://elsewhere.example.com' } }),
    event(bearer('not a token')),
    event({ authorization: { value: 'Bearer a', multiValue: [{ value: 'Bearer a' }, { value: 'Bearer b' }] } }),
    event(bearer(token({}))),
    event(bearer(token({ exp: 'soon' }))),
  ];
  for (const each of passed) {
    assert.deepEqual(gate(each), (each as { request: unknown }).request);
  }
});

/** S-1 */
test('a page that may call can read why it was refused', () => {
  const gate = edge('gate', { ...AT_HOME, allowedOrigins: ['https://Inspector.example.com'] });
  const { headers, statusCode } = gate(event({ origin: { value: 'https://inspector.example.com' } }));
  assert.equal(statusCode, 401);
  assert.equal(headers['access-control-allow-origin']?.value, 'https://inspector.example.com');
  assert.match(headers['access-control-expose-headers']?.value ?? '', /WWW-Authenticate/);
  assert.equal(headers['vary']?.value, 'Origin');
});

test('before the distribution has told its domain, the challenge names it all the same', () => {
  const gate = edge('gate', {});
  assert.match(
    gate(event({})).headers['www-authenticate']?.value ?? '',
    /resource_metadata="https:\/\/d111111abcdef8\.cloudfront\.net\/\.well-known\/oauth-protected-resource\/mcp"$/,
  );
});

test("its words are the gateway's", () => {
  const source = ['auth/refusal.rs', 'auth/token.rs', 'http/origin.rs']
    .map((file) => fs.readFileSync(path.join(REPOSITORY, 'gateway/src', file), 'utf8'))
    .join();
  const gate = fs.readFileSync(path.join(REPOSITORY, 'infra/edge/gate.js'), 'utf8');
  const words = [...gate.matchAll(/message: '([^']+)'/g), ...gate.matchAll(/value: '(WWW-[^']+)'/g)].map(
    (match) => match[1] ?? '',
  );
  assert.equal(words.length, 4);
  for (const sentence of words) {
    assert.ok(source.includes(`"${sentence}"`), sentence);
  }
});

test('the OAuth front is told who is asking, whatever the request says', () => {
  const viewer = edge('viewer');
  const { headers } = viewer(event({ 'cloudfront-viewer-address': { value: '203.0.113.1:9' } }));
  assert.equal(headers['cloudfront-viewer-address']?.value, '192.0.2.7:0');
});
