// One visit to the fixture tools, the same for every client: connect, list, call, fail, close.
// Prints what the client saw, one JSON object a line; whatever it throws ends the process with an error.

const JSON_RPC_CODE = /^-\d+$/;

function print(event, fields) {
  console.log(JSON.stringify({ event, ...fields }));
}

// `call(name, arguments, options)` hides that the two SDKs order the parameters of `callTool` differently;
// `revision()` answers the protocol revision once connected.
export async function observe({ client, transport, call, revision }) {
  client.onerror = (error) => print("error", { message: error.message });
  await client.connect(transport);
  print("connected", { revision: revision(), server: client.getServerVersion()?.name });

  const { tools } = await client.listTools();
  print("tools", { names: tools.map((tool) => tool.name) });

  const text = await call("test_simple_text", {});
  print("text", { content: text.content, isError: text.isError ?? false });

  const echo = await call("test_custom_header", { value: "Größe: 1 µm" });
  print("echo", { content: echo.content, isError: echo.isError ?? false });

  const sent = performance.now();
  const ms = () => Math.round(performance.now() - sent);
  const onprogress = ({ progress, total, message }) => print("progress", { progress, total, message, ms: ms() });
  const last = await call("test_tool_with_progress", {}, { onprogress });
  print("result", { content: last.content, isError: last.isError ?? false, ms: ms() });

  const failed = await call("test_error_handling", {});
  print("failed", { content: failed.content, isError: failed.isError ?? false });

  try {
    print("served", await call("no_such_tool", {}));
  } catch (error) {
    // Anything but the server's own answer (a broken connection, a bug in the client) is not what is asked for.
    if (!JSON_RPC_CODE.test(String(error.code))) throw error;
    print("refused", { code: error.code, message: error.message });
  }

  // From here on the client takes its own closing of the session's stream for an error.
  client.onerror = undefined;
  await client.close();
  print("closed", {});
}
