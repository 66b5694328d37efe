// One visit to the shipped tools of someone who has to sign in first, the same for every client. Prints what the client
// saw, one JSON object a line; whatever it throws ends the process with an error.

export function print(event, fields) {
  console.log(JSON.stringify({ event, ...fields }));
}

// Lists the tools, and has one report its progress. `call(name, arguments, options)` hides that clients differ.
export async function visit(client, call) {
  const { tools } = await client.listTools();
  print("tools", { names: tools.map((tool) => tool.name).sort() });
  const steps = [];
  const onprogress = ({ progress }) => steps.push(progress);
  const result = await call("long_operation", { steps: 3, step_ms: 20 }, { onprogress });
  print("result", { steps, isError: result.isError ?? false });
}

// Connects without a token, signs in where that is refused, visits, and has its token refreshed.
export async function signInAndVisit({ provider, connect, finish, auth, call, Unauthorized }) {
  const first = await connect().catch((error) => {
    if (!(error instanceof Unauthorized)) throw error;
    return undefined;
  });
  print("refused", { atFirst: first === undefined });
  await finish(provider.landed());
  const { client_id: id } = provider.kept.information;
  print("signed in", { clientId: id.startsWith("https:") ? id : "registered", times: provider.kept.signIns });

  const client = await connect();
  await visit(client, (...call_) => call(client, ...call_));

  const before = provider.kept.tokens;
  const outcome = await auth();
  const isNew = provider.kept.tokens.access_token !== before.access_token;
  print("refreshed", { outcome, isNew, signIns: provider.kept.signIns });
  await visit(client, (...call_) => call(client, ...call_));

  client.onerror = undefined;
  await client.close();
  provider.close();
}
