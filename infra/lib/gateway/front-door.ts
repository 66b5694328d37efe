import { Duration, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { type FunctionUrl, Version } from 'aws-cdk-lib/aws-lambda';
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';

/** The header by which a function knows the distribution. CloudFront overwrites what a client sends under this name. */
const ORIGIN_HEADER = 'X-Penstock-Origin';

/** How long the origin may be silent: the gateway says something every ten seconds, so this is generous. */
const READ_TIMEOUT = Duration.seconds(60);

/** What the front's paths are, and nothing below them (docs/oauth-front.md). */
const OAUTH_PATHS = [
  '/.well-known/oauth-authorization-server',
  '/authorize',
  '/consent',
  '/callback',
  '/token',
  '/revoke',
  '/register',
];

/** A name of one's own for the gateway. */
export interface Domain {
  /** `mcp.example.com` */
  readonly name: string;
  /** A certificate for it in us-east-1, where CloudFront looks for them. */
  readonly certificateArn: string;
  /** The zone of Route 53 that the name is in; without one, point the name to the distribution yourself. */
  readonly hostedZone?: { readonly id: string; readonly name: string };
}

/** What stands behind the distribution. */
export interface FrontDoorProps {
  readonly name: string;
  readonly domain: Domain | undefined;
  readonly originSecret: string;
  readonly gateway: FunctionUrl;
  /** How long the gateway's function may run, in seconds. */
  readonly gatewaySeconds: number;
  readonly gate: cloudfront.Function;
  readonly oauth: FunctionUrl | undefined;
  readonly viewer: cloudfront.Function;
  /** A web ACL of us-east-1. */
  readonly webAclArn: string | undefined;
  /** A version of a Lambda@Edge function that sees the answers of the MCP endpoint. */
  readonly challengeArn: string | undefined;
}

/** The distribution: the one public way to the gateway and the OAuth front. */
export class FrontDoor extends Construct {
  readonly distribution: cloudfront.Distribution;

  constructor(scope: Construct, id: string, props: FrontDoorProps) {
    super(scope, id);
    const gateway = behavior(props.gateway, props.originSecret, props.gatewaySeconds);
    const { oauth } = props;
    const front = oauth === undefined ? undefined : behavior(oauth, props.originSecret, 60, props.viewer);
    this.distribution = new cloudfront.Distribution(this, 'Distribution', {
      comment: `${props.name}: MCP gateway`,
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      webAclId: props.webAclArn,
      defaultBehavior: gateway,
      additionalBehaviors: {
        '/mcp': {
          ...gateway,
          functionAssociations: [association(props.gate)],
          edgeLambdas: this.edgeLambdas(props.challengeArn),
        },
        ...(front === undefined ? {} : Object.fromEntries(OAUTH_PATHS.map((path) => [path, front]))),
      },
      ...(props.domain === undefined
        ? {}
        : {
            domainNames: [props.domain.name],
            certificate: Certificate.fromCertificateArn(this, 'Certificate', props.domain.certificateArn),
            minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
          }),
    });
    this.name(props.domain);
    this.acknowledge(props);
  }

  private edgeLambdas(arn: string | undefined): cloudfront.EdgeLambda[] | undefined {
    if (arn === undefined) {
      return undefined;
    }
    const functionVersion = Version.fromVersionArn(this, 'Challenge', arn);
    return [{ functionVersion, eventType: cloudfront.LambdaEdgeEventType.ORIGIN_RESPONSE }];
  }

  private name(domain: Domain | undefined): void {
    if (domain?.hostedZone === undefined) {
      return;
    }
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: domain.hostedZone.id,
      zoneName: domain.hostedZone.name,
    });
    const record = {
      zone,
      recordName: domain.name,
      target: RecordTarget.fromAlias(new CloudFrontTarget(this.distribution)),
    };
    new ARecord(this, 'IPv4', record);
    new AaaaRecord(this, 'IPv6', record);
  }

  private acknowledge({ domain, webAclArn }: FrontDoorProps): void {
    const reasons: Record<string, string> = {
      CFR1: 'Who may call is decided by tokens, not by countries',
      CFR3: 'The functions log every request that reaches them, without tokens; access logs would hold addresses of people',
      ...(webAclArn === undefined
        ? { CFR2: 'A web ACL costs eleven dollars a month and more; docs/deployment.md says how to have one' }
        : {}),
      ...(domain === undefined
        ? {
            CFR4: "The certificate of cloudfront.net allows no other policy; a domain of one's own has TLS 1.2 at least",
          }
        : {}),
    };
    for (const [rule, reason] of Object.entries(reasons)) {
      Validations.of(this.distribution).acknowledge({ id: `AwsSolutions-${rule}`, reason });
    }
  }
}

/** Nothing is kept, held back or compressed on the way: answers are streams, and each is one caller's own. */
function behavior(
  url: FunctionUrl,
  originSecret: string,
  seconds: number,
  edge?: cloudfront.Function,
): cloudfront.BehaviorOptions {
  return {
    origin: new FunctionUrlOrigin(url, {
      customHeaders: { [ORIGIN_HEADER]: originSecret },
      readTimeout: READ_TIMEOUT,
      keepaliveTimeout: READ_TIMEOUT,
      // After the function's own end, so that what it said last arrives.
      responseCompletionTimeout: Duration.seconds(Math.max(seconds + 5, READ_TIMEOUT.toSeconds())),
    }),
    allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
    cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
    originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
    compress: false,
    ...(edge === undefined ? {} : { functionAssociations: [association(edge)] }),
  };
}

function association(fn: cloudfront.Function): cloudfront.FunctionAssociation {
  return { function: fn, eventType: cloudfront.FunctionEventType.VIEWER_REQUEST };
}
