-- A tenant's administrators read the log from here on: what was written of another tenant that had the id before is the operator's.

ALTER TABLE tenants ADD COLUMN audit_start BIGINT NOT NULL DEFAULT 0;

UPDATE tenants SET audit_start = coalesce(
    (SELECT max(id) FROM audit_entries WHERE tenant = tenants.id AND action = 'create' AND resource = 'tenants/' || tenants.id), 0);
