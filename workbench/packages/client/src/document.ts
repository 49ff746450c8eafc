// A document as callers name it, and as the contract does. Offsets are UTF-16 code units, as JavaScript counts.
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Channel as WireChannel, Document_Format as WireFormat, type DocumentSchema } from "./gen/vermilion/v1/spelling_pb.js";

/** A half-open range of UTF-16 code units. */
export interface Span {
    start: number;
    end: number;
}

/** Where a text will be sent. Only in e-mail are quoted history, signatures and forwarded headers told apart. */
export type Channel = "web_chat" | "email" | "whatsapp" | "sms" | "social";

/** A text and how to read it; a string is plain text of no channel. */
export type DocumentInput =
    | string
    | {
          content: string;
          /** Default: plain. */
          format?: "plain" | "html";
          channel?: Channel | undefined;
          /** Ranges that are never checked and never changed: a mention chip, a merge field. */
          protectedSpans?: Span[];
      };

const CHANNELS: Record<Channel, WireChannel> = {
    web_chat: WireChannel.WEB_CHAT,
    email: WireChannel.EMAIL,
    whatsapp: WireChannel.WHATSAPP,
    sms: WireChannel.SMS,
    social: WireChannel.SOCIAL,
};

/** The text of a document. */
export function contentOf(document: DocumentInput): string {
    return typeof document === "string" ? document : document.content;
}

/** As the contract has it. */
export function toWire(document: DocumentInput): MessageInitShape<typeof DocumentSchema> {
    if (typeof document === "string") return { content: document, format: WireFormat.PLAIN };
    return {
        content: document.content,
        format: document.format === "html" ? WireFormat.HTML : WireFormat.PLAIN,
        channel: document.channel ? CHANNELS[document.channel] : WireChannel.UNSPECIFIED,
        protectedSpans: document.protectedSpans ?? [],
    };
}
