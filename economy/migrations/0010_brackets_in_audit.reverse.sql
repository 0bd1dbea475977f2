DROP TRIGGER audit_changed ON economy_taxbracket;
