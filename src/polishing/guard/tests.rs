//! The guard as a whole, on pairs of draft and answer, by the kinds of mistakes that it once made.

use super::{GuardCase, GuardCode, GuardFinding, judge, verify};
use crate::polishing::{
    privacy::{Masking, Patterns, Scope},
    prompt::Operation,
};

/// A draft and an answer, masked.
struct Masked {
    masking: Masking,
    draft: String,
    reply: String,
}

impl Masked {
    fn new(draft: &str, reply: &str) -> Self {
        let mut masking = Masking::new(&[draft, reply], || 48_271);
        let draft = masking.mask(draft, &[], &Patterns::default(), Scope::All).text;
        let reply = masking.mask(reply, &[], &Patterns::default(), Scope::All).text;
        Self { masking, draft, reply }
    }

    fn judge(&self) -> Vec<GuardFinding> {
        let (draft, reply, masking) = (&self.draft, &self.reply, &self.masking);
        judge(&GuardCase { draft, reply, masking, operation: Operation::Improve, limit: None })
    }
}

/// Pairs that no rule refuses.
#[track_caller]
fn faithful(pairs: &[(&str, &str)]) {
    for (draft, reply) in pairs {
        let refused: Vec<_> = Masked::new(draft, reply).judge().into_iter().filter(GuardFinding::refuses).collect();
        assert!(refused.is_empty(), "{draft} / {reply}: {refused:?}");
    }
}

/// Pairs that a rule refuses.
#[track_caller]
fn refused(code: GuardCode, pairs: &[(&str, &str)]) {
    for (draft, reply) in pairs {
        let found = Masked::new(draft, reply).judge();
        assert!(found.iter().any(|finding| finding.code == code), "{draft} / {reply}: {found:?}");
    }
}

/// Pairs with what a rule points at in the draft and in the answer.
#[track_caller]
fn points(code: GuardCode, pairs: &[(&str, &str, &str, &str)]) {
    for (draft, reply, in_draft, in_reply) in pairs {
        let masked = Masked::new(draft, reply);
        let found = masked.judge();
        let finding = found.iter().find(|finding| finding.code == code);
        let places = finding.map(|finding| {
            let slice = |spans: &[vermilion_engine::text::Span], text: &str| -> String {
                spans.iter().map(|span| span.slice(text).to_owned()).collect::<Vec<_>>().join("|")
            };
            (slice(&finding.draft, &masked.draft), slice(&finding.reply, &masked.reply))
        });
        assert_eq!(places, Some(((*in_draft).to_owned(), (*in_reply).to_owned())), "{draft} / {reply}: {found:?}");
    }
}

#[test]
fn all_words_can_be_read_and_all_patterns_compile() {
    assert_eq!(verify(), Ok(()));
}

#[test]
fn a_draft_without_a_full_stop_may_have_an_answer_without_one() {
    faithful(&[
        (
            "hi, ur order shipped today, let me know if u need anything",
            "Hi, your order has shipped today. Let me know if you need anything else",
        ),
        ("pls restart the router and wait 5 min", "Please restart the router. Then wait 5 minutes please"),
        ("oi, seu pedido saiu hoje, qq coisa me chama", "Oi! Seu pedido saiu hoje. Qualquer coisa, me chame por aqui"),
        ("vou verificar c o estoque e ja te falo", "Vou verificar com o estoque e já te aviso"),
        ("您的快递明天到，有问题联系我", "您的快递明天送到。有问题随时联系我"),
        ("已经帮您登记了 师傅明天上门", "已经为您登记好了，师傅明天会上门"),
        ("the new card comes in 5 days", "Your new card will come in 5 days\n\nBest regards,\nAna"),
        ("the new card comes in 5 days.", "Your new card will come in 5 days.\n\nKind regards"),
        ("u can pick it up at the desk", "You can pick it up at the desk 😊"),
        ("can u send the photo again", "Could you send the photo again, please"),
        ("O prazo é de 3 dias.\nAtenciosamente,\nRui", "O prazo é de 3 dias.\n\nAtenciosamente,\nRui"),
    ]);
    refused(
        GuardCode::Cut,
        &[
            ("We will send the part. Please keep the old one.", "We will send the part. Please keep the"),
            ("We will send the part. Please keep the old one.", "We will send the part. Please keep the old"),
            ("restart the router and then open the settings", "Please restart the router and then open the sett"),
            ("O pedido saiu hoje. Guarde a nota fiscal.", "O pedido saiu hoje. Guarde a nota"),
            ("您的快递明天送到。请保留好发票原件。", "您的快递明天送到。请保留好"),
        ],
    );
}

#[test]
fn a_chat_is_in_its_language() {
    faithful(&[
        ("to verificando, so um minutinho", "Estou verificando, só um minutinho."),
        ("to verificando aqui, so um minutinho ta", "Tô verificando aqui, só um minutinho, tá?"),
        ("so um momento, to no sistema", "Só um momento, estou no sistema."),
        ("n consigo ver isso daqui", "Não consigo ver isso daqui."),
        ("n da p trocar, so devolver msm", "Não dá para trocar, só devolver mesmo."),
        ("blz, to aguardando", "Tudo bem, estou aguardando."),
        ("ja to resolvendo, me da 5 min", "Já estou resolvendo, me dê 5 min."),
        ("as 3 no site, so ir la", "Às 3 no site, é só ir lá."),
        ("do app vc consegue", "Pelo app você consegue."),
        ("no momento so no pix", "No momento, só no Pix."),
    ]);
    refused(
        GuardCode::LanguageChanged,
        &[
            ("to verificando, so um minutinho", "I am checking this, just a moment please."),
            ("pls wait a moment", "Por favor, aguarde um momento enquanto verifico."),
        ],
    );
}

#[test]
fn words_are_read_in_their_language_and_sense() {
    let quiet = |pairs: &[(&str, &str)]| {
        for (draft, reply) in pairs {
            assert_eq!(Masked::new(draft, reply).judge(), [], "{draft} / {reply}");
        }
    };
    quiet(&[
        ("no app vc acha a fatura", "No app, você acha a fatura."),
        ("na loja da rua, no centro", "Na loja da rua, no centro."),
        ("尚未到货，请耐心等待", "货还没有到，请您耐心等待。"),
        ("另有一份合同要签", "还有一份合同需要签。"),
        ("请尽快确认，不然订单会取消", "请尽快确认，否则订单会取消。"),
        ("so we can ship it on monday", "Therefore, we can ship it on Monday."),
        ("its still on the way", "It is still on its way."),
        ("n tem em estoque", "Não há em estoque."),
        ("u cant miss it, no 14 on the left", "You can't miss it: number 14 on the left."),
        ("no problem at all", "You're very welcome!"),
    ]);
}

#[test]
fn marks_of_full_width_and_blocks_end_clauses() {
    points(
        GuardCode::NegationChanged,
        &[("地址不能改；电话可以换", "地址可以改；电话可以换。", "地址不能改", "地址可以改")],
    );
}

#[test]
fn what_stands_with_a_value_belongs_to_it() {
    refused(
        GuardCode::BoundChanged,
        &[
            ("u can return it within 30 days", "You can return it after 30 days."),
            ("it takes at least 5 days", "It takes at most 5 days."),
            ("max 3 bags pp", "A minimum of 3 bags per person."),
            ("its 25 per night", "It is 25 per stay."),
            ("the fee is 25 a month", "The fee is 25 a year."),
            ("240 incl VAT", "The price is 240, excluding VAT."),
            ("pague antes do dia 15", "Pague depois do dia 15."),
            ("no mínimo 20 unidades", "No máximo 20 unidades."),
            ("25 por noite", "25 por estadia."),
            ("fica em 240 com iva", "Fica em 240, mais IVA."),
            ("30天内可以申诉", "30天后可以申诉。"),
            ("至少3天", "最多3天。"),
            ("500元以上免运费", "500元以下免运费。"),
        ],
    );
    faithful(&[
        ("u can return it within 30 days", "You can return it up to 30 days after delivery."),
        ("u hv 30 days from delivery", "You have up to 30 days from delivery."),
        ("it takes max 5 days", "It takes no more than 5 days."),
        ("its 25 a night", "It is 25 per night."),
        ("demora 3 dias no máximo", "Não demora mais de 3 dias."),
        ("paga até dia 15", "Pague antes do dia 15."),
        ("最晚3天", "3天内。"),
    ]);
}

#[test]
fn neighbouring_values_keep_their_places() {
    refused(
        GuardCode::ValuesSwapped,
        &[
            ("pode ser 23/10 às 11h ou 25/10 às 16h40", "Pode ser 25/10 às 11h ou 23/10 às 16h40."),
            ("mon 9am or weds 2pm", "Monday at 2 pm or Wednesday at 9 am."),
            (
                "extra kilo 12 eur at the airport or 8 eur online",
                "An extra kilo is 8 EUR at the airport or 12 EUR online.",
            ),
            ("定金30元，押金100元", "定金100元，押金30元"),
        ],
    );
    faithful(&[
        ("pode ser 23/10 às 11h ou 25/10 às 16h40", "Pode ser 25/10 às 16h40 ou 23/10 às 11h."),
        ("mon 9am or weds 2pm", "On Wednesday at 2 pm or on Monday at 9 am."),
        ("猫60元一天，小型犬80元一天", "小型犬80元一天，猫咪60元一天"),
    ]);
}

#[test]
fn names_are_whole_words_in_every_script() {
    for (draft, reply) in [
        ("u can ask Whitcombe at the desk", "You can ask Whitcomb at the desk."),
        ("go to gate C with Paula", "Please go to gate C with Paulo."),
        ("fale com a Marina no balcao", "Fale com a Mariana no balcão."),
        ("请联系王敏", "请您联系张强。"),
        ("王敏女士会给您打电话", "张强先生会给您打电话。"),
        ("我们公司的孙伟会在", "我们公司的孙强会在场。"),
        ("到磨坊路门店取", "请到石桥路门店取。"),
        ("从上海发货", "从北京发货。"),
    ] {
        // What the draft writes in small letters is no name there.
        let found = Masked::new(draft, reply).judge();
        assert!(found.iter().any(|finding| finding.code == GuardCode::NameChanged), "{draft} / {reply}: {found:?}");
    }
}

#[test]
fn secrets_are_asked_for_only_where_the_draft_asks() {
    refused(
        GuardCode::SecretAsked,
        &[
            (
                "pls confirm ur address so we can ship",
                "Please confirm your address and your password so that we can ship.",
            ),
            ("we will never ask for ur PIN", "We will only ask for your PIN."),
            ("can u send the last 4 digits of the card?", "Could you send the full card number and the CVV?"),
            ("me passa o pedido", "Me passe o pedido e a senha, por favor."),
            ("só os 4 últimos dígitos do cartão", "Envie o número do cartão e o código de segurança."),
            ("麻烦发一下订单截图", "麻烦您发一下订单截图和验证码。"),
        ],
    );
    faithful(&[
        ("enter ur PIN in the app, we never ask for it", "Please enter your PIN in the app; we never ask for it."),
        ("dont share ur password", "Please don't share your password with anyone."),
        ("u can reset the password in settings", "You can reset your password in Settings."),
        ("PIN码输错3次会锁卡", "PIN码输入错误3次会锁卡。"),
    ]);
}

#[test]
fn a_finding_points_at_its_fact() {
    points(GuardCode::AmountChanged, &[("we paid $49.90, thx", "We have paid $94.90. Thank you!", "$49.90", "$94.90")]);
    points(GuardCode::DateChanged, &[("it ships on 12 March", "It ships on 13 March.", "12 March", "13 March")]);
    points(GuardCode::AmountChanged, &[("共计三千五百元整", "共计3600元整", "三千五百元", "3600元")]);
    points(
        GuardCode::FaultAdmitted,
        &[("sorry abt the delay w/ ur order", "We are sorry about our mistake with your order.", "", "our mistake")],
    );
}
