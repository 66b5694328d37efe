// A CloudFront Function (runtime 2.0) in front of the OAuth front, which counts registrations by address. CloudFront
// would add this header itself only together with the viewer's Host, by which a function URL is not found.

function handler(event) {
  event.request.headers['cloudfront-viewer-address'] = { value: event.viewer.ip + ':0' };
  return event.request;
}
