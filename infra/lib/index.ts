export { CognitoSignIn, type CognitoProps } from './gateway/cognito.js';
export type { Domain } from './gateway/front-door.js';
export {
  IssuerSignIn,
  ProviderSignIn,
  type Issuer,
  type SignedIn,
  type SignIn,
  type SignInContext,
  type Upstream,
} from './gateway/sign-in.js';
export { McpGateway, type McpGatewayProps } from './mcp-gateway.js';
export { McpTool, type GatewayReference, type McpToolProps } from './mcp-tool.js';
