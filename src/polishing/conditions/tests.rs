//! Every combination of the four conditions, and every way in which a record can be missing or another's.

use std::{sync::Arc, time::SystemTime};

use super::*;
use crate::settings::{AgentFields, TenantFields};

fn tenant() -> Tenant {
    Tenant {
        id: TenantId::new("acme").unwrap(),
        etag: String::new(),
        fields: TenantFields {
            refine_response_enabled: true,
            administrator_agent: Some(AgentId::new("boss").unwrap()),
            intelligent_agent_limit: 1,
            ..TenantFields::default()
        },
        intelligent_agent_count: 1,
        created: SystemTime::UNIX_EPOCH,
        updated: SystemTime::UNIX_EPOCH,
    }
}

fn agent(id: &str, kind: AgentType) -> Agent {
    Agent {
        tenant: TenantId::new("acme").unwrap(),
        id: AgentId::new(id).unwrap(),
        etag: String::new(),
        fields: AgentFields { kind, intelligent_recognition: true, reply_polishing: true },
        created: SystemTime::UNIX_EPOCH,
        updated: SystemTime::UNIX_EPOCH,
    }
}

/// A view in which all four conditions hold.
fn eligible() -> PolishingSettings {
    PolishingSettings {
        tenant: Some(Arc::new(tenant())),
        administrator_agent: Some(Arc::new(agent("boss", AgentType::Versatile))),
        caller: Some(Arc::new(agent("ana", AgentType::Multimedia))),
    }
}

fn change<T: Clone>(record: &mut Option<Arc<T>>, change: impl FnOnce(&mut T)) {
    change(Arc::make_mut(record.as_mut().unwrap()));
}

/// Checks which conditions are unmet, and that there is a permit exactly when none is.
#[track_caller]
fn check(view: &PolishingSettings, expected: [Option<Unmet>; 4]) {
    let evaluation = evaluate(view);
    let unmet: Vec<_> = evaluation.conditions().map(|(_, unmet)| unmet).collect();
    assert_eq!(unmet, expected);
    assert_eq!(evaluation.is_available(), expected == [None; 4]);
    match evaluation.permit() {
        Ok(permit) => {
            assert_eq!(expected, [None; 4]);
            assert_eq!((permit.tenant().as_str(), permit.agent().as_str()), ("acme", "ana"));
            assert_eq!(permit.limits(), PolishLimits { conversation: 10, agent_daily: 500, tenant_daily: 20_000 });
        }
        Err(told) => assert_eq!(told.len(), expected.iter().flatten().count()),
    }
}

#[test]
fn all_sixteen_combinations() {
    for bits in 0..16_u8 {
        let holds = |bit: u8| bits & 1 << bit != 0;
        let mut view = eligible();
        change(&mut view.tenant, |tenant| tenant.fields.refine_response_enabled = holds(0));
        change(&mut view.administrator_agent, |agent| {
            agent.fields.kind = if holds(1) { AgentType::Versatile } else { AgentType::Multimedia };
        });
        change(&mut view.caller, |agent| {
            agent.fields.intelligent_recognition = holds(2);
            agent.fields.reply_polishing = holds(3);
        });
        let unless = |bit: u8, unmet| (!holds(bit)).then_some(unmet);
        check(
            &view,
            [
                unless(0, Unmet::RefineResponseDisabled),
                unless(1, Unmet::AdministratorAgentNotVersatile),
                unless(2, Unmet::IntelligentRecognitionOff),
                unless(3, Unmet::ReplyPolishingOff),
            ],
        );
    }
}

#[test]
fn only_a_versatile_administrator_agent_will_do() {
    for kind in [AgentType::Audio, AgentType::Video, AgentType::Multimedia] {
        let mut view = eligible();
        change(&mut view.administrator_agent, |agent| agent.fields.kind = kind);
        check(&view, [None, Some(Unmet::AdministratorAgentNotVersatile), None, None]);
    }
}

#[test]
fn the_callers_own_type_is_no_condition() {
    for kind in [AgentType::Audio, AgentType::Video, AgentType::Multimedia, AgentType::Versatile] {
        let mut view = eligible();
        change(&mut view.caller, |agent| agent.fields.kind = kind);
        check(&view, [None; 4]);
    }
}

#[test]
fn a_missing_tenant_leaves_nothing_met() {
    let missing = [
        Some(Unmet::TenantNotFound),
        Some(Unmet::TenantNotFound),
        Some(Unmet::AgentNotFound),
        Some(Unmet::AgentNotFound),
    ];
    check(&PolishingSettings::default(), missing);
    // Agents without their tenant are nobody's.
    check(&PolishingSettings { tenant: None, ..eligible() }, missing);
}

#[test]
fn a_missing_unset_or_foreign_administrator_agent() {
    let mut view = eligible();
    change(&mut view.tenant, |tenant| tenant.fields.administrator_agent = None);
    check(&view, [None, Some(Unmet::AdministratorAgentUnset), None, None]);

    let not_found = [None, Some(Unmet::AdministratorAgentNotFound), None, None];
    check(&PolishingSettings { administrator_agent: None, ..eligible() }, not_found);
    let mut view = eligible();
    change(&mut view.administrator_agent, |agent| agent.tenant = TenantId::new("other").unwrap());
    check(&view, not_found);
    // A versatile agent, but not the one that is bound.
    let mut view = eligible();
    change(&mut view.administrator_agent, |agent| agent.id = AgentId::new("someone").unwrap());
    check(&view, not_found);
}

#[test]
fn a_caller_without_a_record_or_of_another_tenant() {
    let not_found = [None, None, Some(Unmet::AgentNotFound), Some(Unmet::AgentNotFound)];
    check(&PolishingSettings { caller: None, ..eligible() }, not_found);
    let mut view = eligible();
    change(&mut view.caller, |agent| agent.tenant = TenantId::new("other").unwrap());
    check(&view, not_found);
}

#[test]
fn conditions_have_the_names_of_the_api() {
    let expected = ["REFINE_RESPONSE", "VERSATILE_AGENT", "INTELLIGENT_RECOGNITION", "REPLY_POLISHING"];
    let names: Vec<&str> = Condition::VARIANTS.iter().map(|one| one.name()).collect();
    assert_eq!(names, expected);
}

#[test]
fn codes_are_those_of_the_api() {
    let expected = [
        "TENANT_NOT_FOUND",
        "REFINE_RESPONSE_DISABLED",
        "ADMINISTRATOR_AGENT_UNSET",
        "ADMINISTRATOR_AGENT_NOT_FOUND",
        "ADMINISTRATOR_AGENT_NOT_VERSATILE",
        "AGENT_NOT_FOUND",
        "INTELLIGENT_RECOGNITION_OFF",
        "REPLY_POLISHING_OFF",
    ];
    let names: Vec<&str> = Unmet::VARIANTS.iter().map(|one| one.code()).collect();
    assert_eq!(names, expected);
    let proto = include_str!("../../../proto/vermilion/v1/polishing.proto");
    for name in names {
        assert!(proto.contains(name), "{name} is not in the proto");
    }
}
