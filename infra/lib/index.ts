export { EdgeStack, type EdgeStackProps } from './edge-stack.js';
export type { RequestLimits } from './edge/web-acl.js';
export { CognitoSignIn, type CognitoProps } from './gateway/cognito.js';
export type { Domain } from './gateway/front-door.js';
export type { ManagedInstances } from './gateway/managed-instances.js';
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
