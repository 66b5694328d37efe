// What a person does on a page, by the roles and names that assistive technology is told.

const nameOf = (node) => (node.name ?? "").trim();

// The first node of this role whose name matches.
async function find(page, role, name) {
  const nodes = [await page.accessibility.snapshot({ interestingOnly: false })];
  const seen = [];
  while (nodes.length > 0) {
    const node = nodes.shift();
    if (node.role === role && name.test(nameOf(node))) return node;
    if (node.role === role) seen.push(nameOf(node));
    nodes.push(...(node.children ?? []));
  }
  throw new Error(`no ${role} named ${name} among ${JSON.stringify(seen)}`);
}

// By mouse: clicks it.
export const byMouse = {
  async choose(page, role, name) {
    const element = await (await find(page, role, name)).elementHandle();
    await element.click();
  },
  async press(page, role, name) {
    const element = await (await find(page, role, name)).elementHandle();
    await Promise.all([page.waitForNavigation(), element.click()]);
  },
};

// More stops than any of the pages has.
const TAB_STOPS = 50;

// By keyboard: goes there from where the focus is and presses the key that activates it.
export const byKeyboard = {
  async choose(page, role, name) {
    // The group is one stop, at its chosen member; arrows choose another.
    await focus(page, (node) => node.role === role);
    for (let stop = 0; stop < TAB_STOPS; stop += 1) {
      if (name.test(nameOf((await focused(page)) ?? {}))) return;
      await page.keyboard.press("ArrowDown");
    }
    throw new Error(`no ${role} named ${name} is reached by arrows`);
  },
  async press(page, role, name) {
    await focus(page, (node) => node.role === role && name.test(nameOf(node)));
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  },
};

async function focus(page, isWanted) {
  for (let stop = 0; stop < TAB_STOPS; stop += 1) {
    await page.keyboard.press("Tab");
    const node = await focused(page);
    if (node !== undefined && isWanted(node)) return;
  }
  throw new Error("it is not reached by Tab");
}

async function focused(page) {
  const nodes = [await page.accessibility.snapshot()];
  while (nodes.length > 0) {
    const node = nodes.shift();
    if (node.focused && node.role !== "RootWebArea") return node;
    nodes.push(...(node.children ?? []));
  }
  return undefined;
}

// What a page is, short of what may differ from run to run.
export async function describe(page, response) {
  const headings = await page.$$eval("h1", (found) => found.map((heading) => heading.textContent.trim()));
  const text = await page.$eval("body", (body) => body.innerText);
  const { pathname } = new URL(page.url());
  return { page: pathname, status: response?.status() ?? null, title: await page.title(), headings, text };
}
