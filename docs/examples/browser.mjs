import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { SpellingService } from "./gen/vermilion/v1/spelling_pb.js";

const transport = createGrpcWebTransport({ baseUrl: "http://127.0.0.1:50051" });
const spelling = createClient(SpellingService, transport);

const content = "We have recieved your order.";
const { misspellings } = await spelling.checkSpelling({ document: { content }, languageCode: "en" });
for (const { spans, suggestions } of misspellings) {
    for (const { start, end } of spans) {
        console.log(`${start}-${end}`, content.slice(start, end), suggestions[0]?.text); // 8-16 recieved received
    }
}
