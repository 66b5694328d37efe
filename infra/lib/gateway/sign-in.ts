import type { Construct } from 'constructs';
import type { GatewayNames } from '../names.js';

/** What a way to sign in has to know of its gateway. */
export interface SignInContext {
  readonly names: GatewayNames;
  /** Where clients reach it, without a path. */
  readonly url: string;
  /** Its canonical URI, which tokens are for. */
  readonly resource: string;
  /** The scopes of its tools, as manifests spell them. */
  readonly scopes: readonly string[];
}

/** One of `PENSTOCK_ISSUERS` (docs/authorization.md). */
export interface Issuer {
  readonly issuer: string;
  readonly jwksUri?: string;
  readonly clientIds?: readonly string[];
  readonly algorithms?: readonly string[];
  readonly groupsClaim?: string;
  readonly tenantClaim?: string;
}

/** The OpenID provider behind the OAuth front, and the front's registration there (docs/oauth-front.md). */
export interface Upstream {
  readonly issuer: string;
  readonly clientId: string;
  /** A dynamic reference: never the secret itself, which would be in the template. */
  readonly clientSecret?: string;
  /** What the provider wants for itself, `offline_access` say. */
  readonly scopes?: readonly string[];
}

/** What came of it. */
export interface SignedIn {
  /** Whose tokens are taken. */
  readonly issuers: readonly Issuer[];
  /** The scopes of `SignInContext`, as tokens spell them. */
  readonly scopes: readonly string[];
  /** The provider the OAuth front stands before; without one there is no front, and clients go to the issuers. */
  readonly upstream?: Upstream;
}

/** A way to sign in. */
export interface SignIn {
  /** Makes what it takes, below the gateway. */
  bind(scope: Construct, context: SignInContext): SignedIn;
}

/** Tokens of issuers that know MCP clients by themselves: no front. */
export class IssuerSignIn implements SignIn {
  constructor(private readonly issuers: readonly Issuer[]) {}

  bind(_scope: Construct, context: SignInContext): SignedIn {
    return { issuers: this.issuers, scopes: context.scopes };
  }
}

/** Any OpenID provider, behind the OAuth front. */
export class ProviderSignIn implements SignIn {
  /** @param issuer how its tokens are verified; by default by its discovery document, of the front's client only */
  constructor(
    private readonly upstream: Upstream,
    private readonly issuer?: Issuer,
  ) {}

  bind(_scope: Construct, context: SignInContext): SignedIn {
    const issuer = this.issuer ?? { issuer: this.upstream.issuer, clientIds: [this.upstream.clientId] };
    return { issuers: [issuer], scopes: context.scopes, upstream: this.upstream };
  }
}
