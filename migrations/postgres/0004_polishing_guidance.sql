-- What a tenant wishes of the wording of polished replies.

ALTER TABLE tenants ADD COLUMN polishing_guidance TEXT NOT NULL DEFAULT '';
