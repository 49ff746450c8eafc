// A server of OpenAI's protocol that rewrites by a few rules: what the polishing of the real program asks in tests.
import { createServer } from "node:http";

/** What it knows: hardly more than chat abbreviations, so that the guard of the service has nothing to object. */
const RULES = [
    [/\bur\b/g, "your"],
    [/\bu\b/g, "you"],
    [/\bwil\b/g, "will"],
    [/\bsory\b/g, "sorry"],
    [/\bpls\b/g, "please"],
    [/^(\s*)hi,/i, "$1Hello,"],
];

/**
 * Listens on a free port. `environment` is what the service needs to find it. `state.delayMs` stands between the words,
 * `state.rewrite` overrides the rules, `state.asked` counts.
 */
export async function startModel() {
    const state = { delayMs: 0, asked: 0, rewrite: undefined, drafts: [] };
    const server = createServer(async (request, response) => {
        let body = "";
        for await (const chunk of request) body += chunk;
        const { messages, stream } = JSON.parse(body);
        const draft = /<draft_(\w+)>\n([\s\S]*)\n<\/draft_\1>/.exec(messages.at(-1).content)?.[2] ?? "";
        state.asked++;
        state.drafts.push(draft);
        const rewrite = state.rewrite ?? ((text) => RULES.reduce((said, [pattern, better]) => said.replace(pattern, better), text));
        const answer = rewrite(draft);
        const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
        if (!stream) {
            response.writeHead(200, { "content-type": "application/json" });
            const choices = [{ index: 0, message: { role: "assistant", content: answer }, finish_reason: "stop" }];
            return response.end(JSON.stringify({ id: "x", object: "chat.completion", choices, usage }));
        }
        response.writeHead(200, { "content-type": "text/event-stream" });
        const send = (choices, more = {}) =>
            response.write(`data: ${JSON.stringify({ id: "x", object: "chat.completion.chunk", choices, ...more })}\n\n`);
        for (const content of answer.match(/\s*\S+|\s+$/g) ?? []) {
            if (state.delayMs) await new Promise((resolve) => setTimeout(resolve, state.delayMs));
            send([{ index: 0, delta: { content }, finish_reason: null }]);
        }
        send([{ index: 0, delta: {}, finish_reason: "stop" }], { usage });
        response.end("data: [DONE]\n\n");
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${server.address().port}/v1`;
    return {
        state,
        environment: { OPENAI_BASE_URL: url, OPENAI_API_KEY: "sk-test", OPENAI_MODEL: "test" },
        close: () => (server.closeAllConnections(), server.close()),
    };
}
