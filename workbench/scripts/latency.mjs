// Keystroke to marks: how long after a key its mark is painted, beyond the debounce. Prints a table for docs/benchmarks.md; measures
// in Chromium against the real program, so it is no test.
import { open } from "../test/browser/harness.mjs";

const SENTENCES = {
    en: ["Thank you for your message about the delayed parcel. ", "We have recieved your request and our team is looking into it. ", "Your refund will be proccessed within five working days. "],
    "pt-BR": ["Agradecemos o seu contato sobre a entrega atrasada. ", "Recebemos a sua solicitacao e a equipe está verificando. ", "O reembolso será processado em até cinco dias uteis. "],
    zh: ["感谢您联系我们反馈包裹延误的问题。", "我们已经收到您的申请，同事正在为您核实处里。", "非常报歉给您带来不便，快递员说地址填写得不完整。"],
};
const KEYS = 60;

function textOf(language, length) {
    let text = "";
    for (let n = 0; text.length < length; n++) text += SENTENCES[language][n % 3];
    return text.slice(0, length);
}

function quantile(values, q) {
    return [...values].sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * q))];
}

const it = await open();
console.log("| field | language | characters | median | p95 |\n|---|---|---|---|---|");
for (const field of ["textarea", "contenteditable"]) {
    for (const language of Object.keys(SENTENCES)) {
        for (const length of [50, 500, 5000]) {
            await it.fresh(field === "textarea" ? "<textarea></textarea>" : "<div id=e contenteditable></div>");
            await it.page.evaluate(
                ([field, text]) => {
                    const element = document.querySelector("textarea, #e");
                    if (field === "textarea") return void (element.value = text);
                    for (let at = 0; at < text.length; at += 250) element.append(Object.assign(document.createElement("p"), { textContent: text.slice(at, at + 250) }));
                },
                [field, textOf(language, length)],
            );
            await it.attach("textarea, #e", { language, debounceMs: 0 });
            await it.page.evaluate(() => {
                window.times = [];
                addEventListener("keydown", () => (window.pressed = performance.now()), { capture: true });
                // The frame after the answer is the one that shows it.
                session.addEventListener("change", () => {
                    if (session.state !== "checked" || window.pressed === undefined) return;
                    const from = window.pressed;
                    window.pressed = undefined;
                    requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - from)));
                });
            });
            await it.page.focus("textarea, #e");
            await it.page.keyboard.press("Control+End");
            for (let n = 0; n < KEYS; n++) {
                await it.page.keyboard.press(n % 6 === 5 ? "Space" : "abcde"[n % 6]);
                await it.page.waitForFunction((n) => times.length > n, n);
            }
            const times = (await it.page.evaluate(() => times)).slice(10);
            console.log(`| ${field} | ${language} | ${length} | ${quantile(times, 0.5).toFixed(1)} ms | ${quantile(times, 0.95).toFixed(1)} ms |`);
        }
    }
}
await it.close();
