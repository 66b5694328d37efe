// Counts the words of a text, paragraph by paragraph, in any language that Unicode knows the words of.

const MOST_FREQUENT = 5;
const WORDS_A_MINUTE = 238;

/** What is wrong with the request, as an object of JSON-RPC. */
class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

function segmenters(language) {
  try {
    return ["word", "sentence"].map((granularity) => new Intl.Segmenter(language, { granularity }));
  } catch {
    return null;
  }
}

async function count({ text, language }, deadlineMs, progress) {
  const both = segmenters(language);
  if (!both) return failed(`"${language}" is no language tag; send one like "en", "pt-BR" or "ja", or leave it out.`);
  const [words, sentences] = both;
  const paragraphs = text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim());
  const seen = new Map();
  let [counted, ended] = [0, 0];
  for (const [index, paragraph] of paragraphs.entries()) {
    if (Date.now() >= deadlineMs) return failed("There was no time for the whole text; send a part of it.");
    for (const { segment, isWordLike } of words.segment(paragraph)) {
      if (!isWordLike) continue;
      counted += 1;
      const word = segment.toLocaleLowerCase(language);
      seen.set(word, (seen.get(word) ?? 0) + 1);
    }
    for (const { segment } of sentences.segment(paragraph)) ended += segment.trim() ? 1 : 0;
    const done = index + 1;
    await progress({ progress: done, total: paragraphs.length, message: `${counted} words so far` });
  }
  const ranked = [...seen].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MOST_FREQUENT);
  const found = {
    words: counted,
    distinctWords: seen.size,
    sentences: ended,
    paragraphs: paragraphs.length,
    readingMinutes: Math.ceil(counted / WORDS_A_MINUTE),
    mostFrequent: ranked.map(([word, times]) => ({ word, times })),
  };
  const summary = `${found.words} words in ${found.sentences} sentences and ${found.paragraphs} paragraphs`;
  return { content: [{ type: "text", text: summary }], structuredContent: found };
}

// What the model can mend is a result, so that the model reads it.
const failed = (text) => ({ content: [{ type: "text", text }], isError: true });

export const handler = awslambda.streamifyResponse(async ({ method, params, context }, stream) => {
  // Each frame is with the operating system before the next is made.
  const send = (frame) =>
    new Promise((resolve, reject) => {
      stream.write(`${JSON.stringify(frame)}\n`, (error) => (error ? reject(error) : resolve()));
    });
  try {
    if (method !== "tools/call") throw new Refused(-32602, `this function does not serve ${method}`);
    if (typeof params?.arguments?.text !== "string") throw new Refused(-32602, "`text` is missing");
    const progress = (params) => (context.progress ? send({ progress: params }) : undefined);
    await send({ result: await count(params.arguments, context.deadlineMs, progress) });
  } catch (error) {
    if (!(error instanceof Refused)) console.error(error);
    const known = error instanceof Refused ? error : { code: -32603, message: "the words could not be counted" };
    await send({ error: { code: known.code, message: known.message } });
  }
  stream.end();
});
