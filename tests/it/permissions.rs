//! Who may what: the whole table, tried; and the documentation that is printed from it.

use std::{collections::BTreeSet, env, fs};

use prost_reflect::DescriptorPool;
use vermilion::{
    auth::{
        AccessTarget, Caller, Denied, Method, Resource, Role, RoleSet, UpdateField, authorize, authorize_change,
        permissions::{Reach, markdown, may_call},
    },
    settings::{AgentId, TenantId},
    transport::proto,
};

const ROLES: [Role; 4] = [Role::Agent, Role::TenantAdmin, Role::Operator, Role::Service];

fn tenant(id: &str) -> TenantId {
    TenantId::new(id).unwrap()
}

fn agent(id: &str) -> AgentId {
    AgentId::new(id).unwrap()
}

/// Of tenant `acme`, there `ana`.
fn caller(roles: &[Role]) -> Caller {
    Caller {
        subject: "test".to_owned(),
        tenant: Some(tenant("acme")),
        agent: Some(agent("ana")),
        roles: roles.iter().fold(RoleSet::EMPTY, |all, role| all.with(*role)),
    }
}

#[test]
fn the_documentation_is_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/permissions.md");
    if env::var_os("VERMILION_BLESS").is_some() {
        fs::write(path, markdown()).unwrap();
    }
    let page = fs::read_to_string(path).unwrap();
    assert_eq!(page, markdown(), "run: VERMILION_BLESS=1 cargo test --test it permissions::");
}

#[test]
fn the_table_has_every_method_of_the_api_and_no_other() {
    let pool = DescriptorPool::decode(proto::DESCRIPTORS).unwrap();
    let served: BTreeSet<String> = pool
        .services()
        .flat_map(|service| {
            let name = service.full_name().to_owned();
            service.methods().map(move |method| format!("/{name}/{}", method.name())).collect::<Vec<_>>()
        })
        .collect();
    let judged: BTreeSet<String> = Method::all().map(|method| method.path().to_owned()).collect();
    assert_eq!(served, judged);
}

#[test]
fn the_table_has_every_field_that_is_not_output_only() {
    let pool = DescriptorPool::decode(proto::DESCRIPTORS).unwrap();
    let output_only = ["name", "etag", "create_time", "update_time", "intelligent_agent_count"];
    for (resource, message) in [(Resource::Tenant, "vermilion.v1.Tenant"), (Resource::Agent, "vermilion.v1.Agent")] {
        for field in pool.get_message_by_name(message).unwrap().fields() {
            let owned = UpdateField::at(resource, field.name()).is_some();
            assert_eq!(owned, !output_only.contains(&field.name()), "{message}.{}", field.name());
        }
    }
}

/// What the issue says, independent of the table: who may call what at all.
#[test]
fn the_table_says_what_was_asked_for() {
    use Reach::{Everything, No, OwnAgent, OwnTenant};
    let spelling = [OwnAgent, OwnTenant, Everything, OwnTenant];
    let agents_only = [OwnAgent, No, No, No];
    let operators_only = [No, No, Everything, No];
    let administered = [No, OwnTenant, Everything, No];
    let words = [OwnAgent, OwnTenant, No, No];
    for (method, expected) in [
        (Method::CheckSpelling, spelling),
        (Method::GetSuggestions, spelling),
        (Method::RecordSpellingFeedback, agents_only),
        (Method::GetCaller, spelling),
        (Method::GetPolishingAvailability, agents_only),
        (Method::PolishReply, agents_only),
        (Method::StreamPolishReply, agents_only),
        (Method::RecordPolishFeedback, agents_only),
        (Method::GetTenant, [OwnTenant, OwnTenant, Everything, No]),
        (Method::ListTenants, operators_only),
        (Method::CreateTenant, operators_only),
        (Method::UpdateTenant, administered),
        (Method::DeleteTenant, operators_only),
        (Method::GetAgent, [OwnAgent, OwnTenant, Everything, No]),
        (Method::ListAgents, administered),
        (Method::CreateAgent, operators_only),
        (Method::UpdateAgent, administered),
        (Method::DeleteAgent, operators_only),
        (Method::ListDictionaryWords, [OwnAgent, OwnTenant, Everything, No]),
        (Method::CreateDictionaryWord, words),
        (Method::BatchCreateDictionaryWords, words),
        (Method::DeleteDictionaryWord, words),
        (Method::ListDictionaryCandidates, administered),
        (Method::AcceptDictionaryCandidate, [No, OwnTenant, No, No]),
        (Method::DismissDictionaryCandidate, [No, OwnTenant, No, No]),
        (Method::ListAuditEntries, administered),
    ] {
        assert_eq!(ROLES.map(|role| method.reach(role)), expected, "{method:?}");
    }
}

/// Every method x every role x the own agent, a colleague, the own tenant, an agent of another tenant, another tenant.
#[test]
fn every_method_by_every_role_on_own_and_other() {
    let (acme, other, ana, bob) = (tenant("acme"), tenant("other"), agent("ana"), agent("bob"));
    let targets = [
        AccessTarget::Agent(&acme, &ana),
        AccessTarget::Agent(&acme, &bob),
        AccessTarget::Tenant(&acme),
        AccessTarget::Agent(&other, &ana),
        AccessTarget::Tenant(&other),
        AccessTarget::AllTenants,
    ];
    let (yes, no, hidden) = (Ok(()), Err(Denied::Forbidden), Err(Denied::Hidden));
    for method in Method::all() {
        for role in ROLES {
            let expected = match method.reach(role) {
                Reach::No => [no, no, no, no, no, no],
                Reach::OwnAgent => [yes, no, no, hidden, hidden, no],
                Reach::OwnTenant => [yes, yes, yes, hidden, hidden, no],
                Reach::Everything => [yes; 6],
            };
            let found = targets.map(|target| authorize(&caller(&[role]), method, target));
            assert_eq!(found, expected, "{method:?} by {role:?}");
            assert_eq!(may_call(&caller(&[role]), method), method.reach(role) != Reach::No);
        }
        for target in targets.into_iter().chain([AccessTarget::Caller]) {
            let open = method.is_anonymous() && target == AccessTarget::Caller;
            let expected = if open { Ok(()) } else { Err(Denied::Unauthenticated) };
            assert_eq!(authorize(&Caller::default(), method, target), expected, "{method:?} on {target:?}");
        }
    }
}

#[test]
fn an_identity_without_ids_reaches_nobody() {
    let (acme, ana) = (tenant("acme"), agent("ana"));
    for role in [Role::Agent, Role::TenantAdmin, Role::Service] {
        let nobody = Caller { tenant: None, agent: None, ..caller(&[role]) };
        for method in Method::all() {
            for target in [AccessTarget::Caller, AccessTarget::Tenant(&acme), AccessTarget::Agent(&acme, &ana)] {
                assert!(authorize(&nobody, method, target).is_err(), "{role:?} {method:?} {target:?}");
            }
        }
    }
    let tenant_only = Caller { agent: None, ..caller(&[Role::Agent]) };
    assert!(authorize(&tenant_only, Method::PolishReply, AccessTarget::Caller).is_err());
}

#[test]
fn fields_are_changed_by_their_owners_only() {
    let (acme, other, ana) = (tenant("acme"), tenant("other"), agent("ana"));
    for field in UpdateField::all() {
        let on = |tenant| match field.resource() {
            Resource::Tenant => AccessTarget::Tenant(tenant),
            Resource::Agent => AccessTarget::Agent(tenant, &ana),
        };
        let (admin, operator) = (caller(&[Role::TenantAdmin]), caller(&[Role::Operator]));
        let administered = field.owner() == Role::TenantAdmin;
        assert_eq!(authorize_change(&admin, field, on(&acme)).is_ok(), administered, "{field:?}");
        assert_eq!(authorize_change(&admin, field, on(&other)), Err(Denied::Hidden), "{field:?}");
        for tenant in [&acme, &other] {
            assert_eq!(authorize_change(&operator, field, on(tenant)).is_ok(), !administered, "{field:?}");
        }
        // Being both does not carry the administrator's rights into other tenants.
        let both = caller(&[Role::TenantAdmin, Role::Operator]);
        assert_eq!(authorize_change(&both, field, on(&acme)), Ok(()), "{field:?}");
        assert_eq!(authorize_change(&both, field, on(&other)).is_ok(), !administered, "{field:?}");
        for role in [Role::Agent, Role::Service] {
            assert_eq!(authorize_change(&caller(&[role]), field, on(&acme)), Err(Denied::Forbidden), "{field:?}");
        }
    }
}
