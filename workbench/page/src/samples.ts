// The conversations of the page. All names, orders and addresses are invented.
import type { Channel } from "@vermilion/client";
import type { Drawing } from "./elements.js";
import type { Word } from "./words.js";

export interface SampleMessage {
    from: "customer" | "agent";
    time: string;
    paragraphs: string[];
}

export interface Sample {
    id: string;
    name: string;
    /** How the customer is called in the transcript. */
    short: string;
    /** BCP 47, of the conversation and so of the draft. */
    language: string;
    channel: Channel;
    drawing: Drawing;
    kind: Word;
    languageWord: Word;
    channelWord: Word;
    messages: SampleMessage[];
    /** Plain text; of e-mail HTML. */
    draft: string;
    /** Only of e-mail. */
    mail?: { address: string; subject: string };
}

export const SAMPLES: readonly Sample[] = [
    {
        id: "harriet",
        name: "Harriet Lowe",
        short: "Harriet",
        language: "en-GB",
        channel: "web_chat",
        drawing: "chat",
        kind: "kdRetail",
        languageWord: "tgEn",
        channelWord: "chWeb",
        messages: [
            {
                from: "customer",
                time: "10:41",
                paragraphs: [
                    "Hello, I sent back the blue kettle last week because the lid sticks, and I still haven’t had my money. The order is VM-40392.",
                ],
            },
            {
                from: "agent",
                time: "10:43",
                paragraphs: [
                    "Good morning Harriet, thank you for the order number. Let me see what the warehouse has on it.",
                    "The parcel reached us on Tuesday and has been checked. I am asking the accounts team about the £64.00 now.",
                ],
            },
            {
                from: "customer",
                time: "10:46",
                paragraphs: ["Thank you. Could I also have the smaller one in cream instead, if you have it? The weekend is fine."],
            },
        ],
        draft: "hi Harriet, some good news: the small cream kettle will be shiped today. ur refund of £64.00 was aproved this morning. If it isn’t with you by Friday 4 December, I’ll chase the bank straigth away: just quote VM-40392 here.",
    },
    {
        id: "renata",
        name: "Renata Moura",
        short: "Renata",
        language: "pt-BR",
        channel: "whatsapp",
        drawing: "phone",
        kind: "kdTelecom",
        languageWord: "tgPt",
        channelWord: "chWhats",
        messages: [
            { from: "customer", time: "10:24", paragraphs: ["Bom dia! Estou sem internet desde ontem à noite e trabalho de casa. 😕"] },
            {
                from: "agent",
                time: "10:26",
                paragraphs: ["Bom dia, Renata! Sinto muito. Vi aqui que há uma falha na sua rua e já pedi uma visita."],
            },
            {
                from: "customer",
                time: "10:31",
                paragraphs: ["Obrigada. Que horas ele vem? E a música da espera voltou de novo, fiquei vinte minutos nela."],
            },
        ],
        draft: "oi, Renata! O tecnico vai até a sua casa amanhã, entre 14h e 16h. Se a musica da espera voltar, me avise por aqui: você não paga nada pela vizita.",
    },
    {
        id: "lin",
        name: "林晓雯",
        short: "林晓雯",
        language: "zh-Hans",
        channel: "web_chat",
        drawing: "shop",
        kind: "kdShop",
        languageWord: "tgZh",
        channelWord: "chShop",
        messages: [
            { from: "customer", time: "10:09", paragraphs: ["你好，我上周五下的单，到现在物流一直没有更新。"] },
            {
                from: "agent",
                time: "10:11",
                paragraphs: ["您好，林女士，我马上为您查询，请稍等。", "已经联系上承运的 SF 网点，包裹目前在杭州转运中心，今晚发出。"],
            },
            { from: "customer", time: "10:18", paragraphs: ["好的。如果明天还到不了，我想退款，可以吗？"] },
        ],
        draft: "林女士你好，非常报歉让你久等了。订单 VM-40392 因天汽原因延误，预计明天下午送达。如需退款，我会尽块为你处理。",
    },
    {
        id: "miguel",
        name: "Miguel Farrow",
        short: "Miguel",
        language: "en-GB",
        channel: "email",
        drawing: "mail",
        kind: "kdFair",
        languageWord: "tgEn",
        channelWord: "chMail",
        messages: [
            { from: "customer", time: "Tue 09:12", paragraphs: ["Two of the five boxes never arrived. Photos of the three we have are attached."] },
            { from: "agent", time: "Tue 11:30", paragraphs: ["Thank you for the photos, Miguel. I have opened a case with the carrier today."] },
            {
                from: "customer",
                time: "Thu 09:05",
                paragraphs: [
                    "Hello Ana, any word from the carrier? Our stand opens on Saturday and the shelf brackets are in one of the missing boxes.",
                ],
            },
        ],
        mail: { address: "miguel@farrow-fairs.example", subject: "Re: Two boxes missing from order 77120" },
        draft:
            "<p>Dear Miguel,</p><p>The carrier has found both boxes. They will arive tomorow <b>between 9:00 and 11:30</b>:</p>" +
            "<ul><li>box 4: shelf brackets</li><li>box 5: the remaning panels</li></ul>" +
            "<p>The driver will ring you on arrival, so that nobody has to wait at the gate.</p>" +
            '<div class="gmail_signature">Ana Prado<br>Customer Care, Fretebox</div>' +
            '<div class="gmail_quote"><div class="gmail_attr">On Thu, 26 Nov 2026 at 09:05, Miguel Farrow &lt;miguel@farrow-fairs.example&gt; wrote:</div>' +
            '<blockquote class="gmail_quote">Hello Ana, any word from the carrier? Our stand opens on Saturday and the shelf brackets are in one of the missing boxes.</blockquote></div>',
    },
];

/** The languages in which a draft can be checked. */
export const LANGUAGES: readonly (readonly [tag: string, word: Word])[] = [
    ["en-GB", "lgEnGB"],
    ["en-US", "lgEnUS"],
    ["pt-BR", "lgPtBR"],
    ["pt-PT", "lgPtPT"],
    ["zh-Hans", "lgHans"],
    ["zh-Hant", "lgHant"],
];
