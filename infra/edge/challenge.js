// A Lambda@Edge function at the MCP endpoint, on the way back (origin-response), where a deployment asks for one. A
// function URL renames WWW-Authenticate, so a challenge that only the gateway can give reaches clients under a name they
// do not look for. CloudFront runs this one for errors too; functions on viewer responses it does not (docs/deployment.md).

const REMAPPED = 'x-amzn-remapped-www-authenticate';

exports.handler = async (event) => {
  const { response } = event.Records[0].cf;
  const challenges = response.headers[REMAPPED];
  if (challenges) {
    delete response.headers[REMAPPED];
    response.headers['www-authenticate'] = challenges.map(({ value }) => ({ key: 'WWW-Authenticate', value }));
  }
  // Without a body in it, CloudFront goes on with the origin's, as it comes.
  return response;
};
