//! What models write besides a reply, in many forms, through the whole of polishing: what is shown is the reply alone, or nothing.

use super::corpus::{Desk, Seen, read};

/// A draft, and a reply to it; `{}` stands for the reply in the tables.
const CASES: [(&str, &str, &[&str]); 3] = [
    (
        "hi ana, sorry 4 the delay. ur order was shiped yesterday, it shd arrive by friday",
        "Hi Ana, sorry for the delay. Your order was shipped yesterday and should arrive by Friday.",
        &[
            "Certainly! Here you go: {}",
            "Certainly! Here you go:\n\n{}",
            "Sure, here's a polished version:\n{}",
            "Here is the revised reply: {}",
            "Here's the improved message:\n\n\"{}\"",
            "Of course! Here is the reply in a friendly tone:\n\n{}",
            "Polished reply:\n{}",
            "Below is the rewritten text:\n\n{}",
            "Final version:\n\n{}",
            "{}\n\nWould you like me to make it shorter?",
            "{}\n\nLet me know if you'd like any changes!",
            "{} Would you like me to make it shorter?",
            "{}\n\nI kept the tone friendly and fixed the spelling.",
            "{}\n\n---\nNote: I corrected the spelling.",
            "{}\n\nExplanation: \"shiped\" was misspelled.",
            "{}\n\nChanges made:\n- fixed spelling",
            "{}\n\nIs there anything you'd like me to adjust in the tone?",
            "Option 1: {}\n\nOption 2: {}",
            "**Version 1:**\n{}\n\n**Version 2:**\n{}",
            "Subject: Your order\n\n{}",
            "{} \u{FFFD}",
            "{} Itâ€™s on its way.",
            "**{}**",
            "# Reply\n{}",
            "<p>{}</p>",
            "{}<br>",
            "{\"reply\": \"{}\"",
            "[Name], {}",
            "{} [Your Name]",
            "Dear [Customer Name],\n{}",
            "{} ___",
            "As an AI language model, I can help. {}",
            "Thought: fix it.\nAnswer: {}",
            "<think>hm</think>\n\nHere you go:\n\n{}",
        ],
    ),
    (
        "oi ana, desculpa a demora. seu pedido saiu ontem, deve chegar ate sexta",
        "Oi, Ana! Desculpe a demora. Seu pedido saiu ontem e deve chegar até sexta.",
        &[
            "Aqui vai: {}",
            "Aqui vai:\n\n{}",
            "Claro! Aqui está: {}",
            "Claro! Aqui está a versão melhorada:\n\n{}",
            "Com certeza! Segue a mensagem revisada:\n{}",
            "Segue o texto ajustado:\n\n{}",
            "Versão revisada: {}",
            "Resposta: {}",
            "{}\n\nQuer que eu deixe mais curto?",
            "{}\n\nQuer que eu ajuste o tom?",
            "{}\n\nMantive o tom amigável.",
            "{}\n\nObservação: corrigi a ortografia.",
            "Opção 1: {}\nOpção 2: {}",
            "Assunto: Seu pedido\n\n{}",
            "{}\n\nCliente: obrigado!",
            "Atendente: {}",
            "{} SÃ£o 3 dias.",
            "Prezado [nome], {}",
        ],
    ),
    (
        "亲 不好意思让您久等 包裹昨天已经发了 应该周五前能到",
        "亲，不好意思让您久等了。包裹昨天已经发出，应该周五前能到。",
        &[
            "给您：{}",
            "给您：\n{}",
            "好的，以下是润色后的版本：{}",
            "当然可以！以下是修改后的回复：\n\n{}",
            "润色后：{}",
            "回复：{}",
            "客服：{}",
            "{}\n\n需要我再改短一点吗？",
            "{}\n\n语气更友好，也更简洁。",
            "{}\n\n说明：修改了标点。",
            "{}\n用户：谢谢",
            "版本一：{}\n版本二：{}",
            "方案1：{}\n方案2：{}",
            "【润色结果】{}",
            "“{}”",
            "「{}」",
            "<回复>{}</回复>",
            "思考：先改标点。\n\n最终回复：{}",
            "{}锟斤拷",
            "主题：您的包裹\n\n{}",
            "{}{}",
        ],
    ),
];

#[tokio::test]
async fn what_is_no_part_of_a_reply_is_never_shown() {
    let desk = Desk::open().await;
    let mut shown_as_they_are = Vec::new();
    let mut mended = 0;
    for (draft, reply, forms) in CASES {
        let text = format!("= {draft}\n> {reply}\n");
        let entry = &read("junk", &text)[0];
        let seen = Seen::new(entry);
        let right = desk.judge(&seen, reply).await.expect("a faithful answer");
        assert_eq!(right.content, reply);
        for form in forms {
            match desk.judge(&seen, &form.replace("{}", reply)).await {
                Ok(shown) if shown.content == reply => mended += 1,
                Ok(shown) => shown_as_they_are.push(format!("{form:?}: {:?}", shown.content)),
                Err(_) => {}
            }
        }
    }
    assert!(shown_as_they_are.is_empty(), "{}", shown_as_they_are.join("\n"));
    assert!(mended >= 40, "{mended} are mended, the others refused");
}
