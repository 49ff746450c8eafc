//! What is masked, what is not, and that all of it comes back.

use proptest::prelude::*;

use super::*;

fn masking(text: &str) -> Masking {
    let mut next = 0_u64;
    Masking::new(&[text], move || {
        next += 1;
        next * 7919
    })
}

/// `found` in the order of the text, as `KIND:value`.
#[track_caller]
fn check(text: &str, found: &[&str]) {
    let detected: Vec<String> =
        detect(text).iter().map(|value| format!("{}:{}", value.kind.name(), value.span.slice(text))).collect();
    assert_eq!(detected, found, "{text:?}");
    let mut masking = masking(text);
    let masked = masking.mask(text, &[], &Patterns::default(), Scope::All);
    assert_eq!(masking.restore(&masked.text), text);
    for value in found {
        let value = value.split_once(':').unwrap().1;
        assert!(!masked.text.contains(value), "{}", masked.text);
    }
}

#[test]
fn addresses_and_variables() {
    check("See https://acme.com/a?b=1 now", &["URL:https://acme.com/a?b=1"]);
    check("Write to ana@acme.com.br.", &["EMAIL_ADDRESS:ana@acme.com.br"]);
    check("Hi {{name}}, I am @bob", &["PLACEHOLDER:{{name}}", "MENTION:@bob"]);
    check("请访问https://acme.cn/x查看", &["URL:https://acme.cn/x"]);
}

#[test]
fn telephone_numbers() {
    check("Call +55 (11) 98765-4321 today", &["PHONE_NUMBER:+55 (11) 98765-4321"]);
    check("Ligue (11) 3456-7890.", &["PHONE_NUMBER:(11) 3456-7890"]);
    check("Call 415-555-0132 now", &["PHONE_NUMBER:415-555-0132"]);
    check("Ligue 0800 123 4567", &["PHONE_NUMBER:0800 123 4567"]);
    check("请拨打13812345678或400-820-8820。", &["PHONE_NUMBER:13812345678", "PHONE_NUMBER:400-820-8820"]);
    check("ligue para 11987654321", &["PHONE_NUMBER:11987654321"]);
    check("ligue 3333-4444", &["PHONE_NUMBER:3333-4444"]);
    check("ligue 912 345 678 ou 213 456 789.", &["PHONE_NUMBER:912 345 678", "PHONE_NUMBER:213 456 789"]);
    check("tlm. 936123456, fixo 22 345 67 89", &["PHONE_NUMBER:936123456", "PHONE_NUMBER:22 345 67 89"]);
    check("linha 808 200 520 ou 300 500 512", &["PHONE_NUMBER:808 200 520", "PHONE_NUMBER:300 500 512"]);
    check("請致電 6123 4567 或 2345 6789。", &["PHONE_NUMBER:6123 4567", "PHONE_NUMBER:2345 6789"]);
    check("WhatsApp 9876 5432", &["PHONE_NUMBER:9876 5432"]);
    check("請撥0912-345-678或0912345678", &["PHONE_NUMBER:0912-345-678", "PHONE_NUMBER:0912345678"]);
    check("市話02-2345-6789，免付費0800-123-456", &["PHONE_NUMBER:02-2345-6789", "PHONE_NUMBER:0800-123-456"]);
    check("ligue 98765-2024", &["PHONE_NUMBER:98765-2024"]);
}

#[test]
fn protocols_are_one_code_each() {
    check("protocolo 2024.000318-7 aberto", &["CODE:2024.000318-7"]);
    check("protocolo 20241187-55, ok", &["CODE:20241187-55"]);
    check("processo 0001234-56.2024.8.26.0100", &["CODE:0001234-56.2024.8.26.0100"]);
    check("chamado 2024/000318 e 000318/2024", &["CODE:2024/000318", "CODE:000318/2024"]);
    check("chamado 2024-000318 e 000318-2024", &["CODE:2024-000318", "CODE:000318-2024"]);
    check("RG 12.345.678-9", &["CODE:12.345.678-9"]);
    check("案件编号2024.000318-7已受理", &["CODE:2024.000318-7"]);
    check("protocolo 20241187-55 12 3456-7890", &["CODE:20241187-55", "PHONE_NUMBER:12 3456-7890"]);
    check("case 20231187-5 on 2024-11-12", &["CODE:20231187-5"]);
}

#[test]
fn a_number_of_an_order_leaves_the_sentence_behind_it() {
    check("#40118今天出貨了", &[]);
    check("訂單#40118今天出貨了", &["CODE:40118"]);
    check("#A40118今天出货了", &["CODE:#A40118"]);
    check("请@小林 查看，#退款 已处理", &["MENTION:@小林", "MENTION:#退款"]);
    check("@小林我门今天出货了，谢谢", &[]);
}

/// What people write with digits and letters, a model must see; what only looks so, it must not.
#[test]
fn quantities_are_not_codes() {
    for text in
        ["50gb of data", "in 5-10mins", "the 16th", "40k a year", "55x40x20cm", "1h30", "call b4 noon", "v3.2.1"]
    {
        check(text, &[]);
    }
    check("RG 12.345.678-X", &["CODE:12.345.678-X"]);
    check("RUT 12.345.678-K", &["CODE:12.345.678-K"]);
    check("at 192.168.10.24 now", &["PHONE_NUMBER:192.168.10.24"]);
    check("part 9W123 is here", &["CODE:9W123"]);
}

#[test]
fn numbers_of_people_and_accounts() {
    check("Card 4111 1111 1111 1111 ok", &["CARD_NUMBER:4111 1111 1111 1111"]);
    check("card 5500-0000-0000-0004", &["CARD_NUMBER:5500-0000-0000-0004"]);
    check("IBAN GB82 WEST 1234 5698 7654 32 please", &["IBAN:GB82 WEST 1234 5698 7654 32"]);
    check("CPF 529.982.247-25", &["NATIONAL_ID:529.982.247-25"]);
    check("CPF 52998224725", &["NATIONAL_ID:52998224725"]);
    check("CNPJ 11.222.333/0001-81", &["NATIONAL_ID:11.222.333/0001-81"]);
    check("身份证11010519491231002X，谢谢", &["NATIONAL_ID:11010519491231002X"]);
    check("SSN 123-45-6789", &["NATIONAL_ID:123-45-6789"]);
}

#[test]
fn codes() {
    check("order AB12345 is here", &["CODE:AB12345"]);
    check("order number 40392 is here", &["CODE:40392"]);
    check("protocolo 20240512333", &["CODE:20240512333"]);
    check("订单号88213已发货", &["CODE:88213"]);
    check("单号：123456789", &["CODE:123456789"]);
}

#[test]
fn amounts_dates_and_counts_stay() {
    for text in [
        "It costs R$ 1.234.567,00 or $1,299.00",
        "on 2024-05-12 or 12/05/2024 or 12.05.2024",
        "from 2023-2024, 10:30-11:45",
        "共1000000元，约120000元",
        "1 234 567 people, 24/7, 3-5 days, 10 000 EUR",
        "1.234.567 itens",
        "In 2024 we had 15000 orders",
        "custa 912 345 678 € ou 213 456 789 元",
        "3500 4200 pieces, seasons 2023 2024, 100-120",
    ] {
        check(text, &[]);
    }
}

#[test]
fn equal_values_share_a_placeholder_and_turns_share_it_too() {
    let text = "a@b.com or a@b.com, not c@d.com";
    let mut masking = masking(text);
    let masked = masking.mask(text, &[], &Patterns::default(), Scope::All);
    assert_eq!(masked.counts, [(ValueKind::EmailAddress, 3)]);
    let ids: Vec<_> = masking
        .pieces(&masked.text)
        .filter_map(|piece| match piece {
            MaskedPiece::Value { id, .. } => Some(id),
            MaskedPiece::Text(_) => None,
        })
        .collect();
    assert_eq!(ids, [0, 0, 1]);
    let turn = masking.mask("c@d.com?", &[], &Patterns::default(), Scope::All);
    assert_eq!(turn.text, format!("[[EMAIL_ADDRESS_2_{}]]?", masking.nonce()));
}

#[test]
fn nothing_in_a_text_passes_for_a_placeholder() {
    let nonce = base36(7919);
    let text = format!("[[URL_1_{nonce}]] https://a.com");
    let mut masking = masking(&text);
    assert_ne!(masking.nonce(), nonce);
    let masked = masking.mask(&text, &[], &Patterns::default(), Scope::All);
    assert_eq!(masking.restore(&masked.text), text);
    assert_eq!(
        masking.restore(&format!("[[URL_9_{0}]] [[URL_0_{0}]] [[URL", masking.nonce())),
        format!("[[URL_9_{0}]] [[URL_0_{0}]] [[URL", masking.nonce())
    );
}

#[test]
fn a_bracket_before_a_value_is_no_part_of_its_placeholder() {
    for text in ["[https://a.b/", "[[https://a.b/]]", "[[[{{x}}]"] {
        let mut masking = masking(text);
        let masked = masking.mask(text, &[], &Patterns::default(), Scope::All);
        assert_eq!(masking.restore(&masked.text), text);
    }
}

#[test]
fn fixed_ranges_and_the_operators_patterns_win() {
    let text = "Plan Gold-Plus at https://acme.com/x for Ana";
    let patterns = Patterns::new(&["Gold-[A-Z][a-z]+"]).unwrap();
    let mut masking = masking(text);
    let fixed = [(Span::new(18, 40), ValueKind::Protected), (Span::new(30, 44), ValueKind::Protected)];
    let masked = masking.mask(text, &fixed, &patterns, Scope::Fixed);
    assert_eq!(masked.counts, [(ValueKind::Custom, 1), (ValueKind::Protected, 1)]);
    assert_eq!(masking.restore(&masked.text), text);
}

#[test]
fn bad_patterns_are_refused() {
    let problem = |source: &str| Patterns::new(&["a", source]).unwrap_err().to_string();
    assert_eq!(problem("("), "pattern 2: it is not a regular expression");
    assert_eq!(problem("a*"), "pattern 2: it matches the empty text");
    assert_eq!(problem(r"(\w{50}){90}"), "pattern 2: it takes more than 262144 bytes when compiled");
    assert_eq!(problem(&"a".repeat(1001)), "pattern 2: expected at most 1000 bytes, found 1001");
    assert_eq!(Patterns::new(&vec!["a"; 51]).unwrap_err().to_string(), "expected at most 50 patterns, found 51");
}

#[test]
fn the_beginning_of_a_placeholder_is_seen() {
    let text = "a@b.com";
    let mut masking = masking(text);
    let placeholder = masking.mask(text, &[], &Patterns::default(), Scope::All).text;
    for end in 1..placeholder.len() {
        assert_eq!(masking.unfinished(&format!("é {}", &placeholder[..end])), end);
    }
    assert_eq!(masking.unfinished(&placeholder), 0);
    // One that the model invents is waited for as well.
    for (text, held) in [("[[x", 3), ("a [[FOO_1_", 8), ("[[x ", 0), ("[[é", 0), ("[x", 0), ("[[ok]]", 0)] {
        assert_eq!(masking.unfinished(text), held, "{text}");
    }
    assert_eq!(masking.unfinished(""), 0);
}

proptest! {
    #[test]
    fn whatever_is_masked_comes_back(text in r"(\PC|[0-9 .()+-]{1,12}|\[\[|\]\]|https://a\.b/|\{\{x\}\}){0,20}") {
        let mut masking = masking(&text);
        let masked = masking.mask(&text, &[], &Patterns::default(), Scope::All);
        prop_assert_eq!(masking.restore(&masked.text), text);
    }
}

#[test]
fn kinds_have_the_names_of_the_api() {
    let expected = [
        "URL",
        "EMAIL_ADDRESS",
        "PHONE_NUMBER",
        "CARD_NUMBER",
        "IBAN",
        "NATIONAL_ID",
        "CODE",
        "MENTION",
        "PLACEHOLDER",
        "CUSTOM",
        "PROTECTED",
        "MARKUP",
    ];
    let names: Vec<&str> = ValueKind::VARIANTS.iter().map(|one| one.name()).collect();
    assert_eq!(names, expected);
}
