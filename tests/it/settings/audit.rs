//! The audit log tells every change, and nothing that has not happened.

use std::sync::Arc;

use vermilion::settings::{
    Owner, Page,
    audit::Action,
    store::{AgentChange, TenantChange},
};

use super::{
    engines::Fresh,
    support::{agent, by, fill, own, tenant, turned},
};

#[tokio::test]
async fn every_change_of_a_field_is_a_line() {
    for Fresh { store, engine, .. } in &Fresh::all().await {
        let acme = tenant("acme");
        fill(store.as_ref(), "acme", 1, &["ana"]).await;
        let change = TenantChange {
            refine_response_enabled: Some(true),
            administrator_agent: Some(Some(agent("ana"))),
            language_code: Some("zh-Hans".to_owned()),
            ..TenantChange::default()
        };
        store.update_tenant(&acme, &change, "", &by(2)).await.unwrap();
        let both = AgentChange { reply_polishing: Some(true), ..turned(true) };
        store.update_agent(&acme, &agent("ana"), &both, "", &by(3)).await.unwrap();
        let word = store.create_word(&own("acme"), "张伟", &by(4)).await.unwrap();
        store.delete_word(&own("acme"), word.id, &by(5)).await.unwrap();
        store.delete_agent(&acme, &agent("ana"), "", &by(6)).await.unwrap();
        store.delete_tenant(&acme, "", &by(7)).await.unwrap();
        // It outlives the tenant.
        let mut lines = store.audit_entries(&acme, &Page::first(100)).await.unwrap().items;
        lines.reverse();
        let told: Vec<_> = lines
            .iter()
            .map(|line| {
                let change = &line.change;
                (
                    change.action,
                    change.resource.as_str(),
                    change.field.as_str(),
                    change.old.as_str(),
                    change.new.as_str(),
                )
            })
            .collect();
        let (name, ana) = ("tenants/acme", "tenants/acme/agents/ana");
        let word = own("acme").word(word.id);
        let tenant_before = "refine_response_enabled: false, intelligent_agent_limit: 1, conversation_polish_limit: 10, \
                             agent_daily_polish_limit: 500, tenant_daily_polish_limit: 20000";
        let tenant_after = "refine_response_enabled: true, administrator_agent: tenants/acme/agents/ana, \
                            intelligent_agent_limit: 1, language_code: zh-Hans, conversation_polish_limit: 10, \
                            agent_daily_polish_limit: 500, tenant_daily_polish_limit: 20000";
        let agent_before = "type: multimedia, intelligent_recognition: false, reply_polishing: false";
        let agent_after = "type: multimedia, intelligent_recognition: true, reply_polishing: true";
        let expected = [
            (Action::Create, name, "", "", tenant_before),
            (Action::Create, ana, "", "", agent_before),
            (Action::Update, name, "refine_response_enabled", "false", "true"),
            (Action::Update, name, "administrator_agent", "", ana),
            (Action::Update, name, "language_code", "", "zh-Hans"),
            (Action::Update, ana, "intelligent_recognition", "false", "true"),
            (Action::Update, ana, "reply_polishing", "false", "true"),
            (Action::Create, word.as_str(), "", "", "张伟"),
            (Action::Delete, word.as_str(), "", "张伟", ""),
            (Action::Delete, ana, "", agent_after, ""),
            (Action::Delete, name, "", tenant_after, ""),
        ];
        assert_eq!(told, expected, "{engine}");
        assert_eq!(lines[2].by, by(2), "{engine}");
    }
}

#[tokio::test]
async fn under_load_the_log_and_the_settings_tell_the_same() {
    for Fresh { store, engine, .. } in &Fresh::all().await {
        for id in ["a", "b", "c"] {
            fill(store.as_ref(), id, 4, &["x", "y"]).await;
        }
        let work = |n: u64| {
            let store = Arc::clone(store);
            tokio::spawn(async move {
                let id = ["a", "b", "c"][(n % 3) as usize];
                let owner = if n.is_multiple_of(2) { own(id) } else { Owner::agent(tenant(id), agent("x")) };
                store.add_words(&owner, &[format!("word{}", n / 5)], &by(n)).await.unwrap();
                store.update_agent(&tenant(id), &agent("y"), &turned(n % 4 < 2), "", &by(n)).await.unwrap();
            })
        };
        for task in (0..60).map(work).collect::<Vec<_>>() {
            task.await.unwrap();
        }
        for id in ["a", "b", "c"] {
            let lines = store.audit_entries(&tenant(id), &Page::first(1000)).await.unwrap().items;
            assert!(lines.windows(2).all(|pair| pair[0].id > pair[1].id));
            let words = lines.iter().filter(|line| line.change.resource.contains("/dictionaryWords/")).count();
            let of_tenant = store.words(&own(id), &Page::first(1000)).await.unwrap().items.len();
            let of_agent = store.words(&Owner::agent(tenant(id), agent("x")), &Page::first(1000)).await.unwrap();
            assert_eq!(words, of_tenant + of_agent.items.len(), "{engine}");
            // The turns of the switch alternate, and the last is how it stands.
            let turns: Vec<_> = lines.iter().filter(|line| line.change.field == "intelligent_recognition").collect();
            assert!(turns.windows(2).all(|pair| pair[0].change.old == pair[1].change.new), "{engine}");
            let on = store.agent(&tenant(id), &agent("y")).await.unwrap().unwrap().intelligent_recognition;
            assert_eq!(turns.first().map_or("false", |line| line.change.new.as_str()), on.to_string(), "{engine}");
        }
    }
}
