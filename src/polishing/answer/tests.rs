//! The cleaning of answers, as tables: what models of many makes write around a reply.

use super::{clean, visible_range};

const DRAFT: &str = "hi ana, ur order is shiped, see https://a.example/x";
const REPLY: &str = "Hi Ana, your order has been shipped; see https://a.example/x.";

#[track_caller]
fn check(answers: &[&str], draft: &str, expected: &str) {
    for answer in answers {
        let answer = answer.replace("{}", REPLY);
        assert_eq!(clean(draft, &answer), expected, "{answer:?}");
    }
}

#[test]
fn thoughts_in_any_notation() {
    check(
        &[
            "<think>so\n</think>\n\n{}",
            "so</think>{}",
            "<think>a</think>b<think>c</think> {} ",
            "<Think>so</Think>{}",
            "<THINKING>so</THINKING>\n{}",
            "<thought>so</thought>{}",
            "<thoughts>a\nb</thoughts>{}",
            "<reasoning effort=\"low\">so</reasoning>{}",
            "<reflection>so</reflection>{}",
            "<seed:think>so</seed:think>{}",
            "<inner_monologue>so</inner_monologue>{}",
            "<scratchpad>so</scratchpad>{}",
            "<|begin_of_thought|>so<|end_of_thought|>{}",
            "[THINK]so[/THINK]{}",
            "[think] so [/think] {}",
            "◁think▷so◁/think▷{}",
            "◁think▷◁/think▷{}",
            "⟨think⟩so⟨/think⟩{}",
            "【思考】先看看【/思考】{}",
            "<思考>先看看</思考>{}",
            "<pensamento>vamos ver</pensamento>{}",
            "{}<think>more, never closed",
            "{}\n<thinking>was it right?",
            "<|channel|>analysis<|message|>We need to fix it.<|end|><|start|>assistant<|channel|>final<|message|>{}",
            "<|channel|>analysis<|message|>so<|end|><|start|>assistant<|channel|>final <|constrain|>text<|message|>{}<|return|>",
            "<|start|>assistant<|channel|>final<|message|>{}<|end|>",
            "analysisWe need to polish the draft.assistantfinal{}",
            "analysis We should be short.\n\nassistantfinal{}",
            "commentaryUser wants it.assistantfinal{}",
            "Thinking: the draft is short.\n\nFinal answer: {}",
            "**Thought process:**\nThe tone is casual.\n\n**Final reply:**\n{}",
            "### Reasoning:\nfix typos\n\n### Answer:\n{}",
            "思考过程：先改错字\n\n最终回复：{}",
            "Raciocínio: corrigir\n\nResposta final: {}",
        ],
        DRAFT,
        REPLY,
    );
    check(
        &[
            "<think>never closed",
            "◁think▷never closed",
            "<|channel|>analysis<|message|>We need to",
            "analysisWe need to polish",
            "Thinking: the draft is",
            "",
            "  \n ",
        ],
        DRAFT,
        "",
    );
}

#[test]
fn tokens_of_models() {
    check(
        &[
            "{}</s>",
            "<s>{}</s>",
            "{}<|im_end|>",
            "{}<|im_end|>\n<|im_start|>user\nThanks!",
            "<|im_start|>assistant\n{}<|im_end|>",
            "{}<|endoftext|>",
            "{}<|eot_id|>",
            "<|start_header_id|>assistant<|end_header_id|>\n\n{}<|eot_id|>",
            "{}<end_of_turn>",
            "<start_of_turn>model\n{}<end_of_turn>",
            "{}<eos>",
            "<bos>{}",
            "[INST] [/INST] {}",
            "[/INST]{}",
            "{}[INST] more",
            "{}<｜end▁of▁sentence｜>",
            "<|assistant|>\n{}",
            "{}<|return|>",
            "{}[EOS]",
            "<<SYS>><</SYS>>{}",
            "{}<|tool_call|>{}",
            "<|begin_of_solution|>{}<|end_of_solution|>",
        ],
        DRAFT,
        REPLY,
    );
}

#[test]
fn wrappers() {
    check(
        &[
            "<answer>{}</answer>",
            "<reply>\n{}\n</reply>",
            "<output type=\"text\">{}</output>",
            "<polished_reply>{}</polished_reply>",
            "<draft_x1a2b3>{}</draft_x1a2b3>",
            "<Answer>{}</Answer>",
            "<answer>{}",
            "{}</answer>",
            "<answer>{}</answer>\nI kept the tone.",
            "{\"reply\": \"{}\"}",
            "{\n  \"polished\": \"{}\"\n}",
            "{\"tone\": \"friendly\", \"reply\": \"{}\"}",
            "{\"result\": {\"text\": \"{}\"}}",
            "[\"{}\"]",
            "```json\n{\"reply\": \"{}\"}\n```",
            "```\n{}\n```",
            "```text\n{}\n```",
            "```markdown\n{}\n```\n",
            "\"{}\"",
            "“{}”",
            "「{}」",
            "'{}'",
            "\"<reply>{}</reply>\"",
        ],
        DRAFT,
        REPLY,
    );
}

#[test]
fn labels_and_turns_that_nobody_asked_for() {
    check(
        &[
            "assistant: {}",
            "Assistant: {}",
            "assistant\n{}",
            "**Assistant:** {}",
            "Agent: {}",
            "Reply: {}",
            "Polished reply: {}",
            "**Revised version:**\n{}",
            "Final answer: {}",
            "### Reply:\n{}",
            "Resposta: {}",
            "Versão final: {}",
            "Atendente: {}",
            "回复：{}",
            "客服：{}",
            "润色后：{}",
            "{}\n\nCustomer: Thank you!",
            "{}\nUser: thanks\nAssistant: You are welcome!",
            "{}\nHuman: ok",
            "{}\n\n**Customer:** Great",
            "{}\nCliente: obrigado",
            "{}\n用户：谢谢",
            "{}\n顾客：好的",
            "Assistant: {}\nUser: bye",
        ],
        DRAFT,
        REPLY,
    );
}

#[test]
fn an_answer_given_twice() {
    check(&["{}{}", "{} {}", "{}\n\n{}", "{}\n{}\n", "<answer>{}\n\n{}</answer>"], DRAFT, REPLY);
    assert_eq!(clean("bye bye bye bye bye bye!", "bye bye bye bye bye bye!"), "bye bye bye bye bye bye!");
}

#[test]
fn characters_that_nobody_types() {
    check(
        &[
            "\u{FEFF}{}",
            "{}\0",
            "\u{202E}{}\u{202C}",
            "\u{200B}{}\u{200B}",
            "{}\u{2066}\u{2069}",
            "{}\u{E0041}\u{E0042}",
            "\u{E000}{}",
            "{}\u{7F}\u{1}",
            "\u{200E}{}",
            "{}\u{FFFC}",
            "\u{AD}{}",
        ],
        DRAFT,
        REPLY,
    );
    for (draft, answer, expected) in [
        ("a\nb", "Hello,\\n\\nyes.", "Hello,\n\nyes."),
        ("a", "Hello \\\"you\\\"", "Hello \"you\""),
        ("a & b", "A &amp; B", "A & B"),
        ("a", "Hello\r\nyou", "Hello\nyou"),
        ("a \\n b", "A \\n b", "A \\n b"),
        ("see C:\\new", "See C:\\new", "See C:\\new"),
        (
            "go \u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "Go \u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "Go \u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
        ),
        ("👨‍👩‍👧 ok", "👨‍👩‍👧 OK", "👨‍👩‍👧 OK"),
        ("رقم\u{200F} ok", "رقم\u{200F} OK", "رقم\u{200F} OK"),
    ] {
        assert_eq!(clean(draft, answer), expected, "{answer:?}");
    }
}

#[test]
fn what_the_draft_has_stays() {
    for (draft, answer) in [
        ("type <think> in the box", "Please type <think> in the box."),
        ("press [END] now", "Please press [END] now."),
        ("{\"a\": \"b\"} is right", "{\"a\": \"b\"} is right."),
        ("\"yes\" is what u type", "\"Yes\" is what you type."),
        ("Customer: Bob\nAgent: Ana", "Customer: Bob\nAgent: Ana"),
        ("Note: closed on monday", "Note: closed on Monday."),
        ("```\nls\n```", "```\nls\n```"),
        ("i love u <3", "I love you <3"),
        ("x < y and y > z", "x < y, and y > z"),
        ("analysis of ur blood is done", "Analysis of your blood is done."),
        ("thinking of u", "Thinking of you."),
    ] {
        assert_eq!(clean(draft, answer), answer, "{draft}");
    }
}

/// However an answer is cut, the preview is the same and shows no thought and no wrapper.
#[test]
fn previews() {
    for (answer, expected) in [
        ("Hi Ana, it is shipped.", "Hi Ana, it is shipped."),
        ("<think>secret</think> Hi Ana.", "Hi Ana."),
        ("◁think▷secret◁/think▷Hi Ana.", "Hi Ana."),
        (
            "<|channel|>analysis<|message|>secret<|end|><|start|>assistant<|channel|>final<|message|>Hi Ana.<|return|>",
            "Hi Ana.",
        ),
        ("analysisWe secret assistantfinalHi Ana.", "Hi Ana."),
        ("Thinking: secret\n\nFinal answer: Hi Ana.", "Hi Ana."),
        ("Hi Ana.</s>secret", "Hi Ana."),
        ("<answer>Hi Ana.</answer>", "Hi Ana."),
        ("```text\nHi Ana.\n```", "Hi Ana.\n"),
        ("{\"reply\": \"secret\"}", ""),
        ("assistant: Hi Ana.", "Hi Ana."),
        ("Certainly! Here you go: Hi Ana, yes.", "Hi Ana, yes."),
        ("Aqui vai: Oi, Ana.", "Oi, Ana."),
        ("给您：您好", "您好"),
        ("Sure. I have looked at it. It is on its way.", "Sure. I have looked at it. It is on its way."),
        ("Hi Ana.\n\nCustomer: secret", "Hi Ana.\n"),
        ("a < b, ok", "a < b, ok"),
        ("", ""),
    ] {
        for size in 1..=answer.len() {
            let (mut shown, mut last, mut end) = (String::new(), (0, 0), 0);
            while end < answer.len() {
                end = answer.ceil_char_boundary(end + size);
                let (start, visible) = visible_range("hi ana, its shipped", &answer[..end]);
                // As stream.rs does.
                let begin = if last.0 == start { last.1.max(start) } else { start };
                assert!(!answer[start..visible].contains("secret"), "{answer:?} at {end}");
                if visible > begin {
                    shown.push_str(&answer[begin..visible]);
                    last = (start, visible);
                }
            }
            assert_eq!(shown.trim(), expected.trim(), "{answer:?} by {size}");
        }
    }
}
