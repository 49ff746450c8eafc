//! A NUL in any text of any request: what reaches a database must not fail there, as PostgreSQL has no such character and would refuse
//! the same call for ever. The fields are those of the descriptors, so a new one is tried as well.

use prost::bytes::{Buf as _, BufMut as _};
use prost_reflect::{
    DescriptorPool, DynamicMessage, Kind, MethodDescriptor, ReflectMessage as _, Value, prost::Message as _,
};
use tonic::{
    Code, Request, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    transport::Channel,
};
use vermilion::{settings::TenantFields, transport::proto};

use super::{
    programs::{ServiceProcess, SharedStore},
    scripted::{Reply, Scripted},
};
use crate::support::engines::{StorageEngine, on_each_engine};

/// A right request of each method, and who makes it.
const REQUESTS: &[(&str, &str, &str)] = &[
    ("CheckSpelling", "agent", r#"{"document": {"content": "A beeen."}, "languageCode": "en"}"#),
    ("GetSuggestions", "agent", r#"{"word": "beeen", "languageCode": "en"}"#),
    ("GetCaller", "agent", "{}"),
    (
        "RecordSpellingFeedback",
        "agent",
        r#"{"feedbacks": [{"action": 2, "kind": 1, "languageCode": "en", "word": "Wort"}]}"#,
    ),
    ("GetPolishingAvailability", "agent", r#"{"conversationId": "c"}"#),
    ("PolishReply", "agent", r#"{"document": {"content": "hi, pls look"}, "conversationId": "c", "requestId": "r"}"#),
    ("StreamPolishReply", "agent", r#"{"document": {"content": "hi, pls look"}, "conversationId": "d"}"#),
    ("RecordPolishFeedback", "agent", r#"{"polishId": "p", "feedback": 1}"#),
    ("GetTenant", "operator", r#"{"name": "tenants/acme"}"#),
    ("ListTenants", "operator", "{}"),
    ("CreateTenant", "operator", r#"{"tenantId": "made", "tenant": {}}"#),
    (
        "UpdateTenant",
        "operator,tenant_admin",
        r#"{"tenant": {"name": "tenants/acme"}, "updateMask": "languageCode,administratorAgent,polishingGuidance"}"#,
    ),
    ("GetAgent", "operator", r#"{"name": "tenants/acme/agents/ana"}"#),
    ("ListAgents", "operator", r#"{"parent": "tenants/acme"}"#),
    ("CreateAgent", "operator", r#"{"parent": "tenants/acme", "agentId": "made", "agent": {"type": 1}}"#),
    (
        "UpdateAgent",
        "tenant_admin",
        r#"{"agent": {"name": "tenants/acme/agents/ana"}, "updateMask": "replyPolishing"}"#,
    ),
    ("ListDictionaryWords", "tenant_admin", r#"{"parent": "tenants/acme"}"#),
    ("CreateDictionaryWord", "tenant_admin", r#"{"parent": "tenants/acme", "dictionaryWord": {"text": "Wort"}}"#),
    ("BatchCreateDictionaryWords", "tenant_admin", r#"{"parent": "tenants/acme", "texts": ["Wort"]}"#),
    ("DeleteDictionaryWord", "tenant_admin", r#"{"name": "tenants/acme/dictionaryWords/1"}"#),
    ("ListDictionaryCandidates", "tenant_admin", r#"{"parent": "tenants/acme"}"#),
    ("AcceptDictionaryCandidate", "tenant_admin", r#"{"name": "tenants/acme/dictionaryCandidates/1"}"#),
    ("DismissDictionaryCandidate", "tenant_admin", r#"{"name": "tenants/acme/dictionaryCandidates/1"}"#),
    ("ListAuditEntries", "tenant_admin", r#"{"parent": "tenants/acme"}"#),
    ("DeleteAgent", "operator", r#"{"name": "tenants/acme/agents/gone"}"#),
    ("DeleteTenant", "operator", r#"{"name": "tenants/gone"}"#),
];

/// Texts that may hold anything, and fields that are compared or not read at all.
const FREE: &[&str] = &[
    "document.content",
    "turns.text",
    "word",
    "etag",
    "tenant.etag",
    "agent.etag",
    "dictionary_word.name",
    // The name of what is to be created is its id.
    "CreateTenant tenant.name",
    "CreateAgent agent.name",
];

/// The message with a NUL in one of its texts, for each of them.
fn with_nul(message: &DynamicMessage) -> Vec<(String, DynamicMessage)> {
    let mut variants = Vec::new();
    for field in message.descriptor().fields() {
        let mut set = |path: String, value: Value| {
            let mut variant = message.clone();
            let value = if field.is_list() { Value::List(vec![value]) } else { value };
            variant.set_field(&field, value);
            variants.push((path, variant));
        };
        match field.kind() {
            Kind::String => set(field.name().to_owned(), Value::String("a\0b".to_owned())),
            Kind::Message(inner) => {
                let inner = match message.get_field(&field).as_message() {
                    Some(inner) if !field.is_list() => inner.clone(),
                    _ => DynamicMessage::new(inner),
                };
                for (path, variant) in with_nul(&inner) {
                    set(format!("{}.{path}", field.name()), Value::Message(variant));
                }
            }
            _ => {}
        }
    }
    variants
}

/// Messages as their bytes.
#[derive(Clone, Copy, Default)]
struct Bytes;

impl Codec for Bytes {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining()).to_vec()))
    }
}

/// How the call ends; one answer is a stream of one.
async fn call(channel: Channel, method: &MethodDescriptor, role: &str, message: &DynamicMessage) -> Code {
    let mut request = Request::new(message.encode_to_vec());
    for (header, value) in [("x-tenant-id", "acme"), ("x-agent-id", "ana"), ("x-roles", role)] {
        request.metadata_mut().insert(header, value.parse().unwrap());
    }
    let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
    let mut client = Grpc::new(channel);
    client.ready().await.unwrap();
    let mut answers = match client.server_streaming(request, path.parse().unwrap(), Bytes).await {
        Ok(answers) => answers.into_inner(),
        Err(status) => return status.code(),
    };
    loop {
        match answers.message().await {
            Ok(Some(_)) => {}
            Ok(None) => return Code::Ok,
            Err(status) => return status.code(),
        }
    }
}

on_each_engine!(a_nul_in_any_text_is_refused_or_harmless);
async fn a_nul_in_any_text_is_refused_or_harmless(engine: StorageEngine) {
    let shared = SharedStore::open(engine).await;
    shared.seed(&[("acme", TenantFields::default())]).await;
    let model = Scripted::start(&[Reply::silence()]).await;
    let program = ServiceProcess::start(&shared, &model, &[]).await;
    let pool = DescriptorPool::decode(proto::DESCRIPTORS).unwrap();
    let methods: Vec<_> = pool.services().flat_map(|service| service.methods().collect::<Vec<_>>()).collect();
    let mut tried = 0;
    for method in &methods {
        let (name, role, json) = REQUESTS
            .iter()
            .find(|(name, ..)| *name == method.name())
            .unwrap_or_else(|| panic!("{} has no request here", method.name()));
        let mut json = serde_json::Deserializer::from_str(json);
        let right = DynamicMessage::deserialize(method.input(), &mut json).unwrap();
        let answer = "Hello, please look.";
        model.will(&if *name == "StreamPolishReply" { Reply::stream(&[answer]) } else { Reply::text(answer) });
        for (path, message) in with_nul(&right) {
            let code = call(program.channel(), method, role, &message).await;
            let full = format!("{name} {path}");
            if FREE.contains(&path.as_str()) || FREE.contains(&full.as_str()) {
                let harmless = [Code::Ok, Code::InvalidArgument, Code::Aborted, Code::NotFound, Code::AlreadyExists];
                assert!(harmless.contains(&code), "{full}: {code:?}");
            } else {
                assert_eq!(code, Code::InvalidArgument, "{full}");
            }
            tried += 1;
        }
    }
    assert!(tried >= 50, "{tried}");
}
