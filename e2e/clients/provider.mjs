// What the TypeScript SDKs, 1.x and 2.x alike, ask of an application that lets its user sign in: where to be sent back
// to, a place for what is received, and a browser. The user is alice, in the headless one.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

import { signIn } from "./browser/sign_in.mjs";

// Starts to listen for the redirect. Registers dynamically unless there is a metadata document at `clientMetadataUrl`.
export async function provider(clientMetadataUrl) {
  const server = createServer((_, response) => response.end("You may close this page."));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const redirectUrl = `http://127.0.0.1:${server.address().port}/callback`;
  const sent = randomUUID();
  const kept = { registrations: 0, signIns: 0 };
  return {
    redirectUrl,
    clientMetadataUrl,
    clientMetadata: {
      client_name: "Penstock end-to-end",
      redirect_uris: [redirectUrl],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    },
    state: () => sent,
    clientInformation: () => kept.information,
    saveClientInformation: (information) => {
      kept.registrations += 1;
      kept.information = information;
    },
    tokens: () => kept.tokens,
    saveTokens: (tokens) => (kept.tokens = tokens),
    saveCodeVerifier: (verifier) => (kept.verifier = verifier),
    codeVerifier: () => kept.verifier,
    redirectToAuthorization: async (url) => {
      kept.signIns += 1;
      kept.landed = new URL(await signIn(url.href));
    },
    // What the redirect brought, once its state is the one that was sent.
    landed: () => {
      const { searchParams } = kept.landed;
      if (searchParams.get("state") !== sent) throw new Error(`another state came back: ${kept.landed.search}`);
      return searchParams;
    },
    kept,
    close: () => server.close(),
  };
}
