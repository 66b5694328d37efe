// Signs in as a person does: the consent page, the identity provider, and back to the client.
//
// node sign_in.mjs <authorization URL> [options], with options as JSON: `user`, `answer` (the button of the consent page),
// `keyboard` instead of the mouse, `script` (false: the browser runs none), `audit`. Prints each page that was shown, and
// at last where the browser landed.

import { pathToFileURL } from "node:url";

import { audit } from "./audit.mjs";
import { withBrowser } from "./launch.mjs";
import { byKeyboard, byMouse, describe } from "./pages.mjs";

export async function signIn(url, options = {}, shown = () => {}) {
  const { user = "alice", answer = "Allow", keyboard = false, script = true } = options;
  const hands = keyboard ? byKeyboard : byMouse;
  const see = async (page, response) => {
    const seen = await describe(page, response);
    shown(options.audit ? { ...seen, violations: await audit(page) } : seen);
  };
  return withBrowser(
    async (page) => {
      await see(page, await page.goto(url));
      await hands.press(page, "button", new RegExp(`^${answer}`));
      if (answer === "Allow") {
        await see(page);
        await hands.choose(page, "radio", new RegExp(`^${user}`));
        await hands.press(page, "button", /^Sign in/);
      }
      return page.url();
    },
    { script },
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [url, options = "{}"] = process.argv.slice(2);
  const print = (value) => console.log(JSON.stringify(value));
  print({ landed: await signIn(url, JSON.parse(options), print) });
}
